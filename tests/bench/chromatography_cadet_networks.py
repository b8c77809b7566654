"""Do CADET-Core and kroma, on the deck that kroma makes of its input, come to the same outlets? Not part of ctest.

    tests/bench/chromatography_cadet_networks.py CADET_CLI [--kroma build/release/bin/kroma] [INPUT.json]...

Without inputs: the moving bed of inputs/chromatography, on three of CADET-Core's grids. An input is run by both, with kroma at
--accuracy; printed are the largest difference of each unit's outlet and processor seconds of whole processes.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile

import h5py
import numpy
import yaml

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def write(group, tree):
    for key, value in tree.items():
        if isinstance(value, dict):
            write(group.create_group(key), value)
        elif value is not None:
            group.create_dataset(key, data=numpy.bytes_(value) if isinstance(value, str) else numpy.asarray(value) * 1)


def seconds(*words):
    """Runs a program; its processor time and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def compare(options, tree, name, accuracies):
    """CADET-Core once, kroma at each accuracy; the finest of kroma's outlets is what both are held against."""
    folder = tempfile.mkdtemp()
    path, deck = os.path.join(folder, "input.h5"), os.path.join(folder, "deck.yaml")
    with h5py.File(path, "w") as file:
        write(file, tree)
    spent, _ = seconds(options.cadet, path)
    with open(deck, "w", encoding="utf-8") as file:
        file.write(seconds(options.kroma, "import-cadet", path)[1])
    with h5py.File(path, "r") as file:
        theirs = {unit: file["output/solution"][unit]["SOLUTION_OUTLET"][...] for unit in file["output/solution"]
                  if unit.startswith("unit") and "SOLUTION_OUTLET" in file["output/solution"][unit]}
    runs = []
    for accuracy in sorted(accuracies):
        time, _ = seconds(options.kroma, "run", deck, "--overwrite", "--set", f"output.folder={folder}/out", "--set", f"chromatography.accuracy={accuracy}")
        with h5py.File(os.path.join(folder, "out", "results.h5"), "r") as file:
            runs.append((accuracy, time, {unit: file["series/units"][unit][...] for unit in theirs if unit in file["series/units"]}))
    fine = runs[0][2]

    def error(outlets):
        return max(numpy.abs(outlets[unit].reshape(fine[unit].shape) - fine[unit]).max() for unit in fine)

    print(f"{name}: CADET-Core {error(theirs):.1e} in {spent:.2f} s")
    for accuracy, time, outlets in runs:
        print(f"{name}: kroma at {accuracy:g} {error(outlets):.1e} in {time:.2f} s")


def moving_bed(elements, degree, tolerance):
    """inputs/chromatography/moving_bed.yaml as an input of CADET-Core."""
    with open(os.path.join(ROOT, "inputs", "chromatography", "moving_bed.yaml"), encoding="utf-8") as file:
        deck = yaml.safe_load(file)["chromatography"]
    units, sections = list(deck["units"]), deck["sections"]
    times = [0.0] + [float(s["until"].split()[0]) for s in sections]
    binding = {"IS_KINETIC": 1, "LIN_KA": [16.0, 8.0], "LIN_KD": [20.0, 20.0]}
    column = {"UNIT_TYPE": "COLUMN_MODEL_1D", "NCOMP": 2, "NPARTYPE": 1, "COL_LENGTH": 0.25, "CROSS_SECTION_AREA": 3e-4, "TOTAL_POROSITY": 0.6,
              "COL_DISPERSION": 4e-6, "INIT_C": [0.0, 0.0],
              "particle_type_000": {"HAS_FILM_DIFFUSION": 0, "HAS_PORE_DIFFUSION": 0, "HAS_SURFACE_DIFFUSION": 0, "ADSORPTION_MODEL": "LINEAR",
                                    "NBOUND": [1, 1], "INIT_CS": [0.0, 0.0], "adsorption": binding},
              "discretization": {"SPATIAL_METHOD": "DG", "NELEM": elements, "POLYDEG": degree, "USE_ANALYTIC_JACOBIAN": 1}}
    model = {"NUNITS": len(units), "connections": {"NSWITCHES": len(sections)},
             "solver": {"GS_TYPE": 1, "MAX_KRYLOV": 0, "MAX_RESTARTS": 10, "SCHUR_SAFETY": 1e-8}}
    for k, name in enumerate(units):
        unit = {"UNIT_TYPE": "OUTLET", "NCOMP": 2} if name in ("extract", "raffinate") else column
        if name in ("feed", "desorbent"):
            piece = {"CONST_COEFF": [float(name == "feed")] * 2, **{key: [0.0, 0.0] for key in ("LIN_COEFF", "QUAD_COEFF", "CUBE_COEFF")}}
            unit = {"UNIT_TYPE": "INLET", "INLET_TYPE": "PIECEWISE_CUBIC_POLY", "NCOMP": 2, **{f"sec_{j:03}": piece for j in range(len(sections))}}
        model[f"unit_{k:03}"] = unit
    for k, section in enumerate(sections):
        rows = [[units.index(c["from"]), units.index(c["to"]), -1, -1, float(c["flow"].split()[0]) * 1e-6 / 60] for c in section["connections"]]
        model["connections"][f"switch_{k:03}"] = {"SECTION": k, "CONNECTIONS": numpy.array(rows).ravel()}
    asked = {f"unit_{k:03}": {"WRITE_SOLUTION_OUTLET": 1, "WRITE_SOLUTION_INLET": 0, "WRITE_SOLUTION_BULK": 0} for k in range(len(units))}
    solver = {"NTHREADS": 1, "USER_SOLUTION_TIMES": numpy.arange(0, times[-1] + 1, 2.0), "CONSISTENT_INIT_MODE": 1,
              "sections": {"NSEC": len(sections), "SECTION_TIMES": times, "SECTION_CONTINUITY": [0] * (len(sections) - 1)},
              "time_integrator": {"ABSTOL": tolerance, "RELTOL": tolerance, "ALGTOL": tolerance, "INIT_STEP_SIZE": 1e-8, "MAX_STEPS": 1000000, "USE_MODIFIED_NEWTON": 1}}
    return {"input": {"model": model, "return": {"SPLIT_COMPONENTS_DATA": 0, "SPLIT_PORTS_DATA": 0, **asked}, "solver": solver}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cadet", help="CADET-Core's command line program")
    parser.add_argument("inputs", nargs="*", help="JSON inputs of CADET-Core")
    parser.add_argument("--kroma", default=os.path.join(ROOT, "build", "release", "bin", "kroma"))
    parser.add_argument("--accuracy", type=float, default=1e-7)
    options = parser.parse_args()
    for path in options.inputs:
        with open(path, encoding="utf-8") as file:
            tree = json.load(file)
        compare(options, tree if "input" in tree else {"input": tree}, os.path.basename(path), [options.accuracy])
    for grid in ((6, 3, 1e-5), (8, 4, 1e-6), (12, 5, 1e-7)) if not options.inputs else ():
        compare(options, moving_bed(*grid), "moving bed, {} elements of degree {}, tolerance {}".format(*grid), [1e-8, 1e-6, 1e-5, 1e-4])


if __name__ == "__main__":
    main()
