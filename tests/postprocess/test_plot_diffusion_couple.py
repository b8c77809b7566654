"""Pictures of diffusion couples: estimated, fitted and simulated ones."""

import unittest

import h5py
import numpy as np

import synthetic
from test_plot_chromatography import array, scale


def table(file, path, **columns):
    """A compound table; texts become bytes."""
    kinds = [(name, "S24" if isinstance(values[0], str) else np.asarray(values).dtype) for name, values in columns.items()]
    rows = np.zeros(len(next(iter(columns.values()))), kinds)
    for name, values in columns.items():
        rows[name] = [value.encode() if isinstance(value, str) else value for value in values]
    file[path] = rows
    file[path].attrs["units"] = np.array([b"1"] * len(columns))


def begin(file):
    for name, value in (("schema", "kroma-results/1"), ("problem", "diffusion_couple"), ("title", "A couple"),
                        ("created", "2026-01-31T12:00:00Z")):
        synthetic.text(file, name, value)
    file.attrs["complete"] = 1
    file.create_group("metrics").attrs.update(misfit=2e-3, sum_rule_error=1e-3)


def measured(file, number, fitted=True):
    x = np.linspace(-2e-4, 2e-4, 101)
    scale(file, f"profiles/{number}/position", x, "m")
    for name in ("measured", "fitted", "residual")[:3 if fitted else 1]:
        array(file, f"profiles/{number}/{name}", np.tanh(x / 5e-5), [f"profiles/{number}/position"], "1")


class Pictures(synthetic.Drawn):
    def test_estimates_with_planes_and_markers(self):
        c = np.linspace(0.1, 0.9, 9)
        d = 1e-14 * np.exp(c)
        with h5py.File(self.path, "w") as file:
            begin(file)
            measured(file, 1)
            table(file, "tables/interdiffusion", method=["wagner"] * 9 + ["hall"] * 9, composition=[*c, *c], D=[*d, *d],
                  standard_error=[*(0.1 * d)] * 2, low=[*(0.5 * d)] * 2, high=[*(2 * d)] * 2,
                  determined=[1] * 6 + [0] * 3 + [1] * 9, couple=[1] * 18)
            table(file, "tables/planes", plane=["matano", "kirkendall"], value=[1e-6, -2e-5], couple=[1, 1])
            table(file, "tables/intrinsic", method=["composition"] * 2, component=["Ni", "Pd"], D=[2e-14, 1e-14],
                  standard_error=[1e-15] * 2, composition=[0.4, 0.4], couple=[1, 1])
        self.assertEqual(self.names(), ["profiles.png", "coefficients.png"])

    def test_two_couples_of_several_phases_without_fit(self):
        with h5py.File(self.path, "w") as file:
            begin(file)
            measured(file, 1, fitted=False)
            measured(file, 2, fitted=False)
        self.assertEqual(self.names(), ["profiles.png"])

    def test_simulated_profiles_and_layers(self):
        with h5py.File(self.path, "w") as file:
            begin(file)
            scale(file, "time", np.array([0, 3600.0, 7200]), "s")
            scale(file, "grid/x", np.linspace(0, 1e-3, 21), "m")
            array(file, "fields/composition", np.random.default_rng(1).random((3, 21, 2)), ["time", "grid/x"], "1")
            array(file, "series/thickness", np.ones((3, 2)), ["time"], "m")
            table(file, "tables/phases", phase=["alpha", "beta"])
        self.assertEqual(self.names(), ["composition.png", "layers.png"])

    def test_grains_with_flux(self):
        with h5py.File(self.path, "w") as file:
            begin(file)
            for axis in "xy":
                scale(file, f"grid/{axis}", np.linspace(0, 1e-3, 16), "m")
            for name, units in (("grain", "1"), ("flux", "m/s")):
                array(file, f"fields/{name}", np.arange(256.0).reshape(16, 16), ["grid/x", "grid/y"], units)
        self.assertEqual(self.names(), ["grains.png"])

    # Verifies: a couple of three dimensions is drawn in its middle, the flux with arrows.
    def test_grains_of_three_dimensions(self):
        shape = (12, 10, 8)
        with h5py.File(self.path, "w") as file:
            begin(file)
            scale(file, "time", np.array([0, 3600.0]), "s")
            for axis, size in zip("xyz", shape):
                scale(file, f"grid/{axis}", np.linspace(0, 1e-3, size), "m")
            space = ["grid/x", "grid/y", "grid/z"]
            array(file, "fields/composition", np.random.default_rng(1).random((2, *shape, 2)), ["time", *space], "1")
            array(file, "fields/grain", np.arange(960.0).reshape(shape), space, "1")
            array(file, "fields/flux", np.random.default_rng(2).normal(size=(*shape, 3)), space, "m/s")
        self.assertEqual(self.names(), ["composition.png", "grains.png"])


if __name__ == "__main__":
    unittest.main()
