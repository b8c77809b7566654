"""Beds by finite volumes: velocity that changes with sorption, pressure, heat; against closed forms, the other discretisation,
jump conditions of equilibrium theory; orders, bounds, balances, rank counts, and going on after a stop."""

import json
import os
import sys

import h5py
import numpy
from scipy.optimize import fsolve

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)
from thomas import thomas, thomas_outlet  # noqa: E402

GAS_CONSTANT = 8.31446261815324
PRESSURE, TEMPERATURE = 1e5, 300.0
DENSITY = PRESSURE / (GAS_CONSTANT * TEMPERATURE)
VOLUMES = {"scheme": "finite_volume"}


def langmuir(capacity, affinity, rate=1):
    """One kind of sites, by a linear driving force."""
    return {"model": "dual_site_langmuir", "capacity": capacity, "affinity": affinity, "second_capacity": 0, "second_affinity": 0,
            "rate": rate}


def bed(fraction, closure="with_sorption", **flow):
    """A step of a gas that adsorbs, `fraction` of all that enters."""
    flow = {"velocity": 0.1, "closure": closure, "inlet_pressure": PRESSURE, **flow}
    if closure in ("with_sorption", "transient"):
        flow["temperature"] = TEMPERATURE
    if closure == "constant":
        del flow["inlet_pressure"]
    return {"components": ["a"], "column": {"model": "lumped_rate", "length": 1, "total_porosity": 0.4}, "flow": flow,
            "binding": langmuir(100, 0.05), "inlet": [{"until": 800, "concentration": fraction * DENSITY}]}


def warm(**changes):
    """A gas whose adsorption warms the bed: no wall, no loss."""
    column = bed(0.15)
    column["flow"]["velocity"] = 0.2
    return dict(column, binding=langmuir(3000, 0.1), inlet=[{"until": 1500, "concentration": 0.15 * DENSITY}],
                energy={"gas_heat_capacity": 30, "solid_heat_capacity": 1.5e6, "heat_of_adsorption": 25e3}, **changes)


class Runs(support.CommandLine):
    def write(self, column, output=None, solver=None, **keys):
        deck = {"problem": "chromatography", "chromatography": dict(column, **keys), "output": {"folder": "out", **(output or {})}}
        if solver:
            deck["solver"] = {"numeric": solver}
        with open(self.path("deck.yaml"), "w") as file:
            json.dump(deck, file)
        return self.path("deck.yaml")

    def read(self):
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            found = {"time": file["time"][...], **{name: file["series"][name][...] for name in file["series"]}}
            if "fields" in file:
                found.update({name: file["fields"][name][...] for name in file["fields"]})
                found["x"] = file["grid/x"][...]
            return dict(file["metrics"].attrs), found

    def solve(self, column, ranks=None, code=0, **more):
        """(metrics, series and fields), or what was printed if `code` is not 0."""
        printed = self.expect(code, "run", self.write(column, **more), "--overwrite", ranks=ranks)
        return printed if code != 0 else self.read()

    def balanced(self, metrics):
        self.assertLess(metrics["mass_balance_error"], 1e-10)
        if "energy_balance_error" in metrics:
            self.assertLess(metrics["energy_balance_error"], 1e-8)


class Isothermal(Runs):
    def test_order_and_bounds(self):
        """Thomas's solution (1944): second order at the outlet, and nothing leaves [0, feed]."""
        errors, exact = [], None
        for cells in (100, 200):
            metrics, run = self.solve(thomas(), method="numeric", solver={**VOLUMES, "elements": cells, "tolerance": 1e-6})
            exact = thomas_outlet(run["time"]) if exact is None else exact
            errors.append(numpy.abs(run["outlet"][:, 0] / 0.5 - exact).max())
            self.assertLessEqual(errors[-1], metrics["error_estimate"])
            self.assertGreater(run["outlet"].min(), -0.5e-6)  # what steps of that tolerance leave
            self.assertLess(run["outlet"].max(), 0.5 + 0.5e-6)
            self.balanced(metrics)
        self.assertAlmostEqual(numpy.log2(errors[0] / errors[1]), 2, delta=0.1)
        self.assertLess(errors[1], 2e-3)

    def test_within_the_estimate_of_linear_beds(self):
        """Lumped, and with pores, held against their transforms; the error that was asked for is met."""
        lumped = {"components": ["a"], "column": {"model": "lumped_rate", "length": 1, "total_porosity": 0.6},
                  "flow": {"velocity": "1/30"}, "dispersion": 1e-4,
                  "binding": {"model": "linear", "adsorption_rate": 1, "desorption_rate": 1},
                  "inlet": [{"until": 10, "concentration": 1}, {"until": 100, "concentration": 0}]}
        pores = dict(lumped, column={"model": "lumped_rate_with_pores", "length": 0.014, "bed_porosity": 0.37,
                                     "particle_porosity": 0.75, "particle_radius": 4.5e-5, "film_coefficient": 6.9e-6},
                     flow={"velocity": 5.75e-4}, dispersion=5.75e-8,
                     binding={"model": "linear", "adsorption_rate": 3.55, "desorption_rate": 0.1},
                     inlet=[{"until": 10, "concentration": 1}, {"until": 1500, "concentration": 0}])
        for column in (lumped, pores):
            _, exact = self.solve(column, method="semi_analytic")
            metrics, run = self.solve(column, method="numeric", solver=VOLUMES, accuracy=1e-3)
            error = numpy.abs(run["outlet"] - exact["outlet"]).max()
            self.assertLessEqual(error, 1e-3)
            self.assertLessEqual(metrics["error_estimate"], 1e-3)
            self.assertLessEqual(error, 1.5 * metrics["error_estimate"])
            self.balanced(metrics)

    def test_a_square_isotherm_does_not_oscillate(self):
        """Fronts of one or two cells: by the other discretisation they overshoot by tenths of the feed. What is left comes
        from the steps, whose tolerance follows the accuracy, and goes down with it."""
        fast, slow = langmuir(100, 5, rate=1), langmuir(100, 5, rate=0.1)
        drop = {"outlet_pressure": 0.99 * PRESSURE}
        for closure, law, flow, tolerance, bound in (("constant", fast, {}, None, 1e-4), ("constant", fast, {}, 1e-6, 1e-6),
                                                     ("transient", fast, drop, None, 1e-4), ("with_sorption", slow, {}, None, 1e-3)):
            column = dict(bed(0.2, closure, **flow), binding=law)
            solver = {**VOLUMES, "elements": 60, **({"tolerance": tolerance} if tolerance else {})}
            metrics, run = self.solve(column, method="numeric", solver=solver, accuracy=1e-3,
                                      output={"fields": ["concentration", "adsorbed"]})
            feed = column["inlet"][0]["concentration"]
            for values, top in ((run["outlet"], feed), (run["concentration"], feed), (run["adsorbed"], 100)):
                self.assertGreater(values.min(), -bound * top)
                self.assertLess(values.max(), (1 + bound) * top)
            self.balanced(metrics)


class Closures(Runs):
    SOLVER = {"elements": 100, "tolerance": 1e-6}

    def test_vanishing_concentration_is_a_trace(self):
        """with_sorption and transient come to the closed form of a compressible carrier, with the order of the scheme."""
        flow = {"outlet_pressure": 5e4}
        linear = {"model": "linear", "adsorption_rate": 5, "desorption_rate": 1}
        _, exact = self.solve(dict(bed(1e-7, "compressible", **flow), binding=linear), method="semi_analytic")
        for closure in ("with_sorption", "transient"):
            errors = []
            for cells in (50, 100):
                _, run = self.solve(dict(bed(1e-7, closure, **flow), binding=linear), solver=dict(self.SOLVER, elements=cells),
                                    output={"fields": ["pressure", "velocity"]})
                errors.append(numpy.abs(run["outlet"] - exact["outlet"]).max() / (1e-7 * DENSITY))
            self.assertLess(errors[1], 1e-3)
            self.assertGreater(numpy.log2(errors[0] / errors[1]), 2)
            pressure = numpy.sqrt(PRESSURE**2 - (PRESSURE**2 - 5e4**2) * run["x"])
            numpy.testing.assert_allclose(run["pressure"][-1], pressure, rtol=1e-3)
            numpy.testing.assert_allclose(run["velocity"][-1], 0.1 * PRESSURE / pressure, rtol=1e-3)
            numpy.testing.assert_allclose(run["outlet_velocity"][-1], 0.2, rtol=1e-6)

    def test_a_fifth_that_adsorbs_slows_the_gas(self):
        """About a tenth of the feed between constant and following velocity; at the front a fifth of the gas is missing."""
        metrics, run = self.solve(bed(0.2), solver=self.SOLVER)
        _, constant = self.solve(bed(0.2, "constant"), method="numeric", solver=dict(self.SOLVER, **VOLUMES))
        difference = numpy.abs(run["outlet"] - constant["outlet"]).max() / (0.2 * DENSITY)
        self.assertGreater(difference, 0.08)
        self.assertLess(difference, 0.13)
        self.balanced(metrics)
        self.assertLess(metrics["gas_balance_error"], 1e-10)
        # ahead of the front goes what a shock, at its own speed, does not leave in the bed
        front = numpy.interp(40, run["time"], run["outlet_velocity"])
        loading = 1.5 * 100 * 0.05 * 0.2 * DENSITY / (1 + 0.05 * 0.2 * DENSITY)
        shock = 0.1 * 0.2 / (0.2 + loading / DENSITY)
        # at 40 s the front has its final shape to 2e-6 m/s, whatever the cells; four times as fast sorption to 2e-7
        self.assertLess(abs(front - (0.1 - shock * loading / DENSITY)), 1e-5)

    def test_ergun(self):
        """A short steady stretch: the pressure drop of the equation of Ergun (1952) at a density that hardly changes."""
        column = bed(1e-6, "transient", outlet_pressure=9.9e4, momentum="ergun", viscosity=1.8e-5, molar_mass=0.028, velocity=1)
        column["column"]["particle_radius"] = 1e-3
        _, run = self.solve(column, solver={"elements": 20}, accuracy=1e-2, output={"fields": ["pressure"], "positions": 11})
        e, d, v = 0.4, 2e-3, 0.4
        p = run["pressure"][-1]
        density = 0.028 * DENSITY * p.mean() / PRESSURE
        v *= PRESSURE / p.mean()
        slope = 150 * 1.8e-5 * (1 - e)**2 / (e**3 * d**2) * v + 1.75 * (1 - e) / (e**3 * d) * density * v**2
        self.assertLess(abs((p[0] - p[-1]) / slope - 1), 2e-3)
        self.assertGreater((p[0] - p[-1]), 1000)

    def test_pressure_is_stored(self):
        """With a strong drop the two closures differ by what the gas in the bed gains; only transient has no gas missing."""
        errors = {}
        for closure in ("with_sorption", "transient"):
            column = dict(bed(0.5, closure, outlet_pressure=5e4), inlet=[{"until": 20, "concentration": 0.5 * DENSITY}])
            metrics, _ = self.solve(column, solver={"elements": 40}, accuracy=1e-3)
            self.balanced(metrics)
            errors[closure] = metrics["gas_balance_error"]
        self.assertLess(errors["transient"], 1e-10)
        self.assertGreater(errors["with_sorption"], 1e-5)


class Heat(Runs):
    SOLVER = {"elements": 80, "tolerance": 1e-5}

    def plateau(self):
        """Temperature and mole fraction between the two fronts of `warm`, from the jumps of amounts, gas and heat over both."""
        feed, ratio, heat, velocity = 0.15 * DENSITY, 1.5, 25e3, 0.2

        def loading(c, t):
            b = 0.1 * t / TEMPERATURE * numpy.exp(heat / GAS_CONSTANT * (1 / t - 1 / TEMPERATURE))
            return 3000 * b * c / (1 + b * c)

        def contents(c, t):
            rise, gas, q = t - TEMPERATURE, PRESSURE / (GAS_CONSTANT * t), loading(c, t)
            return numpy.array([c + ratio * q, gas + ratio * q, gas * 30 * rise + ratio * (1.5e6 * rise + q * (30 * rise - heat))])

        def jumps(unknown):
            fraction, rise, flow, flow_ahead, slow, fast = unknown
            t = TEMPERATURE + rise
            middle = contents(fraction * PRESSURE / (GAS_CONSTANT * t), t)
            through = numpy.array([flow * fraction, flow, flow * 30 * rise])
            behind = numpy.array([velocity * feed, velocity * DENSITY, 0])
            ahead = numpy.array([0, flow_ahead, 0])
            return numpy.concatenate([(slow * (contents(feed, TEMPERATURE) - middle) - behind + through) / [1, 1, 1e4],
                                      (fast * (middle - contents(0, TEMPERATURE)) - through + ahead) / [1, 1, 1e4]])

        found = fsolve(jumps, [0.15, 15, 0.19 * DENSITY, 0.17 * DENSITY, 5e-4, 1e-3], xtol=1e-12)
        self.assertLess(numpy.abs(jumps(found)).max(), 1e-8)
        return TEMPERATURE + found[1], found[0]

    def test_the_plateau_behind_the_front(self):
        """An adiabatic bed: the warm plateau of equilibrium theory, far from both fronts."""
        metrics, run = self.solve(warm(), solver=self.SOLVER, output={"fields": ["temperature", "concentration"], "positions": 41})
        self.balanced(metrics)
        temperature, fraction = self.plateau()
        self.assertGreater(temperature, TEMPERATURE + 10)
        middle = run["temperature"][1000, 20]
        self.assertLess(abs(middle - temperature), 1e-3 * (temperature - TEMPERATURE))
        density = PRESSURE / (GAS_CONSTANT * middle)
        self.assertLess(abs(run["concentration"][1000, 20, 0] / density - fraction), 1e-3 * fraction)

    def test_heat_is_conserved(self):
        """With pressure, wall and hot feed; what the deck's numbers say of the fields at the end is what went in and out."""
        wall = {"inner_radius": 0.02, "inner_coefficient": 20, "outer_radius": 0.022, "outer_coefficient": 0,
                "heat_capacity": 4e6, "conductivity": 10}
        column = warm()
        column["flow"].update(closure="transient", outlet_pressure=9e4)
        column["energy"].update(wall=wall, conductivity=0.3, adsorbed_heat_capacity=60, activation_energy=5e3)
        column["inlet"][0]["temperature"] = 320
        fields = ["temperature", "wall_temperature", "pressure", "concentration", "adsorbed"]
        metrics, run = self.solve(column, solver={"elements": 50}, accuracy=1e-3, output={"fields": fields, "positions": 201})
        self.balanced(metrics)
        rise, wall_rise = run["temperature"][-1] - TEMPERATURE, run["wall_temperature"][-1] - TEMPERATURE
        gas = run["pressure"][-1] / (GAS_CONSTANT * run["temperature"][-1])
        q = run["adsorbed"][-1, :, 0]
        start = run["pressure"][0]
        held = gas * 30 * rise - (run["pressure"][-1] - start) + 1.5 * (1.5e6 * rise + q * (60 * rise - 25e3))
        held += 2.5 * (1.1**2 - 1) * 4e6 * wall_rise
        leaving = run["outlet_velocity"] * 9e4 / (GAS_CONSTANT * run["outlet_temperature"]) * 30 * (run["outlet_temperature"] - TEMPERATURE)
        entered = 0.2 * DENSITY * 30 * 20 * 1500
        defect = entered - numpy.trapz(leaving, run["time"]) - numpy.trapz(held, run["x"])
        self.assertLess(abs(defect), 2e-3 * numpy.trapz(1.5 * q * 25e3, run["x"]))
        self.assertGreater(wall_rise.max(), 3)

    def test_a_jacket_cools(self):
        """A strong jacket makes the bed isothermal."""
        cooled = warm()
        cooled["energy"]["wall"] = {"inner_radius": 0.02, "inner_coefficient": 1e6}
        metrics, run = self.solve(cooled, solver={"elements": 50}, accuracy=1e-3)
        isothermal = {key: value for key, value in cooled.items() if key != "energy"}
        _, other = self.solve(isothermal, solver={"elements": 50}, accuracy=1e-3)
        self.balanced(metrics)
        self.assertLess(numpy.abs(run["outlet"] - other["outlet"]).max(), 1e-2 * 0.15 * DENSITY)


class Sharing(Runs):
    SOLVER = {"elements": 30}

    def test_rank_counts_give_the_same_bits(self):
        _, one = self.solve(warm(), solver=self.SOLVER, accuracy=1e-2)
        for ranks in (2, 3):
            _, other = self.solve(warm(), solver=self.SOLVER, accuracy=1e-2, ranks=ranks)
            for name, values in one.items():
                self.assertTrue(numpy.array_equal(values, other[name]), f"{name} on {ranks} ranks")

    def test_half_and_resumed_is_whole(self):
        fields = {"fields": ["concentration", "temperature", "velocity"], "positions": 11}
        solver = {"elements": 240}  # most of a second, of which the first part is stopped early
        _, whole = self.solve(warm(), solver=solver, accuracy=1e-2, output=fields)
        deck = self.write(warm(), solver=solver, accuracy=1e-2, output=fields)
        self.expect(4, "run", deck, "--overwrite", "--stop-after", "0.02")
        self.expect(0, "run", deck, "--resume")
        _, halves = self.read()
        for name, values in whole.items():
            self.assertTrue(numpy.array_equal(values, halves[name]), name)


class Refusals(Runs):
    def test_messages(self):
        said = lambda column, **more: self.solve(column, code=2, **more)
        self.assertIn("outlet_pressure: 200000.0 Pa is not below the inlet's 100000.0 Pa".replace(".0", ""),
                      said(bed(0.2, "transient", outlet_pressure=2e5)))
        self.assertIn("mole fractions add up to 1.2", said(bed(1.2)))
        lacking = warm()
        del lacking["energy"]["gas_heat_capacity"]
        self.assertIn("energy.gas_heat_capacity: missing", said(lacking))
        no_temperature = bed(0.2)
        del no_temperature["flow"]["temperature"]
        self.assertIn("flow.temperature: missing", said(no_temperature))
        self.assertIn("closure: transient needs it", said(bed(0.2, "transient")))
        self.assertIn("energy: needs flow.closure with_sorption or transient", said(warm(flow={"velocity": 0.1})))
        self.assertIn("temperature needs chromatography.energy", said(bed(0.2), output={"fields": ["temperature"]}))
        self.assertIn("is solved by solver.numeric.scheme: finite_volume",
                      said(bed(0.2), solver={"scheme": "discontinuous_galerkin"}))
        self.assertIn("momentum: ergun needs it", said(bed(0.2, "transient", outlet_pressure=9e4, momentum="ergun")))
        twice = warm()
        twice["binding"] = dict(twice["binding"], heat=25e3, temperature=TEMPERATURE, reference_temperature=TEMPERATURE)
        self.assertIn("binding.heat: is for columns of one temperature", said(twice))
        law = {"model": "dubinin_astakhov", "capacity": 100, "saturation": 100, "steepness": 0.3, "exponent": 2, "rate": 1}
        self.assertIn("no dependence on temperature", said(dict(warm(), binding=law)))


if __name__ == "__main__":
    support.main()
