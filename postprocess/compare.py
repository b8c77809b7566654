#!/usr/bin/env python3
"""Compare two results files: are the numbers in them the same?

    compare.py A B [--tolerance 1e-9] [--all]

Every dataset is compared, and every metric that is no cost (seconds, bytes). The difference of two arrays is the largest
difference of their elements over the largest modulus in A. Prints what differs by more than the tolerance, with --all
everything. Exit code: 0 the same, 1 different, 2 they cannot be compared.
"""

import argparse
import sys
import warnings

import numpy as np

from results import ResultsError, open_results

COSTS = ("wall_seconds", "setup_seconds", "solve_seconds", "memory_bytes")
APART = ("timing/", "tables/cost")  # what differs from one run to the next


def difference(a, b):
    """How far apart two arrays are: 0 for the same, infinity for other shapes, types, texts or places of NaN."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or (a.dtype.kind in "SU") != (b.dtype.kind in "SU"):
        return np.inf
    if a.dtype.kind in "SUO":
        return 0.0 if np.array_equal(a, b) else np.inf
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return np.inf
    with np.errstate(invalid="ignore"):
        apart = np.where(a == b, 0.0, np.abs(a.astype(float) - b.astype(float)))  # equal infinities are equal
    most = np.nanmax(apart, initial=0.0)
    finite = np.abs(a[np.isfinite(a)].astype(float))
    return float(most / (finite.max(initial=0.0) or 1.0))


def differences(a, b):
    """Every dataset, column and metric of two runs with its difference; one that only one run has is infinitely far."""
    found = {}
    names = [name for name in dict.fromkeys([*a.names(), *b.names()]) if not name.startswith(APART)]
    for name in names:
        if name not in a or name not in b:
            found[name] = np.inf
            continue
        one, other = a[name], b[name]
        columns = getattr(one, "columns", None)
        if columns is None:
            found[name] = difference(one.values, getattr(other, "values", None))
        elif columns != getattr(other, "columns", None):
            found[name] = np.inf
        else:
            found.update({f"{name}:{column}": difference(one[column], other[column]) for column in columns})
    for name in dict.fromkeys([*a.metrics, *b.metrics]):
        if name in COSTS:
            continue
        both = name in a.metrics and name in b.metrics
        found[f"metrics@{name}"] = difference(a.metrics[name], b.metrics[name]) if both else np.inf
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a", help="results file or its folder")
    parser.add_argument("b", help="results file or its folder")
    parser.add_argument("--tolerance", type=float, default=1e-9, help="relative to the largest modulus (default 1e-9)")
    parser.add_argument("--all", action="store_true", help="print all differences")
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    try:
        with open_results(options.a) as a, open_results(options.b) as b:
            if a.problem != b.problem:
                raise ResultsError(f"{a.path} is of problem {a.problem}, {b.path} of {b.problem}")
            found = differences(a, b)
    except (ResultsError, OSError) as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return 2
    worse = [name for name, size in found.items() if not size <= options.tolerance]
    for name in found if options.all else worse:
        print(f"{found[name]:10.3e}  {name}")
    print(f"{len(worse)} of {len(found)} differ by more than {options.tolerance:g}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
