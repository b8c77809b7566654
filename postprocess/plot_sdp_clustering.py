"""Pictures of an sdp_clustering run: points with their clusters, the membership matrix, convergence, the numbers of
clusters that were tried, and the confusion with known labels."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator

from figures import BLUE, GREY, ORANGE, STYLE, headline, save, short

MOST_POINTS = 20000  # of a scatter plot, and
MOST_ROWS = 1000     # of a matrix


def draw(run, folder):
    """Draw `run` into `folder`; returns the names of the pictures."""
    parts = {"fields/points": draw_points, "fields/membership": draw_membership, "history": draw_convergence,
             "path": draw_path, "confusion": draw_confusion}
    with plt.rc_context(STYLE):
        return [part(run, folder) for name, part in parts.items() if name in run and len(run[name])]


def facts(run):
    """The line under every picture: how good is it, and what is proven?"""
    names = {"objective": "objective", "relative_gap": "proven gap", "misclustering": "misclustered"}
    line = [f"{text} {short(run.metrics[name])}" for name, text in names.items()
            if name in run.metrics and np.isfinite(run.metrics[name])]
    if "certificate" in run.metrics:
        line.append(run.metrics["certificate"].split(":")[0])
    return line


def colours(count):
    """A colour for each cluster."""
    return plt.get_cmap("tab10" if count <= 10 else "tab20")(np.arange(count) % 20)


def every(count, most):
    """Row numbers spread over all, at most so many."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


# ---------------------------------------------------------------- points

def draw_points(run, folder):
    """Points in the plane, their clusters' ellipses (two standard deviations), and known labels beside them."""
    label = run["fields/label"].values.astype(int)
    points = run["fields/points"].values
    known = run["fields/known_label"].values.astype(int) if "fields/known_label" in run else None
    figure, panels = plt.subplots(1, 1 if known is None else 2, figsize=(5.6 if known is None else 10.4, 4.9),
                                  squeeze=False, sharex=True, sharey=True)
    shown = every(len(points), MOST_POINTS)
    for axes, groups, title in zip(panels[0], (label, known), ("found", "known")):
        palette = colours(groups.max() + 1)
        axes.scatter(*points[shown].T, s=9 if len(shown) < 2000 else 3, c=palette[groups[shown]], linewidths=0, alpha=0.7)
        axes.set_title(title)
        axes.set_aspect("equal", adjustable="box")
        axes.set_xlabel("First coordinate" if "coordinates, centred" == run["fields/points"].long_name
                        else "First principal coordinate")
    panels[0][0].set_ylabel(panels[0][0].get_xlabel().replace("First", "Second"))
    ellipses(run, panels[0][0], points, label)
    headline(figure, run, facts(run))
    return save(figure, folder, "points")


def ellipses(run, axes, points, label):
    """Two standard deviations of each cluster, as the points in the plane have them."""
    for k, colour in enumerate(colours(label.max() + 1)):
        mine = points[label == k]
        if len(mine) < 3:
            continue
        values, vectors = np.linalg.eigh(np.cov(mine.T))
        width, height = 4 * np.sqrt(np.maximum(values[::-1], 0))
        angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
        axes.add_patch(Ellipse(mine.mean(axis=0), width, height, angle=angle, fill=False, color=colour, linewidth=1.4))


# ---------------------------------------------------------------- relaxation

def draw_membership(run, folder):
    """The matrix Z with rows sorted by cluster: blocks where the relaxation is sure."""
    label = run["fields/label"].values
    order = np.argsort(label, kind="stable")
    order = order[every(len(order), MOST_ROWS)]
    matrix = run["fields/membership"].values[np.ix_(order, order)]
    figure, axes = plt.subplots(figsize=(5.4, 4.6))
    artist = axes.imshow(matrix, cmap="Blues", vmin=0, interpolation="nearest")
    edges = np.flatnonzero(np.diff(label[order])) + 0.5
    for edge in edges:
        axes.axhline(edge, color=ORANGE, linewidth=0.7)
        axes.axvline(edge, color=ORANGE, linewidth=0.7)
    axes.set(xlabel="Points, sorted by cluster", ylabel="Points, sorted by cluster", xticks=[], yticks=[])
    figure.colorbar(artist, ax=axes, shrink=0.85).set_label("Z")
    headline(figure, run, facts(run))
    return save(figure, folder, "membership")


def draw_convergence(run, folder):
    """Objective of the relaxation and proven bound, and the residual, against iterations."""
    history = run["history"]
    iteration = history["iteration"]
    figure, (value, residual) = plt.subplots(2, 1, figsize=(6.4, 5.2), sharex=True)
    value.plot(iteration, history["objective"], color=BLUE, label="relaxation")
    if np.isfinite(history["bound"]).any():
        value.plot(iteration, history["bound"], color=ORANGE, label="proven bound")
    value.axhline(run.metrics["objective"], color=GREY, linewidth=1, linestyle="--", label="labels")
    late = history["objective"][len(iteration) // 3:]
    spread = max(np.ptp(late), abs(run.metrics["objective"] - late[-1]), 1e-12 * abs(late[-1]))
    value.set_ylim(min(late.min(), run.metrics["objective"]) - spread, max(late.max(), run.metrics["objective"]) + spread)
    value.set_ylabel("Objective")
    value.legend()
    residual.semilogy(iteration, history["residual"], color=BLUE)
    residual.set(xlabel="Iteration", ylabel="Relative residual")
    for axes in (value, residual):
        axes.grid(True)
    headline(figure, run, facts(run))
    return save(figure, folder, "convergence")


# ---------------------------------------------------------------- clusters and labels

def draw_path(run, folder):
    """BIC, stability and objective against the number of clusters; the chosen one is marked."""
    path = run["path"]
    clusters = path["clusters"]
    chosen = clusters[path["chosen"] == 1]
    figure, rows = plt.subplots(3, 1, figsize=(6.0, 6.2), sharex=True)
    for axes, column, name in zip(rows, ("bic", "stability", "objective"), ("BIC", "Stability", "Objective")):
        axes.plot(clusters, path[column], color=BLUE, marker="o", markersize=4)
        for k in chosen:
            axes.axvline(k, color=ORANGE, linewidth=1.2)
        axes.set_ylabel(name)
        axes.grid(True)
    rows[-1].set_xlabel("Number of clusters")
    rows[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    headline(figure, run, facts(run))
    return save(figure, folder, "path")


def draw_confusion(run, folder):
    """Points of each cluster and known label; clusters in the order of the labels they match."""
    table = run["confusion"]
    names = list(dict.fromkeys(table["label"]))
    count = np.zeros((table["cluster"].max() + 1, len(names)))
    match = np.full(len(count), len(names))
    for row in table.values:
        column = names.index(row["label"])
        count[row["cluster"], column] = row["count"]
        if row["matched"]:
            match[row["cluster"]] = column
    order = np.argsort(match, kind="stable")
    figure, axes = plt.subplots(figsize=(1.6 + 0.7 * len(names), 1.6 + 0.6 * len(count)))
    axes.imshow(count[order], cmap="Blues")
    for i, row in enumerate(count[order]):
        for j, value in enumerate(row):
            axes.text(j, i, f"{value:.0f}", ha="center", va="center", color="white" if value > count.max() / 2 else "black")
    axes.set(xlabel="Known label", ylabel="Cluster", xticks=range(len(names)), xticklabels=names,
             yticks=range(len(count)), yticklabels=order)
    axes.spines[:].set_visible(False)
    headline(figure, run, facts(run))
    return save(figure, folder, "confusion")
