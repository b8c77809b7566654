#!/usr/bin/env python3
"""Make one table of all cases of a study, as CSV.

    collect.py STUDY [--metric WHAT]... [--output FILE]

STUDY is the folder of a study, or its study.h5. The table has a row per case: number, name, status, the changed keys (SI),
and all metrics. WHAT adds a column from the cases' own results: a dataset, or a table and its column, and one of min, max,
mean, sum, first, last, e.g. --metric series/outlet:max, --metric tables/peaks:resolution:min. Without --output it goes to
standard output.
"""

import argparse
import csv
import os
import sys
import warnings

import numpy as np

from results import IncompleteWarning, ResultsError, open_results

REDUCTIONS = {"min": np.nanmin, "max": np.nanmax, "mean": np.nanmean, "sum": np.nansum,
              "first": lambda values: values.flat[0], "last": lambda values: values.flat[-1]}


def reduction(what):
    """Name of the dataset and function of "series/outlet:max"; raises ResultsError."""
    name, _, word = what.rpartition(":")
    if not name or word not in REDUCTIONS:
        raise ResultsError(f"--metric {what}: write a dataset and one of {', '.join(REDUCTIONS)}: series/outlet:max")
    return name, REDUCTIONS[word]


def from_case(folder, name, reduce):
    """One number of a case's own results, NaN if the case has none."""
    if not os.path.exists(os.path.join(folder, "results.h5")):
        return float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncompleteWarning)
        with open_results(folder) as run:
            name, _, column = name.partition(":")
            if name not in run or not len(run[name]) or (column and column not in run[name].columns):
                return float("nan")
            values = np.asarray(run[name][column] if column else run[name].values, float)
            return float(reduce(values)) if np.isfinite(values).any() else float("nan")


def collect(path, extra=()):
    """Column names and rows of the study at `path`; raises ResultsError."""
    with open_results(path) as study:
        if not study.is_study:
            raise ResultsError(f"{study.path}: is one run, not a study")
        table = study["cases"]
        folder = os.path.dirname(study.path)
        columns = {name: table[name].tolist() for name in table.columns}
        for what in extra:
            name, reduce = reduction(what)
            columns[what] = [from_case(os.path.join(folder, case), name, reduce) for case in columns["name"]]
        return list(columns), list(zip(*columns.values()))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", help="folder of the study, or its study.h5")
    parser.add_argument("--metric", action="append", default=[], metavar="WHAT", help="e.g. series/outlet:max")
    parser.add_argument("--output", help="CSV file (default: standard output)")
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    try:
        names, rows = collect(options.study, options.metric)
        with open(options.output, "w", newline="", encoding="utf-8") if options.output else sys.stdout as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(rows)
    except (ResultsError, OSError) as error:
        print(f"collect.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
