#!/usr/bin/env python3
"""The published training (learn: joint, 10^5 steps of Adam) against the default, on benchmarks P1 and Q1, in one go.

    tests/bench/gp_pde_joint.py --kroma build/release/bin/kroma [--steps 100000] [--plane-steps 1000] [--only P1]

Prints seconds of processor time of each whole run (start of the program included; the machine may be busy with other
things), both errors, and the ratio. On Q1 only --plane-steps are done and the time is scaled to --steps; its error is
then that of the steps done. Needs h5py. A run of 10^5 steps takes ten minutes to an hour.
"""

import argparse
import os
import resource
import subprocess
import tempfile

import h5py

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "inputs", "gp_pde")


def run(kroma, folder, deck, covariance):
    """Processor seconds and metrics of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    subprocess.run([kroma, "run", os.path.join(INPUTS, deck + ".yaml"), "--overwrite", "-q", "--set",
                    f"output.folder={folder}/out", "--set", f"gp_pde.covariance={covariance}"],
                   check=True, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with h5py.File(f"{folder}/out/results.h5", "r") as file:
        metrics = dict(file["metrics"].attrs)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, metrics


def compare(name, kroma, folder, deck, steps, asked):
    ours = min((run(kroma, folder, deck, "band") for _ in range(3)), key=lambda result: result[0])
    joint = f"{{spectrum: student_t, learn: joint, joint: {{steps: {steps}, components: 30, highest_frequency: 20}}}}"
    seconds, metrics = run(kroma, folder, deck, joint)
    scaled = seconds * asked / steps
    note = "" if steps == asked else f" (from {steps} steps in {seconds:.1f} s, scaled)"
    print(f"{name}: default     {ours[0]:10.3f} s   error {ours[1]['relative_l2']:.1e}")
    print(f"{name}: joint       {scaled:10.1f} s   error {metrics['training_relative_l2']:.1e} at the end, "
          f"{metrics['training_best_relative_l2']:.1e} at the best of 20 checks{note}")
    print(f"{name}: ratio       {scaled / ours[0]:10.0f}     (asked: 1000 or more at a smaller error)", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kroma", required=True)
    parser.add_argument("--steps", type=int, default=100000)
    parser.add_argument("--plane-steps", type=int, default=1000)
    parser.add_argument("--only", choices=("P1", "Q1"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if options.only != "Q1":
            compare("P1", options.kroma, scratch, "poisson_1d_p1", options.steps, options.steps)
        if options.only != "P1":
            compare("Q1", options.kroma, scratch, "poisson_2d_q1", options.plane_steps, options.steps)
