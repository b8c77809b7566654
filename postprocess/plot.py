#!/usr/bin/env python3
"""Draw what one looks at first after a run, and print the names of the pictures.

    plot.py RUN [--folder FOLDER]      RUN is a results file or the folder that holds it

The family of the run decides what is drawn: plot_<problem>.py next to this file. Of a study, its table is drawn.
"""

import argparse
import importlib
import importlib.util
import os
import sys
import warnings

import matplotlib

matplotlib.use("Agg")

from results import ResultsError, open_results  # noqa: E402  (the backend comes first)


def draw(path, folder=None):
    """Draw the run at `path` into `folder` (default: next to the results file); returns the names of the pictures.

    Raises ResultsError if the file cannot be read or nothing is known about its family.
    """
    with open_results(path) as run:
        module = "plot_study" if run.is_study else f"plot_{run.problem}"
        if importlib.util.find_spec(module) is None:
            raise ResultsError(f"{run.path}: there are no pictures for problem {run.problem!r}")
        folder = folder or os.path.dirname(run.path) or "."
        os.makedirs(folder, exist_ok=True)
        return importlib.import_module(module).draw(run, folder)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="results file, or the folder that holds results.h5")
    parser.add_argument("--folder", help="where the pictures go (default: next to the results file)")
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    try:
        names = draw(options.run, options.folder)
    except (ResultsError, OSError) as error:
        print(f"plot.py: {error}", file=sys.stderr)
        return 2
    print("\n".join(names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
