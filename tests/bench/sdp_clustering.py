#!/usr/bin/env python3
"""sdp_clustering beside k-means, EM and Ward of scikit-learn: errors over seeds, and times on one core.

    tests/bench/sdp_clustering.py KROMA errors [--seeds 20] [--only shape-4]
    tests/bench/sdp_clustering.py KROMA times [--points 100000]
    tests/bench/sdp_clustering.py KROMA recovery [--seeds 50] [--factors 1.2 1.3]

Needs Debian's python3-sklearn and python3-h5py. Points are the program's own (`data.mixture`), read back from a HDF5 file
that both sides then cluster. Times are CPU seconds of the process, so that a busy machine matters little.
"""

import argparse
import math
import os
import resource
import subprocess
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"
import h5py  # noqa: E402  (the threads are set before numpy starts any)
import numpy as np  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402
from sklearn.cluster import AgglomerativeClustering, KMeans  # noqa: E402
from sklearn.mixture import GaussianMixture  # noqa: E402

# name: points (or those of each cluster), dimension, clusters, covariances, separation
CASES = {f"{shape}-{separation}": (150, 4, 3, shape, separation)
         for shape, separations in (("shape", (2, 3, 4, 5)), ("scale", (3, 4, 5))) for separation in separations}
CASES |= {f"cross-{separation}": (150, 2, 2, "cross", separation) for separation in (0, 0.5, 1, 2)}
CASES |= {f"six-{separation}": (240, 6, 6, "shape", separation) for separation in (4, 5, 6)}
CASES |= {f"d{dimension}-5": (150, dimension, 3, "shape", 5) for dimension in (8, 16, 24)}
CASES |= {"unbalanced-4": ((90, 40, 20), 4, 3, "shape", 4), "unbalanced-3": ((100, 25, 25), 4, 3, "shape", 3)}


def sample(points, dimension, clusters, shape, separation, seed):
    """A mixture as the program draws it in kind: means on the axes (or a circle), covariances by shape."""
    random = np.random.default_rng(seed)
    label = np.arange(points) * clusters // points if np.isscalar(points) else np.repeat(np.arange(clusters), points)
    means = np.zeros((clusters, dimension))
    if dimension >= clusters:
        means[np.arange(clusters), np.arange(clusters)] = separation / math.sqrt(2)
    covariances = []
    for k in range(clusters):
        if shape == "shape":
            q, _ = np.linalg.qr(random.normal(size=(dimension, dimension)))
            covariances.append(q @ np.diag(np.geomspace(0.1, 4, dimension)) @ q.T)
        elif shape == "scale":
            covariances.append(4.0 ** (k - 1) * np.eye(dimension))
        elif shape == "cross":
            covariances.append(np.diag(np.where(np.arange(dimension) == k, 4.0, 0.05)))
        else:
            covariances.append(np.eye(dimension))
    x = np.stack([random.multivariate_normal(means[k], covariances[k]) for k in label])
    return x, label, covariances


def misclustering(found, known):
    count = np.zeros((found.max() + 1, known.max() + 1))
    np.add.at(count, (found, known), 1)
    rows, columns = linear_sum_assignment(-count)
    return 1 - count[rows, columns].sum() / len(found)


def run_kroma(program, folder, method, clusters, more="", data="{file: points.h5}", solver="tolerance: 1e-4"):
    """Labels, CPU seconds of the whole process, and metrics."""
    deck = os.path.join(folder, "deck.yaml")
    out = tempfile.mkdtemp(dir=folder)
    with open(deck, "w", encoding="utf-8") as file:
        file.write(f"""problem: sdp_clustering
sdp_clustering:
  data: {data}
  clusters: {clusters}
  method: {method}
  compare: []
  {more}
solver: {{dense_up_to: 0, {solver}}}
output: {{folder: {out}, fields: [label]}}
""")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, "run", deck, "--overwrite", "-q"], stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with h5py.File(os.path.join(out, "results.h5"), "r") as file:
        return file["fields/label"][...].astype(int), after.ru_utime - before.ru_utime, dict(file["metrics"].attrs)


def errors(program, folder, seeds, only):
    print("| case | seeds | k-means 10 | Ward | EM 1 | EM 10 | K-means SDP | LA-SDP | iLA-SDP | iLA-SDP, equal weights |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, (points, dimension, clusters, shape, separation) in CASES.items():
        if only and name not in only:
            continue
        rows = []
        for seed in range(seeds):
            x, known, covariances = sample(points, dimension, clusters, shape, separation, seed)
            with h5py.File(os.path.join(folder, "points.h5"), "w") as file:
                file["points"] = x
            values = [[[float(v) for v in row] for row in covariance] for covariance in covariances]
            found = [KMeans(clusters, n_init=10, random_state=seed).fit_predict(x),
                     AgglomerativeClustering(clusters).fit_predict(x),
                     GaussianMixture(clusters, random_state=seed).fit_predict(x),
                     GaussianMixture(clusters, n_init=10, random_state=seed).fit_predict(x),
                     run_kroma(program, folder, "low_rank", clusters)[0],
                     run_kroma(program, folder, "la_sdp", clusters, f"covariance: {{kind: full, values: {values}}}")[0],
                     run_kroma(program, folder, "ila_sdp", clusters, "starts: 10")[0],
                     run_kroma(program, folder, "ila_sdp", clusters,
                               "starts: 10\n  covariance: {kind: full, weights: false}")[0]]
            rows.append([misclustering(labels, known) for labels in found])
        rows = np.array(rows)
        cells = [f"{m:.3f} ± {s:.3f}" for m, s in zip(rows.mean(axis=0), rows.std(axis=0) / math.sqrt(seeds))]
        print(f"| {name} | {seeds} | {' | '.join(cells)} |", flush=True)


def times(program, folder, points):
    """One start each; EM with full covariances to scikit-learn's default tolerance and to ours."""
    x, known, _ = sample(points, 10, 4, "iso", 5, 1)
    with h5py.File(os.path.join(folder, "points.h5"), "w") as file:
        file["points"] = x
    for name, method, peer in (("k-means", "k_means", KMeans(4, n_init=1, random_state=1)),
                               ("EM", "em", GaussianMixture(4, random_state=1))):
        began = time.process_time()
        labels = peer.fit_predict(x)
        theirs = time.process_time() - began
        ours, seconds, _ = run_kroma(program, folder, method, 4, "starts: 1")
        print(f"{name}, {points} points: scikit-learn {theirs:.2f} CPU s (error {misclustering(labels, known):.4f}), "
              f"kroma {seconds:.2f} CPU s with reading and writing (error {misclustering(ours, known):.4f})", flush=True)


def recovery(program, folder, seeds, factors, points=200, dimension=10, clusters=4):
    """Exact labels and their proof for round clusters, at multiples of the distance above which labels can be recovered
    exactly (Chen and Yang 2021), and the low-rank value beside the dense one where the relaxation is tight."""
    logarithm = math.log(points)
    cutoff = math.sqrt(4 * (1 + math.sqrt(1 + clusters * dimension / (points * logarithm))) * logarithm)
    print(f"{points} points, {dimension} coordinates, {clusters} clusters, {seeds} seeds; cutoff {cutoff:.3f}\n")
    print("| distance / cutoff | exact labels | proven in one pass | proven densely | low-rank against dense, worst |")
    print("|---|---|---|---|---|")
    for factor in factors:
        exact = passed = proven = 0
        worst = 0.0
        for seed in range(seeds):
            data = f"{{mixture: {{points: {points}, dimension: {dimension}, separation: {factor * cutoff}, seed: {seed}}}}}"
            at_once = run_kroma(program, folder, "low_rank", clusters, data=data, solver="tolerance: 1e-6")[2]
            exact += at_once["misclustering"] == 0
            passed += at_once["relative_gap"] < 1e-9
            dense = run_kroma(program, folder, "sdp", clusters, data=data, solver="tolerance: 1e-6")[2]
            tight = dense["relative_gap"] < 1e-6
            proven += tight
            if tight:
                low = run_kroma(program, folder, "low_rank", clusters, data=data,
                                solver="tolerance: 1e-7, certify_first: false")[2]
                worst = max(worst, abs(low["relaxed_objective"] / dense["objective"] - 1))
        print(f"| {factor} | {100 * exact / seeds:.0f} % | {100 * passed / seeds:.0f} % | {100 * proven / seeds:.0f} % | "
              f"{worst:.1e} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kroma")
    parser.add_argument("what", choices=["errors", "times", "recovery"])
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--factors", type=float, nargs="*", default=[0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5])
    parser.add_argument("--points", type=int, default=100000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "errors":
            errors(os.path.abspath(options.kroma), folder, options.seeds or 20, options.only)
        elif options.what == "recovery":
            recovery(os.path.abspath(options.kroma), folder, options.seeds or 50, options.factors)
        else:
            times(os.path.abspath(options.kroma), folder, options.points)


if __name__ == "__main__":
    main()
