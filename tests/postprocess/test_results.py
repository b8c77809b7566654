"""The reader, on files whose contents are known."""

import os
import tempfile
import unittest
import warnings

import h5py
import numpy as np

import synthetic
from results import IncompleteWarning, ResultsError, open_results


class Reader(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "results.h5")

    def open(self, shape=(9, 7), **options):
        synthetic.write(self.path, shape, **options)
        run = open_results(self.path)
        self.addCleanup(run.close)
        return run

    def test_folder_or_file(self):
        synthetic.write(self.path, (9,))
        for path in (self.folder, self.path):
            with open_results(path) as run:
                self.assertEqual(run.path, self.path)

    def test_arrays_know_units_and_axes(self):
        u = self.open()["solution"]
        self.assertEqual((u.shape, u.units, u.long_name, u.label), ((9, 7), "K", "Solution", "Solution [K]"))
        self.assertEqual([axis.name for axis in u.axes], ["x", "y"])
        np.testing.assert_array_equal(u.y.values, np.linspace(0, 1, 7))
        self.assertEqual(u.x.units, "m")
        with self.assertRaises(AttributeError):
            u.z

    def test_slices_are_read_alone(self):
        u = self.open()["fields/solution"]
        row = u[3, :]
        self.assertIsNone(u._values)
        np.testing.assert_array_equal(row, u.values[3, :])
        np.testing.assert_array_equal(np.asarray(u), u.values)

    def test_tables(self):
        table = self.open()["spectrum"]
        self.assertEqual(list(table["axis"]), ["x", "x", "y", "y"])
        self.assertEqual(table.values[1]["frequency"], 6.0)
        self.assertEqual(table.units["frequency"], "1/m")

    def test_what_the_run_says(self):
        run = self.open()
        self.assertEqual(run.metrics["iterations"], 24)
        self.assertIsInstance(run.metrics["relative_l2"], float)
        self.assertEqual(run.provenance, {"commit": "abc1234"})
        self.assertEqual(run.deck.source, "problem: gp_pde  # Grüße\n")
        self.assertIn("fields/solution", run.names())
        self.assertNotIn("deck/source", run.names())

    def test_missing_names_are_listed(self):
        run = self.open()
        self.assertNotIn("temperature", run)
        with self.assertRaisesRegex(KeyError, "fields/solution"):
            run["temperature"]

    def test_incomplete_runs_are_named(self):
        for complete in (0, None):
            with self.subTest(complete=complete):
                with self.assertWarnsRegex(IncompleteWarning, "did not finish"):
                    run = self.open(complete=complete)
                self.assertFalse(run.complete)
                run.close()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertTrue(self.open().complete)

    def test_an_axis_is_as_long_as_its_field(self):
        with h5py.File(self.path, "w") as file:
            synthetic.text(file, "schema", "kroma-results/1")
            file.attrs["complete"] = 1
            time = file.create_dataset("time", data=[0.0, 1.0, 2.0])
            time.make_scale("/time")
            field = file.create_dataset("fields/c", data=np.zeros((2, 4)))
            field.dims[0].attach_scale(time)
        with open_results(self.path) as run:
            np.testing.assert_array_equal(run["c"].time.values, [0, 1])
            self.assertEqual(run["c"].time[-1], 1)
            self.assertIsNone(run["c"].axes[1])

    def test_refusals(self):
        with self.assertRaisesRegex(ResultsError, "no such file"):
            open_results(os.path.join(self.folder, "none"))
        with self.assertRaisesRegex(ResultsError, "kroma-results/99; this reader knows kroma-results/1"):
            self.open(schema="kroma-results/99")
        with h5py.File(self.path, "w"):
            pass
        with self.assertRaisesRegex(ResultsError, "schema is missing"):
            open_results(self.path)
        with open(self.path, "w") as file:
            file.write("hello")
        with self.assertRaisesRegex(ResultsError, "cannot be read"):
            open_results(self.path)
