"""Runs of chromatography by its semi-analytic path: printed outlets, rank counts, a fit, and what is refused."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import support  # noqa: E402  (its folder is known only now)

INPUTS = os.path.join(HERE, "..", "..", "inputs", "chromatography")


class Runs(support.CommandLine):
    def solve(self, deck, *sets, ranks=None, code=0):
        """Runs a deck of inputs/chromatography with changed keys: the open results, or what was printed."""
        words = [word for one in ("output.folder=out", *sets) for word in ("--set", one)]
        printed = self.expect(code, "run", os.path.join(INPUTS, deck + ".yaml"), "--overwrite", *words, ranks=ranks)
        if code != 0:
            return printed
        file = h5py.File(self.path("out", "results.h5"), "r")
        self.addCleanup(file.close)
        self.assertEqual(file.attrs["complete"], 1)
        return file


class Benchmarks(Runs):
    """The linear benchmarks: outlets printed with thirteen digits."""

    OUTLETS = {
        "b1": {40: 7.618982350223e-2, 50: 4.512404432655e-1, 58: 4.397930689879e-1, 70: 8.700411567374e-2},
        "b2": {100: 1.547780106530e-3, 300: 2.212735333020e-2, 400: 2.504221641314e-2, 1000: 2.941158829261e-4},
        "b3": {100: 6.731361533398e-3, 300: 1.941689385299e-2, 400: 1.830024212387e-2, 1000: 1.221499500921e-3},
    }

    def test_outlets(self):
        for deck, outlets in self.OUTLETS.items():
            for ranks in (None, 3):
                with self.subTest(deck, ranks=ranks):
                    run = self.solve(deck, "chromatography.accuracy=1e-12", ranks=ranks)
                    times, outlet = run["time"][...], run["series/outlet"][:, 0]
                    for time, value in outlets.items():
                        self.assertAlmostEqual(outlet[numpy.argmin(abs(times - time))] / value, 1, delta=1e-11)
                    metrics = run["metrics"].attrs
                    self.assertEqual(metrics["method"].decode(), "semi_analytic")
                    self.assertLess(metrics["error_estimate"], 1e-12)
                    self.assertLess(metrics["mass_balance_error"], 1e-10)

    def test_errors_are_what_is_asked_for(self):
        """On the contour of fewer nodes that less accuracy takes, at uniform and at other times; the estimate tells."""
        for deck in self.OUTLETS:
            for times in ("output.save_every=2", "output={folder: out, times: [13, 20.5, 40, 47, 55, 60.3, 80, 99]}"):
                exact = self.solve(deck, "chromatography.accuracy=1e-12", times)
                for accuracy in (1e-3, 1e-6, 1e-9):
                    with self.subTest(deck, times=times, accuracy=accuracy):
                        run = self.solve(deck, f"chromatography.accuracy={accuracy}", times)
                        error = abs(run["series/outlet"][...] - exact["series/outlet"][...]).max()
                        estimate = run["metrics"].attrs["error_estimate"]
                        self.assertLessEqual(error, accuracy)
                        self.assertLessEqual(estimate, accuracy)
                        self.assertLessEqual(error, 3 * estimate + 1e-13)
                        self.assertLess(run["metrics"].attrs["mass_balance_error"], 1e-10)

    def test_peaks(self):
        table = self.solve("btex")["tables/peaks"][...]
        self.assertEqual([name.decode() for name in table["component"]],
                         ["benzene", "toluene", "ethylbenzene", "p+m-xylene", "o-xylene"])
        expected = [118.8922, 231.0421, 448.6999, 481.3532, 576.4492]
        self.assertLess(abs(table["retention"] - expected).max(), 2e-3)  # a parabola through samples 0.5 s apart
        amounts = numpy.array([1, 1, 1, 2, 1]) * 2.732e-6 * 4 * 101.3 / 401
        self.assertLess(abs(table["area"] / amounts - 1).max(), 1e-6)


class Breakthrough(Runs):
    def test_stoichiometric_time_and_loading(self):
        """Of linear sorption: tau (1 + (1 - e) / e (e_p + (1 - e_p) K)), and K times the feed."""
        run = self.solve("breakthrough", "chromatography.inlet.0.until=60 min", "chromatography.accuracy=1e-9")
        table = run["tables/breakthrough"][...]
        self.assertLess(abs(table["stoichiometric_time"] / [325, 775] - 1).max(), 1e-6)
        self.assertLess(abs(table["loading"] / [2, 4] - 1).max(), 1e-6)
        self.assertEqual(len(run["tables/peaks"]), 0)


class Gas(Runs):
    """Retention and widths against independently computed figures; a pulse of 0.5 s adds 0.25 s and 0.5^2 / 12 s^2."""

    def test_isothermal_peaks_have_their_full_shape(self):
        run = self.solve("gc_isothermal")
        self.assertEqual(run["metrics"].attrs["method"].decode(), "semi_analytic")
        times, outlet = run["time"][...], run["series/outlet"][...]
        for k, (retention, deviation) in enumerate([(326.8828, 1.26309), (434.6405, 1.61823), (442.3428, 1.64748),
                                                    (505.5210, 1.88756)]):
            weight = outlet[:, k] / outlet[:, k].sum()
            mean = (weight * times).sum()
            spread = numpy.sqrt((weight * (times - mean) ** 2).sum() - 0.25 / 12)
            # expansion with dispersion shifts the mean by (1 + k') D / u (1 / u_L - 1 / u_0), 1e-3 s
            self.assertAlmostEqual(mean, retention + 0.25, delta=1.5e-3)
            self.assertAlmostEqual(spread / deviation, 1, delta=3e-4)   # theirs has 4 g/mol for helium

    def test_programme(self):
        run = self.solve("gc_programme", "chromatography.inlet.0.until=1e-3")
        self.assertEqual(run["metrics"].attrs["method"].decode(), "programme")
        table = run["tables/peaks"][...]
        self.assertLess(abs(table["retention"] - [403.0585, 507.3591, 512.3632, 551.1549]).max(), 2e-3)
        deviations = table["width"] / numpy.sqrt(8 * numpy.log(2))
        self.assertLess(abs(deviations / [1.09055, 1.16521, 1.16740, 1.21320] - 1).max(), 2e-3)  # samples of 0.1 s
        self.assertLess(run["metrics"].attrs["mass_balance_error"], 1e-10)

    def test_constant_programme_is_isothermal(self):
        isothermal = self.solve("gc_isothermal")["tables/peaks"][...]
        programme = self.solve("gc_isothermal", "chromatography.gas.temperature=353.15 + 1e-9*t")["tables/peaks"][...]
        self.assertLess(abs(programme["width"] / isothermal["width"] - 1).max(), 1e-3)  # skewness is what a normal law lacks
        self.assertLess(abs(programme["area"] / isothermal["area"] - 1).max(), 1e-4)

    def test_refusals(self):
        law = "{characteristic_temperature: 60 degC, theta: 28 K, formula: C7H8, range: [300 K, 400 K]}"
        gas = f"chromatography.gas={{temperature: 313.15 + t/6, retention: [{law}]}}"
        for sets, says in (
                ([gas, "chromatography.components=[toluene]"], "toluene has no retention law at 400."),
                (["chromatography.components=[toluene, decane]"], "has no retention law of decane on phase Rxi17SilMS"),
                (["chromatography.gas.inlet_pressure=150e3 - 100*t"], "nothing flows at 487"),
                (["chromatography.binding={adsorption_rate: [1], desorption_rate: [1]}"], "follows from gas"),
                (["chromatography.gas.temperature=300 - t"], "K at 300")):
            with self.subTest(says):
                printed = self.solve("gc_programme", *sets, code=2)
                self.assertIn(says, printed)
        printed = self.solve("gc_programme", "chromatography.inlet.1.until=520 s", code=3)
        self.assertIn("o-xylene has not left by 520 s", printed)


class Fit(Runs):
    def test_rates_of_five_compounds(self):
        """From one noisy chromatogram and far start values: retention factors within 0.1 %, rates within three standard
        errors of what made the data, in ten iterations at most."""
        truth = {"benzene": (579, 5.299), "toluene": (2953, 11.502), "ethylbenzene": (9203, 16.940),
                 "p+m-xylene": (6483, 11.057), "o-xylene": (10168, 14.291)}
        run = self.solve("btex_fit")
        self.assertLessEqual(run["metrics"].attrs["iterations"], 10)
        self.assertAlmostEqual(run["metrics"].attrs["residual_variance"], 9, delta=1.2)  # 9 sqrt(2 / 1390) = 0.34
        seen = 0
        for row in run["tables/fit"][...]:
            name, component = row["parameter"].decode(), row["component"].decode()
            if component not in truth:
                continue
            ka, kd = truth[component]
            if name == "retention_factor":
                self.assertAlmostEqual(row["value"] / (2 / 90 * ka / kd), 1, delta=1e-3)
            else:
                self.assertLess(abs(row["value"] - (ka if "adsorption" in name else kd)), 3 * row["standard_error"])
            seen += 1
        self.assertEqual(seen, 15)
        self.assertLess(abs(run["fit/1/residual"][...].mean()), 0.01)


class Refusals(Runs):
    """Each mistake in the deck is one message, ends with code 2 and leaves nothing behind."""

    def refuse(self, deck, *sets, says):
        printed = self.solve(deck, *sets, code=2)
        self.assertIn(says, printed)
        self.assertFalse(os.path.exists(self.path("out")), "something was written")
        return printed

    def test_values_out_of_range(self):
        for key, value, says in (
                ("column.total_porosity", "1.2", "must be > 0 and < 1, got 1.2"),
                ("column.total_porosity", "0", "must be > 0 and < 1, got 0"),
                ("binding.desorption_rate", "[-1]", "must be > 0"),
                ("inlet.1.until", "5", "is not after the section before it"),
                ("inlet.0.until", "1e-9", "too short to be resolved"),
                ("binding.adsorption_rate", "[1, 2]", "2 values for 1 components"),
                ("column.pore_diffusion", "[1e-11]", "belongs to general_rate only"),
                ("flow.inlet_pressure", "1e5", "belongs to compressible carriers only"),
                ("components", "[a, a]", "given twice")):
            with self.subTest(key, value=value):
                printed = self.refuse("b1", f"chromatography.{key}={value}", says=says)
                self.assertIn(f"chromatography.{key.rsplit('.', 1)[0]}", printed)

    def test_pressures(self):
        self.refuse("btex", "chromatography.flow.outlet_pressure=500 kPa", says="is not below the inlet's")
        self.refuse("btex", "chromatography.flow.inlet_pressure=", says="missing; a compressible carrier needs it")

    def test_saved_times(self):
        self.refuse("b1", "output.times=[1, 1]", "output.save_every=", says="must be later")
        self.refuse("b1", "output.times=[1, 200]", "output.save_every=", says="the inlet ends at 100 s")

    def test_fronts_too_steep_for_the_transform(self):
        self.refuse("b2", "chromatography.dispersion=[0]", "chromatography.column.length=1 mm",
                    "chromatography.method=semi_analytic", says="so steep that the transform does not decay")

    def test_data(self):
        data = "chromatography.fit.data"
        self.write("gap.csv", "t,y\n0,1\n2,1\n1,1\n3,1\n4,1\n5,1\n6,1\n7,1\n8,1\n")
        self.refuse("btex_fit", f"{data}=[{{file: {self.path('gap.csv')}}}]", says="times must rise, but row 3")
        self.refuse("btex_fit", f"{data}.0.time_unit=min", says="Are they in another unit?")
        self.refuse("btex_fit", f"{data}.0.time_unit=m", says="time_unit")
        self.refuse("btex_fit", f"{data}=[{{file: missing.csv}}]", says="there is no file")
        self.refuse("btex_fit", "chromatography.fit.parameters=[binding.speed]", says="there is no key binding.speed")


if __name__ == "__main__":
    support.main()
