#!/usr/bin/env python3
"""The published training (learn: joint, 10^5 steps of Adam) against the default, on benchmarks P1 and Q1, in one go.

    tests/bench/gp_pde_joint.py --kroma build/release/bin/kroma [--steps 100000] [--plane-steps 1000] [--only P1]

The training stops every --slice seconds, the default is run once, and the training goes on from its checkpoint: both sides
see the same machine. Prints processor seconds of whole runs (start of the program included; other programs then count
less), least and most of the default's, both errors, and the ratio to the default's mean. On Q1 only --plane-steps are done
and the time is scaled to --steps; its error is then that of the steps done. Needs h5py. 10^5 steps take ten minutes to an
hour.
"""

import argparse
import os
import resource
import subprocess
import tempfile

import h5py

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "inputs", "gp_pde")


ASKED = 1000  # times faster, at a smaller error
DONE, STOPPED = 0, 4


class Side:
    """Runs of one deck with one covariance: processor seconds of each, and the metrics of the last."""

    def __init__(self, kroma, folder, deck, covariance):
        self.folder = folder
        self.command = [kroma, "run", os.path.join(INPUTS, deck + ".yaml"), "-q", "--set", f"output.folder={folder}",
                        "--set", f"gp_pde.covariance={covariance}"]
        self.seconds = []

    def run(self, *words):
        """Whether the run came to its end."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        code = subprocess.run([*self.command, *words], env=environment, stdout=subprocess.DEVNULL).returncode
        if code not in (DONE, STOPPED):
            raise SystemExit(f"{' '.join(self.command)}: exit code {code}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return code == DONE

    def metrics(self):
        with h5py.File(os.path.join(self.folder, "results.h5"), "r") as file:
            return dict(file["metrics"].attrs)


def compare(name, options, folder, deck, steps):
    ours = Side(options.kroma, os.path.join(folder, name, "default"), deck, "band")
    training = f"{{spectrum: student_t, learn: joint, joint: {{steps: {steps}, components: 30, highest_frequency: 20}}}}"
    joint = Side(options.kroma, os.path.join(folder, name, "joint"), deck, training)
    while True:
        ours.run("--overwrite")
        if joint.run("--resume", "--stop-after", f"{options.slice}s"):
            break
    ours.run("--overwrite")
    taken, mean = sum(joint.seconds), sum(ours.seconds) / len(ours.seconds)
    scaled = taken * options.steps / steps
    note = "" if steps == options.steps else f" (from {steps} steps in {taken:.1f} s, scaled)"
    error, trained = ours.metrics()["relative_l2"], joint.metrics()
    print(f"{name}: default     {mean:10.3f} s   error {error:.1e}   "
          f"({len(ours.seconds)} runs, {min(ours.seconds):.3f} to {max(ours.seconds):.3f} s)")
    print(f"{name}: joint       {scaled:10.1f} s   error {trained['training_relative_l2']:.1e} at the end, "
          f"{trained['training_best_relative_l2']:.1e} at the best of 20 checks{note}")
    smaller = error < trained["training_best_relative_l2"]
    print(f"{name}: ratio       {scaled / mean:10.0f}     at {'a smaller' if smaller else 'NO SMALLER'} error; asked: "
          f"{ASKED} at a smaller one", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kroma", required=True)
    parser.add_argument("--steps", type=int, default=100000)
    parser.add_argument("--plane-steps", type=int, default=1000)
    parser.add_argument("--slice", type=int, default=60, help="seconds of training between runs of the default")
    parser.add_argument("--only", choices=("P1", "Q1"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if options.only != "Q1":
            compare("P1", options, scratch, "poisson_1d_p1", options.steps)
        if options.only != "P1":
            compare("Q1", options, scratch, "poisson_2d_q1", options.plane_steps)
