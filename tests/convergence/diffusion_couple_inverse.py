"""Runs of diffusion_couple that begin with a measured profile: coefficients against those the profiles were made from,
the same answers on any number of ranks, and bad profiles, which are refused rather than repaired."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)

INPUTS = os.path.join(HERE, "..", "..", "inputs", "diffusion_couple")


def wave(c):
    return 5e-15 * numpy.exp(2.5 * c + 0.48 * numpy.sin(2 * numpy.pi * c))


class Runs(support.CommandLine):
    def solve(self, deck, *sets, ranks=None):
        """Runs a deck of inputs/diffusion_couple: (metrics, tables, what was printed)."""
        words = [word for one in ("output.folder=out", *sets) for word in ("--set", one)]
        printed = self.expect(0, "run", os.path.join(INPUTS, deck + ".yaml"), "--overwrite", *words, ranks=ranks)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            return dict(file["metrics"].attrs), {name: item[...] for name, item in file["tables"].items()}, printed


class Estimates(Runs):
    VOLUMES = (6.58868e-6, 8.86216e-6)

    def law(self, c, excess=0.0):
        a, b = self.VOLUMES
        v, dv = a + c * (b - a) + excess * c * (1 - c), b - a + excess * (1 - 2 * c)
        return (c * (v + (1 - c) * dv) * 2e-14 * numpy.exp(1.5 * c)
                + (1 - c) * (v - c * dv) * 0.5e-14 * numpy.exp(2.5 * c)) / v

    def test_exact_profile(self):
        """Ideal volumes: every method but Sauer and Freise's, which takes them as equal, gives D back."""
        metrics, tables, printed = self.solve("estimate_exact")
        rows = tables["interdiffusion"]
        for method in (b"wagner", b"den_broeder", b"boltzmann_matano"):
            part = rows[(rows["method"] == method) & (rows["composition"] > 0.09) & (rows["composition"] < 0.91)]
            self.assertEqual(len(part), 81)
            self.assertLess(numpy.abs(part["D"] / self.law(part["composition"]) - 1).max(), 5e-5, method)
        self.assertIn("sauer_freise assumes equal molar volumes", printed)
        self.assertIn("off by up to +10.8 %", printed)
        self.assertNotIn("den_broeder assumes", printed)
        self.assertLess(metrics["sum_rule_error"], 1e-4)
        intrinsic = tables["intrinsic"]
        c = intrinsic["composition"][0]
        self.assertAlmostEqual(c, 0.3952, delta=1e-4)
        for row in intrinsic:
            exact = 2e-14 * numpy.exp(1.5 * c) if row["component"] == b"Ni" else 0.5e-14 * numpy.exp(2.5 * c)
            self.assertLess(abs(row["D"] / exact - 1), 1e-4, row)

    def test_sensitivity_to_an_end_member(self):
        _, tables, _ = self.solve("estimate_exact")
        rows = tables["sensitivity"]
        at = {round(row["composition"], 2): row["left_end_member"] for row in rows}
        self.assertGreater(at[0.01], 0.1)  # the tail is what suffers
        self.assertLess(at[0.3], 0.01)

    def test_noisy_study_within_its_bands(self):
        metrics, tables, printed = self.solve("ni_pd_study")
        self.assertAlmostEqual(metrics["misfit"], 0.002, delta=3e-4)
        rows = tables["interdiffusion"]
        wagner = rows[rows["method"] == b"wagner"]
        inside = numpy.abs(numpy.log(wagner["D"] / self.law(wagner["composition"], 1e-6))
                           ) < 3 * wagner["standard_error"] / wagner["D"]
        self.assertGreater(inside.mean(), 0.95)
        self.assertIn("den_broeder assumes constant partial molar volumes", printed)
        self.assertIn("+6.7 %", printed)
        planes = {row["plane"]: row for row in tables["planes"]}
        contact = planes[b"contact_left_at_rest"]
        self.assertLess(abs(contact["value"] - 700e-6), 4 * contact["standard_error"])

    def test_line_compounds(self):
        _, tables, _ = self.solve("estimate_phases")
        rows = {row["phase"]: row for row in tables["integrated"]}
        self.assertAlmostEqual(rows[b"Cu3Sn"]["D_integrated"] / 3e-18, 1, delta=1e-5)
        self.assertAlmostEqual(rows[b"Cu6Sn5"]["D_integrated"] / 2e-17, 1, delta=1e-5)


    def test_ternary_couples(self):
        _, tables, _ = self.solve("estimate_ternary")
        rows = tables["matrix"]
        for method in (b"kirkaldy", b"square_root"):
            found = rows[rows["method"] == method]["D"].reshape(2, 2)
            exact = 1e-14 * numpy.array([[2, 0.6], [-0.2, 1.1]])
            self.assertLess(numpy.abs(found - exact).max(), 0.1e-14, method)

    def test_a_ternary_couple_is_not_pseudo_binary(self):
        file = os.path.join(INPUTS, "data", "ternary_1.csv")
        printed = self.expect(2, "run", os.path.join(INPUTS, "estimate_ternary.yaml"), "--set", "output.folder=out", "--set",
                              "diffusion_couple.profile={file: %s, position: x_um, composition: [X_B, X_C]}" % file)
        self.assertIn("not pseudo-binary: C changes by", printed)


class Inversions(Runs):
    def check_wave(self, rows, most):
        middle = rows[(rows["composition"] > 0.12) & (rows["composition"] < 0.88)]
        errors = middle["D"] / wave(middle["composition"]) - 1
        self.assertLess(numpy.sqrt(numpy.mean(errors ** 2)), most)
        exact = wave(rows["composition"])
        self.assertGreater(numpy.mean((rows["low"] < exact) & (exact < rows["high"])), 0.8)

    def test_infinite_couple_and_bootstrap_on_any_ranks(self):
        metrics, tables, _ = self.solve("invert_infinite")
        rows = tables["interdiffusion"]
        self.check_wave(rows[rows["method"] == b"inverse"], 0.012)  # noise 0.002: 0.0073 over many seeds
        self.assertAlmostEqual(metrics["chi_squared"], 1, delta=0.25)
        bands = rows[rows["method"] == b"bootstrap"]
        self.assertEqual(len(bands), 99)
        self.assertTrue(numpy.all(bands["low"] < bands["high"]))
        for ranks in (2, 3):
            _, others, _ = self.solve("invert_infinite", ranks=ranks)
            for column in ("D", "low", "high"):
                self.assertTrue(numpy.array_equal(others["interdiffusion"][column], rows[column]), f"{ranks} ranks")

    def test_finite_couples_after_two_times(self):
        metrics, tables, _ = self.solve("invert_finite")
        self.check_wave(tables["interdiffusion"], 0.015)
        self.assertLess(metrics["chi_squared"], 1.6)

    def test_finite_couple_in_a_programme(self):
        """25 h hot and 250 h at a temperature at which D is a tenth do what 50 h hot do."""
        gas = 8.31446261815324
        slower = 1 / (1 / 1300 + numpy.log(10) * gas / 2e5)
        finite = ("diffusion_couple.profile=[{file: %s, position: x_um, composition: X, left: 0.05, right: 0.95, contact: 150 um,"
                  " left_face: 0 um, right_face: 300 um, time: %s}]")
        file = os.path.join(INPUTS, "data", "finite_50h.csv")
        _, plain, _ = self.solve("invert_finite", finite % (file, "50 h"))
        programme = "diffusion_couple.anneal.temperature='t < 25*3600 ? 1300 : %.12g'" % slower
        _, other, _ = self.solve("invert_finite", finite % (file, "275 h"), programme,
                                 "diffusion_couple.diffusivity.activation_energy=2e5")
        ratio = other["interdiffusion"]["D"] / plain["interdiffusion"]["D"]
        self.assertLess(numpy.abs(ratio - 1).max(), 2e-3)

    def test_three_phases(self):
        _, tables, _ = self.solve("invert_phases")
        rows = tables["interdiffusion"]
        for low, high, d in ((0, 0.2, 2e-15), (0.45, 0.55, 1e-14), (0.9, 1, 4e-15)):
            part = rows[(rows["composition"] > low) & (rows["composition"] < high)]
            self.assertLess(numpy.abs(numpy.log(part["D"] / d)).mean(), 0.05)


class BadProfiles(Runs):
    DECK = """problem: diffusion_couple
diffusion_couple:
  mode: estimate
  components: [A, B]
  anneal: {time: 100 h}
  profile: {file: p.csv, position: x_um, composition: X}
output: {folder: out}
"""

    def rows(self, low=-40, high=41, end=1.0):
        x = numpy.arange(low, high)
        return [(float(a), end / (1 + numpy.exp(-a / 2))) for a in x]

    def refuse(self, rows, text, names="x_um,X", deck=None, mode="estimate"):
        """The profile is refused with `text` in the message, and nothing is written."""
        self.write("deck.yaml", (deck or self.DECK).replace("mode: estimate", "mode: " + mode))
        self.write("p.csv", names + "\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n")
        for command in ("check", "run"):
            printed = self.expect(2, command, "deck.yaml")
            self.assertIn(text, printed)
        self.assertFalse(os.path.exists(self.path("out", "results.h5")))

    def test_units(self):
        deck = self.DECK.replace("x_um", "x")
        self.refuse(self.rows(), "does not say its unit", names="x,X", deck=deck)
        deck = self.DECK.replace("x_um", "x_furlong")
        self.refuse(self.rows(), "does not say its unit", names="x_furlong,X", deck=deck)
        deck = self.DECK.replace("composition: X", "composition: B_percent")
        self.refuse(self.rows(), "not said whether column 'B_percent' counts atoms or mass", names="x_um,B_percent", deck=deck)
        deck = self.DECK.replace("composition: X", "composition: B_wt_percent")
        self.refuse(self.rows(end=100), "need the molar masses", names="x_um,B_wt_percent", deck=deck)

    def test_positions(self):
        rows = self.rows()
        self.refuse(rows[:5] + [rows[4]] + rows[5:], "point 6 at -36 um repeats point 5")
        rows[10], rows[11] = rows[11], rows[10]
        self.refuse(rows, "lies left of point")
        self.refuse(self.rows()[:5], "10 or more")

    def test_compositions(self):
        rows = self.rows()
        self.refuse(rows[:40] + [(0.0, 1.3)] + rows[41:], "outside of [0, 1]")
        self.refuse(self.rows(end=100), "percent are not fractions")

    def test_profile_that_reaches_the_ends(self):
        for mode in ("estimate", "invert"):
            self.refuse(self.rows(-6, 7), "cannot be taken as infinite", mode=mode)

    def test_wrong_plateaus(self):
        deck = self.DECK.replace("composition: X}", "composition: X, left: 0.05, right: 1}")
        self.refuse(self.rows(), "standard errors from the end member 0.05", deck=deck)
        deck = self.DECK.replace("composition: X}", "composition: X, left: [0, 0.1]}")
        self.refuse(self.rows(), "an end member needs 1 mole fraction(s)", deck=deck)

    def test_deviations(self):
        deck = self.DECK.replace("composition: X}", "composition: X, deviation: s}")
        self.refuse([(*row, 0) for row in self.rows()], "must be above 0", names="x_um,X,s", deck=deck)

    def test_without_a_profile(self):
        self.write("deck.yaml", self.DECK.replace("  profile: {file: p.csv, position: x_um, composition: X}\n", ""))
        self.assertIn("needs a measured profile", self.expect(2, "check", "deck.yaml"))
        self.write("deck.yaml", self.DECK)
        self.assertIn("there is no file", self.expect(2, "check", "deck.yaml"))

    def test_programme_without_activation_energy(self):
        deck = self.DECK.replace("{time: 100 h}", '{time: 100 h, temperature: "1300-t/3600"}')
        self.refuse(self.rows(), "activation_energy", deck=deck, mode="invert")

    def test_weight_percent_is_converted(self):
        """The same profile in atomic and in weight per cent gives the same D."""
        profile = self.rows(-60, 61)
        a, b = 58.693, 106.42
        found = []
        for name, values in (("B_at_percent", [100 * c for _, c in profile]),
                             ("B_wt_percent", [100 * c * b / (c * b + (1 - c) * a) for _, c in profile])):
            self.write("deck.yaml", self.DECK.replace("composition: X", "composition: " + name)
                       .replace("output:", "  molar_mass: {A: 58.693 g/mol, B: 106.42 g/mol}\n  smoothing: none\noutput:"))
            self.write("p.csv", f"x_um,{name}\n" + "\n".join(f"{x},{v:.15g}" for (x, _), v in zip(profile, values)))
            self.expect(0, "run", "deck.yaml", "--overwrite")
            with h5py.File(self.path("out", "results.h5"), "r") as file:
                rows = file["tables/interdiffusion"][...]
                found.append(rows["D"][rows["method"] == b"wagner"])
        numpy.testing.assert_allclose(found[0], found[1], rtol=1e-9)


if __name__ == "__main__":
    support.main()
