#!/usr/bin/env python3
"""The dense K-means relaxation of public data sets: objective, relaxed value, bound, KKT residual.

    tests/bench/sdp_clustering_public.py KROMA [--only iris wine] [--tolerance 1e-7] [--libscs LIBSCS] [--glass GLASS]

Points come with scikit-learn (Debian's python3-sklearn) and are written to a temporary file, nothing is downloaded. GLASS is
Glass.rda of Debian's r-cran-mlbench. Where
exact solvers have published the least sum of squares it is printed beside ours (iris: Aloise, Hansen and Liberti 2012, Math.
Program. 131). `bracket` is the distance of the relaxed value from the bound, relative to the value: the optimum of the
relaxation lies between a bound and any feasible value. With LIBSCS (see sdp_clustering_scs.py) SCS solves the same relaxation.
"""

import argparse
import ctypes
import io
import lzma
import os
import struct
import tempfile

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import h5py  # noqa: E402  (the threads are set before numpy starts any)
import numpy as np  # noqa: E402
from sklearn import datasets  # noqa: E402

import sdp_clustering_scs  # noqa: E402
from sdp_clustering import run_kroma  # noqa: E402

# name: points, whether columns are standardized, {clusters: published least sum of squares, or None}
SETS = {"iris": (lambda: datasets.load_iris().data, False, {2: 152.34795, 3: 78.851441, 4: 57.228473}),
        "wine": (lambda: datasets.load_wine().data, True, {3: None}),
        "breast cancer": (lambda: datasets.load_breast_cancer().data, True, {2: None}),
        "digits 0-3": (lambda: datasets.load_digits(n_class=4).data, False, {4: None}),
        "digits": (lambda: datasets.load_digits().data, False, {10: None})}


def rda_columns(path):
    """Columns of numbers of the first data frame in a file of R's save(): the binary format of version 2, in xz."""
    data = io.BytesIO(lzma.open(path).read())
    if data.read(7) != b"RDX2\nX\n":
        raise SystemExit(f"{path} is no binary file of R's save(), version 2")
    data.read(12)

    def integer():
        return struct.unpack(">i", data.read(4))[0]

    def item():
        flags = integer()
        kind, attributes = flags & 255, flags & 512
        if kind in (254, 255):  # nil, a symbol that was met before
            return None
        if kind == 1:  # a symbol
            return item()
        if kind == 9:
            return data.read(max(integer(), 0))
        if kind == 2:  # a pair: attributes, tag, value, rest
            if attributes:
                item()
            if flags & 1024:
                item()
            return [item(), *(item() or [])]
        length = integer()
        if kind in (10, 13, 14):
            value = np.frombuffer(data.read(length * (8 if kind == 14 else 4)), ">f8" if kind == 14 else ">i4")
        else:  # texts, lists
            value = [item() for _ in range(length)]
        if attributes:
            item()
        return value

    return np.stack([column for column in item()[0] if column.dtype == ">f8"], axis=1).astype(float)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kroma")
    parser.add_argument("--only", nargs="*", default=["iris", "wine", "breast cancer", "digits 0-3"])
    parser.add_argument("--tolerance", type=float, default=1e-7)
    parser.add_argument("--libscs")
    parser.add_argument("--glass")
    options = parser.parse_args()
    program = os.path.abspath(options.kroma)
    if options.glass:
        SETS["glass"] = (lambda: rda_columns(options.glass), False, {6: None})
        options.only.append("glass")
    print("| data | n x d | K | objective | published | relaxed value | bound | bracket | KKT | iterations | CPU s | SCS |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            load, standardize, clusters = SETS[name]
            x = load()
            x = x[:, x.std(axis=0) > 0]
            x = (x - x.mean(axis=0)) / (x.std(axis=0) if standardize else 1.0)
            with h5py.File(os.path.join(folder, "points.h5"), "w") as file:
                file["points"] = x
            for k, published in clusters.items():
                _, seconds, m = run_kroma(program, folder, "sdp", k, solver=f"tolerance: {options.tolerance}")
                theirs = ""
                if options.libscs:
                    value, spent, _, status = sdp_clustering_scs.scs(ctypes.CDLL(options.libscs), x, k, 1e-6, 600.0)
                    theirs = f"{value:.8g} ({spent:.0f} s, {status})"
                print(f"| {name} | {x.shape[0]} x {x.shape[1]} | {k} | {m['objective']:.8g} | {published or ''} | "
                      f"{m['relaxed_objective']:.8g} | {m['dual_bound']:.8g} | "
                      f"{abs(m['relaxed_objective'] / m['dual_bound'] - 1):.1e} | {m['kkt_residual']:.1e} | "
                      f"{m['iterations']} | {seconds:.1f} | {theirs} |", flush=True)


if __name__ == "__main__":
    main()
