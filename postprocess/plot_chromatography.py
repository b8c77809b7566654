"""Pictures of a chromatography run: the chromatogram with its peaks, fits with their residuals, maps of place and time."""

import matplotlib.pyplot as plt
import numpy as np

from figures import BLUE, GREY, ORANGE, STYLE, colour_bar, full_scale, headline, image, powers_of_ten, pretty, save, short

COLOURS = [BLUE, ORANGE, "#3a7d44", "#8a4f9e", "#a8862b", "#3c9ba8", "#b0456b", "0.35"]
MANY = 8  # components of which each has a colour of its own


def draw(run, folder):
    """Draw `run` into `folder`; returns the names of the pictures."""
    with plt.rc_context(STYLE):  # a run that stopped early may lack some
        pictures = [draw_chromatogram(run, folder)] if "series/outlet" in run else []
        pictures += [draw_fit(run, folder, number) for number in fits(run)]
        if "fields/concentration" in run:
            pictures.append(draw_map(run, folder))
        return pictures


def facts(run):
    """The line under every picture: how it was found, and how good it is."""
    line = [str(run.metrics["method"]).replace("_", "-")] if "method" in run.metrics else []
    names = {"error_estimate": "error", "mass_balance_error": "mass balance", "misfit": "misfit"}
    return line + [f"{text} {short(run.metrics[name])}" for name, text in names.items() if name in run.metrics]


def components(run, count):
    """Names of the components, or numbers where the file has none."""
    if "components" in run:
        return list(run["components"]["name"])
    return [str(number + 1) for number in range(count)]


def colour(number):
    return COLOURS[number % MANY]


# ---------------------------------------------------------------- chromatogram

def draw_chromatogram(run, folder):
    """Concentration at the outlet; peaks with their names, or a legend where there are none."""
    outlet = run["series/outlet"]
    times, names = run["time"].values, components(run, outlet.values.shape[1])
    figure, axes = plt.subplots(figsize=(9, 4.2))
    for number, name in enumerate(names):
        axes.plot(times, outlet.values[:, number], color=colour(number), label=name)
    labelled = label_peaks(run, axes, names)
    if not labelled:
        axes.legend()
    axes.set(xlabel=pretty(run["time"].label), ylabel=pretty(outlet.label))
    axes.grid(True)
    axes.margins(x=0)
    axes.set_ylim(top=axes.get_ylim()[1] * (1.18 if labelled else 1.0))
    powers_of_ten(axes)
    headline(figure, run, facts(run))
    return save(figure, folder, "chromatogram")


def label_peaks(run, axes, names):
    """Name and retention time over each peak that comes down again on both sides; whether there is one."""
    if "peaks" not in run:
        return False
    peaks = run["peaks"]
    found = False
    for name, time, height, width in zip(*(peaks[column] for column in ("component", "retention", "height", "width"))):
        if not np.isfinite(width):
            continue
        axes.annotate(f"{name}\n{time:.4g} s", (time, height), xytext=(0, 4), textcoords="offset points", ha="center",
                      va="bottom", fontsize=8, color=colour(names.index(name)))
        found = True
    return found


# ---------------------------------------------------------------- fits

def fits(run):
    """Numbers of the measurements that were fitted."""
    number = 1
    while f"fit/{number}/signal" in run:
        yield number
        number += 1


def draw_fit(run, folder, number):
    """Measured points and fitted line, and under them what is left."""
    signal, model, residual = (run[f"fit/{number}/{name}"] for name in ("signal", "model", "residual"))
    times = run[f"fit/{number}/time"].values
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(9, 5.6), sharex=True, height_ratios=(3, 1))
    upper.plot(times, signal.values, ".", color=GREY, markersize=2.5, label="measured")
    upper.plot(times, model.values, color=BLUE, label="fitted")
    upper.set_ylabel("Signal")
    upper.legend()
    lower.plot(times, residual.values, color=ORANGE, linewidth=0.7)
    spread = np.std(residual.values)
    lower.axhspan(-2 * spread, 2 * spread, color=ORANGE, alpha=0.15, linewidth=0)
    lower.set(xlabel=pretty(run[f"fit/{number}/time"].label), ylabel="Measured - fitted")
    for axes in (upper, lower):
        axes.grid(True)
        axes.margins(x=0)
    headline(figure, run, facts(run))
    return save(figure, folder, "fit" if number == 1 else f"fit_{number}")


# ---------------------------------------------------------------- maps

def draw_map(run, folder):
    """Concentration over place and time, one panel for each component (the first six)."""
    field = run["fields/concentration"]
    time, place = field.axes[:2]
    names = components(run, field.shape[2])[:6]
    figure, panels = plt.subplots(1, len(names), figsize=(1.2 + 3.4 * len(names), 3.6), squeeze=False, layout="compressed")
    for number, (axes, name) in enumerate(zip(panels[0], names)):
        values = field[:, :, number]
        scale, extend = full_scale(values)
        artist = image(axes, place, time, values.T, norm=scale, cmap="viridis")
        axes.set_title(name)
        colour_bar(figure, artist, [axes], extend, field.units if number == len(names) - 1 else "")
    headline(figure, run, facts(run))
    return save(figure, folder, "map")
