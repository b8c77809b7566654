"""Small results files with known contents, as the solver writes them."""

import os
import tempfile
import unittest

import h5py
import numpy as np

import plot

AXES = ("x", "y", "z")


def write(path, shape, waves=3.0, error=True, complete=1, schema="kroma-results/1", nodes="uniform",
          problem="gp_pde"):
    """A gp_pde results file: solution = product of sin(2 pi waves x) over the unit axes, small error and residual."""
    with h5py.File(path, "w") as file:
        text(file, "schema", schema)
        text(file, "problem", problem)
        text(file, "title", "Poisson's equation, many waves")
        text(file, "created", "2026-01-31T12:00:00Z")
        if complete is not None:
            file.attrs["complete"] = complete
        grids = [coordinates(file, name, n, nodes) for name, n in zip(AXES, shape)]
        mesh = np.meshgrid(*grids, indexing="ij")
        solution = np.prod([np.sin(2 * np.pi * waves * x) for x in mesh], axis=0)
        bubble = np.prod([x * (1 - x) for x in mesh], axis=0)
        field(file, "solution", solution, "K", "Solution")
        if error:
            field(file, "error", 1e-8 * bubble * np.cos(7 * mesh[0]) * (1 + 0.3 * solution), "K", "Error")
        residual = 1e-6 * solution * np.sin(9 * mesh[-1])
        residual.flat[0] = 1e-3  # a spike at a corner, as boundaries make them
        field(file, "residual", residual, "K/m^2", "Residual")
        spectrum(file, len(shape), waves)
        metrics(file)


def text(item, name, value):
    item.attrs.create(name, np.bytes_(value.encode()), dtype=h5py.string_dtype("utf-8", max(1, len(value.encode()))))


def describe(dataset, units, long_name):
    text(dataset, "units", units)
    text(dataset, "long_name", long_name)


def coordinates(file, name, count, nodes):
    values = np.linspace(0, 1, count)
    if nodes == "chebyshev":
        values = 0.5 - 0.5 * np.cos(np.pi * values)
    grid = file.create_dataset(f"grid/{name}", data=values)
    grid.make_scale(f"/grid/{name}")
    describe(grid, "m", name)
    return values


def field(file, name, values, units, long_name):
    dataset = file.create_dataset(f"fields/{name}", data=values)
    for number in range(values.ndim):
        dataset.dims[number].attach_scale(file[f"grid/{AXES[number]}"])
    describe(dataset, units, long_name)


def spectrum(file, axes, waves):
    bands = [(0.9, waves, 0.05 * waves), (0.7, 2 * waves, 0.05 * waves)]
    rows = [(axis.encode(), *band) for axis in AXES[:axes] for band in bands]
    kind = [("axis", "S1"), ("weight", "f8"), ("frequency", "f8"), ("scale", "f8")]
    table = file.create_dataset("tables/spectrum", data=np.array(rows, kind))
    table.attrs["units"] = np.array([b"1", b"K^2", b"1/m", b"1/m"])
    frequency = np.linspace(0, 4 * waves, 400)
    for axis in AXES[:axes]:
        scale = file.create_dataset(f"spectrum/{axis}/frequency", data=frequency)
        scale.make_scale(f"/spectrum/{axis}/frequency")
        describe(scale, "1/m", "Frequency")
        away = [np.abs(frequency - centre) / waves for centre in (waves, 2 * waves)]
        source = np.exp(-((away[0] / 0.02) ** 2)) + 0.01 * np.exp(-((away[1] / 0.02) ** 2))
        source += 1e-9 * (1.1 + np.sin(37 * frequency))  # never zero, as computed ones
        prior = sum(height * (1 + np.tanh((0.05 - a) / 0.005)) for height, a in zip((1.5, 0.5), away)) + 1e-14
        for name, values in (("source", source), ("prior", prior)):
            curve = file.create_dataset(f"spectrum/{axis}/{name}", data=values)
            curve.dims[0].attach_scale(scale)
            describe(curve, "1", name)


def metrics(file):
    group = file.create_group("metrics")
    group.attrs.update(relative_l2=3.2e-9, max_error=1.4e-8, off_grid_residual=2.1e-7)
    group.attrs.update(iterations=24, wall_seconds=12.34)
    rows = [(i, 10.0 ** (-0.4 * i + 0.2 * np.sin(i))) for i in range(25)]
    group.create_dataset("history", data=np.array(rows, [("iteration", "i8"), ("relative_residual", "f8")]))
    text(file.create_group("provenance"), "commit", "abc1234")
    deck = "problem: gp_pde  # Grüße\n".encode()
    for name in ("source", "resolved"):
        file.create_dataset(f"deck/{name}", data=np.bytes_(deck), dtype=h5py.string_dtype("utf-8", len(deck)))


def write_frames(path, times, points, species):
    """A results file with frames of a field on one spatial axis, a component last."""
    with h5py.File(path, "w") as file:
        text(file, "schema", "kroma-results/1")
        text(file, "problem", "chromatography")
        file.attrs["complete"] = 1
        time = file.create_dataset("time", data=np.asarray(times, float))
        time.make_scale("/time")
        describe(time, "s", "Time")
        x = np.linspace(0, 1, points)
        position = file.create_dataset("grid/position", data=x)
        position.make_scale("/grid/position")
        describe(position, "m", "Position")
        values = np.random.default_rng(1).random((len(times), points, species))
        concentration = file.create_dataset("fields/concentration", data=values)
        describe(concentration, "mol/m^3", "Concentration")
        concentration.dims[0].attach_scale(time)
        concentration.dims[1].attach_scale(position)


def write_study(path, grids, kinds, failed=()):
    """A study of all grids with all kinds: relative_l2 = 1 / grid^2, larger for kind b; cases in `failed` have none."""
    cases = [(grid, kind) for grid in grids for kind in kinds]
    rows = np.zeros(len(cases), [("number", "i8"), ("name", "S9"), ("status", "S7"), ("message", "S7"),
                                 ("toy.grid", "f8"), ("toy.kind", "S1"), ("relative_l2", "f8")])
    for i, (grid, kind) in enumerate(cases):
        bad = i + 1 in failed
        rows[i] = (i + 1, f"case_{i + 1:04}".encode(), b"failed" if bad else b"done", b"gave up" if bad else b"", grid,
                   kind.encode(), np.nan if bad else (2 if kind == "b" else 1) / grid**2)
    with h5py.File(path, "w") as file:
        text(file, "schema", "kroma-results/1")
        text(file, "problem", "toy")
        text(file, "title", "Error against nodes")
        file.attrs["complete"] = 1
        file.attrs["study"] = 1
        table = file.create_dataset("tables/cases", data=rows)
        table.attrs["units"] = np.array([b"1"] * len(rows.dtype.names))
        text(table, "long_name", "Cases of the study")
        metrics = file.create_group("metrics")
        for name, count in [("cases", len(cases)), ("done", len(cases) - len(failed)), ("failed", len(failed))]:
            metrics.attrs[name] = count


class Drawn(unittest.TestCase):
    """A results file of its own for each test, and what is drawn of it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "results.h5")

    def names(self):
        pictures = plot.draw(self.path)
        for picture in pictures:
            with open(picture, "rb") as file:
                self.assertEqual(file.read(4), b"\x89PNG")
        return [os.path.basename(picture) for picture in pictures]
