#!/usr/bin/env python3
"""Makes btex_noise.csv: the five-compound chromatogram of the deck btex.yaml as a detector would see it, with noise.

An implementation of its own of the closed form (numpy only): trapezoidal rule over the bell, asymptotic Bessel function.
Responses in 1e8 units m^3/mol, baseline 3935.4 and noise 3 units; every half second for 700 s; numpy's generator, seed 1.
"""

import os

import numpy

ADSORPTION = [579, 2953, 9203, 6483, 10168]
DESORPTION = [5.299, 11.502, 16.940, 11.057, 14.291]
RESPONSE = [4.1997e8, 3.3584e8, 2.0356e8, 2.5557e8, 1.8708e8]
INLET = [2.732e-6, 2.732e-6, 2.732e-6, 5.464e-6, 2.732e-6]


def scaled_i1(z):
    """e^-z I_1(z) for z > 100, by its asymptotic series."""
    term = total = numpy.ones_like(z)
    for k in range(1, 8):
        term = -term * (4 - (2 * k - 1) ** 2) / (8 * k * z)
        total = total + term
    return total / numpy.sqrt(2 * numpy.pi * z)


def signal(times, ratio=101.3 / 401, length=20.0, velocity=0.41, film=2e-6 / 9e-5, injection=4.0):
    hold_up = 2 * length * (1 - ratio**3) / (3 * velocity * (1 - ratio**2))
    total = numpy.full_like(times, 3935.4)
    for ka, kd, response, inlet in zip(ADSORPTION, DESORPTION, RESPONSE, INLET):
        events = film * ka * hold_up
        for k, t in enumerate(times):
            high = kd * (t - hold_up)
            if high <= 0.2 * events:  # the bell is below e^-100 there
                continue
            low = max(high - kd * injection, 0.2 * events)
            v = numpy.linspace(numpy.sqrt(low), numpy.sqrt(high), 400)
            bell = numpy.exp(-((numpy.sqrt(events) - v) ** 2)) * scaled_i1(2 * numpy.sqrt(events) * v)
            step = v[1] - v[0]
            window = 2 * numpy.sqrt(events) * step * (bell.sum() - 0.5 * (bell[0] + bell[-1]))
            total[k] += response * inlet * ratio * window
    return total


if __name__ == "__main__":
    times = numpy.arange(1401) * 0.5
    noisy = signal(times) + numpy.random.default_rng(1).normal(0, 3, times.size)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "btex_noise.csv"), "w", encoding="utf-8") as file:
        file.write("time_s,signal\n")
        for t, y in zip(times, noisy):
            file.write(f"{t:.1f},{y:.3f}\n")
