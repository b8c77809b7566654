"""Regression by gp_pde on data with known truth: bands that cover, totals that are conserved, files that are wrong."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import gp_pde  # noqa: E402
import support  # noqa: E402


class Regression(gp_pde.Runs):
    def band(self):
        """Share of the grid where the truth lies in the 95 % posterior band."""
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            error, variance = file["fields/error"][...], file["fields/variance"][...]
        return numpy.mean(numpy.abs(error) <= 1.959964 * numpy.sqrt(variance))

    def test_bands_cover_the_truth(self):
        """95 % bands over 12 draws of noise and coordinates, hyper-parameters learned each time: 90 to 99 %."""
        for deck, change in (("regression_2d", ()),
                             ("regression_2d", ("gp_pde.covariance=squared_exponential",)),
                             ("regression_2d", ("gp_pde.covariance=matern52",)),
                             ("regression_1d", ("gp_pde.observations={sample: {x: 50}, added_noise: 0.1}",))):
            with self.subTest(deck=deck, change=change):
                covered = []
                for seed in range(1, 13):
                    metrics, _ = self.solve(deck, *change, f"gp_pde.observations.seed={seed}")
                    covered.append(self.band())
                self.assertGreater(numpy.mean(covered), 0.90, covered)
                self.assertLess(numpy.mean(covered), 0.99, covered)

    def test_noise_and_frequency_are_found(self):
        metrics, _ = self.solve("regression_2d")
        self.assertAlmostEqual(metrics["noise"], 0.2, delta=0.02)
        self.assertLess(metrics["relative_l2"], 0.1)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            heaviest = max((row for row in file["tables/spectrum"] if row["axis"] == b"x"), key=lambda row: row["weight"])
        self.assertAlmostEqual(heaviest["frequency"], 20 / 6.2832, delta=0.5)

    def test_ranks_and_formats_agree(self):
        """A file of rows in any order, the same as HDF5, on 1 and 3 ranks."""
        x, y = numpy.linspace(0, 1, 9), numpy.array([0, 0.2, 0.5, 0.9])
        u = numpy.sin(3 * x)[:, None] * y
        rows = [f"{a:.17g} {b:.17g} {u[i, j]:.17g}" for i, a in enumerate(x) for j, b in enumerate(y)]
        self.write("u.csv", "x y u\n" + "\n".join(rows[::-1]) + "\n")
        with h5py.File(self.path("u.h5"), "w") as file:
            file["u"], file["x"], file["grid/y"] = u, x, y
        results = []
        for observations, ranks in ((f"{{file: {self.path('u.csv')}, columns: [x, y, u], noise: 0.01}}", None),
                                    (f"{{file: {self.path('u.h5')}, dataset: u, coordinates: {{x: x}}, noise: 0.01}}", 3)):
            metrics, mean = self.solve("regression_2d", f"gp_pde.observations={observations}", "gp_pde.exact=sin(3*x)*y",
                                       "gp_pde.covariance=squared_exponential", ranks=ranks)
            results.append((metrics["log_evidence"], mean))
        self.assertAlmostEqual(results[0][0], results[1][0], places=6)
        self.assertLess(numpy.abs(results[0][1] - results[1][1]).max(), 1e-9)
        self.assertLess(metrics["relative_l2"], 0.05)

    def test_totals_are_conserved(self):
        """Every deck of the porous medium family, and every kind of update; totals to rounding, errors smaller."""
        decks = sorted(name[:-5] for name in os.listdir(gp_pde.INPUTS) if name.startswith("conservation_"))
        self.assertEqual(len(decks), 6)
        for deck in decks:
            for update in ("joint", "diagonal", "uniform"):
                with self.subTest(deck=deck, update=update):
                    metrics, _ = self.solve(deck, f"gp_pde.conservation.update={update}",
                                            ranks=2 if update == "joint" else None)
                    self.assertGreater(metrics["total_error_before"], 1e-6)
                    self.assertLess(metrics["total_error"], 1e-12)
        deck = "conservation_porous_medium_3"
        before = self.solve(deck, "gp_pde.conservation.noise=1e3")[0]["mean_square_error"]
        after = self.solve(deck)[0]["mean_square_error"]
        self.assertLess(after, before, "knowledge of the total helps")

    def test_wrong_files(self):
        self.write("nan.csv", "x,u\n0,1\n0.5,nan\n1,2\n")
        self.write("gap.csv", "x,y,u\n0,0,1\n0,1,1\n1,0,1\n")
        self.write("twice.csv", "x,y,u\n0,0,1\n0,0,1\n1,0,1\n1,1,1\n")
        with h5py.File(self.path("nan.h5"), "w") as file:
            file["u"], file["x"] = [1.0, 2.0, numpy.nan], [0.0, 1.0, 2.0]
            file["v"] = [[1.0]]
        one = "regression_1d"
        for deck, observations, said in (
                (one, "{file: %s}" % self.path("nan.csv"), r"nan\.csv:3: "),
                (one, "{file: %s, columns: [x, w]}" % self.path("nan.csv"), "w"),
                ("regression_2d", "{file: %s}" % self.path("gap.csv"), "3 rows do not fill the 2 x 2 points"),
                ("regression_2d", "{file: %s}" % self.path("twice.csv"), r"data row 2 repeats the point x = 0, y = 0"),
                (one, "{file: %s, dataset: u, coordinates: {x: x}}" % self.path("nan.h5"), r"'u' is nan in row 2"),
                (one, "{file: %s, dataset: w, coordinates: {x: x}}" % self.path("nan.h5"), "holds no array 'w'"),
                (one, "{file: %s, dataset: v, coordinates: {x: x}}" % self.path("nan.h5"), "'v' has the extents 1 x 1, its coordinates 3"),
                (one, "{file: %s}" % self.path("nan.h5"), "needs the key dataset"),
                (one, "{noise: 0.1}", "either a file or a sample"),
                (one, "{sample: {y: 3}}", "the domain has no axis y")):
            printed = self.solve(deck, f"gp_pde.observations={observations}", code=2)
            self.assertRegex(printed, said)
            self.assertIn("gp_pde.observations", printed)
        self.assertFalse(os.path.exists(self.path("out")), "nothing is written")

    def test_keys_that_do_not_go_together(self):
        for change, said in (("gp_pde.source=1", "in the place of an equation|take the place of an equation"),
                             ("gp_pde.covariance={spectrum: band}", "observations need a mixture"),
                             ("gp_pde.covariance={spectrum: gaussian, learn: whittle}", "evidence or none"),
                             ("gp_pde.covariance={spectrum: matern52, components: {x: [{scale: 0.1}]}}", "needs the noise"),
                             ("gp_pde.conservation={along: x, total: 1}", "two axes")):
            self.assertRegex(self.solve("regression_1d", change, code=2), said)


if __name__ == "__main__":
    support.main()
