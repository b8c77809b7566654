#!/usr/bin/env python3
"""The dense K-means relaxation beside SCS (O'Donoghue et al. 2016, github.com/cvxgrp/scs), alternating, one thread each.

    tests/bench/sdp_clustering_scs.py KROMA LIBSCS [--points 200] [--separations 5 3.5] [--repeat 1]

LIBSCS is libscsdir.so, built outside of this tree with `make out/libscsdir.so`. Both get the same points (four round clusters in ten
dimensions) and a tolerance of 1e-6. Times are CPU seconds: SCS's of its setup and solution alone, ours of the whole process;
`outside` is what a process takes that reads, runs k-means and writes, but solves nothing. Objectives are sums of squares; `error` is their distance from a longer run of ours.
"""

import argparse
import ctypes
import os
import resource
import subprocess
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import h5py  # noqa: E402  (the threads are set before numpy starts any)
import numpy as np  # noqa: E402
from scipy import sparse  # noqa: E402

INT, REAL, POINTER = ctypes.c_int, ctypes.c_double, ctypes.POINTER


class Matrix(ctypes.Structure):
    _fields_ = [("x", POINTER(REAL)), ("i", POINTER(INT)), ("p", POINTER(INT)), ("m", INT), ("n", INT)]


class Data(ctypes.Structure):
    _fields_ = [("m", INT), ("n", INT), ("A", POINTER(Matrix)), ("P", POINTER(Matrix)), ("b", POINTER(REAL)), ("c", POINTER(REAL))]


class Cone(ctypes.Structure):
    _fields_ = [("z", INT), ("l", INT), ("bu", POINTER(REAL)), ("bl", POINTER(REAL)), ("bsize", INT), ("q", POINTER(INT)),
                ("qsize", INT), ("s", POINTER(INT)), ("ssize", INT), ("cs", POINTER(INT)), ("cssize", INT), ("ep", INT),
                ("ed", INT), ("p", POINTER(REAL)), ("psize", INT)]


class Settings(ctypes.Structure):
    _fields_ = [("normalize", INT), ("scale", REAL), ("adaptive_scale", INT), ("rho_x", REAL), ("max_iters", INT),
                ("eps_abs", REAL), ("eps_rel", REAL), ("eps_infeas", REAL), ("alpha", REAL), ("time_limit_secs", REAL),
                ("verbose", INT), ("room", ctypes.c_char * 256)]


class Solution(ctypes.Structure):
    _fields_ = [("x", POINTER(REAL)), ("y", POINTER(REAL)), ("s", POINTER(REAL))]


class Info(ctypes.Structure):
    _fields_ = [("iter", INT), ("status", ctypes.c_char * 128), ("room", ctypes.c_char * 4096)]


def scs(library, x, clusters, tolerance, limit):
    """(objective, CPU seconds, iterations, status) of the relaxation: the lower triangle of Z, by columns, entries off the
    diagonal times sqrt(2), is the unknown."""
    n = len(x)
    column, row = np.triu_indices(n)
    size = len(row)
    weight = np.where(row == column, 1.0, np.sqrt(2.0))
    cost = -(x @ x.T)[row, column] * weight
    number = np.arange(size)
    off = row != column
    sums = sparse.coo_matrix((np.concatenate([1 / weight, 1 / weight[off]]),
                              (np.concatenate([row, column[off]]), np.concatenate([number, number[off]]))), (n, size))
    trace = sparse.coo_matrix((np.ones(n), (np.zeros(n, int), number[~off])), (1, size))
    # equalities, then Z >= 0 off the diagonal, then Z psd
    a = sparse.vstack([sums, trace, -sparse.eye(size, format="csr")[off], -sparse.eye(size)]).tocsc()
    a.sort_indices()
    b = np.concatenate([np.ones(n), [clusters], np.zeros(off.sum() + size)])
    keep = [a.data.astype(float), a.indices.astype(np.int32), a.indptr.astype(np.int32), b, cost]
    pointer = [array.ctypes.data_as(POINTER(REAL if array.dtype == float else INT)) for array in keep]
    matrix = Matrix(*pointer[:3], *a.shape)
    data = Data(a.shape[0], size, ctypes.pointer(matrix), None, pointer[3], pointer[4])
    cone = Cone(z=n + 1, l=int(off.sum()), s=(INT * 1)(n), ssize=1)
    settings = Settings()
    library.scs_set_default_settings(ctypes.byref(settings))
    settings.eps_abs = settings.eps_rel = tolerance
    settings.max_iters, settings.verbose, settings.time_limit_secs = 10**6, 0, limit
    solution, info = Solution(), Info()
    began = time.process_time()
    library.scs(ctypes.byref(data), ctypes.byref(cone), ctypes.byref(settings), ctypes.byref(solution), ctypes.byref(info))
    seconds = time.process_time() - began
    z = np.ctypeslib.as_array(solution.x, (size,))
    return (x**2).sum() + cost @ z, seconds, info.iter, info.status.decode()


def kroma(program, folder, clusters, tolerance, method="sdp"):
    """(metrics, CPU seconds of the process)."""
    out = tempfile.mkdtemp(dir=folder)
    with open(os.path.join(folder, "deck.yaml"), "w", encoding="utf-8") as file:
        file.write(f"""problem: sdp_clustering
sdp_clustering: {{data: {{file: points.h5}}, clusters: {clusters}, method: {method}, compare: []}}
solver: {{tolerance: {tolerance}, max_iterations: 30000}}
output: {{folder: {out}, fields: [label]}}
""")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "run", os.path.join(folder, "deck.yaml"), "--overwrite", "-q"], check=True,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with h5py.File(os.path.join(out, "results.h5"), "r") as file:
        return dict(file["metrics"].attrs), after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def points(n, separation, seed):
    random = np.random.default_rng(seed)
    means = np.zeros((4, 10))
    means[np.arange(4), np.arange(4)] = separation / np.sqrt(2)
    x = means[np.arange(n) * 4 // n] + random.normal(size=(n, 10))
    return x - x.mean(axis=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kroma")
    parser.add_argument("libscs")
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--separations", type=float, nargs="*", default=[5.0, 3.5])
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that SCS may take")
    options = parser.parse_args()
    library = ctypes.CDLL(options.libscs)
    print("| separation | seed | SCS: s (iterations) | error | ours to 1e-6: s (iterations), outside | error | faster | "
          "ours to SCS's error: s (tolerance) | error | faster |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for separation in options.separations:
            for seed in range(options.repeat):
                x = points(options.points, separation, seed)
                with h5py.File(os.path.join(folder, "points.h5"), "w") as file:
                    file["points"] = x
                theirs, scs_seconds, iterations, status = scs(library, x, 4, 1e-6, options.limit)
                reference = kroma(options.kroma, folder, 4, 2e-7)[0]["relaxed_objective"]

                def error(objective, known=reference):
                    return abs(objective / known - 1)

                full, seconds = kroma(options.kroma, folder, 4, 1e-6)
                outside = kroma(options.kroma, folder, 4, 1e-6, "k_means")[1]
                for tolerance in (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6):
                    ours, ours_seconds = kroma(options.kroma, folder, 4, tolerance)
                    if error(ours["relaxed_objective"]) <= error(theirs):
                        break
                print(f"| {separation} | {seed} | {scs_seconds:.1f} ({iterations}, {status}) | {error(theirs):.1e} | "
                      f"{seconds:.2f} ({full['iterations']}), {outside:.2f} | {error(full['relaxed_objective']):.1e} | "
                      f"{scs_seconds / seconds:.0f} | {ours_seconds:.2f} ({tolerance:.0e}, {ours['iterations']}) | "
                      f"{error(ours['relaxed_objective']):.1e} | {scs_seconds / ours_seconds:.0f} |", flush=True)



if __name__ == "__main__":
    main()
