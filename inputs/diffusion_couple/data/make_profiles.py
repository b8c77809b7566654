#!/usr/bin/env python3
"""Make the profiles of this folder: exact similarity solutions of known coefficients, sampled, with noise where it is said.

    make_profiles.py [FOLDER]      default: the folder of this script

They stand for measurements in decks and tests. Needs numpy only; seeds are fixed, so that the files are always the same.
"""

import math
import os
import sys
from statistics import NormalDist

import numpy as np

HOURS = 3600.0
AVOGADRO = 6.02214076e23
V_NI, V_PD = (a ** 3 * AVOGADRO / 4 for a in (3.524e-10, 3.890e-10))  # m^3/mol, from lattice parameters
V_REF = 1e-5


def similarity(diffusivity, volume, left=0.0, right=1.0, nodes=3000):
    """Places x/sqrt(t) (far left at rest) and compositions of an infinite couple: q q'' = -D_m / 2 with D_m = D (V_ref/V)^2,
    q = 0 at both ends, lambda = -2 q'; Newton's method on linear elements in composition."""
    low, high = min(left, right), max(left, right)
    c = low + (high - low) * 0.5 * (1 - np.cos(np.pi * np.arange(nodes + 1) / nodes))
    h = np.diff(c)
    middle = 0.5 * (c[1:] + c[:-1])
    d = diffusivity(middle) * (V_REF / volume(middle)) ** 2
    load = 0.5 * (h[1:] * d[1:] + h[:-1] * d[:-1])
    inner = c[1:-1]
    q = np.sqrt(d.mean()) * (inner - low) * (high - inner) / (high - low) * 2
    for _ in range(60):
        full = np.concatenate([[0], q, [0]])
        residual = np.diff(full)[:-1] / h[:-1] - np.diff(full)[1:] / h[1:] - load / (2 * q)
        diagonal = 1 / h[:-1] + 1 / h[1:] + load / (2 * q ** 2)
        step = thomas(-1 / h[:-1], diagonal, -1 / h[1:], -residual)
        scale = min(1.0, 0.9 / max(1e-300, np.max(-step / q)))
        q = q + scale * step
        if np.max(np.abs(step / q)) < 1e-13:
            break
    m = -2 * np.diff(np.concatenate([[0], q, [0]])) / h  # at the middles, rising with c
    if left > right:
        m, middle = -m[::-1], middle[::-1]
    v = volume(middle) / V_REF
    steps = 0.5 * (v[1:] + v[:-1]) * np.diff(m)
    return m[0] * volume(np.array(left)) / V_REF + np.concatenate([[0], np.cumsum(steps)]), middle


def thomas(below, diagonal, above, right):
    d, b = diagonal.copy(), right.copy()
    for i in range(1, len(d)):
        f = below[i] / d[i - 1]
        d[i] -= f * above[i - 1]
        b[i] -= f * b[i - 1]
    b[-1] /= d[-1]
    for i in range(len(d) - 2, -1, -1):
        b[i] = (b[i] - above[i] * b[i + 1]) / d[i]
    return b


def spline(x, y, at):
    """Natural cubic spline through (x, y); the ends' values beyond them."""
    keep = np.concatenate([[True], np.diff(x) > 0])
    x, y = x[keep], y[keep]
    h, n = np.diff(x), len(x)
    slope = np.diff(y) / h
    curvature = np.zeros(n)
    curvature[1:-1] = thomas(h[:-1], 2 * (h[:-1] + h[1:]), h[1:], 6 * np.diff(slope))
    i = np.clip(np.searchsorted(x, at) - 1, 0, n - 2)
    b = np.clip((at - x[i]) / h[i], 0, 1)
    a = 1 - b
    return a * y[i] + b * y[i + 1] - h[i] ** 2 / 6 * a * b * ((1 + a) * curvature[i] + (1 + b) * curvature[i + 1])


def profile(solution, time, step, reach=60e-6):
    """Points `step` apart over the part that changes and `reach` to either side, m."""
    x, c = solution
    place = x * np.sqrt(time)
    visible = (np.abs(c - c[0]) > 1e-7) & (np.abs(c - c[-1]) > 1e-7)
    points = np.arange(np.ceil((place[visible][0] - reach) / step), (place[visible][-1] + reach) / step) * step
    return points, spline(place, c, points)


def write(folder, name, header, columns, comment):
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
        file.write(f"# {comment}\n{','.join(header)}\n")
        for row in zip(*columns):
            file.write(",".join(f"{value:.10g}" for value in row) + "\n")


def intrinsic_law(volume, slope):
    """D from D_A = 2e-14 exp(1.5 c), D_B = 0.5e-14 exp(2.5 c) m^2/s and partial molar volumes."""
    def law(c):
        v, dv = volume(c), slope(c)
        return (c * (v + (1 - c) * dv) * 2e-14 * np.exp(1.5 * c) + (1 - c) * (v - c * dv) * 0.5e-14 * np.exp(2.5 * c)) / v
    return law


def ni_pd(excess):
    volume = lambda c: V_NI + c * (V_PD - V_NI) + excess * c * (1 - c)
    return volume, lambda c: V_PD - V_NI + excess * (1 - 2 * c)


def wave(c):
    return 5e-15 * np.exp(2.5 * c + 0.48 * np.sin(2 * np.pi * c))


def constant(c):
    return V_REF + 0 * c


def finite_couple(law, length, contact, time, cells=600, steps=400):
    """Mole fractions at cell centres of a sealed couple: finite volumes, backward Euler in steps that grow."""
    h = length / cells
    x = (np.arange(cells) + 0.5) * h
    c = np.where(x < contact, 0.05, 0.95)
    grid = np.linspace(0, 1, 20001)
    d = law(grid)
    w = np.concatenate([[0], np.cumsum(0.5 * (d[1:] + d[:-1]) * np.diff(grid))])
    times = time * (np.arange(steps + 1) / steps) ** 2
    for dt in np.diff(times):
        old = c.copy()
        for _ in range(30):
            flux = -np.diff(np.interp(c, grid, w)) / h
            change = np.concatenate([[0], flux]) - np.concatenate([flux, [0]])
            slope = np.interp(c, grid, d) * dt / h ** 2
            diagonal = 1 + slope * np.concatenate([[1], np.full(cells - 2, 2), [1]])
            step = thomas(-np.concatenate([[0], slope[:-1]]), diagonal, -np.concatenate([slope[1:], [0]]),
                          old + dt / h * change - c)
            c = c + step
            if np.max(np.abs(step)) < 1e-12:
                break
    return x, c


def three_phases(time):
    """Interfaces and profiles of three phases of constant D, from Neumann's solution with its published interfaces."""
    erf = np.vectorize(math.erf)
    places = np.array([-3.75907162e-8, 4.15564009e-8]) * np.sqrt(time)
    ends = ((-4e-4, 0.0, places[0], 0.2, 2e-15), (places[0], 0.45, places[1], 0.55, 1e-14), (places[1], 0.9, 4e-4, 1.0, 4e-15))
    parts = []
    for left, low, right, high, d in ends:
        x = np.linspace(left, right, 4001)
        shape = erf(x / (2 * np.sqrt(d * time)))
        parts.append((x, low + (high - low) * (shape - shape[0]) / (shape[-1] - shape[0])))
    return places, parts


def ternary(left, right, time):
    """Mole fractions of two components for constant coefficients: error functions along the eigenvectors."""
    values, vectors = np.linalg.eig(1e-14 * np.array([[2, 0.6], [-0.2, 1.1]]))
    x = np.arange(-400e-6, 400e-6, 4e-6)
    shapes = np.vectorize(math.erf)(x / (2 * np.sqrt(values[:, None] * time)))
    amplitudes = np.linalg.solve(vectors, right - left)
    return x, 0.5 * (left + right)[:, None] + 0.5 * vectors @ (amplitudes[:, None] * shapes)



def closed_form(D0=1e-14, points=1001):
    """D(c) whose profile is lambda = 2 sqrt(D0) s + G'(c), s = erfinv(2 c - 1), G = -1e-7 c^2 (1 - c)^2: from
    D = -(dlambda/dc) / 2 times the integral of lambda dc."""
    c = np.linspace(0, 1, points)
    s = np.array([NormalDist().inv_cdf(v) / math.sqrt(2) for v in c[1:-1]])
    inner = c[1:-1]
    G, bend = -1e-7 * (inner * (1 - inner)) ** 2, -1e-7 * (2 - 12 * inner + 12 * inner ** 2)
    D = -0.5 * (2 * np.sqrt(np.pi * D0) * np.exp(s * s) + bend) * (G - np.sqrt(D0 / np.pi) * np.exp(-s * s))
    return c, np.concatenate([[D0], D, [D0]])


def main(folder):
    random = np.random.default_rng(2024)
    volume, slope = ni_pd(0.0)
    x, c = profile(similarity(intrinsic_law(volume, slope), volume), 100 * HOURS, 1e-6)
    write(folder, "exact_ideal.csv", ["x_um", "X"], [1e6 * x, c], "Exact profile, ideal volumes, 100 h; markers at -52.228 um")

    volume, slope = ni_pd(1e-6)
    x, c = profile(similarity(intrinsic_law(volume, slope), volume), 100 * HOURS, 4e-6)
    noisy = c + random.normal(0, 0.002, len(c))
    write(folder, "ni_pd.csv", ["x_um", "Pd_at_percent", "sigma"], [1e6 * x + 700, 100 * noisy, np.full(len(x), 0.2)],
          "Synthetic: Ni-Pd-like couple, excess volume 1e-6 m^3/mol, 100 h, noise 0.2 at.%; contact at 700 um, markers at 650.484 um")

    x = np.arange(-20, 20.01, 0.25) + 0.1
    c = np.select([x < -7.53776, x < -4.83967, x < 5.06211], [0, 0.25, 5 / 11], 1)
    write(folder, "compounds.csv", ["x_um", "X"], [x, c], "Exact profile of two line compounds, 200 h")

    x, c = profile(similarity(wave, constant), 100 * HOURS, 4e-6)
    write(folder, "wave.csv", ["x_um", "X"], [1e6 * x + 12.5, c + random.normal(0, 0.002, len(c))],
          "Synthetic: D = 5e-15 exp(2.5 c + 0.48 sin(2 pi c)) m^2/s, 100 h, noise 0.002; contact at 12.5 um")

    x = np.arange(-160, 200.01, 1.5) + 0.4
    places, parts = three_phases(100 * HOURS)
    c = np.select([x < 1e6 * places[0], x < 1e6 * places[1]], [np.interp(1e-6 * x, *part) for part in parts[:2]],
                  np.interp(1e-6 * x, *parts[2]))
    write(folder, "three_phases.csv", ["x_um", "X"], [x, c + random.normal(0, 0.001, len(x))],
          "Synthetic: phases [0, 0.2], [0.45, 0.55], [0.9, 1] with D = 2e-15, 1e-14, 4e-15 m^2/s, 100 h, noise 0.001; "
          "interfaces at -22.554 and 24.934 um")

    write(folder, "closed_form.csv", ["c", "D"], closed_form(), "D(c) in m^2/s whose profile is known in closed form")

    for name, time in (("finite_50h.csv", 50), ("finite_200h.csv", 200)):
        x, c = finite_couple(wave, 300e-6, 150e-6, time * HOURS)
        keep = slice(2, None, 5)
        write(folder, name, ["x_um", "X"], [1e6 * x[keep], c[keep] + random.normal(0, 0.002, len(x[keep]))],
              f"Synthetic: the same D, couple of 300 um sealed at both ends, 0.05 | 0.95, {time} h, noise 0.002")

    for name, left, right in (("ternary_1.csv", (0.2, 0.3), (0.3, 0.2)), ("ternary_2.csv", (0.2, 0.2), (0.3, 0.3))):
        x, c = ternary(np.array(left), np.array(right), 100 * HOURS)
        noisy = c + random.normal(0, 2e-4, c.shape)
        write(folder, name, ["x_um", "X_B", "X_C"], [1e6 * x, *noisy],
              "Synthetic: D = 1e-14 [[2, 0.6], [-0.2, 1.1]] m^2/s over B and C, 100 h, noise 0.0002")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
