"""Pictures of a diffusion couple: profiles with planes, fit and residuals; D(c) with bands for all methods; layers against
the square root of time; grains with the flux."""

import matplotlib.pyplot as plt
import numpy as np

from figures import BLUE, GREY, ORANGE, STYLE, colour_bar, full_scale, headline, image, pretty, save, short, unit

COLOURS = {"wagner": BLUE, "den_broeder": "#4c9a5f", "sauer_freise": "#8a6bb1", "boltzmann_matano": "#b5892f",
           "hall": "0.35", "inverse": ORANGE, "bootstrap": "#c23b6a"}
UM = 1e6


def draw(run, folder):
    """Draw `run` into `folder`; returns the names of the pictures."""
    with plt.rc_context(STYLE):
        pictures = []
        if "profiles/1/measured" in run:
            pictures.append(draw_profiles(run, folder))
        if "tables/interdiffusion" in run and len(run["interdiffusion"]):
            pictures.append(draw_coefficients(run, folder))
        if "fields/composition" in run:
            pictures.append(draw_composition(run, folder))
        if "series/thickness" in run:
            pictures.append(draw_layers(run, folder))
        if "fields/grain" in run:
            pictures.append(draw_grains(run, folder))
    return pictures


def facts(run):
    """The line under every picture."""
    names = {"misfit": "misfit", "sum_rule_error": "sum rule", "chi_squared": r"$\chi^2$ per degree of freedom",
             "mass_balance_error": "mass balance"}
    return [f"{text} {short(run.metrics[name])}" for name, text in names.items() if name in run.metrics]


def couples(run):
    """Numbers of the profiles that the run holds."""
    number = 1
    while f"profiles/{number}/measured" in run:
        yield number
        number += 1


def rows_of(run, table, **wanted):
    """Rows of a table, if it is there, whose columns have the wanted values."""
    if f"tables/{table}" not in run:
        return []
    rows = run[f"tables/{table}"]
    keep = np.ones(len(rows), bool)
    for column, value in wanted.items():
        if column in rows.columns:
            keep &= np.asarray(rows[column]) == value
    return rows.values[keep]


def draw_profiles(run, folder):
    """A column for each couple: measured points, fit and planes; under it residuals with two standard deviations."""
    numbers = list(couples(run))
    fitted = f"profiles/{numbers[0]}/fitted" in run
    figure, rows = plt.subplots(1 + fitted, len(numbers), figsize=(6.8 * len(numbers), 5.6 if fitted else 3.8),
                                squeeze=False, sharex="col", height_ratios=[3, 1] if fitted else [1])
    for number, column in zip(numbers, rows.T):
        measured = run[f"profiles/{number}/measured"]
        x = UM * measured.axes[0].values
        column[0].plot(x, measured.values, ".", color=GREY, markersize=3, label="measured")
        if fitted:
            column[0].plot(x, run[f"profiles/{number}/fitted"].values, color=BLUE, label="fitted")
            draw_residuals(column[1], x, run[f"profiles/{number}/residual"].values)
        draw_planes(column[0], run, number)
        column[0].set_ylabel("Mole fraction")
        column[0].legend(loc="best")
        column[0].grid(True)
        column[-1].set_xlabel("Position [um]")
    headline(figure, run, facts(run))
    return save(figure, folder, "profiles")


def draw_residuals(axes, x, residual):
    deviation = residual.std()
    axes.axhspan(-2 * deviation, 2 * deviation, color=BLUE, alpha=0.12, linewidth=0)
    axes.plot(x, residual, ".", color=GREY, markersize=3)
    axes.set_ylabel("Residual")
    axes.grid(True)


def draw_planes(axes, run, number):
    styles = {"matano": (BLUE, "--"), "contact_left_at_rest": ("0.2", ":"), "contact": ("0.2", ":"),
              "kirkendall": (ORANGE, "-.")}
    for row in rows_of(run, "planes", couple=number):
        name = text_of(row["plane"])
        if name in styles:
            colour, line = styles[name]
            axes.axvline(UM * row["value"], color=colour, linestyle=line, linewidth=1, label=name.replace("_", " "))


def text_of(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def draw_coefficients(run, folder):
    """D(c) of every method on one logarithmic axis, with 95 % bands; grey where the band exceeds a factor 2."""
    table = run["interdiffusion"]
    methods = np.array([text_of(name) for name in table["method"]])
    couple = np.asarray(table["couple"])
    figure, axes = plt.subplots(figsize=(7.2, 4.8))
    for name in dict.fromkeys(methods):
        for number in np.unique(couple[methods == name]):
            rows = table.values[(methods == name) & (couple == number)]
            rows = rows[np.argsort(rows["composition"])]
            colour = COLOURS.get(name, "black")
            known = rows["determined"] == 1
            label = name.replace("_", " ") + (f", couple {number}" if number > 1 else "")
            axes.plot(rows["composition"], np.where(known, rows["D"], np.nan), color=colour, label=label,
                      linestyle="none" if name == "hall" else "-", marker="." if name == "hall" else None)
            axes.plot(rows["composition"], np.where(known, np.nan, rows["D"]), color=colour, linestyle=":")
            if name != "hall":  # which says nothing between the tails
                axes.fill_between(rows["composition"], rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0)
    draw_intrinsic(axes, run)
    axes.set_yscale("log")
    inside = table.values[table["determined"] == 1]
    if len(inside):  # bands that say nothing shall not flatten the rest
        axes.set_ylim(0.7 * inside["low"].min(), 1.4 * inside["high"].max())
    axes.set(xlabel="Mole fraction", ylabel=pretty("D [m^2/s]"))
    axes.grid(True, which="both")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    headline(figure, run, facts(run) + ["dotted: not determined within a factor 2"] * (len(inside) < len(table)))
    return save(figure, folder, "coefficients")


def draw_intrinsic(axes, run):
    for row, marker in zip(rows_of(run, "intrinsic", method="composition"), "^v"):
        axes.errorbar(row["composition"], row["D"], 2 * row["standard_error"], color="black", marker=marker, capsize=3,
                      linestyle="none", label=f"intrinsic, {text_of(row['component'])}")


def draw_composition(run, folder):
    """Profiles of a simulation at every saved time; the last time of a plane."""
    field = run["fields/composition"]
    values = field.values
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    if values.ndim >= 4:
        plane = values[-1, ..., -1]
        plane = middle(plane, 2)
        artist = image(axes, field.axes[1], field.axes[2], plane, cmap="viridis", norm=full_scale(plane)[0])
        colour_bar(figure, artist, [axes], "neither", "Mole fraction")
    else:
        x, times = UM * field.axes[1].values, field.axes[0].values
        shades = plt.cm.viridis(np.linspace(0, 0.9, len(times)))
        for number, time in enumerate(times):
            for component in range(1, values.shape[2]):
                axes.plot(x, values[number, :, component], color=shades[number], linewidth=1,
                          label=f"{time / 3600:.3g} h" if component == 1 else None)
        axes.set(xlabel="Position [um]", ylabel="Mole fraction")
        axes.grid(True)
        if len(times) <= 10:
            axes.legend(loc="best")
    headline(figure, run, facts(run))
    return save(figure, folder, "composition")


def draw_layers(run, folder):
    """Thickness of every phase against the square root of time: straight lines where diffusion alone sets the pace."""
    thickness = run["series/thickness"]
    root = np.sqrt(thickness.axes[0].values / 3600)
    names = [text_of(name) for name in run["tables/phases"]["phase"]] if "tables/phases" in run else []
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    for number, layer in enumerate(thickness.values.T):
        axes.plot(root, UM * layer, marker="o", markersize=3, label=names[number] if number < len(names) else None)
    axes.set(xlabel=r"$\sqrt{t}$ [$h^{1/2}$]", ylabel="Thickness [um]")
    axes.grid(True)
    if names:
        axes.legend(loc="best")
    headline(figure, run, facts(run))
    return save(figure, folder, "layers")


def draw_grains(run, folder):
    """The grains, and over them the flux where it was saved; of three dimensions the middle along the last."""
    grain = run["fields/grain"]
    figure, axes = plt.subplots(figsize=(6, 5))
    number = (middle(grain.values, 2).astype(int) * 7) % 20  # neighbours rarely have the same colour
    image(axes, grain.axes[0], grain.axes[1], number, cmap="tab20", norm=full_scale(number)[0], alpha=0.35)
    if "fields/flux" in run:
        draw_flux(figure, axes, run["fields/flux"], grain.ndim)
    headline(figure, run, facts(run))
    return save(figure, folder, "grains")


def middle(values, dimensions):
    """The plane in the middle of all axes behind the first `dimensions`."""
    while values.ndim > dimensions:
        values = values[..., values.shape[-1] // 2]
    return values


def draw_flux(figure, axes, flux, dimensions):
    """The size of the flux as colours, its direction as arrows of one length."""
    parts = [middle(flux.values[..., k], 2) for k in range(2)] if flux.ndim > dimensions else []
    size = np.hypot(*parts) if parts else flux.values
    artist = image(axes, flux.axes[0], flux.axes[1], size, cmap="magma", norm=full_scale(size)[0], alpha=0.6)
    colour_bar(figure, artist, [axes], "neither", unit(flux) or "Flux")
    if parts:
        step = tuple(slice(n // 40, None, max(1, n // 20)) for n in size.shape)
        length = np.where(size[step] > 0, size[step], 1.0)
        axes.quiver(flux.axes[0].values[step[0]], flux.axes[1].values[step[1]], *((part[step] / length).T for part in parts),
                    color="white", scale=30, width=0.003)
