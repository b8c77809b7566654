"""Langmuir kinetics without dispersion (Thomas 1944): a column and its outlet."""

import numpy


def thomas(affinity=4.0, desorption=1.0):
    """A step through Langmuir kinetics without dispersion."""
    return {"components": ["a"], "column": {"model": "lumped_rate", "length": 0.2, "total_porosity": 0.4},
            "flow": {"velocity": 0.05}, "inlet": [{"until": 120, "concentration": 0.5}],
            "binding": {"model": "langmuir", "capacity": 2, "affinity": affinity, "desorption_rate": desorption}}


def goldstein(x, y):
    """J(x, y) = 1 - exp(-y) int_0^x exp(-t) I_0(2 sqrt(t y)) dt, with t = v^2."""
    v, w = numpy.polynomial.legendre.leggauss(400)
    v, w = 0.5 * numpy.sqrt(x) * (v + 1), 0.5 * numpy.sqrt(x) * w
    z = 2 * v * numpy.sqrt(y)
    return 1 - numpy.sum(w * 2 * v * numpy.exp(-(v - numpy.sqrt(y)) ** 2) * numpy.i0(z) * numpy.exp(-z))


def thomas_outlet(times, affinity=4.0, desorption=1.0, capacity=2.0, inlet=0.5, hold_up=4.0, ratio=1.5):
    """c / c_in at the outlet (Thomas 1944)."""
    k = affinity * desorption
    n, r = ratio * capacity * k * hold_up, 1 / (1 + affinity * inlet)
    outlet = []
    for t in (k * inlet + desorption) * (times - hold_up):
        if t < 0:
            outlet.append(0.0)
            continue
        j = goldstein(r * n, t)
        outlet.append(j / (j + (1 - goldstein(n, r * t)) * numpy.exp((1 - r) * (n - t))))
    return numpy.array(outlet)
