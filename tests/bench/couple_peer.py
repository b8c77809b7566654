"""Times a three-phase and an exponential couple by kroma and by pyDiffusion (public repository zhangqi-chen/pyDiffusion) in
one run, with the errors of both.

    couple_peer.py --kroma build/release/bin/kroma --peer FOLDER_OF_PYDIFFUSION

CPU seconds: kroma's from @solve_seconds of its results (one rank), pyDiffusion's of its simulation alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "inputs", "diffusion_couple")
HOURS = 3600.0
BETA = (4.15564009e-8 + 3.75907162e-8) * np.sqrt(100 * HOURS)  # m, thickness of the middle layer
# mole fractions at lambda / sqrt(1e-14 m^2/s) in the exponential couple
EXPONENTIAL = ((-2, .34380444705), (-1, .50645709259), (0, .62677649279), (1, .71530704835), (2, .78170500749), (4, .87160198447))
RANGES, VALUES = [[0, 0.2], [0.45, 0.55], [0.9, 1]], (2e-15, 1e-14, 4e-15)


def kroma(program, deck, *sets):
    """(seconds of the solve, the open results)."""
    folder = tempfile.mkdtemp()
    words = [word for one in (f"output.folder={folder}", *sets) for word in ("--set", one)]
    subprocess.run([program, "run", os.path.join(INPUTS, deck + ".yaml"), "--overwrite", *words], check=True, capture_output=True)
    file = h5py.File(os.path.join(folder, "results.h5"), "r")
    return float(file["metrics"].attrs["solve_seconds"]), file


def three_phases(program, technique, *sets):
    seconds, file = kroma(program, "v06_three_phases", "solver.technique=" + technique, *sets)
    layer = next(row["thickness"] for row in file["tables/phases"] if row["phase"] == b"beta")
    return seconds, abs(layer - BETA)


def peer_three_phases(n):
    from pydiffusion.core import DiffSystem
    from pydiffusion.simulation import mphSim
    from pydiffusion.utils import mesh, step
    X = np.concatenate([np.linspace(*r, 5) for r in RANGES])
    system = DiffSystem(Xr=RANGES, X=X, DC=np.repeat(VALUES, 5))
    start = step(mesh(0, 600, n), 300, system)
    began = time.process_time()
    profile = mphSim(start, system, 100 * HOURS, output=False)
    seconds = time.process_time() - began
    return seconds, abs(1e-6 * (profile.If[2] - profile.If[1]) - BETA)


def exponential(program, cells, tolerance):
    seconds, file = kroma(program, "v02_exponential", "diffusion_couple.couple={left: 0, right: 1, length: 2.6 mm, interface: 0.6 mm, "
                          f"cells: {cells}, grading: 10}}", f"solver.tolerance={tolerance}", "solver.points=200")
    return seconds, float(file["metrics"].attrs["similarity_error"])


def exponential_similarity(program, points):
    """The composition at the contact plane is known to eleven digits."""
    seconds, file = kroma(program, "v02_exponential", "solver.technique=similarity", f"solver.points={points}")
    at, c = file["grid/x"][...], file["fields/composition"][-1, :, 1]
    return seconds, max(abs(np.interp(0.6e-3 + z * 1e-7 * np.sqrt(100 * HOURS), at, c) - value) for z, value in EXPONENTIAL)


def peer_exponential(program, n):
    from pydiffusion.core import DiffSystem
    from pydiffusion.simulation import mphSim
    from pydiffusion.utils import mesh, step
    _, exact = kroma(program, "v02_exponential")
    at, c = exact["grid/x"][...], exact["fields/composition"][-1, :, 1]
    X = np.linspace(0, 1, 11)
    system = DiffSystem(X=X, DC=1e-14 * np.exp(3 * X))
    grid = mesh(0, 2600, n)
    contact = 0.5 * (grid[np.searchsorted(grid, 600)] + grid[np.searchsorted(grid, 600) - 1])
    start = step(grid, contact, system)
    began = time.process_time()
    profile = mphSim(start, system, 100 * HOURS, output=False)
    seconds = time.process_time() - began
    return seconds, abs(np.interp(1e-6 * (profile.dis - contact), at - 0.6e-3, c) - profile.X).max()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kroma", required=True)
    parser.add_argument("--peer", required=True)
    options = parser.parse_args()
    sys.path.insert(0, options.peer)
    rows = [(f"three phases, kroma, similarity, {points} points", *three_phases(options.kroma, "similarity", f"solver.points={points}"))
            for points in (200, 2000)]
    for cells, steps in ((600, 200), (1200, 200), (1200, 400)):
        rows.append((f"three phases, kroma, graph, {cells} cells, {steps} steps",
                     *three_phases(options.kroma, "finite_volume", f"diffusion_couple.couple.cells={cells}", f"solver.steps={steps}")))
    graded = "diffusion_couple.couple={left: 0, right: 1, length: 600 um, cells: 300, grading: 10}"
    rows.append(("three phases, kroma, graph, 300 graded cells, 400 steps",
                 *three_phases(options.kroma, "finite_volume", graded, "solver.steps=400")))
    for n in (200, 400):
        rows.append((f"three phases, pyDiffusion, {n} points", *peer_three_phases(n)))
    for points in (100, 2000):
        rows.append((f"exponential, kroma, similarity, {points} points", *exponential_similarity(options.kroma, points)))
    for cells, tolerance in ((240, 1e-4), (560, 3e-5), (1600, 1e-6)):
        rows.append((f"exponential, kroma, {cells} cells, tolerance {tolerance:g}", *exponential(options.kroma, cells, tolerance)))
    for n in (400, 1000):
        rows.append((f"exponential, pyDiffusion, {n} points", *peer_exponential(options.kroma, n)))
    for name, seconds, error in rows:
        print(f"{name:50} {seconds:10.4f} s   error {error:.3e}")


if __name__ == "__main__":
    main()
