#!/usr/bin/env python3
"""How long do kroma and CADET-Core take for the same columns, at the same error, with one thread each? Not part of ctest.

    tests/bench/chromatography_cadet.py tune CADET_CLI [--build build/release] [--notes notes.json] [--case NAME]...
    tests/bench/chromatography_cadet.py time CADET_CLI [--build build/release] [--notes notes.json] [--repeats 5]

`tune` looks, for each program, case and error, for the fastest grid, tolerance and (CADET-Core) kind of Newton's method whose
outlet has that error, and notes them. `time` runs what is noted, by turns, and prints the table. The error is the largest
over times and components of |c - reference| / (largest c of that component at the outlet); the reference of linear columns is
the inverse transform, of others each program's own outlet on a much finer grid, and the two are compared first; of the general
rate model with proteins, kroma's for both.

CADET-Core's seconds are those that it reports itself (/meta/TIME_SIM): integration, without start and files. kroma's are
those of one integration at the same kind of fixed grid, likewise without start and files (bench_columns pass), and of the
stage `solve` of the semi-analytic method. Whole processes are timed besides.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ONE_THREAD = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

PROTEINS = {"ADSORPTION_MODEL": "STERIC_MASS_ACTION", "NBOUND": [1, 1, 1, 1], "INIT_CS": [1200.0, 0.0, 0.0, 0.0],
            "adsorption": {"IS_KINETIC": 1, "SMA_KA": [0.0, 35.5, 1.59, 7.7], "SMA_KD": [0.0, 1000.0, 1000.0, 1000.0],
                           "SMA_LAMBDA": 1200.0, "SMA_NU": [0.0, 4.7, 5.29, 3.7], "SMA_SIGMA": [0.0, 11.83, 10.6, 10.0],
                           "SMA_REFC0": 1.0, "SMA_REFQ": 1.0}}
PULSE = [(10.0, [1.0], [0.0]), (1500.0, [0.0], [0.0])]
ELUTION = [(10.0, [50.0, 1.0, 1.0, 1.0], [0.0] * 4), (90.0, [50.0, 0.0, 0.0, 0.0], [0.0] * 4),
           (1500.0, [100.0, 0.0, 0.0, 0.0], [0.2, 0.0, 0.0, 0.0])]
BED = {"COL_LENGTH": 0.014, "VELOCITY": 5.75e-4, "COL_DISPERSION": 5.75e-8}
LUMPED = "chromatography.column={model: lumped_rate, length: 0.014, total_porosity: 0.8425}"


def slow(k_a, k_d):
    return {"ADSORPTION_MODEL": "LINEAR", "NBOUND": [1], "INIT_CS": [0.0],
            "adsorption": {"IS_KINETIC": 1, "LIN_KA": [k_a], "LIN_KD": [k_d]}}


def particle(binding, pore_diffusion):
    components = len(binding["NBOUND"])
    kind = dict(binding, HAS_FILM_DIFFUSION=1, HAS_PORE_DIFFUSION=int(pore_diffusion is not None), HAS_SURFACE_DIFFUSION=0,
                FILM_DIFFUSION=[6.9e-6] * components, PAR_POROSITY=0.75, PAR_RADIUS=4.5e-5, PAR_CORERADIUS=0.0,
                PAR_TYPE_VOLFRAC=1.0, INIT_CP=[50.0, 0.0, 0.0, 0.0][:components] if components > 1 else [0.0])
    if pore_diffusion is not None:
        kind.update(PORE_DIFFUSION=pore_diffusion, SURFACE_DIFFUSION=[0.0] * components)
    return kind


def equilibrated(binding):
    return dict(binding, HAS_FILM_DIFFUSION=0, HAS_PORE_DIFFUSION=0, HAS_SURFACE_DIFFUSION=0)


# name: deck and changes to it, what CADET-Core calls the same, errors asked for, grids of the references. Grids are
# (elements, degree, points in a particle).
CASES = {
    "B1 LRM": dict(deck="b1.yaml", changes=[], inlet=[(10.0, [1.0], [0.0]), (100.0, [0.0], [0.0])], errors=[1e-4, 1e-7],
                   column={"COL_LENGTH": 1.0, "VELOCITY": 1 / 30, "COL_DISPERSION": 1e-4, "TOTAL_POROSITY": 0.6},
                   particle=equilibrated(slow(1.0, 1.0))),
    "B2 LRMP": dict(deck="b2.yaml", changes=[], inlet=PULSE, errors=[1e-5, 1e-8], column=dict(BED, COL_POROSITY=0.37),
                    particle=particle(slow(3.55, 0.1), None)),
    "B3 GRM": dict(deck="b3.yaml", changes=[], inlet=PULSE, errors=[3e-5, 1e-7], column=dict(BED, COL_POROSITY=0.37),
                   particle=particle(slow(3.55, 0.1), [6.07e-11])),
    "B4 LRM-SMA": dict(deck="sma_lrmp.yaml", changes=[LUMPED], inlet=ELUTION, errors=[3e-3, 3e-4],
                       column=dict(BED, TOTAL_POROSITY=0.8425), particle=equilibrated(PROTEINS), fine=(96, 5, 1)),
    "B4 LRMP-SMA": dict(deck="sma_lrmp.yaml", changes=[], inlet=ELUTION, errors=[1e-3, 1e-5],
                        column=dict(BED, COL_POROSITY=0.37), particle=particle(PROTEINS, None), fine=(32, 5, 1)),
    "B4 GRM-SMA": dict(deck="sma_grm.yaml", changes=[], inlet=ELUTION, errors=[1e-3],
                       column=dict(BED, COL_POROSITY=0.37),
                       particle=particle(PROTEINS, [7e-10, 6.07e-11, 6.07e-11, 6.07e-11]), fine=(16, 5, 10)),
}
SAVED = 500  # times of the outlet besides 0


def put(group, tree):
    """A dict as an HDF5 group, text as CADET-Core reads it."""
    for key, value in tree.items():
        if isinstance(value, dict):
            put(group.create_group(key), value)
        elif isinstance(value, str):
            group.create_dataset(key, data=numpy.bytes_(value))
        else:
            group.create_dataset(key, data=numpy.array(value, dtype=numpy.int32 if numpy.array(value).dtype.kind in "bi" else float))


def cadet_input(case, setting):
    """The whole input of CADET-Core: `setting` has elements, degree, points, tolerance, newton (1: modified)."""
    components, last = len(case["inlet"][0][1]), case["inlet"][-1][0]
    unit_type = ("LUMPED_RATE_MODEL_WITHOUT_PORES" if not case["particle"]["HAS_FILM_DIFFUSION"] else "COLUMN_MODEL_1D")
    kind = dict(case["particle"])
    if kind["HAS_PORE_DIFFUSION"]:
        kind["discretization"] = {"SPATIAL_METHOD": "DG", "PAR_POLYDEG": setting["points"] - 1, "PAR_NELEM": 1}
    elif kind["HAS_FILM_DIFFUSION"]:
        kind["discretization"] = {"SPATIAL_METHOD": "DG"}
    column = dict(case["column"], UNIT_TYPE=unit_type, NCOMP=components, NPARTYPE=1, particle_type_000=kind,
                  INIT_C=[50.0, 0.0, 0.0, 0.0] if components > 1 else [0.0],
                  discretization={"SPATIAL_METHOD": "DG", "POLYDEG": setting["degree"], "NELEM": setting["elements"],
                                  "USE_ANALYTIC_JACOBIAN": 1})
    zero = [0.0] * components
    inlet = {"UNIT_TYPE": "INLET", "NCOMP": components, "INLET_TYPE": "PIECEWISE_CUBIC_POLY"}
    for number, (_, constant, slope) in enumerate(case["inlet"]):
        inlet[f"sec_{number:03d}"] = {"CONST_COEFF": constant, "LIN_COEFF": slope, "QUAD_COEFF": zero, "CUBE_COEFF": zero}
    sections = len(case["inlet"])
    return {"model": {"NUNITS": 2, "unit_000": column, "unit_001": inlet,
                      "connections": {"NSWITCHES": 1, "CONNECTIONS_INCLUDE_PORTS": 1,
                                      "switch_000": {"SECTION": 0, "CONNECTIONS": [1.0, 0.0, -1.0, -1.0, -1.0, -1.0, 1.0]}},
                      "solver": {"MAX_KRYLOV": 0, "GS_TYPE": 1, "MAX_RESTARTS": 10, "SCHUR_SAFETY": 1e-8}},
            "return": {"WRITE_SOLUTION_TIMES": 1, "SPLIT_COMPONENTS_DATA": 0, "SPLIT_PORTS_DATA": 0, "unit_000": {"WRITE_SOLUTION_OUTLET": 1}},
            "solver": {"NTHREADS": 1, "USER_SOLUTION_TIMES": list(numpy.linspace(0, last, SAVED + 1)), "CONSISTENT_INIT_MODE": 1,
                       "sections": {"NSEC": sections, "SECTION_TIMES": [0.0] + [until for until, _, _ in case["inlet"]],
                                    "SECTION_CONTINUITY": [0] * (sections - 1)},
                       "time_integrator": {"ABSTOL": setting["tolerance"] * 1e-2, "RELTOL": setting["tolerance"],
                                           "ALGTOL": 1e-12, "INIT_STEP_SIZE": 1e-6, "MAX_STEPS": 1000000,
                                           "MAX_STEP_SIZE": 0.0, "USE_MODIFIED_NEWTON": setting["newton"]}}}


class Programs:
    """Runs a case with one program at one setting: seconds of the solver, seconds of the whole process, outlet."""

    def __init__(self, cadet, build):
        self.cadet, self.bin = cadet, os.path.join(build, "bin")
        self.folder = tempfile.TemporaryDirectory()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_cadet(self, case, setting):
        path = self.path("in.h5")
        if os.path.exists(path):
            os.remove(path)
        with h5py.File(path, "w") as file:
            put(file.create_group("input"), cadet_input(case, setting))
        start = time.perf_counter()
        done = subprocess.run([self.cadet, path], env=ONE_THREAD, capture_output=True, text=True)
        whole = time.perf_counter() - start
        if done.returncode != 0:
            return numpy.inf, whole, None
        with h5py.File(path, "r") as file:
            return float(file["meta/TIME_SIM"][()]), whole, file["output/solution/unit_000/SOLUTION_OUTLET"][...].reshape(SAVED + 1, -1)

    def run_kroma(self, case, setting):
        level = "{elements},{degree},{points},{stages},{tolerance}".format(**setting)
        words = [os.path.join(self.bin, "bench_columns"), "pass", self.deck(case), level, str(case["inlet"][-1][0] / SAVED),
                 self.path("outlet.txt"), *case["changes"]]
        start = time.perf_counter()
        done = subprocess.run(words, env=ONE_THREAD, capture_output=True, text=True)
        if done.returncode != 0:
            return numpy.inf, time.perf_counter() - start, None
        return float(done.stdout.split()[0]), self.whole_kroma(case, setting), numpy.loadtxt(self.path("outlet.txt"), ndmin=2)

    def whole_kroma(self, case, setting):
        """Seconds of `kroma run` with this grid, which also integrates on a coarser one to estimate the error."""
        solver = [f"solver.numeric.{key}={setting[key]}" for key in ("elements", "degree", "stages", "tolerance")]
        if case["particle"].get("HAS_PORE_DIFFUSION"):
            solver.append(f"solver.numeric.particle_points={setting['points']}")
        return self.process(case, ["chromatography.method=numeric", *solver])

    def process(self, case, changes):
        words = [os.path.join(self.bin, "kroma"), "run", self.deck(case), "--overwrite", "-q"]
        for change in [*case["changes"], *changes, "output.folder=" + self.path("out"),
                       f"output.save_every={case['inlet'][-1][0] / SAVED}"]:
            words += ["--set", change]
        start = time.perf_counter()
        subprocess.run(words, env=ONE_THREAD, capture_output=True, check=True)
        return time.perf_counter() - start

    def run_transform(self, case, accuracy):
        whole = self.process(case, ["chromatography.method=semi_analytic", f"chromatography.accuracy={accuracy}"])
        with h5py.File(self.path("out/results.h5"), "r") as file:
            return float(numpy.max(file["timing/solve"][...])), whole, file["series/outlet"][...]

    @staticmethod
    def deck(case):
        return os.path.join(ROOT, "inputs", "chromatography", case["deck"])


def error_of(outlet, reference):
    return numpy.inf if outlet is None else float((numpy.abs(outlet - reference) / numpy.abs(reference).max(axis=0)).max())


def references(programs, case):
    """The outlets that the two programs' errors are measured against."""
    if "fine" not in case:
        exact = programs.run_transform(case, 1e-12)[2]
        return exact, exact
    elements, degree, points = case["fine"]
    ours = programs.run_kroma(case, dict(elements=elements, degree=degree, points=points, stages=5, tolerance=1e-8))[2]
    if case["particle"]["HAS_PORE_DIFFUSION"]:
        return ours, ours  # CADET-Core would take too long
    return ours, programs.run_cadet(case, dict(elements=elements, degree=degree, points=points, tolerance=3e-8, newton=1))[2]


def best_setting(run, reference, error, grids, tolerances, kinds):
    """The fastest setting with at most this error. Grids are tried from coarse to fine at the smallest tolerance until one is
    good enough, for each degree; then the tolerance is loosened as long as it stays so. The kinds of method besides the first
    are tried on the best grid."""
    best = (numpy.inf, None, None)

    def loosen(best, grid, kind):
        for tolerance in reversed(tolerances):
            setting = dict(grid, tolerance=tolerance, **kind)
            seconds, _, outlet = run(setting)
            reached = error_of(outlet, reference)
            if reached > error or seconds > 2 * best[0]:
                break
            best = min(best, (seconds, setting, reached), key=lambda one: one[0])
        return best

    for degree in (3, 4, 5):
        for elements, points in grids:
            grid = dict(elements=elements, degree=degree, points=points)
            if error_of(run(dict(grid, tolerance=tolerances[-1], **kinds[0]))[2], reference) <= 0.7 * error:
                best = loosen(best, grid, kinds[0])
                break
    for kind in kinds[1:]:
        best = loosen(best, {key: best[1][key] for key in ("elements", "degree", "points")}, kind)
    return best


def tune(programs, names, notes_path):
    notes = {}
    if os.path.exists(notes_path):
        with open(notes_path) as file:
            notes = json.load(file)
    for name in names:
        case = CASES[name]
        ours, theirs = references(programs, case)
        apart = error_of(ours, theirs)
        print(f"{name}: references are {apart:.1e} apart", flush=True)
        general, notes[name] = bool(case["particle"]["HAS_PORE_DIFFUSION"]), {"apart": apart}
        for error in case["errors"]:
            cells = (4, 6, 8, 12, 16) if general else (4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64)
            points = (5, 6, 8, 10) if general else (1,)
            grids = sorted(((e, p) for e in cells for p in points), key=lambda g: g[0] * g[1] ** 1.5)
            tolerances = [error * 10 ** (-0.5 * k) for k in range(5)]
            kroma = best_setting(lambda s: programs.run_kroma(case, s), ours, error, grids, tolerances, [{"stages": 3}, {"stages": 5}])
            cadet = best_setting(lambda s: programs.run_cadet(case, s), theirs, error, grids, tolerances, [{"newton": 1}, {"newton": 0}])
            print(f"  {error:.0e}: kroma {kroma}\n         CADET {cadet}", flush=True)
            notes[name][str(error)] = {"kroma": kroma[1:], "cadet": cadet[1:]}
        with open(notes_path, "w") as file:
            json.dump(notes, file, indent=1)


def compare(programs, notes_path, repeats):
    with open(notes_path) as file:
        notes = json.load(file)
    print("| case | error: CADET-Core, kroma | CADET-Core s | kroma s | ratio | transform s | ratio | whole process s: CADET-Core, kroma, transform |")
    print("|---|---|---|---|---|---|---|---|")
    for name, noted in notes.items():
        case = CASES[name]
        for error in [key for key in noted if key != "apart"]:
            rows = {"kroma": [], "cadet": [], "transform": []}
            for _ in range(repeats):
                rows["cadet"].append(programs.run_cadet(case, noted[error]["cadet"][0])[:2])
                rows["kroma"].append(programs.run_kroma(case, noted[error]["kroma"][0])[:2])
                if "fine" not in case:
                    rows["transform"].append(programs.run_transform(case, error)[:2])
            best = {key: numpy.min(numpy.array(value), axis=0) for key, value in rows.items() if value}
            peer, own, exact = best["cadet"], best["kroma"], best.get("transform")
            print("| {} | {:.1e}, {:.1e} | {:.4g} | {:.4g} | {:.0f} | {} | {} | {:.2f}, {:.2f}{} |".format(
                name, noted[error]["cadet"][1], noted[error]["kroma"][1], peer[0], own[0], peer[0] / own[0],
                "" if exact is None else f"{exact[0]:.4g}", "" if exact is None else f"{peer[0] / exact[0]:.0f}",
                peer[1], own[1], "" if exact is None else f", {exact[1]:.2f}"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["tune", "time"])
    parser.add_argument("cadet", help="path of CADET-Core's cadet-cli")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    parser.add_argument("--notes", default="chromatography_cadet.json", help="file of tuned settings")
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    programs = Programs(given.cadet, given.build)
    if given.what == "tune":
        tune(programs, given.case or list(CASES), given.notes)
    else:
        compare(programs, given.notes, given.repeats)


if __name__ == "__main__":
    sys.exit(main())
