"""Runs of chromatography by discretisation, against closed forms, transforms and printed outlets: errors, error estimates,
balances, rank counts, and going on after a stop."""

import json
import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)
from thomas import thomas, thomas_outlet  # noqa: E402

PACKED = {"length": 0.014, "bed_porosity": 0.37, "particle_porosity": 0.75, "particle_radius": 4.5e-5,
          "film_coefficient": 6.9e-6}
SLOW = {"model": "linear", "adsorption_rate": [3.55], "desorption_rate": [0.1]}
PULSE = [{"until": 10, "concentration": [1]}, {"until": 1500, "concentration": [0]}]


def linear(model):
    """Pulses through linear columns of the public verification set of simulators (Breuer et al. 2023)."""
    if model == "lumped_rate":
        return {"components": ["a"], "column": {"model": model, "length": 1, "total_porosity": 0.6},
                "flow": {"velocity": "1/30"}, "dispersion": 1e-4,
                "binding": {"model": "linear", "adsorption_rate": 1, "desorption_rate": 1},
                "inlet": [PULSE[0], {"until": 100, "concentration": [0]}]}
    column = dict(PACKED, model=model, **({"pore_diffusion": 6.07e-11} if model == "general_rate" else {}))
    return {"components": ["a"], "column": column, "flow": {"velocity": 5.75e-4}, "dispersion": 5.75e-8, "binding": SLOW,
            "inlet": PULSE}


def capillary():
    """Benzene on the gas-chromatographic capillary of Cabrera-Codony et al. (2024), whose outlet is known in closed form."""
    return {"components": ["benzene"],
            "column": {"model": "capillary", "length": 20, "radius": 9e-5, "film_thickness": 1e-6},
            "flow": {"velocity": 0.41, "closure": "compressible", "inlet_pressure": 4.01e5, "outlet_pressure": 1.013e5},
            "binding": {"model": "linear", "adsorption_rate": 579, "desorption_rate": 5.299},
            "inlet": [{"until": 4, "concentration": 2.732e-6}, {"until": 200, "concentration": 0}]}


class Runs(support.CommandLine):
    def solve(self, column, ranks=None, code=0, output=None, solver=None, **keys):
        """Runs a column with changed keys: (metrics, outlet, file), or what was printed if `code` is not 0."""
        deck = {"problem": "chromatography", "chromatography": dict(column, **keys), "output": {"folder": "out", **(output or {})}}
        if solver:
            deck["solver"] = {"numeric": solver}
        with open(self.path("deck.yaml"), "w") as file:
            json.dump(deck, file)
        printed = self.expect(code, "run", self.path("deck.yaml"), "--overwrite", ranks=ranks)
        if code != 0:
            return printed
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            self.assertEqual(file["metrics"].attrs["method"], keys.get("method", "numeric").encode())
            return dict(file["metrics"].attrs), file["series/outlet"][...], file["time"][...]


class Accuracy(Runs):
    def errors(self, column, reference, scale):
        """True error and estimate at each accuracy, both relative to what enters."""
        for accuracy in (1e-3, 1e-5, 1e-7) if scale > 0.1 else (1e-3, 1e-5):
            metrics, outlet, _ = self.solve(column, method="numeric", accuracy=accuracy)
            error = numpy.abs(outlet[:, 0] - reference).max() / scale
            with self.subTest(column["column"]["model"], accuracy=accuracy):
                self.assertLessEqual(error, accuracy, "the error must be what was asked for")
                self.assertLessEqual(metrics["error_estimate"], accuracy)
                self.assertLessEqual(metrics["mass_balance_error"], 1e-10)
            yield error / accuracy

    def test_the_error_asked_for_is_met_and_not_far_exceeded(self):
        """Linear models by their transforms, the capillary by its closed form, Langmuir kinetics by Thomas's solution."""
        shares = []
        for column in (linear("lumped_rate"), linear("lumped_rate_with_pores"), linear("general_rate"), capillary()):
            scale = column["inlet"][0]["concentration"]
            scale = scale[0] if isinstance(scale, list) else scale
            _, exact, _ = self.solve(column, method="semi_analytic")
            shares += self.errors(column, exact[:, 0], scale)
        _, _, times = self.solve(thomas(), method="numeric", accuracy=1e-2)
        shares += self.errors(thomas(), 0.5 * thomas_outlet(times), 0.5)
        self.assertGreaterEqual(numpy.mean(numpy.array(shares) >= 0.01), 0.5, f"error / accuracy: {shares}")

    def test_five_aromatic_compounds(self):
        """Each alone on its grid: 1e-7 of its peak, which is a twentieth of what enters; and with diffusion, by the transform."""
        entering = [2.732e-6, 2.732e-6, 2.732e-6, 5.464e-6, 2.732e-6]
        column = dict(capillary(), components=["benzene", "toluene", "ethylbenzene", "p+m-xylene", "o-xylene"],
                      binding={"model": "linear", "adsorption_rate": [579, 2953, 9203, 6483, 10168],
                               "desorption_rate": [5.299, 11.502, 16.940, 11.057, 14.291]},
                      inlet=[{"until": 4, "concentration": entering}, {"until": 700, "concentration": [0]}])
        _, exact, _ = self.solve(column, method="semi_analytic")
        _, outlet, _ = self.solve(column, method="numeric", accuracy=4e-9)
        self.assertLess((numpy.abs(outlet - exact).max(axis=0) / exact.max(axis=0)).max(), 1e-7)
        column["dispersion"] = [2.884e-6, 2.599e-6, 2.377e-6, 2.06e-6, 2.06e-6]
        _, exact, _ = self.solve(column, method="semi_analytic")
        _, outlet, _ = self.solve(column, method="numeric", accuracy=1e-5)
        self.assertLess((numpy.abs(outlet - exact) / entering).max(), 1e-5)

    def test_convergence_with_the_elements(self):
        """Printed errors of the linear columns: p = 3, at 16 and 32 elements lumped, 4, 8 and 16 with pores."""
        for model, steps in (("lumped_rate", {16: 9.9e-6, 32: 2.7e-7}), ("lumped_rate_with_pores", {4: 3.9e-6, 8: 1.3e-7, 16: 4e-9})):
            _, exact, _ = self.solve(linear(model), method="semi_analytic")
            for elements, printed in steps.items():
                _, outlet, _ = self.solve(linear(model), method="numeric",
                                          solver={"elements": elements, "degree": 3, "tolerance": 1e-9, "stages": 5})
                self.assertLess(numpy.abs(outlet - exact).max(), 1.3 * printed, (model, elements))


class Proteins(Runs):
    """Load, wash and elution by steric mass action: printed outlets of salt and three proteins."""

    PRINTED = {"sma_lrmp": {400: (150.6555280, 2.500707e-7, 1.643029e-4, 6.904596085e-2),
                            660: (202.5876653, 5.44255e-5, 6.123703140e-2, 9.135e-7),
                            1100: (290.7236966, 4.003654397e-2, 0, 0)},
               "sma_grm": {400: (150.726696, 2.4572e-5, 2.4261229e-3, 4.6041794e-2),
                           660: (202.690561, 1.033289e-3, 4.0435146e-2, 3.372826e-4),
                           1100: (290.786807, 2.6556329e-2, 0, 0)}}

    def test_printed_outlets(self):
        for deck, grid in (("sma_lrmp", {"elements": 16, "degree": 5}), ("sma_grm", {"elements": 8, "degree": 5, "particle_points": 10})):
            words = [f"solver.numeric.{key}={value}" for key, value in dict(grid, tolerance=1e-6).items()]
            words += ["output.folder=out", "output.save_every=20"]
            words = [word for one in words for word in ("--set", one)]
            path = os.path.join(HERE, "..", "..", "inputs", "chromatography", deck + ".yaml")
            self.expect(0, "run", path, "--overwrite", *words)
            with h5py.File(self.path("out", "results.h5"), "r") as file:
                self.assertLess(file["metrics"].attrs["mass_balance_error"], 1e-10)
                for time, printed in self.PRINTED[deck].items():
                    row = file["series/outlet"][time // 20]
                    # the reference is uncertain by 2e-5 (salt) and 3e-8; the grid adds the rest
                    numpy.testing.assert_allclose(row[0], printed[0], atol=6e-5, rtol=0)
                    numpy.testing.assert_allclose(row[1:], printed[1:], atol=1e-6, rtol=0)


    def test_the_error_asked_for_is_met(self):
        """With pores, against a much finer grid; scales are what enters, 382 mol/m^3 of salt and 1 of proteins."""
        path = os.path.join(HERE, "..", "..", "inputs", "chromatography", "sma_lrmp.yaml")

        def outlet(*words):
            changes = [word for one in (*words, "output.folder=out", "output.save_every=5") for word in ("--set", one)]
            self.expect(0, "run", path, "--overwrite", *changes)
            with h5py.File(self.path("out", "results.h5"), "r") as file:
                return file["series/outlet"][...]

        fine = outlet("solver.numeric.elements=24", "solver.numeric.degree=6", "solver.numeric.tolerance=1e-8", "solver.numeric.stages=5")
        for accuracy in (1e-3, 1e-5):
            error = (numpy.abs(outlet(f"chromatography.accuracy={accuracy}") - fine) / [382, 1, 1, 1]).max()
            self.assertLessEqual(error, accuracy)
            self.assertGreaterEqual(error, 0.01 * accuracy)


class InSeries(Runs):
    """Two halves of a column, the outlet of the first fed to the second by pieces that are linear in time, and the whole."""

    def difference(self, dispersion):
        whole = dict(linear("lumped_rate"), dispersion=dispersion)
        half = dict(whole, column=dict(whole["column"], length=0.5))
        fine = {"method": "semi_analytic", "output": {"save_every": 0.5}}
        _, exact, _ = self.solve(whole, **fine)
        _, first, times = self.solve(half, **fine)
        c = numpy.maximum(first[:, 0], 0)
        pieces = [{"until": end, "concentration": a, "slope": (b - a) / 0.5} for end, a, b in zip(times[1:], c, c[1:])]
        _, second, _ = self.solve(dict(half, inlet=pieces), **fine)
        return numpy.abs(second - exact).max() / exact.max()

    def test_only_plug_flow_may_be_cut(self):
        """A closed end in the middle holds nothing back without dispersion; with it, it does (Pe = 11)."""
        self.assertLess(self.difference(0), 1e-3)
        self.assertGreater(self.difference(3e-3), 1e-2)


class Sharing(Runs):
    def test_rank_counts_give_the_same_bits(self):
        _, one, _ = self.solve(thomas(), method="numeric", accuracy=1e-4)
        for ranks in (2, 3):
            _, other, _ = self.solve(thomas(), method="numeric", accuracy=1e-4, ranks=ranks)
            self.assertTrue(numpy.array_equal(one, other), f"{ranks} ranks")

    def test_inside_of_the_column(self):
        """The profile's end is the outlet, its begin the inlet (no dispersion); what is adsorbed comes to the isotherm."""
        metrics, outlet, _ = self.solve(thomas(), method="numeric", accuracy=1e-4,
                                        output={"fields": ["concentration", "adsorbed"], "positions": 11, "save_every": 1})
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            inside, adsorbed = file["fields/concentration"][...], file["fields/adsorbed"][...]
            self.assertEqual(inside.shape, (121, 11, 1))
            numpy.testing.assert_allclose(file["grid/x"][...], numpy.linspace(0, 0.2, 11), atol=1e-15)
        numpy.testing.assert_allclose(inside[:, -1], outlet, atol=1e-12)
        numpy.testing.assert_allclose(inside[60:, 0, 0], 0.5, atol=1e-3)
        numpy.testing.assert_allclose(adsorbed[-1, 0, 0], 2 * 4 * 0.5 / (1 + 4 * 0.5), atol=1e-3)


class Sensitivities(Runs):
    KEYS = ["flow.velocity", "column.film_coefficient", "binding.desorption_rate.a", "inlet.0.until"]

    def slopes(self, column, **keys):
        self.solve(column, sensitivities=self.KEYS, **keys)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            return {key: file["sensitivities"][key][...] for key in file["sensitivities"]}, file["sensitivities"]["flow.velocity"].attrs["units"]

    def test_both_methods_and_differences_of_runs_agree(self):
        column = linear("lumped_rate_with_pores")
        exact, units = self.slopes(column, method="semi_analytic")
        self.assertEqual(units, b"mol/m^3/(m/s)")
        self.assertEqual(set(exact), {"flow.velocity", "column.film_coefficient.a", "binding.desorption_rate.a", "inlet.0.until"})
        numeric, _ = self.slopes(column, method="numeric", accuracy=1e-6)
        for key, values in exact.items():
            numpy.testing.assert_allclose(numeric[key], values, atol=1e-4 * numpy.abs(values).max(), rtol=0, err_msg=key)
        outlets = [self.solve(column, method="semi_analytic", flow={"velocity": 5.75e-4 * (1 + change)})[1] for change in (1e-4, -1e-4)]
        difference = (outlets[0] - outlets[1]) / (2e-4 * 5.75e-4)
        numpy.testing.assert_allclose(exact["flow.velocity"], difference, atol=1e-6 * numpy.abs(difference).max(), rtol=0)

    def test_refusals(self):
        for keys, message in ((["column.lenght"], "there is no key column.lenght"), (["accuracy"], "does not depend on accuracy"),
                              (["inlet.1.concentration"], "is 0, which derivatives are not taken at")):
            self.assertIn(message, self.solve(linear("lumped_rate"), code=2, sensitivities=keys))


class Refusals(Runs):
    def test_messages(self):
        self.assertIn("binding.capacity: missing", self.solve(thomas(), code=2, binding={"model": "langmuir"}))
        wrong = dict(thomas()["binding"], charge=3)
        self.assertIn("is not a parameter of langmuir, but of steric_mass_action", self.solve(thomas(), code=2, binding=wrong))
        self.assertIn("semi_analytic cannot do this column", self.solve(thomas(), code=2, method="semi_analytic"))
        jump = dict(thomas(), binding={"model": "langmuir", "capacity": 0.1, "affinity": 0.1, "desorption_rate": 0.1})
        self.assertIn("ask for less accuracy", self.solve(jump, code=3, method="numeric", accuracy=1e-7))

    def test_places_in_the_deck(self):
        """One line for each mistake, with the line and the column where it stands."""
        path = os.path.join(HERE, "..", "..", "inputs", "chromatography", "sma_lrmp.yaml")
        with open(path) as file:
            deck = file.read()
        for old, new, says in (
                ("particle_porosity: 0.75", "particle_porosity: 1.5", "particle_porosity: must be > 0 and < 1, got 1.5"),
                ("ionic_capacity: 1200 mol/m^3", "ionic_capacity: -1", "ionic_capacity: must be >= 0"),
                ("{concentration: [50, 0, 0, 0]}", "{concentration: [50, 0, 0, 0], adsorbed: [0, 80, 0, 0]}",
                 "initial.adsorbed: takes 1322.4 mol/m^3 of the ionic capacity of 1200: nothing is left"),
                ("until: 90 s", "until: 9 s", "inlet.1.until: 9 s is not after"),
                ("charge: [0, 4.7, 5.29, 3.7]", "charge: [0, 4.7, 5.29]", "binding.charge: 3 values for 4 components"),
                ("model: steric_mass_action", "model: langmuir", "binding.charge: is not a parameter of langmuir")):
            with self.subTest(new):
                self.assertIn(old, deck)
                text = deck.replace(old, new)
                key = says.split(":")[0].split(".")[-1]
                place = next(number for number, line in enumerate(text.splitlines(), 1) if key + ":" in line and (new in line or "langmuir" in new))
                with open(self.path("wrong.yaml"), "w") as file:
                    file.write(text)
                printed = self.expect(2, "run", self.path("wrong.yaml"), "--set", "output.folder=out")
                self.assertRegex(printed, rf"wrong\.yaml:{place}:\d+: chromatography")
                self.assertIn(says, printed)
                self.assertFalse(os.path.exists(self.path("out")), "something was written")

    def test_rates_that_are_not_finite(self):
        """Steps are cut, and then the run stops with component, position and time."""
        column = {"components": ["salt", "a"], "column": {"model": "lumped_rate", "length": 0.1, "total_porosity": 0.5},
                  "flow": {"velocity": 0.01}, "inlet": [{"until": 20, "concentration": [50, 1]}],
                  "binding": {"model": "mobile_phase_modulator", "capacity": [0, 1e300], "affinity": [0, 1e10],
                              "desorption_rate": 1, "salting": [0, 14], "elution": [0, 1]}}
        printed = self.solve(column, code=3)
        self.assertRegex(printed, r"at t = \S+ s the step was cut .*component \d \(.*\) at x = \S+ m")


class GoingOn(Runs):
    def test_a_fit_that_was_stopped(self):
        """Stopped at the first occasions, on several ranks, a fit goes on to the bits of one that was not."""
        with open(self.path("data.csv"), "w") as file:
            file.writelines(f"{time},{numpy.exp(-((time - 60) / 15) ** 2)}\n" for time in range(0, 201, 4))
        column = {"components": ["a"], "column": {"model": "lumped_rate", "length": 0.2, "total_porosity": 0.6},
                  "flow": {"velocity": 0.01}, "dispersion": 1e-5,
                  "binding": {"model": "langmuir", "capacity": 2, "affinity": 1, "desorption_rate": 1},
                  "inlet": [{"until": 20, "concentration": 1}, {"until": 200, "concentration": 0}], "accuracy": 1e-3,
                  "sensitivities": ["flow.velocity"], "method": "numeric",
                  "fit": {"data": {"file": self.path("data.csv")}, "parameters": ["binding.capacity", "binding.affinity"]}}
        with open(self.path("deck.yaml"), "w") as file:
            json.dump({"problem": "chromatography", "chromatography": column, "output": {"folder": "whole"}}, file)
        self.expect(0, "run", "deck.yaml")
        words, codes = ["--overwrite", "--stop-after", "1 ms"], []
        while not codes or codes[-1] == 4:
            code, out, err = self.kroma("run", "deck.yaml", "--set", "output.folder=parts", *words, ranks=2)
            codes.append(code)
            words = ["--resume", "--stop-after", "1 ms"] if len(codes) < 3 else ["--resume"]
        self.assertEqual((codes[:2], codes[-1]), ([4, 4], 0), out + err)  # a third stop is there if it takes so long
        with h5py.File(self.path("whole", "results.h5"), "r") as whole, h5py.File(self.path("parts", "results.h5"), "r") as parts:
            for name in ("tables/fit", "series/outlet", "sensitivities/flow.velocity"):
                self.assertTrue((whole[name][...] == parts[name][...]).all(), name)


if __name__ == "__main__":
    support.main()
