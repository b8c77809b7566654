"""Pictures of clusters: points, membership, convergence, numbers of clusters, confusion."""

import unittest
from unittest import mock

import h5py
import numpy as np

import plot_sdp_clustering
import synthetic
from test_plot_diffusion_couple import table

LABEL = np.array([2, 0, 1, 1, 0, 2, 0, 1, 2], float)


def begin(file):
    for name, value in (("schema", "kroma-results/1"), ("problem", "sdp_clustering"), ("title", "Three clusters"),
                        ("created", "2026-01-31T12:00:00Z")):
        synthetic.text(file, name, value)
    file.attrs["complete"] = 1
    file.create_group("metrics").attrs.update(objective=1.5, relative_gap=1e-4, misclustering=0.0)
    synthetic.text(file["metrics"], "certificate", "bound by the multipliers, gap 1e-4")


def field(file, name, values, long_name):
    synthetic.describe(file.create_dataset(f"fields/{name}", data=values), "1", long_name)


class Pictures(synthetic.Drawn):
    def test_all_pictures(self):
        random = np.random.default_rng(1)
        with h5py.File(self.path, "w") as file:
            begin(file)
            field(file, "label", LABEL, "cluster, from 0")
            field(file, "known_label", LABEL, "known label, from 0")
            field(file, "points", random.normal(size=(9, 2)), "two principal coordinates, centred")
            field(file, "membership", (LABEL[:, None] == LABEL) / 3, "membership matrix Z")
            table(file, "metrics/history", iteration=[50, 100, 150], objective=[1.0, 1.4, 1.5], bound=[np.nan, 1.2, 1.4],
                  residual=[1e-1, 1e-3, 1e-6])
            table(file, "tables/path", clusters=[2, 3, 4], objective=[3.0, 1.5, 1.4], bic=[20.0, 10.0, 12.0],
                  stability=[0.8, 0.99, 0.7], chosen=[0, 1, 0])
            table(file, "tables/confusion", cluster=[0, 1, 2], label=["a", "b", "c"], count=[3, 3, 3], matched=[1, 1, 1])
        self.assertEqual(self.names(), ["points.png", "membership.png", "convergence.png", "path.png", "confusion.png"])

    def test_membership_is_sorted_by_cluster(self):
        """What is drawn of a certain partition is blocks on the diagonal, whatever the order of the points."""
        with h5py.File(self.path, "w") as file:
            begin(file)
            field(file, "label", LABEL, "cluster, from 0")
            field(file, "membership", (LABEL[:, None] == LABEL) / 3, "membership matrix Z")
        with mock.patch("matplotlib.axes.Axes.imshow", autospec=True, side_effect=plot_sdp_clustering.plt.Axes.imshow) as shown:
            self.assertEqual(self.names(), ["membership.png"])
        matrix = shown.call_args.args[1]
        np.testing.assert_array_equal(matrix, np.kron(np.eye(3), np.ones((3, 3))) / 3)

    def test_a_run_without_fields(self):
        with h5py.File(self.path, "w") as file:
            begin(file)
            field(file, "label", LABEL, "cluster, from 0")
        self.assertEqual(self.names(), [])


if __name__ == "__main__":
    unittest.main()
