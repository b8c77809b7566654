"""Pictures of a gp_pde run: the fields, the spectrum that was learned, and how the solver converged."""

import matplotlib.pyplot as plt
import numpy as np

from figures import (BLUE, GREY, ORANGE, STYLE, colour_bar, full_scale, headline, image, powers_of_ten, save, short,
                     symmetric_scale)

FIELDS = ("solution", "variance", "error", "residual")
MANY = 30        # oscillations along an axis that are too many to see each
SHOWN = 8        # oscillations that a close-up shows
FLOOR = 1e-17    # modulus below which a spectrum is rounding


def draw(run, folder):
    """Draw `run` into `folder`; returns the names of the pictures."""
    with plt.rc_context(STYLE):
        pictures = [draw_fields(run, folder)]
        if "spectrum" in run:
            pictures.append(draw_spectrum(run, folder))
        if "history" in run:
            pictures.append(draw_convergence(run, folder))
    return pictures


def facts(run):
    """The line under every picture: how good is it, and what did it take?"""
    names = {"relative_l2": "relative $L_2$ error", "max_error": "max error", "off_grid_residual": "off-grid residual"}
    line = [f"{text} {short(run.metrics[name])}" for name, text in names.items() if name in run.metrics]
    if "iterations" in run.metrics:
        line.append(f"{run.metrics['iterations']} iterations")
    if "wall_seconds" in run.metrics:
        line.append(f"{run.metrics['wall_seconds']:.3g} s")
    return line


# ---------------------------------------------------------------- fields

def draw_fields(run, folder):
    fields = [run[name] for name in FIELDS if f"fields/{name}" in run]
    layout = {1: lines, 2: images, 3: slices}[fields[0].ndim]
    figure = layout(fields)
    headline(figure, run, facts(run))
    return save(figure, folder, "fields")


def oscillations(values):
    """How often a line goes up and down."""
    slope = np.diff(values)
    slope = slope[slope != 0]
    return np.count_nonzero(np.signbit(slope[1:]) != np.signbit(slope[:-1])) / 2


def close_up(points, count):
    """An interval in the middle that holds SHOWN of `count` oscillations."""
    middle, half = 0.5 * (points[0] + points[-1]), 0.5 * (points[-1] - points[0])
    half *= min(1.0, SHOWN / count)
    return middle - half, middle + half


def inside(points, window):
    """The slice of the sorted points in a window, and one more on either side."""
    first, last = np.searchsorted(points, window)
    return slice(max(first - 1, 0), last + 1)


def lines(fields):
    """One row for each field; a second column close up where there is too much to see."""
    x = fields[0].axes[0]
    counts = [oscillations(field.values) for field in fields]
    columns = 2 if max(counts) > MANY else 1
    figure, rows = plt.subplots(len(fields), columns, figsize=(6.2 * columns, 2.1 * len(fields)), squeeze=False,
                                sharex="col", gridspec_kw={"width_ratios": [1, 1][:columns]})
    window = close_up(x.values, max(counts)) if columns == 2 else None
    for field, row in zip(fields, rows):
        colour = BLUE if field.name in ("solution", "variance") else ORANGE
        line_or_envelope(row[0], x.values, field.values, colour)
        row[0].set_ylabel(field.label)
        if window is not None:
            part = inside(x.values, window)
            row[0].axvspan(*window, color="0.2", alpha=0.25, linewidth=0)
            row[1].plot(x.values[part], field.values[part], color=colour, marker=".", markersize=3)
            row[1].set_xlim(window)
        for axes in row:
            axes.grid(True)
            axes.margins(x=0)
            powers_of_ten(axes)
    for axes in rows[-1]:
        axes.set_xlabel(x.label)
    if window is not None:
        rows[0][1].set_title("close-up of the grey band", loc="left", color=GREY)
    return figure


def line_or_envelope(axes, x, values, colour):
    """A line; or, where it goes up and down more often than the paper has room for, the band that it fills."""
    if oscillations(values) <= MANY:
        axes.plot(x, values, color=colour)
        return
    pieces = [piece for piece in np.array_split(np.arange(len(x)), 200) if piece.size]
    centres = [x[piece].mean() for piece in pieces]
    low, high = ([bound(values[piece]) for piece in pieces] for bound in (np.min, np.max))
    axes.fill_between(centres, low, high, color=colour, alpha=0.35, linewidth=0)
    axes.plot(centres, low, color=colour, linewidth=0.8)
    axes.plot(centres, high, color=colour, linewidth=0.8)


def style_of(field, values):
    """Colour map, scale and ends of the colour bar: diverging for what should be zero."""
    if field.name in ("error", "residual"):
        return {"cmap": "RdBu_r"}, *symmetric_scale(values)
    return {"cmap": "viridis"}, *full_scale(values)


def images(fields):
    """One column for each field; a second row close up where there is too much to see."""
    x, y = fields[0].axes
    solution = fields[0].values
    counts = [np.median([oscillations(line) for line in sample(plane)]) for plane in (solution.T, solution)]
    zoomed = max(counts) > MANY
    figure, rows = plt.subplots(1 + zoomed, len(fields), figsize=(4.4 * len(fields), 3.9 * (1 + zoomed)), squeeze=False)
    windows = [close_up(axis.values, max(count, SHOWN)) for axis, count in zip((x, y), counts)]
    for field, column in zip(fields, rows.T):
        style, scale, extend = style_of(field, field.values)
        for axes in column:
            artist = image(axes, x, y, field.values, norm=scale, **style)
        column[0].set_title(field.long_name)
        colour_bar(figure, artist, list(column), extend, "" if field.units in ("", "1") else field.units)
        if zoomed:
            column[1].set(xlim=windows[0], ylim=windows[1])
            column[0].indicate_inset([windows[0][0], windows[1][0], np.ptp(windows[0]), np.ptp(windows[1])],
                                     edgecolor="black", alpha=1, linewidth=1)
    for column in rows.T[1:]:
        for axes in column:
            axes.set_ylabel("")
    return figure


def sample(plane):
    """A few of the rows of an array, spread over it."""
    return plane[np.linspace(0, len(plane) - 1, min(len(plane), 15)).astype(int)]


def slices(fields):
    """One row for each field, one column for each plane through the middle; only these planes are read."""
    axes_of = fields[0].axes
    figure, rows = plt.subplots(len(fields), 3, figsize=(12, 3.5 * len(fields)), squeeze=False)
    for field, row in zip(fields, rows):
        planes = []
        for normal in (2, 1, 0):
            middle = field.shape[normal] // 2
            planes.append((normal, middle, field[tuple(middle if a == normal else slice(None) for a in range(3))]))
        style, scale, extend = style_of(field, np.concatenate([plane.ravel() for *_, plane in planes]))
        for axes, (normal, middle, plane) in zip(row, planes):
            across, up = (axes_of[a] for a in range(3) if a != normal)
            artist = image(axes, across, up, plane, norm=scale, **style)
            cut = axes_of[normal]
            axes.set_title(f"{cut.name} = {cut[middle]:.4g}{'' if cut.units in ('', '1') else ' ' + cut.units}")
        colour_bar(figure, artist, list(row), extend, field.label)
    return figure


# ---------------------------------------------------------------- spectrum and convergence

def draw_spectrum(run, folder):
    """For each axis: the source's spectrum, the covariance's, and the support that was learned."""
    table = run["spectrum"]
    names = list(dict.fromkeys(table["axis"]))
    figure, rows = plt.subplots(len(names), 1, figsize=(8, 3.1 * len(names)), squeeze=False)
    for name, axes in zip(names, rows[:, 0]):
        bands = table[table["axis"] == name]
        for number, band in enumerate(bands):
            axes.axvspan(band["frequency"] - band["scale"], band["frequency"] + band["scale"], facecolor=ORANGE,
                         edgecolor=ORANGE, alpha=0.22, linewidth=1, label="support" if number == 0 else None)
        curve(run, f"spectrum/{name}/source", axes, color=GREY, linewidth=1, label="source")
        curve(run, f"spectrum/{name}/prior", axes, color=BLUE, label="covariance")
        axes.set_yscale("log")
        axes.set_ylabel("Modulus / largest")
        unit = table.units["frequency"]
        axes.set_xlabel(f"Frequency along {name}" + (f" [{unit}]" if unit not in ("", "1") else ""))
        axes.grid(True)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
        axes.margins(x=0)
    headline(figure, run, facts(run))
    return save(figure, folder, "spectrum")


def curve(run, path, axes, **style):
    """A spectrum relative to its largest value; what is only rounding is left out."""
    if path not in run:
        return
    spectrum = run[path]
    size = np.abs(spectrum.values)
    largest = size.max(initial=0.0) or 1.0
    axes.plot(spectrum.axes[0].values, np.where(size > FLOOR * largest, size / largest, np.nan), **style)


def draw_convergence(run, folder):
    """The solver's relative residual against its iterations."""
    history = run["history"]
    iteration, residual = (history[column] for column in history.columns[:2])
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    axes.semilogy(iteration, residual, color=BLUE, marker="o" if len(iteration) < 40 else None, markersize=3.5)
    axes.set(xlabel="Iteration", ylabel="Relative residual")
    axes.grid(True)
    axes.xaxis.get_major_locator().set_params(integer=True)
    headline(figure, run, facts(run))
    return save(figure, folder, "convergence")
