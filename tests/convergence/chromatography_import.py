"""Inputs of CADET-Core, written here, imported and run, against the decks that say the same."""

import json
import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)

DECKS = os.path.join(HERE, "..", "..", "inputs", "chromatography")
BED = {"COL_LENGTH": 0.014, "COL_POROSITY": 0.37, "PAR_POROSITY": 0.75, "PAR_RADIUS": 4.5e-5, "FILM_DIFFUSION": [6.9e-6], "COL_DISPERSION": 5.75e-8,
       "VELOCITY": 5.75e-4, "NCOMP": 1, "INIT_C": [0.0], "NPARTYPE": 1}
LINEAR = {"ADSORPTION_MODEL": "LINEAR", "adsorption": {"IS_KINETIC": 1, "LIN_KA": [3.55], "LIN_KD": [0.1]}}
PROTEINS = {"ADSORPTION_MODEL": "STERIC_MASS_ACTION", "NBOUND": [1, 1, 1, 1], "INIT_CS": [1200.0, 0.0, 0.0, 0.0],
            "adsorption": {"IS_KINETIC": 1, "SMA_KA": [0.0, 35.5, 1.59, 7.7], "SMA_KD": [0.0, 1000.0, 1000.0, 1000.0], "SMA_LAMBDA": 1200.0,
                           "SMA_NU": [0.0, 4.7, 5.29, 3.7], "SMA_SIGMA": [0.0, 11.83, 10.6, 10.0], "SMA_REFC0": 1.0, "SMA_REFQ": 1.0}}
ELUTION = [(10.0, [50.0, 1.0, 1.0, 1.0], [0.0] * 4), (90.0, [50.0, 0.0, 0.0, 0.0], [0.0] * 4), (700.0, [100.0, 0.0, 0.0, 0.0], [0.2, 0.0, 0.0, 0.0])]
PULSE = [(10.0, [1.0], [0.0]), (1500.0, [0.0], [0.0])]


def whole(column, sections, step, flow=1e-8, **more):
    """An input with inlet, column and outlet."""
    components = len(sections[0][1])
    inlet = {"UNIT_TYPE": "INLET", "INLET_TYPE": "PIECEWISE_CUBIC_POLY", "NCOMP": components}
    for k, (_, constant, slope) in enumerate(sections):
        inlet[f"sec_{k:03}"] = {"CONST_COEFF": constant, "LIN_COEFF": slope, "QUAD_COEFF": [0.0] * components, "CUBE_COEFF": [0.0] * components}
    times = [0.0] + [end for end, _, _ in sections]
    connections = [0, 1, -1, -1, flow, 1, 2, -1, -1, flow]
    model = {"NUNITS": 3, "unit_000": inlet, "unit_001": column, "unit_002": {"UNIT_TYPE": "OUTLET", "NCOMP": components}, **more,
             "connections": {"NSWITCHES": 1, "switch_000": {"SECTION": 0, "CONNECTIONS": connections}},
             "solver": {"GS_TYPE": 1, "MAX_KRYLOV": 0}}
    return {"input": {"model": model, "return": {"unit_001": {"WRITE_SOLUTION_OUTLET": 1}},
                      "solver": {"USER_SOLUTION_TIMES": numpy.arange(0, times[-1] + step / 2, step).tolist(), "sections": {"NSEC": len(sections), "SECTION_TIMES": times},
                                 "time_integrator": {"ABSTOL": 1e-10}}}}


def old(model, **keys):
    """A column as older inputs have it: particles beside it, bound states with the grid."""
    return {**BED, "UNIT_TYPE": model, **LINEAR, "INIT_Q": [0.0], "discretization": {"NCOL": 16, "NBOUND": [1], "USE_ANALYTIC_JACOBIAN": 1}, **keys}


def new(binding, components=1, **keys):
    """The same as newer ones do."""
    kind = {"HAS_FILM_DIFFUSION": 1, "HAS_PORE_DIFFUSION": 0, "HAS_SURFACE_DIFFUSION": 0, "PAR_POROSITY": 0.75, "PAR_RADIUS": 4.5e-5,
            "FILM_DIFFUSION": [6.9e-6] * components, "NBOUND": [1], "INIT_CS": [0.0], "INIT_CP": keys.get("INIT_C", [0.0]), **binding}
    bed = {key: BED[key] for key in ("COL_LENGTH", "COL_POROSITY", "COL_DISPERSION", "VELOCITY", "NCOMP", "INIT_C", "NPARTYPE")}
    return {**bed, "UNIT_TYPE": "COLUMN_MODEL_1D", "NCOMP": components, "particle_type_000": kind, "discretization": {"SPATIAL_METHOD": "DG", "NELEM": 8}, **keys}


def write(group, tree, fixed=False):
    for key, value in tree.items():
        if isinstance(value, dict):
            write(group.create_group(key), value, fixed)
        elif isinstance(value, str) and fixed:
            group.create_dataset(key, data=numpy.bytes_(value))
        else:
            group.create_dataset(key, data=value)


class Importing(support.CommandLine):
    def imported(self, tree, code=0, name="input.h5", words=(), fixed=False):
        path = self.path(name)
        if name.endswith(".json"):
            with open(path, "w") as file:
                json.dump(tree, file)
        else:
            with h5py.File(path, "w") as file:
                write(file, tree, fixed)
        ended, out, err = self.kroma("import-cadet", path, *words)
        self.assertEqual(ended, code, err)
        return out, err

    def run_deck(self, text, *sets):
        with open(self.path("deck.yaml"), "w") as file:
            file.write(text)
        return self.outlet(self.path("deck.yaml"), *sets)

    def outlet(self, path, *sets):
        words = [word for one in (*sets, "output.folder=out") for word in ("--set", one)]
        self.expect(0, "run", path, "--overwrite", *words)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            return file["series/outlet"][...], file["time"][...]

    def same_as(self, deck, tree, sets=(), tolerance=1e-12, **keys):
        text, _ = self.imported(tree, **keys)
        ours, times = self.run_deck(text, *[s for s in sets if "output" not in s])
        # the imported one is a network, which is transformed to rounding, a column as well as is asked
        native, others = self.outlet(os.path.join(DECKS, deck), *sets, "chromatography.accuracy=1e-13")
        numpy.testing.assert_allclose(times, others, atol=1e-9)
        numpy.testing.assert_allclose(ours, native, atol=tolerance, rtol=0)
        return text

    def test_linear_columns(self):
        lumped = old("LUMPED_RATE_MODEL_WITHOUT_PORES", COL_LENGTH=1.0, TOTAL_POROSITY=0.6, VELOCITY=1 / 30, COL_DISPERSION=1e-4,
                     adsorption={"IS_KINETIC": 1, "LIN_KA": [1.0], "LIN_KD": [1.0]})
        self.same_as("b1.yaml", whole(lumped, [PULSE[0], (100.0, [0.0], [0.0])], 0.5), fixed=True)
        self.same_as("b2.yaml", whole(new(LINEAR), PULSE, 1.0), ("output.save_every=1",))
        general = old("GENERAL_RATE_MODEL", PAR_DIFFUSION=[6.07e-11], PAR_SURFDIFFUSION=[0.0])
        text = self.same_as("b3.yaml", whole(general, PULSE, 1.0), ("output.save_every=1",))
        self.assertIn("film_coefficient: 6.9e-06 m/s", text)
        self.assertIn("# input/model/unit_001/FILM_DIFFUSION", text)

    def test_proteins(self):
        """Load, wash and elution by a gradient of salt."""
        column = new(PROTEINS, 4, INIT_C=[50.0, 0.0, 0.0, 0.0])
        sets = ("chromatography.accuracy=1e-3", "output.save_every=10", "chromatography.inlet.2.until=700")
        text, _ = self.imported(whole(column, ELUTION, 10.0))
        ours, _ = self.run_deck(text, sets[0])
        native, _ = self.outlet(os.path.join(DECKS, "sma_lrmp.yaml"), *sets)
        scales = [240, 1, 1, 1]
        self.assertLess((numpy.abs(ours - native) / scales).max(), 2e-3)
        self.assertGreater(ours[:, 1:].max(), 0.05)

    def test_two_kinds_of_particles_that_are_the_same_are_one(self):
        one, _ = self.run_deck(self.imported(whole(new(LINEAR), PULSE, 5.0))[0])
        column = new(LINEAR, NPARTYPE=2, PAR_TYPE_VOLFRAC=[0.25, 0.75])
        column["particle_type_001"] = column["particle_type_000"]
        two, _ = self.run_deck(self.imported(whole(column, PULSE, 5.0))[0])
        numpy.testing.assert_allclose(one, two, atol=1e-13)
        column["particle_type_001"] = dict(column["particle_type_000"], adsorption={"IS_KINETIC": 1, "LIN_KA": [1.0], "LIN_KD": [0.1]})
        self.assertIn("particle_type_001: another binding", self.imported(whole(column, PULSE, 5.0), code=2)[1])

    def test_two_kinds_of_sites_that_are_the_same_are_one(self):
        one = {"ADSORPTION_MODEL": "MULTI_COMPONENT_LANGMUIR", "adsorption": {"IS_KINETIC": 1, "MCL_KA": [3.0], "MCL_KD": [0.5], "MCL_QMAX": [4.0]}}
        two = {"ADSORPTION_MODEL": "MULTI_COMPONENT_BILANGMUIR", "NBOUND": [2], "INIT_CS": [0.0, 0.0],
               "adsorption": {"IS_KINETIC": 1, "MCBL_KA": [3.0, 3.0], "MCBL_KD": [0.5, 0.5], "MCBL_QMAX": [2.0, 2.0]}}
        outlets = [self.run_deck(self.imported(whole(new(b), [(10.0, [1.0], [0.0]), (400.0, [0.0], [0.0])], 5.0))[0], "chromatography.accuracy=1e-4")[0] for b in (one, two)]
        self.assertGreater(outlets[0].max(), 0.01)
        numpy.testing.assert_allclose(*outlets, atol=2e-4)

    def test_json_is_the_same(self):
        tree = whole(new(LINEAR), PULSE, 1.0)
        one, _ = self.imported(tree)
        other, _ = self.imported(tree["input"], name="input.json")
        self.assertEqual(one, other)

    def test_switches_tanks_and_reversal(self):
        """A valve that turns the column round between a feed of a cubic and a tank, half of whose contents is let out unconnected."""
        tree = whole(new(LINEAR, VELOCITY=[5.75e-4, -5.75e-4]), [(10.0, [1.0], [0.5]), (100.0, [0.0], [0.0])], 1.0,
                     unit_003={"UNIT_TYPE": "CSTR", "NCOMP": 1, "INIT_LIQUID_VOLUME": 1e-6, "INIT_C": [2.0], "NBOUND": [0]})
        model = tree["input"]["model"]
        model["NUNITS"] = 4
        model["unit_000"]["sec_000"]["CUBE_COEFF"] = [0.25]
        model["connections"] = {"NSWITCHES": 2, "CONNECTIONS_INCLUDE_PORTS": 1, "CONNECTIONS_INCLUDE_DYNAMIC_FLOW": 1,
                                "switch_000": {"SECTION": 0, "CONNECTIONS": [0, 1, -1, -1, -1, -1, 1e-8, 0, 0, 0, 1, 3, -1, -1, -1, -1, 1e-8, 0, 0, 0]},
                                "switch_001": {"SECTION": 1, "CONNECTIONS": [3, 1, -1, -1, -1, -1, 1e-8, 0, 0, 0, 1, 2, -1, -1, -1, -1, 4e-9, 0, 0, 0]}}
        text, _ = self.imported(tree)
        for line in ("cubic: 0.25", "reversed: [unit_001]", "cstr: {volume: 1e-06 m^3}", "initial: {concentration: 2}",
                     "waste_of_unit_001: {outlet: true}", "{from: unit_001, to: waste_of_unit_001, flow: 6", "- until: 10 s", "concentration: 1, slope: 0.5"):
            self.assertIn(line, text)
        ours, _ = self.run_deck(text, "chromatography.accuracy=1e-3")
        self.assertGreater(ours.max(), 0.1)

    def test_what_cannot_be_carried_is_said(self):
        tree = whole(new({**LINEAR, "PORE_ACCESSIBILITY": [0.5]}), PULSE, 1.0)
        _, err = self.imported(tree, code=2)
        self.assertIn("cannot be carried: input/model/unit_001/particle_type_000/PORE_ACCESSIBILITY", err)
        self.assertIn("--partial", err)
        out, err = self.imported(tree, words=("--partial",))
        self.assertIn("cannot be carried: input/model/unit_001/particle_type_000/PORE_ACCESSIBILITY", err)
        self.run_deck(out)
        strange = whole(new({**LINEAR, "ADSORPTION_MODEL": "GENERALIZED_ION_EXCHANGE"}), PULSE, 1.0)
        self.assertIn("the binding model GENERALIZED_ION_EXCHANGE", self.imported(strange, code=2)[1])
        self.assertIn("input/model", self.imported({"input": {"x": 1}}, code=2)[1])
        with open(self.path("none.h5"), "w") as file:
            file.write("no HDF5")
        self.assertEqual(self.kroma("import-cadet", self.path("none.h5"))[0], 2)


if __name__ == "__main__":
    support.main()
