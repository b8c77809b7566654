"""Forward runs of diffusion_couple in two and three dimensions: order against manufactured solutions, the same answers as in
one dimension, on any number of ranks and with and without a matrix, mass, polycrystals, and a stopped run that goes on."""

import math
import os
import sys

import h5py
import numpy
import scipy.spatial

from diffusion_couple import INPUTS, Runs

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)


class BoxRuns(Runs):
    def order(self, deck, axes, cells, *sets):
        """Observed orders between runs with `cells` along each of `axes` axes."""
        errors = [self.solve(deck, *sets, f"diffusion_couple.couple.cells={[n] * axes}")["max_error"] for n in cells]
        return [math.log(a / b) / math.log(n / m) for a, b, m, n in zip(errors, errors[1:], cells, cells[1:])]


class Order(BoxRuns):
    # Verifies: second order for a coefficient of composition, with sealed sides, and for a tensor, joined all around.
    def test_two_dimensions(self):
        for order in self.order("v15_manufactured", 2, (16, 32, 64)):
            self.assertAlmostEqual(order, 2.0, delta=0.1)
        for order in self.order("v15_anisotropic", 2, (24, 48)):
            self.assertAlmostEqual(order, 2.0, delta=0.1)

    # Verifies: the same for a full tensor in three dimensions, all of whose links over edges matter: a plane wave decays
    # with D k K k.
    def test_three_dimensions(self):
        phase, rate = "2*pi/1e-4*(x+y-z)", "1e-14*(2*pi/1e-4)^2*(2+1.5+1+2*(0.5-0.7+0.4))"
        [order] = self.order("v15_anisotropic", 3, (16, 32), "diffusion_couple.couple={length: 1e-4, y: 1e-4, z: 1e-4}",
                             "diffusion_couple.diffusivity={value: 1e-14, anisotropy: [2, 1.5, 1, 0.5, 0.7, -0.4]}",
                             f"diffusion_couple.exact=0.5+0.3*cos({phase})*exp(-{rate}*t)", "diffusion_couple.source=0",
                             f"diffusion_couple.initial=0.5+0.3*cos({phase})", "solver.tolerance=1e-5")
        self.assertAlmostEqual(order, 2.0, delta=0.1)

    # Verifies: order 2 and 3 in time of the two schemes on one grid, in the steps after those that grow from the first,
    # 1e-9 of the anneal, by 2.5 each.
    def test_time(self):
        growing = math.log(1e9) / math.log(2.5)
        small = ("diffusion_couple.couple.cells=[8, 8]", "solver.newton_tolerance=1e-13")
        fine = self.solve("v15_manufactured", *small, "solver.tolerance=1e-11")["composition"][-1]
        for scheme, order, tolerances in (("sdirk2", 2, ("1e-6", "1e-7")), ("sdirk3", 3, ("1e-8", "1e-9"))):
            runs = [self.solve("v15_manufactured", *small, f"solver.scheme={scheme}", f"solver.tolerance={t}") for t in tolerances]
            errors = [abs(run["composition"][-1] - fine).max() for run in runs]
            steps = [run["steps"] - growing for run in runs]
            self.assertAlmostEqual(math.log(errors[0] / errors[1]) / math.log(steps[1] / steps[0]), order, delta=0.2)


class Couples(BoxRuns):
    LONG = ("diffusion_couple.couple={left: 0.1, right: 0.9, length: 200 um, interface: 80 um, cells: [100, 4], y: 10 um}",
            "solver.tolerance=1e-7")

    # Verifies: a couple that does not vary across y is that of one dimension, for ends of each kind; in three
    # dimensions with unequal factors across, too.
    def test_one_dimension(self):
        for ends in ((), ("left_end={kind: fixed, value: [0.3]}",), ("right_end={kind: flux, value: [-2e-13]}",),
                     ("left_end=periodic", "right_end=periodic")):
            sets = [f"diffusion_couple.{end}" for end in ends]
            more = "diffusion_couple.diffusivity=1e-14*exp(2*c)"
            line = self.solve("v13_finite", *self.LONG, "diffusion_couple.couple.y=0", "diffusion_couple.couple.cells=100",
                              "diffusion_couple.couple.grading=1", *sets, more)
            box = self.solve("v13_finite", *self.LONG, *sets, more)
            c = box["composition"][-1]
            self.assertLessEqual(abs(c - line["composition"][-1][:, None, :]).max(), 1e-6)
            self.assertLessEqual(abs(c - c[:, :1]).max(), 1e-12)
        deep = self.solve("v13_finite", *self.LONG, "diffusion_couple.couple.z=5 um", "diffusion_couple.couple.cells=[100, 4, 5]",
                          "diffusion_couple.diffusivity={value: 1e-14*exp(2*c), anisotropy: [1, 3, 2]}", *sets)
        self.assertLessEqual(abs(deep["composition"][-1] - line["composition"][-1][:, None, None, :]).max(), 1e-6)

    # Verifies: in layers along x, each of its own coefficient, the flux between fixed ends settles to that of each
    # layer; in layers across, to the harmonic mean. Both exactly, and the ends' account is right meanwhile.
    def test_layers(self):
        sets = ("diffusion_couple.left_end={kind: fixed, value: [1]}", "diffusion_couple.right_end={kind: fixed, value: [0]}",
                "diffusion_couple.couple={left: 0, right: 0, length: 10 um, y: 10 um, cells: [20, 20]}",
                "diffusion_couple.anneal.time=2e4", "solver.tolerance=1e-5")
        for axis, expected in (("y", numpy.repeat([1, 100], 10)), ("x", 2 / (1 + 1 / 100))):
            law = f"diffusion_couple.diffusivity={{value: 1e-14, position: '{axis} < 5e-6 ? 1 : 100'}}"
            flux = self.solve("v13_finite", *sets, law)["flux"]
            self.assertLessEqual(abs(flux[:, :, 0] / (1e-9 * expected) - 1).max(), 1e-6)
            self.assertLessEqual(abs(flux[:, :, 1]).max(), 1e-15)

    # Verifies: the same on 1, 2, 3 ranks, and with and without an assembled matrix, where multigrid is needed.
    def test_ranks_and_matrices(self):
        sets = ("diffusion_couple.couple.cells=[30, 32]", "diffusion_couple.couple.y=4 um", "diffusion_couple.anneal.time=1e5",
                "solver.tolerance=1e-3")
        one = self.solve("v15_manufactured", *sets)
        for more, ranks in (((), 2), ((), 3), (("solver.matrix=free", "solver.max_iterations=1000"), 2)):
            other = self.solve("v15_manufactured", *sets, *more, ranks=ranks)
            self.assertLessEqual(abs(other["composition"] - one["composition"]).max(), 1e-9)
        self.assertGreater(other["linear_iterations"], 2 * one["linear_iterations"])  # so that multigrid was at work

    # Verifies: a run that was stopped several times ends with the same bits, on two ranks.
    def test_resume(self):
        sets = ("output.folder=out", "diffusion_couple.couple.cells=[32, 24]", "diffusion_couple.anneal.time=1e6",
                "solver.tolerance=1e-4")
        whole = self.solve("v15_anisotropic", *sets, ranks=2)
        changes = [word for one in sets for word in ("--set", one)]
        words, codes = ["--overwrite", "--stop-after", "1 ms"], []
        while not codes or codes[-1] == 4:
            code, out, err = self.kroma("run", os.path.join(INPUTS, "v15_anisotropic.yaml"), *words, *changes, ranks=2)
            codes.append(code)
            words = ["--resume", "--stop-after", "1 ms"] if len(codes) < 4 else ["--resume"]
        self.assertEqual(codes, [4, 4, 4, 4, 0], out + err)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertTrue((file["fields/composition"][-1] == whole["composition"][-1]).all())
            self.assertTrue((file["fields/flux"][...] == whole["flux"]).all())
            self.assertEqual(file["metrics"].attrs["steps"], whole["steps"])


def mixed(state):
    """splitmix64 (Steele, Lea and Flood 2014)."""
    mask = 2**64 - 1
    state = (state + 0x9E3779B97F4A7C15) & mask
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & mask
    return state ^ (state >> 31)


def seeds(seed, grains):
    """The program's random points in the unit square."""
    return numpy.array([[(mixed(mixed(seed) + 3 * grain + axis & 2**64 - 1) >> 11) * 2.0**-53 for axis in range(2)]
                        for grain in range(grains)])


def network(points):
    """Conductivity of the edges of a periodic Voronoi structure alone, by Kirchhoff's laws at its vertices, and their
    length, both for the unit square and edges of unit conductance times length."""
    shifts = numpy.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    voronoi = scipy.spatial.Voronoi((points[None] + shifts[:, None]).reshape(-1, 2))
    numbers, edges = {}, {}
    for a, b in voronoi.ridge_vertices:
        ends = voronoi.vertices[[a, b]]
        if min(a, b) < 0 or not (0 <= ends.mean(axis=0)).all() or not (ends.mean(axis=0) < 1).all():
            continue
        i, j = (numbers.setdefault(tuple(numpy.round(end % 1, 9) % 1), len(numbers)) for end in ends)
        edges[i, j, tuple(numpy.round(ends[1] - ends[0], 9))] = ends[1] - ends[0]
    matrix, right = numpy.zeros((len(numbers),) * 2), numpy.zeros((len(numbers), 2))
    for (i, j, _), d in edges.items():
        conductance = 1 / numpy.hypot(*d)
        matrix[[i, j], [i, j]] += conductance
        matrix[[i, j], [j, i]] -= conductance
        right[i] += conductance * d
        right[j] -= conductance * d
    phi = numpy.linalg.lstsq(matrix, right, rcond=None)[0]
    tensor = sum(numpy.outer(phi[j] - phi[i] + d, d) / numpy.hypot(*d) for (i, j, _), d in edges.items())
    return numpy.trace(tensor) / 2, sum(numpy.hypot(*d) for d in edges.values())


class Polycrystals(BoxRuns):
    def effective(self, cells, grains, *sets, ranks=None):
        return self.solve("v16_polycrystal_2d", f"diffusion_couple.couple.cells={cells}", f"diffusion_couple.grains={{{grains}}}",
                          *sets, ranks=ranks)

    def map(self, grains):
        with h5py.File(self.path("map.h5"), "w") as file:
            file["grain"] = grains
        return f"file: '{self.path('map.h5')}'"

    # Verifies: layers, and straight boundaries along two axes of three, exactly: arithmetic along, nothing across.
    def test_straight_boundaries(self):
        grain = numpy.arange(40)[:, None] // 20 + numpy.zeros(40, dtype=int)
        added = 2 * 5e-9 * (1e4 - 1) / 10e-6
        sloping = (numpy.arange(40)[:, None] + numpy.arange(40)) % 40 // 20
        found = self.effective([40, 40], self.map(sloping) + ", width: 5 nm, ratio: 1e4")
        for name, share in (("xx", 0.5), ("yy", 0.5), ("xy", -0.5)):  # along (1, -1), two lines of length sqrt(2) a period
            self.assertAlmostEqual(found[f"effective_{name}"], share * math.sqrt(2) * added + (name != "xy"), delta=1e-4)
        for smear in (1, 2, 3.5):
            found = self.effective([40, 40], f"{self.map(grain)}, width: 5 nm, ratio: 1e3, segregation: 10, smear: {smear}", ranks=2)
            self.assertAlmostEqual(found["effective_xx"], 1, delta=1e-10)
            self.assertAlmostEqual(found["effective_yy"], 1 + added, delta=1e-10)
            self.assertAlmostEqual(found["boundary_density"], 2 / 10e-6, delta=1e-4)
        deep = "diffusion_couple.couple={length: 10 um, y: 10 um, z: 10 um, cells: [8, 8, 20]}"
        found = self.effective([8, 8, 20], self.map(numpy.arange(20) // 10 + numpy.zeros((8, 8, 1))) + ", width: 5 nm, ratio: 1e4", deep)
        for axis, expected in zip("xyz", (1 + added, 1 + added, 1)):
            self.assertAlmostEqual(found[f"effective_{axis}{axis}"], expected, delta=1e-10)

    # Verifies: layers of the factor `position` have the mean along and the harmonic mean across.
    def test_layers(self):
        found = self.solve("v15_manufactured", "diffusion_couple={mode: effective, components: [A, B], couple: {length: 1e-5, "
                           "y: 2e-5, cells: [20, 10]}, diffusivity: {position: 'x < 5e-6 ? 1 : 100', anisotropy: [1, 3]}}")
        self.assertAlmostEqual(found["effective_xx"], 2 / (1 + 1 / 100), delta=1e-8)
        self.assertAlmostEqual(found["effective_yy"], 3 * 50.5, delta=1e-8)

    # Verifies: a network of Voronoi boundaries so fast that nothing else counts, and the same from its map, against
    # Kirchhoff's laws on its edges, which for many grains tend to 0.897 of the length's bound (+- 0.007).
    def test_network(self):
        points = seeds(1, 25)
        exact, length = network(points)
        ratios = [conductivity / (0.5 * total) for conductivity, total in (network(seeds(seed, 100)) for seed in range(1, 9))]
        self.assertAlmostEqual(numpy.mean(ratios), 0.897, delta=0.01)
        errors = []
        for n in (96, 192):
            found = self.effective([n, n], "number: 25, seed: 1, width: 5 nm, ratio: 1e6")
            errors.append((found["effective_xx"] + found["effective_yy"]) / 2 / (exact * 500) - 1)
            x = (numpy.arange(n) + 0.5) / n
            away = [((x - p + 0.5) % 1 - 0.5) ** 2 for p in points.T[:, :, None]]
            grain = numpy.argmin(away[0][:, :, None] + away[1][:, None, :], axis=0)
            self.assertEqual((found["grain"] != grain).sum(), 0)
            mapped = self.effective([n, n], self.map(grain) + ", width: 5 nm, ratio: 1e6")
            self.assertLess(abs((mapped["effective_xx"] + mapped["effective_yy"]) / 2 / (exact * 500) - 1), 0.06)
            self.assertAlmostEqual(found["effective_xy"], found["effective_yx"], delta=1e-5 * found["effective_xx"])
        self.assertLess(errors[1], 0.04)
        self.assertGreater(errors[0] / errors[1], 2)

    # Verifies: grains on any number of ranks, over seams and across ranks, and maps of both kinds, in a march.
    def test_ranks(self):
        sets = ("diffusion_couple.couple.cells=[30, 20]", "diffusion_couple.grains.number=6", "solver.tolerance=1e-3")
        one = self.solve("polycrystal_2d", *sets)
        mapping = f"diffusion_couple.grains={{{self.map(one['grain'])}, width: 0.5 nm, ratio: 1e5}}"
        first = self.solve("polycrystal_2d", sets[0], sets[2], mapping)
        self.assertTrue((first["grain"] == one["grain"]).all())
        for ranks, wanted, more in ((2, one, sets), (3, first, (sets[0], sets[2], mapping))):
            other = self.solve("polycrystal_2d", *more, ranks=ranks)
            self.assertTrue((other["grain"] == wanted["grain"]).all())
            self.assertLessEqual(abs(other["composition"] - wanted["composition"]).max(), 1e-7)

    def test_mistakes(self):
        for sets, said in ((("diffusion_couple.grains={number: 5, ratio: 0.5}",), "slower than their grains"),
                           ((f"diffusion_couple.grains={{{self.map(numpy.zeros((4, 5)))}}}",), "extents 4 x 5, and the couple has 256 x 256"),
                           ((f"diffusion_couple.grains={{{self.map(numpy.zeros((4, 5)))}, dataset: /g}}",), "/g"),
                           (("diffusion_couple.diffusivity=1e-14",), "finds a ratio"),
                           (("diffusion_couple.left_end=sealed",), "left_end: has no meaning in mode effective")):
            with self.subTest(said):
                self.assertRegex(self.solve("v16_polycrystal_2d", *sets, code=2), said)


class Mistakes(BoxRuns):
    # Verifies: what two dimensions cannot do, and what one dimension does not have, is refused.
    def test_refusals(self):
        for deck, change, said in (
                ("v15_manufactured", "diffusion_couple.molar_volume={A: 1e-5, B: 2e-5}", "equal molar volumes"),
                ("v15_manufactured", "diffusion_couple.left_end={kind: robin, value: [0], coefficient: 1e-9}", "robin ends"),
                ("v15_manufactured", "diffusion_couple.diffusivity.anisotropy=[1, 1, 2]", "not positive definite"),
                ("v15_manufactured", "diffusion_couple.diffusivity.anisotropy=[1, 1, 2, 0]", "factor for each of the 2 axes, or 3"),
                ("v15_manufactured", "diffusion_couple.diffusivity.position=x-5e-5", r"position: is -.* at x = "),
                ("v15_manufactured", "diffusion_couple.initial=z", "depends on z: give couple.z"),
                ("v15_manufactured", "diffusion_couple.couple.cells=[64, 64, 64]", "each of the 2 axes"),
                ("first", "diffusion_couple.periodic_sides=true", "periodic_sides: needs a couple of two"),
                ("first", "diffusion_couple.initial=0.5+y", "depends on y: give couple.y"),
                ("first", "solver.matrix=free", "solved directly")):
            with self.subTest(change):
                self.assertRegex(self.solve(deck, change, code=2), said)
                self.assertFalse(os.path.exists(self.path("out", "results.h5")))


if __name__ == "__main__":
    support.main()
