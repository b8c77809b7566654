"""Pictures of every kind of gp_pde run, and the command plot.py."""

import contextlib
import io
import os
import tempfile
import unittest

import h5py
import numpy as np

import figures
import plot
import plot_gp_pde
import synthetic
from results import IncompleteWarning

PICTURES = ["fields.png", "spectrum.png", "convergence.png"]


class Plot(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "results.h5")

    def command(self, *arguments):
        """Exit code, standard output and standard error of plot.py."""
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = plot.main(list(arguments))
        return code, out.getvalue(), error.getvalue()

    def test_every_kind_of_run(self):
        cases = {
            "line": dict(shape=(101,)),
            "line, many waves": dict(shape=(1201,), waves=100),
            "plane, Chebyshev nodes, no exact solution": dict(shape=(30, 20), nodes="chebyshev", error=False),
            "plane, many waves": dict(shape=(150, 150), waves=35),
            "space": dict(shape=(12, 10, 8)),
        }
        for name, options in cases.items():
            with self.subTest(name):
                synthetic.write(self.path, **options)
                pictures = plot.draw(self.path, os.path.join(self.folder, name))
                self.assertEqual([os.path.basename(picture) for picture in pictures], PICTURES)
                for picture in pictures:
                    with open(picture, "rb") as file:
                        self.assertEqual(file.read(4), b"\x89PNG")

    def test_runs_that_stopped_early(self):
        synthetic.write(self.path, (51,), complete=0)
        with h5py.File(self.path, "a") as file:
            del file["fields"], file["tables/spectrum"]
        with self.assertWarns(IncompleteWarning):
            pictures = plot.draw(self.path)
        self.assertEqual([os.path.basename(picture) for picture in pictures], ["convergence.png"])

    def test_command_names_its_pictures(self):
        synthetic.write(self.path, (51,))
        self.assertEqual(self.command(self.folder),
                         (0, "".join(f"{self.folder}/{picture}\n" for picture in PICTURES), ""))
        code, out, _ = self.command(self.path, "--folder", os.path.join(self.folder, "new"))
        self.assertEqual((code, out.split()[0]), (0, os.path.join(self.folder, "new", "fields.png")))

    def test_command_says_what_is_wrong(self):
        self.assertEqual(self.command("nowhere.h5"), (2, "", "plot.py: nowhere.h5: there is no such file\n"))
        synthetic.write(self.path, (51,), problem="weather")
        code, _, error = self.command(self.path)
        self.assertEqual(code, 2)
        self.assertIn("no pictures for problem 'weather'", error)
        synthetic.write(self.path, (51,), complete=0)
        code, _, error = self.command(self.path)
        self.assertEqual(code, 0)
        self.assertIn("warning: ", error)


class Scales(unittest.TestCase):
    def test_a_spike_does_not_set_the_colours(self):
        values = np.sin(np.arange(1000.0))
        self.assertEqual(figures.limit_of(values), (np.abs(values).max(), False))
        values[0] = 1e4
        limit, spikes = figures.limit_of(values)
        self.assertTrue(spikes)
        self.assertLess(limit, 1.001)

    def test_nothing_to_show(self):
        for values in (np.zeros(5), np.full(5, np.nan)):
            scale, extend = figures.symmetric_scale(values)
            self.assertEqual((scale.vmin, scale.vmax, extend), (-1, 1, "neither"))

    def test_edges_enclose_their_points(self):
        np.testing.assert_allclose(figures.edges(np.array([0.0, 1, 3])), [-0.5, 0.5, 2, 4])

    def test_oscillations_are_counted(self):
        x = np.linspace(0, 1, 2001)
        self.assertAlmostEqual(plot_gp_pde.oscillations(np.sin(2 * np.pi * 100 * x)), 100, delta=1)
        self.assertEqual(plot_gp_pde.oscillations(np.zeros(9)), 0)
