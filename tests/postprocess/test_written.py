"""results.py reads what the program's own ResultFile wrote (writer.cpp)."""

import os
import unittest

import numpy as np

from results import open_results


class Written(unittest.TestCase):
    def setUp(self):
        self.run_ = open_results(os.environ["KROMA_WRITTEN"])
        self.addCleanup(self.run_.close)

    def test_root(self):
        run = self.run_
        self.assertTrue(run.complete)
        self.assertEqual((run.problem, run.title), ("gp_pde", "Größe in µm"))
        self.assertEqual((run.deck.source, run.deck.resolved), ("title: Größe\n\n", ""))
        self.assertEqual(run.metrics, {"iterations": 12, "relative_l2": 1e-9})
        self.assertEqual(run.provenance["command_line"], "kroma run a deck.yaml")
        self.assertTrue(run.provenance["hdf5"].startswith("1."))

    def test_field(self):
        u = self.run_["solution"]
        np.testing.assert_array_equal(u.values, np.arange(15.0).reshape(5, 3))
        np.testing.assert_array_equal(u.x.values, np.arange(5.0))
        np.testing.assert_array_equal(u.y.values, [0.5, 1.5, 2.5])
        self.assertEqual((u.label, u.y.label), ("Temperature [K]", "Height [m]"))

    def test_table(self):
        table = self.run_["spectrum"]
        self.assertEqual(list(table["axis"]), ["x", "µ"])
        self.assertEqual(list(table["count"]), [-1, 2**62])
        self.assertEqual(table.units, {"axis": "1", "frequency": "1/m", "count": "1"})

    def test_over_time(self):
        moving, outlet = self.run_["moving"], self.run_["outlet"]
        np.testing.assert_array_equal(moving.time.values, [0, 0.5, 1])
        np.testing.assert_array_equal(moving[2], np.arange(15.0).reshape(5, 3) + 2)
        self.assertEqual([axis and axis.name for axis in outlet.axes], ["time", None])
        np.testing.assert_array_equal(outlet.values, [[0, 1], [1, 2], [2, 3]])
