"""What the pictures of all families share: style, headline, colour scales, images on any grid."""

import os
import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Normalize
from matplotlib.ticker import ScalarFormatter

STYLE = {
    "figure.dpi": 150,
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.08,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": "0.88",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.3,
    "mathtext.default": "regular",
}
BLUE, ORANGE, GREY = "#1f5a94", "#d1662c", "0.45"


def short(value):
    """A number as people write it in a caption: 3.2e-09 as 3.2·10⁻⁹, 0.25 as 0.25."""
    text = f"{value:.2g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"${mantissa}\times 10^{{{int(exponent)}}}$"


def pretty(text):
    """Powers in units as superscripts: m^2 as m²."""
    return re.sub(r"\^(-?\d+)", r"$^{\1}$", text)


def unit(array):
    """The units of an array, nothing for a pure number."""
    return "" if array.units in ("", "1") else pretty(array.units)


def headline(figure, run, facts):
    """The run's title over the figure, and under it one line of facts."""
    lines = run.title or run.problem
    if not run.complete:
        lines += "  (incomplete)"
    figure.suptitle(lines, fontsize=13, fontweight="bold", x=0.02, ha="left")
    figure.text(0.02, -0.005, "    ".join(facts), fontsize=9, color=GREY, ha="left", va="top")


def save(figure, folder, name):
    """Write the picture and return its file name."""
    path = os.path.join(folder, name + ".png")
    figure.savefig(path, bbox_inches="tight", pad_inches=0.12)
    plt.close(figure)
    return path


def limit_of(values):
    """The size that a picture of what should be zero has to show, and whether a few spikes are larger than that."""
    size = np.abs(values[np.isfinite(values)])
    most, usual = (size.max(), np.percentile(size, 99.5)) if size.size else (0.0, 0.0)
    spikes = 0 < usual < 0.2 * most
    return (usual if spikes else most) or 1.0, spikes


def symmetric_scale(values):
    """Colours for what should be zero: symmetric, and not set by a few spikes. Returns the scale and which ends of the
    colour bar are arrows."""
    limit, spikes = limit_of(values)
    return Normalize(-limit, limit), "both" if spikes else "neither"


def full_scale(values):
    """Colours over the whole range of the values."""
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    return Normalize(low, high if high > low else low + 1.0), "neither"


def edges(points):
    """Cell edges half-way between sorted points; the outer ones as far out as the next is in."""
    if len(points) == 1:
        return np.array([points[0] - 0.5, points[0] + 0.5])
    middle = 0.5 * (points[1:] + points[:-1])
    return np.concatenate([[2 * points[0] - middle[0]], middle, [2 * points[-1] - middle[-1]]])


def image(axes, across, up, values, **style):
    """An image of values (across, up) on any tensor grid; lengths are drawn to scale where that can be read."""
    artist = axes.pcolorfast(edges(across[:]), edges(up[:]), values.T, **style)
    axes.set_xlabel(pretty(across.label))
    axes.set_ylabel(pretty(up.label))
    ratio = np.ptp(across[:]) / max(np.ptp(up[:]), np.finfo(float).tiny)
    same_kind = across.units == up.units and "t" not in (across.name, up.name)
    axes.set_aspect("equal" if same_kind and 0.25 <= ratio <= 4 else "auto")
    axes.spines[["top", "right"]].set_visible(True)
    return artist


def colour_bar(figure, artist, axes, extend, label=""):
    """A colour bar with one common power of ten."""
    form = ScalarFormatter(useMathText=True)
    form.set_powerlimits((-2, 3))
    bar = figure.colorbar(artist, ax=axes, extend=extend, format=form, shrink=0.9, pad=0.02, aspect=25)
    bar.outline.set_linewidth(0.6)
    bar.set_label(pretty(label))
    return bar


def powers_of_ten(axes):
    """Numbers at the vertical axis with one common power of ten."""
    axes.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3), useMathText=True)
