"""Pictures of a study: what each case changed against what came of it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm, Normalize

from figures import BLUE, GREY, ORANGE, STYLE, colour_bar, headline, pretty, save

ABOUT_CASES = ("number", "name", "status", "message")
# What one looks at first, if the family has it; otherwise the first metric that differs between cases.
FAVOURITES = ("relative_l2", "error_estimate", "misfit", "misclustering", "relative_gap", "off_grid_residual")


def draw(study, folder):
    """Draw `study` into `folder`; returns the names of the pictures."""
    table = study["cases"]
    changes, metric = changed_keys(table), chosen_metric(table)
    parts = [draw_parallel]
    if len(changes) == 1:
        parts.append(draw_curve)
    if len(changes) == 2 and is_product(table, changes):
        parts.append(draw_heat_map)
    if metric is None:
        return []
    with plt.rc_context(STYLE):
        return [part(study, table, changes, metric, folder) for part in parts]


def changed_keys(table):
    """Columns that the study varied: their names are paths of keys, and they take more than one value."""
    return [name for name in table.columns if "." in name and len(np.unique(table[name])) > 1]


def metrics_of(table):
    """Columns of numbers that the cases computed."""
    return [name for name in table.columns
            if name not in ABOUT_CASES and "." not in name and np.issubdtype(table[name].dtype, np.number)]


def chosen_metric(table):
    """The metric to draw: a favourite that differs between cases, or the first that does, or none."""
    differ = [name for name in metrics_of(table) if len(np.unique(table[name][np.isfinite(table[name])])) > 1]
    return next((name for name in FAVOURITES if name in differ), differ[0] if differ else None)


def is_product(table, keys):
    """Whether every value of one key was tried with every value of the other, once."""
    sizes = [len(np.unique(table[key])) for key in keys]
    pairs = {tuple(row) for row in zip(*(table[key].tolist() for key in keys))}
    return len(table) == sizes[0] * sizes[1] == len(pairs)


def facts(study):
    counts = study.metrics
    return [f"{counts.get('cases', 0)} cases", f"{counts.get('done', 0)} done", f"{counts.get('failed', 0)} failed"]


def spread(values):
    """Whether positive values range over so many decades that a logarithm shows them better."""
    finite = values[np.isfinite(values)]
    return finite.size > 1 and finite.min() > 0 and finite.max() / finite.min() > 10


def scale_of(values):
    finite = values[np.isfinite(values)]
    low, high = finite.min(), finite.max()
    return LogNorm(low, high) if spread(values) else Normalize(low, high if high > low else low + 1)


def positions(values):
    """Places of values along an axis in [0, 1], and a few (place, text) to label it."""
    if values.dtype.kind in "US":
        words = sorted(set(values.tolist()))
        places = {word: i / max(1, len(words) - 1) for i, word in enumerate(words)}
        return np.array([places[word] for word in values]), [(places[word], word) for word in words]
    norm = scale_of(values.astype(float))
    ticks = np.unique(np.quantile(values[np.isfinite(values)], [0, 0.25, 0.5, 0.75, 1], method="nearest"))
    return np.ma.filled(norm(values.astype(float)), np.nan), [(float(norm(tick)), f"{tick:.4g}") for tick in ticks]


def label(table, name):
    units = table.units.get(name, "")
    text = name.split(".", 1)[-1] if "." in name else name
    return text if units in ("", "1") else f"{text}\n[{pretty(units)}]"


def draw_parallel(study, table, changes, metric, folder):
    """A line for every case through its values on one vertical axis a column; the metric colours it."""
    names = [*changes, metric]
    columns = [positions(table[name]) for name in names]
    figure, axes = plt.subplots(figsize=(max(5.0, 1.6 * len(names) + 1.5), 4.2))
    values = table[metric].astype(float)
    colour = plt.get_cmap("viridis")(np.ma.filled(scale_of(values)(values), 0.0))
    across = np.arange(len(names))
    for i in range(len(table)):
        places = [column[0][i] for column in columns]
        failed = not np.isfinite(values[i])
        axes.plot(across, places, color=ORANGE if failed else colour[i], alpha=0.7, lw=0.9, ls=":" if failed else "-")
    for x, (_, ticks) in zip(across, columns):
        axes.axvline(x, color=GREY, lw=0.8, zorder=0)
        for place, text in ticks:
            axes.annotate(text, (x, place), xytext=(3, 0), textcoords="offset points", fontsize=7, va="center",
                          bbox={"fc": "white", "ec": "none", "pad": 0.5, "alpha": 0.7})
    axes.set_xticks(across, [label(table, name) for name in names])
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlim(-0.2, len(names) - 0.6)
    headline(figure, study, facts(study))
    return save(figure, folder, "parallel")


def draw_curve(study, table, changes, metric, folder):
    """The metric over the one key that was varied."""
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    x, y = table[changes[0]], table[metric].astype(float)
    order = np.argsort(x, kind="stable")
    axes.plot(x[order], y[order], "o-", color=BLUE, ms=4)
    if spread(y):
        axes.set_yscale("log")
    if x.dtype.kind not in "US" and spread(x.astype(float)):
        axes.set_xscale("log")
    axes.grid(True)
    axes.set_xlabel(label(table, changes[0]).replace("\n", " "))
    axes.set_ylabel(metric)
    headline(figure, study, facts(study))
    return save(figure, folder, "curve")


def draw_heat_map(study, table, changes, metric, folder):
    """The metric over the two keys that were varied, if every pair was tried."""
    (rows, row_of), (columns, column_of) = (np.unique(table[key], return_inverse=True) for key in changes)
    values = np.full((len(rows), len(columns)), np.nan)
    values[row_of, column_of] = table[metric].astype(float)
    figure, axes = plt.subplots(figsize=(1.2 + 0.9 * max(4, len(columns)), 1.5 + 0.5 * max(4, len(rows))))
    artist = axes.imshow(values, origin="lower", aspect="auto", cmap="viridis", norm=scale_of(values))
    texts = [[word if isinstance(word, str) else f"{word:.4g}" for word in line] for line in (rows.tolist(), columns.tolist())]
    axes.set_yticks(range(len(rows)), texts[0])
    axes.set_xticks(range(len(columns)), texts[1], rotation=30 if len(columns) > 6 else 0)
    axes.set_ylabel(label(table, changes[0]).replace("\n", " "))
    axes.set_xlabel(label(table, changes[1]).replace("\n", " "))
    axes.spines[:].set_visible(False)
    if isinstance(artist.norm, LogNorm):
        figure.colorbar(artist, ax=axes, shrink=0.9).set_label(metric)
    else:
        colour_bar(figure, artist, axes, "neither", metric)
    headline(figure, study, facts(study))
    return save(figure, folder, "heat_map")
