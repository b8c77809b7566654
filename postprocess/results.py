"""Read the results file of a kroma run.

    run = open_results("runs/poisson_2d")        # the folder or the file
    u = run["solution"]                          # nothing is read yet
    plot(u.x, u[:, 10], xlabel=u.x.units)        # only this row is read
    run.metrics["relative_l2"], run.provenance["commit"], run.deck.source
    run["spectrum"]["frequency"]                 # a column of /tables/spectrum
    run.evaluate([0.1, 0.2], [0.5], d={"x": 2})  # gp_pde: u or a derivative of it, anywhere

Needs h5py and numpy. Pictures of a whole run: plot.py.
"""

import os
import warnings
from types import SimpleNamespace

import h5py
import numpy as np

SCHEMAS = ("kroma-results/1",)
PLACES = ("fields", "series", "tables", "metrics")  # where run["name"] looks, in this order


class ResultsError(Exception):
    """The file is missing, is damaged, or is not a results file that this reader knows."""


class IncompleteWarning(UserWarning):
    """The run did not finish: the file holds what was computed until then."""


def open_results(path):
    """Open `path`, a results file or the folder that holds one (results.h5, or study.h5 of a study), and return its
    Results.

    Raises ResultsError if it cannot be read; warns (IncompleteWarning) if the run did not finish.
    """
    path = os.fspath(path)
    if os.path.isdir(path):
        names = [os.path.join(path, name) for name in ("results.h5", "study.h5")]
        path = next((name for name in names if os.path.exists(name)), names[0])
    if not os.path.exists(path):
        raise ResultsError(f"{path}: there is no such file")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    schema = _attributes(file).get("schema")
    if schema not in SCHEMAS:
        file.close()
        known = ", ".join(SCHEMAS)
        raise ResultsError(f"{path}: its schema is {schema or 'missing'}; this reader knows {known}")
    run = Results(path, file)
    if not run.complete:
        warnings.warn(f"{path}: the run did not finish; this is what it had computed", IncompleteWarning, stacklevel=2)
    return run


class Results:
    """An open results file. `run["name"]` is an Array or a Table; data are read when they are asked for.

    problem, title, created, schema   texts            complete    did the run finish?
    metrics, provenance               dictionaries     deck        .source and .resolved, texts
    is_study                          a table of cases rather than one run
    """

    def __init__(self, path, file):
        root = _attributes(file)
        self.path = path
        self.schema = root["schema"]
        self.problem = root.get("problem", "")
        self.title = root.get("title", "")
        self.created = root.get("created", "")
        self.complete = root.get("complete", 0) == 1
        self.is_study = root.get("study", 0) == 1
        self.metrics = _attributes(file["metrics"]) if "metrics" in file else {}
        self.provenance = _attributes(file["provenance"]) if "provenance" in file else {}
        self._file = file

    @property
    def deck(self):
        """The deck as written (.source) and with every default filled in (.resolved)."""
        texts = self._file.get("deck", {})
        return SimpleNamespace(**{name: _text(texts[name][()]) for name in ("source", "resolved") if name in texts})

    def __getitem__(self, name):
        dataset = self._find(name)
        if dataset is None:
            raise KeyError(f"{self.path} has no {name!r}; it has {', '.join(self.names())}")
        return Table(dataset) if dataset.dtype.names else Array(dataset)

    def __contains__(self, name):
        return self._find(name) is not None

    def names(self):
        """Paths of all arrays and tables, e.g. "fields/solution"."""
        found = []
        self._file.visititems(lambda path, item: found.append(path) if isinstance(item, h5py.Dataset) else None)
        return [path for path in found if not path.startswith("deck/")]

    def evaluate(self, *points, d=None, scattered=False):
        """The solution of a gp_pde run, or a derivative of it, at any points of its domain.

        points      a list of coordinates for each axis; the result has a value for each of their combinations,
                    (len(x), len(y), ...), or, with scattered=True, one for each point (x[i], y[i], ...)
        d           order of the derivative along each axis, e.g. {"x": 2}

        Reads the coefficients, not the fields. Outside the domain basis functions mean nothing: ResultsError there.
        """
        if "core" not in self._file:
            raise ResultsError(f"{self.path}: has no coefficients; write them with output.core: true")
        axes = _text(self._file["core"].attrs["axes"]).split()
        orders = {name: int(order) for name, order in (d or {}).items()}
        if len(points) != len(axes) or not set(orders) <= set(axes):
            raise ResultsError(f"{self.path}: wants points along {', '.join(axes)}, and derivatives along no others")
        bases = [_basis_functions(self._file[f"core/{name}"], name, np.atleast_1d(x), orders.get(name, 0))
                 for name, x in zip(axes, points)]
        values = self._file["core/coefficients"][()]
        if not scattered:
            for basis in bases:  # the axis in front goes to the end, so that they come out in order
                values = np.tensordot(values, basis, (0, 1))
            return values
        values = np.tensordot(values, bases[-1], (-1, 1))  # (..., points)
        for basis in reversed(bases[:-1]):
            values = np.einsum("...rp,pr->...p", values, basis)
        return values

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f"<{self.problem} results {self.path!r}{'' if self.complete else ', incomplete'}>"

    def _find(self, name):
        for path in (name, *(f"{place}/{name}" for place in PLACES)):
            item = self._file.get(path)
            if isinstance(item, h5py.Dataset):
                return item
        return None


class Array:
    """An array with units and named axes: `u.values`, `u[3, :]`, `u.units`, `u.long_name`, `u.x` (axis x's coordinates).

    `axes` lists the coordinates of every axis, themselves Arrays, or None for an axis that is a plain index.
    """

    def __init__(self, dataset, length=None):
        attributes = _attributes(dataset)
        self.path = dataset.name
        self.name = dataset.name.rsplit("/", 1)[-1]
        self.units = attributes.get("units", "")
        self.long_name = attributes.get("long_name") or self.name
        self.shape = dataset.shape if length is None else (length,)
        self._dataset = dataset
        self._values = None

    @property
    def values(self):
        if self._values is None:
            # A run that was killed may have saved a time but not yet all fields at it: an axis is as long as its field.
            self._values = self._dataset[tuple(slice(extent) for extent in self.shape)]
        return self._values

    @property
    def axes(self):
        scales = (dimension[0] if len(dimension) else None for dimension in self._dataset.dims)
        return [scale and Array(scale, extent) for scale, extent in zip(scales, self.shape)]

    def __getattr__(self, name):
        if not name.startswith("_"):
            for axis in self.axes:
                if axis is not None and axis.name == name:
                    return axis
        raise AttributeError(f"{self.path} has no axis {name!r}" if "path" in self.__dict__ else name)

    def __getitem__(self, index):
        whole = self._values is None and self.shape == self._dataset.shape
        return self._dataset[index] if whole else self.values[index]

    def __array__(self, dtype=None):
        return np.asarray(self.values, dtype)

    def __len__(self):
        return self.shape[0]

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def label(self):
        """What to write at an axis of a plot: "Position [m]"."""
        return self.long_name if self.units in ("", "1") else f"{self.long_name} [{self.units}]"

    def __repr__(self):
        axes = ", ".join("?" if axis is None else axis.name for axis in self.axes)
        return f"<{self.path} ({axes}) {self.shape} [{self.units}]>"


class Table:
    """Rows and named columns: `t["D"]` is a column, `t.values` the structured numpy array, `t.units["D"]` a unit."""

    def __init__(self, dataset):
        attributes = _attributes(dataset)
        self.path = dataset.name
        self.columns = dataset.dtype.names
        self.units = dict(zip(self.columns, attributes.get("units", [""] * len(self.columns))))
        self.long_name = attributes.get("long_name") or self.path.rsplit("/", 1)[-1]
        self._dataset = dataset
        self._values = None

    @property
    def values(self):
        if self._values is None:
            raw = self._dataset[()]
            columns = [np.char.decode(raw[c], "utf-8") if raw[c].dtype.kind == "S" else raw[c] for c in self.columns]
            self._values = np.empty(len(raw), [(c, data.dtype) for c, data in zip(self.columns, columns)])
            for name, data in zip(self.columns, columns):
                self._values[name] = data
        return self._values

    def __getitem__(self, key):
        return self.values[key]

    def __len__(self):
        return self._dataset.shape[0]

    def __repr__(self):
        return f"<{self.path} {len(self)} rows of {', '.join(self.columns)}>"


def _basis_functions(axis, name, points, order):
    """Derivative of the basis functions of one axis: (points, functions), from /core/AXIS."""
    low, high, centre = (float(axis.attrs[key]) for key in ("low", "high", "centre"))
    points = np.asarray(points, float)
    if points.min(initial=low) < low or points.max(initial=high) > high:
        raise ResultsError(f"points along {name} must lie in [{low:g}, {high:g}]")
    frequency, deviation = axis["frequency"][()], axis["deviation"][()]
    scale = deviation * (2 * np.pi * frequency) ** order
    phase = 2 * np.pi * frequency * (points - centre)[:, None] + 0.5 * np.pi * order  # each derivative a quarter turn
    features = np.hstack([scale * np.cos(phase), (scale * np.sin(phase))[:, frequency > 0]])
    return features @ axis["functions"][()]


def _text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def _attributes(item):
    """Attributes as Python's own texts, numbers and lists of them."""
    plain = {}
    for name in item.attrs:
        if name in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME"):  # of HDF5's dimension scales
            continue
        value = item.attrs[name]
        if isinstance(value, np.ndarray):
            plain[name] = [_text(element) for element in value.tolist()]
        else:
            plain[name] = _text(value.item() if isinstance(value, np.generic) else value)
    return plain
