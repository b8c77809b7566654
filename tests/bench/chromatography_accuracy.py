#!/usr/bin/env python3
"""Is the error what was asked for, and not far less? Columns of the public verification set by discretisation, at accuracy 1e-3,
1e-5 and 1e-7. Not part of ctest, which has the quick ones of these.

    tests/bench/chromatography_accuracy.py [KROMA] [--case NAME]...

References: closed forms and transforms (B1 to B3, B5 with and without dispersion), Thomas's solution (B6), and for the elution of
proteins (B4) the program itself, much finer. Errors are relative to the largest concentration of each component that enters, as accuracy is. Seconds
are those of the processor, of the whole process.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

import h5py
import numpy

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "convergence"))
from thomas import thomas, thomas_outlet  # noqa: E402  (its folder is known only now)

LUMPED = "chromatography.column={model: lumped_rate, length: 0.014, total_porosity: 0.8425}"
DIFFUSION = "chromatography.dispersion=[2.884e-6, 2.599e-6, 2.377e-6, 2.06e-6, 2.06e-6]"
AROMATICS, PROTEINS = [2.732e-6, 2.732e-6, 2.732e-6, 5.464e-6, 2.732e-6], [382, 1, 1, 1]
FINE = ["elements=36", "degree=5", "particle_points=18", "stages=5", "tolerance=1e-9"]
# name: deck, changes to it, what enters at most, changes for the reference (None: it is exact)
CASES = {"B1 lumped rate": ("b1.yaml", [], [1], None), "B2 with pores": ("b2.yaml", [], [1], None),
         "B3 general rate": ("b3.yaml", [], [1], None),
         "B4 proteins, lumped rate": ("sma_lrmp.yaml", [LUMPED, "output.save_every=3"], PROTEINS, ["chromatography.accuracy=1e-8"]),
         "B4 proteins, with pores": ("sma_lrmp.yaml", ["output.save_every=3"], PROTEINS, ["chromatography.accuracy=1e-9"]),
         "B4 proteins, general rate": ("sma_grm.yaml", ["output.save_every=3"], PROTEINS,
                                       ["solver.numeric." + key for key in FINE]),
         "B5 five aromatics": ("btex.yaml", [], AROMATICS, None),
         "B5 with diffusion": ("btex.yaml", [DIFFUSION], AROMATICS, None),
         "B6 Thomas": (thomas(), [], [0.5], None)}


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def run(self, deck, changes):
        """Metrics, outlet, times, processor seconds."""
        path = os.path.join(ROOT, "inputs", "chromatography", deck) if isinstance(deck, str) else self.write(deck)
        words = [self.path, "run", path, "--overwrite", "-q"]
        for change in [*changes, "output.folder=" + os.path.join(self.folder, "out")]:
            words += ["--set", change]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(words, check=True)
        seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        with h5py.File(os.path.join(self.folder, "out", "results.h5"), "r") as file:
            return dict(file["metrics"].attrs), file["series/outlet"][...], file["time"][...], seconds

    def write(self, column):
        path = os.path.join(self.folder, "deck.yaml")
        with open(path, "w") as file:
            file.write(repr({"problem": "chromatography", "chromatography": column, "output": {"folder": "out"}}))
        return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kroma", nargs="?", default=os.path.join(ROOT, "build", "release", "bin", "kroma"))
    parser.add_argument("--case", action="append", choices=list(CASES))
    given = parser.parse_args()
    shares = []
    with tempfile.TemporaryDirectory() as folder:
        program = Program(given.kroma, folder)
        print("| case | accuracy | true error | estimate | error / accuracy | s |\n|---|---|---|---|---|---|")
        for name in given.case or CASES:
            deck, changes, scales, fine = CASES[name]
            if fine:
                reference = program.run(deck, [*changes, *fine])[1]
            elif isinstance(deck, str):
                reference = program.run(deck, [*changes, "chromatography.method=semi_analytic"])[1]
            for accuracy in (1e-3, 1e-5, 1e-7):
                metrics, outlet, times, seconds = program.run(deck, [*changes, "chromatography.method=numeric",
                                                                     f"chromatography.accuracy={accuracy}"])
                if not isinstance(deck, str):
                    reference = 0.5 * thomas_outlet(times)[:, None]
                error = (numpy.abs(outlet - reference) / scales).max()
                shares.append(error / accuracy)
                print(f"| {name} | {accuracy:.0e} | {error:.1e} | {metrics['error_estimate']:.1e} | {shares[-1]:.2f} | {seconds:.2f} |",
                      flush=True)
    shares = numpy.array(shares)
    print(f"\n{(shares <= 1).sum()} of {len(shares)} errors are at most what was asked for, {(shares >= 0.01).sum()} at least a hundredth.")


if __name__ == "__main__":
    main()
