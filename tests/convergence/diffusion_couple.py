"""Forward runs of diffusion_couple against exact solutions: profiles, interfaces, planes, orders, mass, rank counts, and a
stopped run that goes on."""

import math
import os
import sys
from statistics import NormalDist

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)

INPUTS = os.path.join(HERE, "..", "..", "inputs", "diffusion_couple")
HOUR = 3600.0
erf = numpy.vectorize(math.erf)


class Runs(support.CommandLine):
    def solve(self, deck, *sets, ranks=None, code=0, words=("--overwrite",)):
        """Runs a deck of inputs/diffusion_couple with changed keys, and returns the results, all in memory; or what was
        printed if `code` is not 0."""
        changes = [word for one in ("output.folder=out", *sets) for word in ("--set", one)]
        printed = self.expect(code, "run", os.path.join(INPUTS, deck + ".yaml"), *words, *changes, ranks=ranks)
        if code != 0:
            return printed
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            result = dict(file["metrics"].attrs)
            for group in ("fields", "grid", "tables", "series"):
                result.update({name: data[...] for name, data in file.get(group, {}).items()})
            if "time" in file:
                result["time"] = file["time"][...]
        if "mass_balance_error" in result:
            similarity = "solver.technique=similarity" in sets or "steps" not in result
            self.assertLessEqual(result["mass_balance_error"], 1e-9 if similarity else 1e-13)
        return result

    def plane(self, result, name):
        return next(row for row in result["planes"] if row["plane"].decode() == name)

    def layer(self, result, name):
        return next(row["thickness"] for row in result["phases"] if row["phase"].decode() == name)


class OnePhase(Runs):
    # Verifies: the profiles of constant, exponential and linear coefficients to 1e-6, and that the program's own
    # estimate of the error is no smaller than half of it.
    def test_profiles(self):
        for deck in ("v01_constant", "v02_exponential", "v03_linear"):
            with self.subTest(deck):
                result = self.solve(deck)
                self.assertLessEqual(result["similarity_error"], 1e-6)
                self.assertGreaterEqual(result["error_estimate"], 0.5 * result["similarity_error"])

    # Verifies: values of the exponential profile that do not come from this program (shooting, eleven digits).
    def test_published_values(self):
        result = self.solve("v02_exponential")
        z = (result["x"] - 0.6e-3) / math.sqrt(1e-14 * 360000)
        for at, value in ((-4, .031648625484), (-2, .34380444705), (0, .62677649279), (2, .78170500749)):
            self.assertAlmostEqual(numpy.interp(at, z, result["composition"][-1, :, 1]), value, delta=5e-6)  # read off by straight lines

    # Verifies: second order in the length of the cells.
    def test_order(self):
        errors = [self.solve("v01_constant", f"diffusion_couple.couple.cells={cells}", "solver.tolerance=1e-7")["max_error"]
                  for cells in (200, 400, 800)]
        for coarse, fine in zip(errors, errors[1:]):
            self.assertAlmostEqual(math.log2(coarse / fine), 2.0, delta=0.1)
        for deck in ("v02_exponential", "v03_linear", "v04_closed_form"):
            coarse, fine = (self.solve(deck, f"diffusion_couple.couple.cells={cells}", "solver.tolerance=1e-6")["similarity_error"]
                            for cells in (400, 800))
            self.assertAlmostEqual(math.log2(coarse / fine), 2.0, delta=0.1)

    # Verifies: a coefficient from a file, whose profile is known in closed form.
    def test_closed_form(self):
        result = self.solve("v04_closed_form")
        y = numpy.linspace(1e-4, 1 - 1e-4, 20001)
        s = numpy.array([NormalDist().inv_cdf(v) / math.sqrt(2) for v in y])
        x = 600 * (2e-7 * s - 2e-7 * y * (1 - y) * (1 - 2 * y))
        at = result["x"] - 0.5e-3
        inside = abs(at) < x[-2]
        exact = self.cubic(x, y, at[inside])
        self.assertLessEqual(abs(result["composition"][-1, inside, 1] - exact).max(), 1e-6)
        self.assertLessEqual(result["similarity_error"], 1e-6)

    @staticmethod
    def cubic(x, y, at):
        """Through the four nearest points."""
        first = numpy.clip(numpy.searchsorted(x, at) - 2, 0, len(x) - 4)
        total = 0.0
        for i in range(4):
            weight = numpy.prod([(at - x[first + j]) / (x[first + i] - x[first + j]) for j in range(4) if j != i], axis=0)
            total = total + weight * y[first + i]
        return total

    # Verifies: tables in every place that takes a coefficient: alone or as `table`, of points or a file, in a phase, of
    # straight lines with kinks; and that one of an expression's values gives that expression's profile.
    def test_tables(self):
        with open(self.path("d.csv"), "w", encoding="ascii") as file:
            file.write("c,D\n" + "\n".join(f"{c},{1e-14 * (1 + 9 * c)!r}" for c in numpy.linspace(0, 1, 11)))
        plain = self.solve("v03_linear", "diffusion_couple.couple.cells=400", "solver.tolerance=1e-6")
        name = self.path("d.csv")
        for table in ("{file: %s, columns: [c, D]}" % name, "{table: {file: %s}}" % name, "{points: [[0, 1e-14], [1, 1e-13]]}"):
            result = self.solve("v03_linear", "diffusion_couple.couple.cells=400", "solver.tolerance=1e-6",
                                "diffusion_couple.diffusivity=" + table)
            self.assertLessEqual(abs(result["composition"] - plain["composition"]).max(), 1e-9)
        self.solve("first", "diffusion_couple.diffusivity={points: [[0, 1e-14], [0.3, 5e-14], [1, 2e-15]]}")
        phases = ("diffusion_couple.phases=[{name: a, range: [0, 0.2], diffusivity: %s}, "
                  "{name: b, range: [0.6, 1], diffusivity: 9e-15}]")
        for technique in ("similarity", "finite_volume"):
            first, second = (self.layer(self.solve("v05_neumann", phases % D, "solver.technique=" + technique), "a") for D in
                             ("1e-14*(1+c)", "{points: [[0, 1e-14], [0.1, 1.1e-14], [0.2, 1.2e-14]]}"))
            self.assertAlmostEqual(first, second, delta=1e-11)

    # Verifies: Barenblatt's profile: height, front within a cell, and mass.
    def test_fronts(self):
        result = self.solve("v11_barenblatt")
        c, x = result["composition"][-1, :, 1], result["x"] - 2e-5
        self.assertAlmostEqual(c.max(), .63859119, delta=1e-5)
        self.assertAlmostEqual(numpy.ptp(x[c > 1e-4]) / 2, 1.17446029e-5, delta=3 * 2.5e-8)
        self.assertAlmostEqual(c.sum() * 2.5e-8, 1e-5, delta=1e-10)

    # Verifies: the second moment of the profile is 2 t times the integral of D (Gusak and Storozhuk 2019).
    def test_sum_rule(self):
        result = self.solve("v02_exponential")
        edges, c = result["x_edges"] - 0.6e-3, result["composition"][-1, :, 1]
        widths, middles = numpy.diff(edges), 0.5 * (edges[1:] + edges[:-1])
        slope = numpy.gradient(c, middles)
        self.assertAlmostEqual(numpy.sum(widths * (c - (middles > 0))) / 1e-4, 0, delta=1e-12)
        moment = -2 * numpy.sum(middles * widths * (c - (middles > 0)) + slope * widths ** 3 / 12)
        self.assertAlmostEqual(moment / (2 * 360000 * 1e-14 * (math.exp(3) - 1) / 3), 1, delta=1e-6)

    # Verifies: three components with a constant matrix, from its eigenvectors.
    def test_ternary(self):
        result = self.solve("v10_ternary")
        values, vectors = numpy.linalg.eig(numpy.array([[2, .6], [-.2, 1.1]]) * 1e-14)
        x = (result["x"] - 0.6e-3)[:, None]
        modes = numpy.linalg.solve(vectors, [0.1, -0.1]) * 0.5 * erf(x / (2 * numpy.sqrt(values * 360000)))
        exact = numpy.array([.25, .25]) + modes @ vectors.T
        self.assertLessEqual(abs(result["composition"][-1, :, 1:] - exact).max(), 1e-6)
        self.assertLessEqual(abs(result["composition"].sum(axis=2) - 1).max(), 1e-14)

    # Verifies: tracer coefficients that are all equal in an ideal solution give that coefficient in every component.
    def test_mobilities(self):
        tracer = "diffusion_couple.diffusivity={tracer: {A: 1e-14, B: 1e-14, C: 1e-14}, vacancy_wind: fcc}"
        result = self.solve("v10_ternary", tracer)
        y = 0.5 * (1 + erf((result["x"] - 0.6e-3) / (2 * math.sqrt(1e-14 * 360000))))
        self.assertLessEqual(abs(result["composition"][-1, :, 1] - (.2 + .1 * y)).max(), 1e-6)

    # Verifies: a slab that loses through a transfer coefficient, against the series of its eigenfunctions.
    def test_transfer_at_an_end(self):
        result = self.solve("v12_evaporation")
        x, biot = result["x"] / 1e-4, 1.5
        roots = [self.bisect(lambda b: b * math.sin(b) - biot * math.cos(b), n * math.pi, n * math.pi + math.pi / 2)
                 for n in range(40)]
        for row, fourier in zip(result["composition"][1:], (0.05, 0.2, 1.0)):
            exact = sum(4 * math.sin(b) / (2 * b + math.sin(2 * b)) * numpy.cos(b * x) * math.exp(-b * b * fourier)
                        for b in roots)
            self.assertLessEqual(abs(row[:, 1] - exact).max(), 2e-5 if fourier < 0.1 else 2e-6)

    @staticmethod
    def bisect(f, low, high):
        for _ in range(100):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if f(low) * f(middle) > 0 else (low, middle)
        return low

    # Verifies: a couple whose profile meets both ends, against image sources.
    def test_finite_couple(self):
        result = self.solve("v13_finite")
        root, length, contact = 2 * math.sqrt(1e-14 * 360000), 200e-6, 80e-6
        exact = sum(0.5 * (erf((2 * n * length + length - result["x"] + 0 * contact) / root) +
                           erf((2 * n * length + length + result["x"]) / root) -
                           erf((2 * n * length + contact - result["x"]) / root) -
                           erf((2 * n * length + contact + result["x"]) / root)) for n in range(-4, 5))
        self.assertLessEqual(abs(result["composition"][-1, :, 1] - exact).max(), 1e-6)

    # Verifies: with one activation energy a temperature programme is an equivalent time at one temperature.
    def test_temperature_programme(self):
        programme = self.solve("v14_programme", "solver.tolerance=1e-9")
        t = numpy.linspace(0, 72000, 720001)
        rate = numpy.exp(-250e3 / 8.31446261815324 / numpy.interp(t, [0, 7200, 57600, 72000], [900, 1273, 1273, 1000]))
        time = numpy.trapz(rate, t) / math.exp(-250e3 / 8.31446261815324 / 1273)
        steady = self.solve("v14_programme", "solver.tolerance=1e-9", f"diffusion_couple.anneal={{time: {time:.17g}, temperature: 1273}}")
        self.assertLessEqual(abs(programme["composition"][-1] - steady["composition"][-1]).max(), 1e-7)

    # Verifies: periodic ends and a flux into the left end, by mass: what entered is there.
    def test_flux_and_periodic_ends(self):
        result = self.solve("v13_finite", "diffusion_couple.left_end={kind: flux, value: [1e-12*t/360000]}",
                            "diffusion_couple.couple.left=0.2", "diffusion_couple.couple.right=0.2")
        self.assertAlmostEqual(result["composition"][-1, :, 1].mean(), 0.2 + 0.5e-12 * 360000 / 200e-6, delta=1e-12)
        ring = self.solve("v13_finite", "diffusion_couple.left_end=periodic", "diffusion_couple.right_end=periodic",
                          "diffusion_couple.couple.interface=100 um")
        c = ring["composition"][-1, :, 1]
        self.assertLessEqual(abs(c + c[::-1] - 1).max(), 1e-11)  # antisymmetric about the contact plane and the seam
        self.assertAlmostEqual(0.5 * (c[0] + c[-1]), 0.5, delta=1e-12)


class Kirkendall(Runs):
    # Verifies: the plane and the net volume change for ideal and two non-ideal laws of volume (100 h).
    def test_plane_for_every_volume(self):
        for excess, planes in (("[]", (-8.704700943e-8, .3952, 0.0)), ("[1e-6]", (-8.252751203e-8, .3898, 10.7654e-6)),
                               ("[-1.5e-6]", (-9.471438658e-8, .4028, -17.1113e-6))):
            change = f"diffusion_couple.excess_volume={excess}"
            exact = self.solve("v08_kirkendall", change, "solver.technique=similarity", "diffusion_couple.markers=[]")
            plane = self.plane(exact, "kirkendall 1")
            self.assertAlmostEqual(plane["shift"] / 600 / planes[0], 1.0, delta=1e-6)
            self.assertAlmostEqual(plane["composition"], planes[1], delta=5e-5)
            self.assertAlmostEqual(self.plane(exact, "right end")["shift"], planes[2], delta=1e-10)
        volumes = self.solve("v08_kirkendall")
        self.assertAlmostEqual(self.plane(volumes, "kirkendall 1")["shift"] / 600 / -8.704700943e-8, 1.0, delta=3e-5)
        self.assertAlmostEqual(self.plane(volumes, "marker 1")["shift"], self.plane(volumes, "kirkendall 1")["shift"], delta=2e-7)

    # Verifies: three planes, the middle one unstable, and where markers beside it are driven.
    def test_bifurcation(self):
        result = self.solve("v09_bifurcation")
        for number, place, composition, stable in ((1, -55.6340e-6, .25353, 1), (2, 0, .5, 0), (3, 55.6340e-6, .74647, 1)):
            plane = self.plane(result, f"kirkendall {number}")
            self.assertAlmostEqual(plane["shift"], place, delta=5e-9)
            self.assertAlmostEqual(plane["composition"], composition, delta=2e-5)
            self.assertEqual(plane["stable"], stable)
        for number, place in ((1, 54.52e-6), (2, -54.52e-6)):
            self.assertAlmostEqual(self.plane(result, f"marker {number}")["shift"], place, delta=1e-7)


class Phases(Runs):
    # Verifies: interfaces of Neumann's problem and of three phases, layers of compounds with equal and actual volumes.
    def test_similarity(self):
        root = math.sqrt(100 * HOUR)
        two = self.solve("v05_neumann")
        self.assertAlmostEqual((self.layer(two, "alpha") - 400e-6) / (-3.911628136449e-8 * root), 1.0, delta=1e-6)
        three = self.solve("v06_three_phases")
        self.assertAlmostEqual(self.layer(three, "beta") / ((4.15564009e-8 + 3.75907162e-8) * root), 1.0, delta=1e-6)
        actual = self.solve("v07_line_compounds")
        self.assertAlmostEqual(self.layer(actual, "Cu3Sn") / 2.69809267e-6, 1.0, delta=1e-6)
        self.assertAlmostEqual(self.layer(actual, "Cu6Sn5") / 9.90177382e-6, 1.0, delta=1e-6)
        self.assertAlmostEqual(self.plane(actual, "right end")["shift"], -0.905e-6, delta=1e-9)

    # Verifies: the layers are saved at every time, from nothing at the start, in the order of the table.
    def test_thickness(self):
        for technique in ("similarity", "finite_volume"):
            result = self.solve("v06_three_phases", "solver.technique=" + technique, "output.times=[1 h, 25 h]",
                                "diffusion_couple.couple.cells=600")
            thickness = result["thickness"]
            self.assertEqual(thickness.shape, (4, 3))
            numpy.testing.assert_allclose(thickness[-1], result["phases"]["thickness"], rtol=1e-12)
            self.assertAlmostEqual(thickness[0, 1], 0, delta=1e-12)
            self.assertAlmostEqual(thickness[2, 1] / thickness[3, 1], 0.5, delta=1e-9 if technique == "similarity" else 0.02)

    # Verifies: finite volumes on the graph come within 0.15 cells of those layers, at first order, for rising and falling
    # couples, and tell their error.
    def test_graph(self):
        exact = (4.15564009e-8 + 3.75907162e-8) * math.sqrt(100 * HOUR)
        errors = []
        for cells in (600, 1200):
            result = self.solve("v06_three_phases", "solver.technique=finite_volume", f"diffusion_couple.couple.cells={cells}")
            errors.append(abs(self.layer(result, "beta") - exact))
            self.assertLess(errors[-1], 0.2 * 600e-6 / cells)
            self.assertGreater(result["interface_error_estimate"], 0.3 * errors[-1])
        self.assertLess(errors[1], errors[0])
        falling = self.solve("v06_three_phases", "solver.technique=finite_volume", "diffusion_couple.couple.cells=1200",
                             "diffusion_couple.couple.left=1", "diffusion_couple.couple.right=0")
        self.assertAlmostEqual(self.layer(falling, "beta"), self.layer(result, "beta"), delta=1e-9)
        compounds = self.solve("v07_line_compounds", "solver.technique=finite_volume")
        self.assertAlmostEqual(self.layer(compounds, "Cu3Sn"), 2.69809267e-6, delta=0.15 * 0.25e-6)
        self.assertAlmostEqual(self.plane(compounds, "right end")["shift"], -0.905e-6, delta=5e-9)


class SameAnswers(Runs):
    # Verifies: any number of ranks gives the same bits in one dimension.
    def test_rank_counts(self):
        for deck in ("first", "v07_line_compounds"):
            alone = self.solve(deck)
            for ranks in (2, 3):
                shared = self.solve(deck, ranks=ranks)
                self.assertTrue((shared["composition"] == alone["composition"]).all())

    def datasets(self):
        """All arrays of the results but what the run says of itself."""
        found = {}

        def keep(name, item):
            if isinstance(item, h5py.Dataset) and name.split("/")[0] not in ("timing", "deck"):
                found[name] = item[...]
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            file.visititems(keep)
        return found

    # Verifies: a run that is stopped again and again ends with the bits of one that was not, times saved included.
    def test_resume(self):
        every = "output.save_every=10 h"
        for deck, more in (("first", ()), ("v09_bifurcation", ("diffusion_couple.couple.cells=300",)),
                           ("v06_three_phases", ("solver.technique=finite_volume", "diffusion_couple.couple.cells=300"))):
            self.solve(deck, every, *more)
            whole = self.datasets()
            stops, code = 0, 4
            words = ["--overwrite", "--stop-after", "1 ms"]
            changes = [word for one in ("output.folder=out", every, *more) for word in ("--set", one)]
            while code == 4:
                code, out, err = self.kroma("run", os.path.join(INPUTS, deck + ".yaml"), *words, *changes)
                words[:1] = ["--resume"]
                stops += code == 4
                if stops == 3:
                    words = ["--resume"]
            self.assertEqual(code, 0, out + err)
            self.assertGreaterEqual(stops, 3)
            for name, data in self.datasets().items():
                self.assertEqual(data.shape, whole[name].shape, name)
                self.assertEqual(data.tobytes(), whole[name].tobytes(), name)
            self.assertEqual(set(self.datasets()), set(whole))
            self.assertGreater(len(whole["time"]), 10)


class Mistakes(Runs):
    # Verifies: what is wrong is said, with its place, and nothing is written.
    def test_bad_decks(self):
        for change, said in (
                ("diffusion_couple.diffusivity=c-0.5", r"the diffusivity is -0\.5 m\^2/s at c = 0"),
                ("diffusion_couple.couple.interface=2 mm", r"the contact plane at 0\.002 m is off the couple"),
                ("diffusion_couple.couple.left=-0.1", r"couple\.left.*0"),
                ("diffusion_couple.couple.left=[0.5, 0.5]", r"needs 1 mole fraction"),
                ("diffusion_couple.diffusivity=1e-14*exp(-1000/T)", r"depends on T: give anneal\.temperature"),
                ("diffusion_couple.anneal.temperature=t-5", r"temperature: is -5 K at t = 0"),
                ("diffusion_couple.left_end=fixed", r"value.*needed"),
                ("diffusion_couple.left_end={kind: fixed, value: [1.5]}", r"must lie between 0 and 1"),
                ("diffusion_couple.diffusivity={file: none.csv}", r"diffusivity\.table: .*none\.csv: cannot be read"),
                ("diffusion_couple.diffusivity={points: [[0, 1e-14]], columns: [c, D]}", r"columns: belongs to `file`"),
                ("diffusion_couple.diffusivity={points: [[0, 1e-14], [0.5, 1e-14]]}",
                 r"is outside the table, which reaches from 0 to 0\.5"),
                ("diffusion_couple.diffusivity={points: [[0, 1e-14], [1, -1e-14]]}", r"the diffusivity is -?\S+ m\^2/s at c ="),
                ("diffusion_couple.diffusivity={value: 1e-14, table: {points: [[0, 1e-14], [1, 1e-14]]}}", r"give one of value, table"),
                ("diffusion_couple.markers=[{position: 0}]", r"markers need intrinsic or tracer")):
            with self.subTest(change):
                printed = self.solve("first", change, code=2)
                self.assertRegex(printed, said)
                self.assertFalse(os.path.exists(self.path("out", "results.h5")))

    def test_bad_phases(self):
        overlap = ("diffusion_couple.phases=[{name: a, range: [0, 0.5], diffusivity: 1e-15}, "
                   "{name: b, range: [0.4, 1], diffusivity: 1e-15}]")
        self.assertRegex(self.solve("v05_neumann", overlap, code=2), "b begins at 0.4, which is not above the end of a at 0.5")
        self.assertRegex(self.solve("v05_neumann", "diffusion_couple.couple.left=0.3", code=2), "0.3 lies in no phase")


if __name__ == "__main__":
    support.main()
