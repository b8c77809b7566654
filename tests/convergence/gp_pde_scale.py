"""Runs of gp_pde on many ranks and large grids: layouts, what leaves the program, and the memory it says it takes."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "postprocess")]
from gp_pde import INPUTS, Runs, support  # noqa: E402  (their folders are known only now)
from results import ResultsError, open_results  # noqa: E402

SMALL = ("gp_pde.grid={x: 50, y: 47, z: 43}",)


class Layouts(Runs):
    def test_pencils_give_what_slabs_give(self):
        """Also on another number of ranks, and where pencils come unasked because slabs run out."""
        metrics, slabs = self.solve("poisson_3d", *SMALL, ranks=4)
        for ranks in (4, 6):
            shared, pencils = self.solve("poisson_3d", "solver.layout=pencil", *SMALL, ranks=ranks)
            self.assertEqual(shared["iterations"], metrics["iterations"])
            self.assertLess(numpy.abs(pencils - slabs).max(), 1e-11 * numpy.abs(slabs).max())
        tiny = ("gp_pde.domain={x: [0, 0.2], y: [0, 1], z: [0, 1]}", "gp_pde.grid={x: 16, y: 50, z: 50}")
        deck = os.path.join(INPUTS, "poisson_3d.yaml")
        words = [word for one in tiny for word in ("--set", one)]
        self.assertNotIn("pencils", self.expect(0, "check", deck, *words, "--ranks", "12"))
        self.assertIn("pencils, 7 x 2 ranks", self.expect(0, "check", deck, *words, "--ranks", "14"))


class Core(Runs):
    def test_the_solution_and_its_derivatives_anywhere(self):
        """From the core alone: the fields at the nodes, and off them the exact solution's derivatives."""
        self.solve("poisson_3d", "solver.layout=pencil", *SMALL, ranks=4)
        with open_results(self.path("out")) as run:
            u = run["solution"]
            nodes = x, y, z = [axis.values for axis in u.axes]
            size = numpy.abs(u.values).max()
            self.assertLess(numpy.abs(run.evaluate(x, y, z) - u.values).max(), 1e-12 * size)
            laplacian = sum(run.evaluate(x, y, z, d={axis: 2}) for axis in "xyz")
            source = laplacian + run["residual"].values
            # inside: at a face the slopes of bases magnify the error of u, 1e-11, ten thousandfold
            x, y, z = numpy.linspace(0.1, 0.9, 7), numpy.linspace(0.1, 0.9, 5), numpy.array([0.15, 0.37, 0.8])
            mixed = run.evaluate(x, y, z, d={"x": 1, "z": 1})
            scattered = run.evaluate(x[:3], y[:3], z, scattered=True, d={"x": 1, "z": 1})
            for wrong in ((x, y), (x, y, z + 1)):
                self.assertRaises(ResultsError, run.evaluate, *wrong)
            self.assertRaises(ResultsError, run.evaluate, x, y, z, d={"t": 1})
        X, Y, Z = numpy.meshgrid(x, y, z, indexing="ij")
        exact = -12 * 15 * numpy.cos(12 * X + 9 * Y) * numpy.sin(15 * Z)
        self.assertLess(numpy.abs(mixed - exact).max(), 1e-8 * numpy.abs(exact).max())
        self.assertLess(numpy.abs(scattered - mixed[range(3), range(3), range(3)]).max(), 1e-12 * 180)
        X, Y, Z = numpy.meshgrid(*nodes, indexing="ij")
        f = -(12**2 + 9**2 + 15**2) * numpy.sin(12 * X + 9 * Y) * numpy.cos(15 * Z) + (X**2 + Y**2) * numpy.exp(-X * Y)
        self.assertLess(numpy.abs(source - f).max(), 1e-10 * numpy.abs(f).max())

    def test_a_file_without_fields(self):
        """Large grids leave the core and nothing else; a file without one says how to get it."""
        deck = os.path.join(INPUTS, "poisson_3d.yaml")
        words = [word for one in (*SMALL, "output.folder=out") for word in ("--set", one)]
        self.expect(0, "run", deck, *words, "--set", "output.fields=[]", ranks=2)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertNotIn("fields", file)
            self.assertLess(file.id.get_filesize(), 50 * 47 * 43 * 8)
        with open_results(self.path("out")) as run:
            self.assertAlmostEqual(run.evaluate(0.3, 0.4, 0.5)[0, 0, 0],
                                   numpy.sin(7.2) * numpy.cos(7.5) + numpy.exp(-0.12), delta=1e-10)
        self.expect(0, "run", deck, *words, "--overwrite", "--set", "output.core=false", ranks=2)
        with open_results(self.path("out")) as run:
            self.assertRaisesRegex(ResultsError, "output.core: true", run.evaluate, [0.3], [0.4], [0.5])


class SinglePrecision(Runs):
    def passes(self, metrics):
        """Of the run just made: each adds a residual to the history before its first iteration."""
        with open_results(self.path("out")) as run:
            return len(run["history"]) - metrics["iterations"]

    def test_ends_where_double_does(self):
        for deck in ("poisson_3d", "poisson_2d_q2"):
            double, full = self.solve(deck)
            self.assertEqual(self.passes(double), 2)
            single, rounded = self.solve(deck, "solver.core_precision=single")
            self.assertEqual(self.passes(single), 3)
            self.assertLess(numpy.abs(rounded - full).max(), 1e-10 * numpy.abs(full).max())
            self.assertLess(single["relative_l2"], 2 * double["relative_l2"] + 1e-12)


if __name__ == "__main__":
    support.main()
