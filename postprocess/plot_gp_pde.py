"""Pictures of a gp_pde run: the fields, the spectrum that was learned, and how the solver converged."""

import matplotlib.pyplot as plt
import numpy as np

from figures import (BLUE, GREY, ORANGE, STYLE, colour_bar, full_scale, headline, image, limit_of, powers_of_ten,
                     pretty, save, short, symmetric_scale, unit)

FIELDS = ("solution", "variance", "error", "residual")
SMALL = ("error", "residual")  # of these, which should be zero
MANY = 30        # oscillations along an axis that are too many to see each
SHOWN = 8        # oscillations that a close-up shows
FLOOR = 1e-17    # modulus below which a spectrum is rounding


def draw(run, folder):
    """Draw `run` into `folder`; returns the names of the pictures."""
    parts = {"fields/solution": draw_fields, "spectrum": draw_spectrum, "history": draw_convergence}
    with plt.rc_context(STYLE):  # a run that stopped early may lack some
        return [part(run, folder) for name, part in parts.items() if name in run and len(run[name])]


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
    most = max(oscillations(field.values) for field in fields)
    columns = 2 if most > MANY else 1
    figure, rows = plt.subplots(len(fields), columns, figsize=(7.5 if columns == 1 else 12.5, 2.2 * len(fields)),
                                squeeze=False, sharex="col")
    window = close_up(x.values, most)
    for field, row in zip(fields, rows):
        colour = ORANGE if field.name in SMALL else BLUE
        line_or_envelope(row[0], x.values, field.values, colour)
        row[0].set_ylabel(pretty(field.label))
        if field.name in SMALL:
            leave_out_spikes(row[0], field.values)
        if columns == 2:
            part = inside(x.values, window)
            row[0].axvspan(*window, color="0.2", alpha=0.2, linewidth=0)
            row[1].plot(x.values[part], field.values[part], color=colour, marker=".", markersize=3)
            row[1].set_xlim(window)
        for axes in row:
            axes.grid(True)
            axes.margins(x=0)
            powers_of_ten(axes)
    for axes in rows[-1]:
        axes.set_xlabel(pretty(x.label))
    if columns == 2:
        rows[0][1].set_title("Close-up of the grey band", loc="right", color=GREY)
    return figure


def leave_out_spikes(axes, values):
    """Do not let a few spikes, at a boundary say, flatten all the rest; say how large they are."""
    limit, spikes = limit_of(values)
    if spikes:
        axes.set_ylim(-1.2 * limit, 1.2 * limit)
        axes.set_title(f"outside of the picture: up to {short(np.nanmax(np.abs(values)))}", loc="right", color=GREY,
                       fontsize=9)


def line_or_envelope(axes, x, values, colour):
    """A line; or, where it goes up and down more often than the paper has room for, the band that it fills."""
    count = oscillations(values)
    if count <= MANY:
        axes.plot(x, values, color=colour)
        return
    pieces = np.array_split(np.arange(len(x)), min(200, int(count / 2)))  # each holds two oscillations or more
    centres = np.array([x[piece].mean() for piece in pieces])
    centres[[0, -1]] = x[[0, -1]]
    low, high = ([bound(values[piece]) for piece in pieces] for bound in (np.min, np.max))
    axes.fill_between(centres, low, high, color=colour, alpha=0.4, linewidth=0)
    for bound in (low, high):
        axes.plot(centres, bound, color=colour, linewidth=0.9)


def style_of(field, values):
    """Colour map, scale and ends of the colour bar: diverging for what should be zero."""
    if field.name in SMALL:
        return {"cmap": "RdBu_r"}, *symmetric_scale(values)
    return {"cmap": "viridis"}, *full_scale(values)


def images(fields):
    """One column for each field; a second row close up where there is too much to see."""
    x, y = fields[0].axes
    solution = fields[0].values
    counts = [np.median([oscillations(line) for line in sample(plane)]) for plane in (solution.T, solution)]
    zoomed = max(counts) > MANY
    figure, rows = plt.subplots(1 + zoomed, len(fields), figsize=(4.4 * len(fields), 7.1 if zoomed else 3.9),
                                squeeze=False, layout="compressed")
    windows = [close_up(axis.values, max(count, SHOWN)) for axis, count in zip((x, y), counts)]
    for field, column in zip(fields, rows.T):
        style, scale, extend = style_of(field, field.values)
        for axes in column:
            artist = image(axes, x, y, field.values, norm=scale, **style)
        column[0].set_title(field.long_name)
        colour_bar(figure, artist, list(column), extend, unit(field))
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
    figure, rows = plt.subplots(len(fields), 3, figsize=(12, 3.5 * len(fields)), squeeze=False, layout="compressed")
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
            axes.set_title(f"{cut.name} = {cut[middle]:.4g} {unit(cut)}")
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
                         edgecolor=ORANGE, alpha=0.22, linewidth=1, label="learned support" if number == 0 else None)
        curve(run, f"spectrum/{name}/source", axes, color=GREY, linewidth=1, label="source, detected")
        curve(run, f"spectrum/{name}/prior", axes, color=BLUE, label="covariance, learned")
        axes.set_yscale("log")
        axes.set_ylabel("Modulus / largest")
        units = table.units["frequency"]
        axes.set_xlabel(pretty(f"Frequency along {name}" + (f" [{units}]" if units not in ("", "1") else "")))
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
