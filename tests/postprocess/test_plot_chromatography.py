"""Pictures of a chromatography run: with and without peaks, fits, fields, and of what stopped early."""

import unittest

import h5py
import numpy as np

import plot_chromatography
import synthetic
from results import open_results

TIMES = np.linspace(0, 100, 201)


def write(path, fit=False, field=False, peaks=True):
    """Two normal peaks at 30 and 60 s, the second one twice as high."""
    with h5py.File(path, "w") as file:
        for name, value in (("schema", "kroma-results/1"), ("problem", "chromatography"), ("title", "Two peaks"),
                            ("created", "2026-01-31T12:00:00Z")):
            synthetic.text(file, name, value)
        file.attrs["complete"] = 1
        synthetic.text(file.create_group("metrics"), "method", "semi_analytic")
        file["metrics"].attrs["error_estimate"] = 1e-12
        scale(file, "time", TIMES, "s")
        shapes = [height * np.exp(-((TIMES - centre) / 4) ** 2) for centre, height in ((30, 1), (60, 2))]
        array(file, "series/outlet", np.stack(shapes, 1), ["time"], "mol/m^3")
        table(file, "tables/components", [("name", ["light", "heavy"])])
        if peaks:
            table(file, "tables/peaks", [("component", ["light", "heavy"]), ("retention", [30.0, 60.0]),
                                         ("height", [1.0, 2.0]), ("width", [6.66, np.nan])])
        if fit:
            scale(file, "fit/1/time", TIMES, "s")
            for name in ("signal", "model", "residual"):
                array(file, f"fit/1/{name}", sum(shapes), ["fit/1/time"], "1")
        if field:
            scale(file, "grid/x", np.linspace(0, 1, 11), "m")
            array(file, "fields/concentration", np.random.default_rng(1).random((201, 11, 2)), ["time", "grid/x"],
                  "mol/m^3")


def scale(file, path, values, units):
    file[path] = values
    file[path].make_scale("/" + path)
    synthetic.describe(file[path], units, path.rsplit("/", 1)[-1])


def array(file, path, values, axes, units):
    file[path] = values
    for number, axis in enumerate(axes):
        file[path].dims[number].attach_scale(file[axis])
    synthetic.describe(file[path], units, path.rsplit("/", 1)[-1])


def table(file, path, columns):
    length = len(columns[0][1])
    kinds = [(name, h5py.string_dtype("utf-8", 12) if isinstance(values[0], str) else float) for name, values in columns]
    rows = np.zeros(length, dtype=kinds)
    for name, values in columns:
        rows[name] = [value.encode() if isinstance(value, str) else value for value in values]
    file[path] = rows
    synthetic.text(file[path], "units", " ".join("1" for _ in columns))


class PlotChromatography(synthetic.Drawn):
    def draw(self, **options):
        write(self.path, **options)
        return self.names()

    def test_what_there_is_is_drawn(self):
        self.assertEqual(self.draw(), ["chromatogram.png"])
        self.assertEqual(self.draw(peaks=False), ["chromatogram.png"])
        self.assertEqual(self.draw(fit=True, field=True), ["chromatogram.png", "fit.png", "map.png"])

    def test_peaks_are_labelled_where_they_come_down(self):
        """The second one has no width: it is cut off by the end of the run."""
        write(self.path)
        figure, axes = plot_chromatography.plt.subplots()
        self.addCleanup(plot_chromatography.plt.close, figure)
        with open_results(self.path) as run:
            self.assertTrue(plot_chromatography.label_peaks(run, axes, ["light", "heavy"]))
        self.assertEqual([text.get_text() for text in axes.texts], ["light\n30 s"])


if __name__ == "__main__":
    unittest.main()
