"""Networks of columns and tanks, against closed forms, independent inversions of transfer functions and one another."""

import math
import os
import sys

import h5py
import numpy
from scipy import special

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)
import json  # noqa: E402

END = 1500


def pipe(*names, flow=1e-8):
    """Connections along a chain of units, all with one flow."""
    return [{"from": a, "to": b, "flow": flow} for a, b in zip(names, names[1:])]


def pulse(end=END, height=1.0, width=10):
    return {"inlet": [{"until": width, "concentration": height}, {"until": end, "concentration": 0}]}


def column(length=0.014, flow=1e-8, velocity=5.75e-4, **keys):
    """B2 of the public verification set of simulators (Breuer et al. 2023), as a unit."""
    geometry = {"model": "lumped_rate_with_pores", "length": length, "cross_section": flow / velocity / 0.37, "bed_porosity": 0.37,
                "particle_porosity": 0.75, "particle_radius": 4.5e-5, "film_coefficient": 6.9e-6}
    return {"column": geometry, "dispersion": 5.75e-8, "binding": {"adsorption_rate": 3.55, "desorption_rate": 0.1}, **keys}


def lumped(length=1.0, flow=1e-8, dispersion=1e-4, **keys):
    """B1 of the same set, as a unit."""
    geometry = {"model": "lumped_rate", "length": length, "cross_section": flow * 30 / 0.6, "total_porosity": 0.6}
    return {"column": geometry, "dispersion": dispersion, "binding": {"adsorption_rate": 1, "desorption_rate": 1}, **keys}


def transfer(s, length=1.0, u=1 / 30, dispersion=1e-4):
    """Closed-closed transfer function of lumped()."""
    m = s * (1 + 0.4 / 0.6 / (s + 1))
    pe = u * length / dispersion
    a = numpy.sqrt(1 + 4 * m * dispersion / u**2)
    return 4 * a * numpy.exp(pe * (1 - a) / 2) / ((1 + a)**2 - (1 - a)**2 * numpy.exp(-a * pe))


def inverse(image, times, end):
    """Of a Laplace transform, by the Fourier series on a line, independent of the program's own."""
    sigma, step = 20 / (2.5 * end), math.pi / (2.5 * end)
    k = numpy.arange(1 << 15)
    values = image(sigma + 1j * step * k)
    values[0] /= 2
    return numpy.array([math.exp(sigma * t) * step / math.pi * (values * numpy.exp(1j * step * k * t)).real.sum() for t in times])


class Runs(support.CommandLine):
    def solve(self, units, sections, code=0, ranks=None, words=(), output=None, solver=None, **keys):
        deck = {"problem": "chromatography", "output": {"folder": "out", **(output or {})},
                "chromatography": {"components": ["a"], "units": units, "sections": sections, **keys}}
        if solver:
            deck["solver"] = {"numeric": solver}
        with open(self.path("deck.yaml"), "w") as file:
            json.dump(deck, file)
        printed = self.expect(code, "run", self.path("deck.yaml"), *(words or ("--overwrite",)), ranks=ranks)
        if code != 0:
            return printed
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            self.assertEqual(file.attrs["complete"], 1)
            self.assertLess(file["metrics"].attrs["mass_balance_error"], 1e-10)
            given = {name: file["series/units"][name][:, 0] for name in file["series/units"]}
            tables = {name: file["tables"][name][...] for name in file["tables"]}
            return dict(file["metrics"].attrs), given, file["time"][...], tables


class Tanks(Runs):
    def test_a_cascade_is_a_gamma_distribution(self):
        """Five tanks of 20 s each, a step: the outlet is the incomplete gamma function."""
        units = {"feed": {"inlet": [{"until": END, "concentration": 1}]}, "outlet": {"outlet": True}, **{f"t{k}": {"cstr": 2e-7} for k in range(5)}}
        chain = pipe("feed", "t0", "t1", "t2", "t3", "t4", "outlet")
        for method, known in (("numeric", (1, 2, 5)), ("auto", (5,))):  # what a tank gives off at first does not decay in its transform
            metrics, given, times, tables = self.solve(units, [{"until": END, "connections": chain}], method=method, accuracy=1e-10)
            self.assertEqual(metrics["method"], b"numeric" if method == "numeric" else b"semi_analytic")
            for tanks in known:
                error = numpy.abs(given[f"t{tanks - 1}"] - special.gammainc(tanks, times / 20)).max()
                self.assertLess(error, 1e-9)
        row = tables["moments"][0]
        numpy.testing.assert_allclose([row["share"], row["mean"], row["variance"], row["third"]], [1, 100, 2000, 80000], rtol=1e-12)

    def test_a_volume_that_changes(self):
        """From empty: filled with a ramp, V = Q t and c = (a + b t / 2); then at rest; then drained while fed, where
        V = V_0 + (Q_in - Q_out) t makes c = 0 + c_0 (V / V_0)^(Q_in / (Q_out - Q_in)); empty again, it passes on what enters."""
        inlet = {"inlet": [{"until": 100, "concentration": 1, "slope": 0.01}, {"until": 300, "concentration": 0}, {"until": 400, "concentration": 0.5}]}
        units = {"feed": inlet, "tank": {"cstr": {"volume": 0}}, "outlet": {"outlet": True}}
        sections = [{"until": 100, "connections": pipe("feed", "tank", flow=1e-6)}, {"until": 200, "connections": []},
                    {"until": 300, "connections": pipe("feed", "tank", flow=1e-6) + pipe("tank", "outlet", flow=2e-6)},
                    {"until": 400, "connections": pipe("feed", "tank", "outlet", flow=1e-6)}]
        _, given, t, tables = self.solve(units, sections, accuracy=1e-9, output={"save_every": 1})
        c = given["tank"]
        numpy.testing.assert_allclose(c[1:101], 1 + 0.005 * t[1:101], atol=1e-9)
        numpy.testing.assert_allclose(c[101:201], 1.5, atol=1e-9)
        numpy.testing.assert_allclose(c[201:299], 1.5 * (1 - (t[201:299] - 200) / 100), atol=2e-9)
        numpy.testing.assert_allclose(c[302:], 0.5, atol=1e-9)
        collected = tables["amounts"][0]["amount"]
        self.assertAlmostEqual(collected / (1.5e-4 + 0.5e-4), 1, delta=1e-9)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            volume = file["series/volume/tank"][...]
        numpy.testing.assert_allclose(volume[[0, 50, 100, 150, 200, 250, 300, 350]], 1e-4 * numpy.array([0, .5, 1, 1, 1, .5, 0, 0]), atol=1e-16)


class Linear(Runs):
    """One section, linear and empty: by transfer functions, and by discretisation."""

    def both(self, units, connections, accuracy=1e-6, **keys):
        sections = [{"until": END, "connections": connections}]
        exact = self.solve(units, sections, method="auto", **keys)
        self.assertEqual(exact[0]["method"], b"semi_analytic")
        numeric = self.solve(units, sections, method="numeric", accuracy=accuracy, **keys)
        for name in exact[1]:
            error = numpy.abs(exact[1][name] - numeric[1][name]).max()
            self.assertLess(error, accuracy, name)
        self.assertLess(numeric[0]["error_estimate"], accuracy)
        numpy.testing.assert_allclose(exact[3]["amounts"]["amount"], numeric[3]["amounts"]["amount"], rtol=1e-5, atol=1e-13)
        return exact

    def test_mixers_before_and_behind_a_column(self):
        units = {"feed": pulse(), "mixer": {"cstr": 2e-7}, "column": column(), "cell": {"cstr": 1e-7}, "outlet": {"outlet": True}}
        _, given, times, tables = self.both(units, pipe("feed", "mixer", "column", "cell", "outlet"))
        row = tables["moments"][0]
        area = numpy.trapezoid(given["outlet"], times) if hasattr(numpy, "trapezoid") else numpy.trapz(given["outlet"], times)
        mean = numpy.sum(times * given["outlet"]) / numpy.sum(given["outlet"])
        self.assertAlmostEqual(area, 10, delta=1e-4)  # the rest is still inside
        self.assertAlmostEqual(mean, row["mean"] + 5, delta=1e-2)

    def test_two_columns_are_the_product_of_their_transfer_functions(self):
        """And not one of twice the length, but without dispersion."""
        units = {"feed": pulse(), "one": lumped(0.5), "two": lumped(0.5), "outlet": {"outlet": True}}
        _, given, times, _ = self.both(units, pipe("feed", "one", "two", "outlet"), output={"times": list(range(20, 120))})
        expected = inverse(lambda s: transfer(s, 0.5)**2 * (1 - numpy.exp(-10 * s)) / s, times, 120)
        numpy.testing.assert_allclose(given["outlet"], expected, atol=1e-11)
        whole = inverse(lambda s: transfer(s) * (1 - numpy.exp(-10 * s)) / s, times, 120)
        difference = numpy.abs(given["outlet"] - whole).max()
        self.assertGreater(difference, 1e-5)
        self.assertAlmostEqual(difference, numpy.abs(expected - whole).max(), delta=1e-10)

    def test_a_recycle_is_the_closed_transfer_function(self):
        """Of what leaves the column, 60 % goes back to the mixer before it: G = 0.4 T C / (1 - 0.6 T C) in amounts."""
        q = 2.5e-8
        units = {"feed": pulse(), "mixer": {"cstr": 1e-7}, "column": lumped(flow=q), "outlet": {"outlet": True}}
        connections = pipe("feed", "mixer", flow=1e-8) + pipe("mixer", "column", flow=q) + pipe("column", "mixer", flow=1.5e-8) + pipe("column", "outlet", flow=1e-8)
        _, given, times, tables = self.both(units, connections, accuracy=1e-6, output={"times": list(range(10, 300, 2))})

        def loop(s):
            chain = transfer(s) / (1 + s * 1e-7 / q)
            return 0.4 * chain / (1 - 0.6 * chain)

        expected = inverse(lambda s: loop(s) * (1 - numpy.exp(-10 * s)) / s, times, 300)
        numpy.testing.assert_allclose(given["outlet"], expected, atol=1e-10)
        h = 1e-5
        row = tables["moments"][0]
        self.assertAlmostEqual(row["mean"], (math.log(loop(-h).real) - math.log(loop(h).real)) / (2 * h), delta=1e-3)
        self.assertAlmostEqual(row["share"], 1, delta=1e-12)


class Switching(Runs):
    def test_plug_flow_may_be_cut(self):
        """Without dispersion, two columns are the whole; its outlet is known in closed form."""
        units = {"feed": pulse(), "one": lumped(0.5, dispersion=0), "two": lumped(0.5, dispersion=0), "outlet": {"outlet": True}}
        slow = {"adsorption_rate": 12, "desorption_rate": 1}
        for name in ("one", "two"):
            units[name]["binding"] = slow
        _, given, times, _ = self.solve(units, [{"until": 500, "connections": pipe("feed", "one", "two", "outlet")}], accuracy=1e-5)
        single = {"problem": "chromatography", "output": {"folder": "out"},
                  "chromatography": {"components": ["a"], "column": {"model": "lumped_rate", "length": 1, "total_porosity": 0.6},
                                     "flow": {"velocity": "1/30"}, "binding": slow,
                                     "inlet": [{"until": 10, "concentration": 1}, {"until": 500, "concentration": 0}]}}
        with open(self.path("deck.yaml"), "w") as file:
            json.dump(single, file)
        self.expect(0, "run", self.path("deck.yaml"), "--overwrite")
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            numpy.testing.assert_allclose(given["outlet"], file["series/outlet"][:, 0], atol=1e-5)

    def test_reversal_from_the_beginning_changes_nothing(self):
        units = {"feed": pulse(), "column": column(), "outlet": {"outlet": True}}
        sections = [{"until": END, "connections": pipe("feed", "column", "outlet")}]
        _, ahead, _, _ = self.solve(units, sections, method="numeric", accuracy=1e-4)
        _, back, _, _ = self.solve(units, [dict(sections[0], reversed="column")], method="numeric", accuracy=1e-4)
        numpy.testing.assert_array_equal(ahead["outlet"], back["outlet"])

    def test_what_is_turned_round_leaves_where_it_came_in(self):
        """In equilibrium and nearly without dispersion, after as long a way back as it had gone."""
        units = {"feed": pulse(600, width=20), "column": lumped(dispersion=1e-6), "outlet": {"outlet": True}}
        units["column"]["binding"] = {"adsorption_rate": 4, "desorption_rate": 1, "kinetic": False}
        chain = pipe("feed", "column", "outlet")
        sections = [{"until": 100, "connections": chain}, {"until": 150, "connections": []}, {"until": 600, "connections": chain, "reversed": ["column"]}]
        _, given, t, tables = self.solve(units, sections, accuracy=1e-3, output={"save_every": 0.5})
        c = given["column"] * (t > 150)
        self.assertAlmostEqual(numpy.sum(c * t) / numpy.sum(c), 150 + 100 - 10, delta=0.3)
        self.assertAlmostEqual(tables["amounts"][0]["amount"] / 20e-8, 1, delta=1e-9)

    def test_a_restart_leaves_a_uniform_state_as_it_is(self):
        """A saturated column: other flows, a rest and a reversal change nothing, to rounding."""
        units = {"feed": {"inlet": [{"until": 400, "concentration": 1}]}, "outlet": {"outlet": True},
                 "column": column(initial={"concentration": 1, "adsorbed": 35.5})}
        chain = pipe("feed", "column", "outlet")
        fast = pipe("feed", "column", "outlet", flow=3e-8)
        sections = [{"until": 100, "connections": chain}, {"until": 200, "connections": fast, "reversed": "column"}, {"until": 300, "connections": []},
                    {"until": 400, "connections": chain}]
        _, given, _, _ = self.solve(units, sections, accuracy=1e-4)
        self.assertLess(numpy.abs(given["column"] - 1).max(), 1e-11)

    def test_rank_counts_give_the_same_bits(self):
        units = {"feed": pulse(300), "column": lumped(), "pump": {"cstr": 1e-7}, "outlet": {"outlet": True}}
        sections = [{"until": 20, "connections": pipe("feed", "column", "outlet")}, {"until": 300, "connections": pipe("column", "pump", "column")}]
        _, one, _, _ = self.solve(units, sections, accuracy=1e-3)
        for ranks in (2, 3):
            _, other, _, _ = self.solve(units, sections, accuracy=1e-3, ranks=ranks)
            for name in one:
                numpy.testing.assert_array_equal(one[name], other[name])


class Refusals(Runs):
    def test_messages(self):
        units = {"feed": pulse(), "column": column(), "outlet": {"outlet": True}, "tank": {"cstr": 1e-7}}
        chain = pipe("feed", "column", "outlet")

        def refuse(message, changed=None, connections=chain, **keys):
            self.assertIn(message, self.solve(dict(units, **(changed or {})), [{"until": END, "connections": connections}], code=2, **keys))

        refuse("flow into 'column', but", connections=chain[:1])
        refuse("there is no unit 'colum'; units: column, feed, outlet, tank", connections=pipe("feed", "colum"))
        refuse("nothing flows into the inlet 'feed'", connections=pipe("tank", "feed"))
        refuse("'tank' runs dry at 10 s", connections=chain + pipe("tank", "outlet"))
        refuse("has more than one of inlet, cstr, outlet and column", {"tank": {"cstr": 1e-7, "outlet": True}})
        refuse("is neither inlet, cstr nor outlet", {"tank": {}})
        refuse("ends at 100 s, before the run does", {"feed": pulse(100)})
        refuse("units.column.binding.capacity: missing", {"column": column(binding={"model": "langmuir", "affinity": 1, "desorption_rate": 1})})
        no_area = column()
        del no_area["column"]["cross_section"]
        refuse("column.cross_section: missing", {"column": no_area})
        refuse("chromatography.flow: belongs to a single column", flow={"velocity": 1})
        refuse("chromatography.inlet: belongs to a single column", inlet=units["feed"]["inlet"])
        refuse("units.feed.inlet.0.temperature: networks are isothermal",
               {"feed": {"inlet": [{"until": END, "concentration": 1, "temperature": 300}]}})
        refuse("finite_volume solves single columns", solver={"scheme": "finite_volume"})
        refuse("chromatography.sensitivities: belongs to a single column", sensitivities=["column.length"])
        self.solve(units, [{"until": END, "connections": chain}])
        shown = self.expect(0, "show", self.path("deck.yaml"))  # every key with its value is no mistake
        self.assertIn("taylor_aris: false", shown)
        self.write("shown.yaml", shown)
        self.expect(0, "check", self.path("shown.yaml"))
        refuse("semi_analytic cannot do this network", {"tank": {"cstr": 0}}, connections=pipe("feed", "tank", "outlet"), method="semi_analytic")


if __name__ == "__main__":
    support.main()
