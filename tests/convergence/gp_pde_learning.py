"""Covariances of gp_pde that are learned: what is found, what it is good for, and what is refused."""

import os
import sys

import h5py

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import gp_pde  # noqa: E402
import support  # noqa: E402


class Learning(gp_pde.Runs):
    def spectrum(self):
        """Rows of /tables/spectrum of the last run: (axis, frequency, pruned), the heaviest first."""
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            rows = sorted(file["tables/spectrum"][...], key=lambda row: -row["weight"])
        return [(row["axis"].decode(), row["frequency"], row["pruned"]) for row in rows]

    def test_evidence_finds_the_frequencies(self):
        """Two frequencies 12 / L apart, each to a hundredth of 1 / L; the component that starts at 0 is pruned."""
        metrics, _ = self.solve("poisson_1d_p3_evidence")
        self.assertLess(metrics["relative_l2"], 1e-9)
        spectrum = self.spectrum()
        kept = sorted(frequency for _, frequency, pruned in spectrum if not pruned)
        self.assertEqual(len(kept), 2, spectrum)
        self.assertAlmostEqual(kept[0], 94 / 6.283185307, delta=1.6e-3)
        self.assertAlmostEqual(kept[1], 106 / 6.283185307, delta=1.6e-3)
        self.assertEqual([pruned for _, _, pruned in spectrum], [0, 0, 1])
        self.assertIn("log_evidence", metrics)

    def test_evidence_on_every_axis(self):
        for ranks in (None, 3):
            metrics, _ = self.solve("poisson_2d_q1_evidence", ranks=ranks)
            self.assertLess(metrics["relative_l2"], 1e-10)
            for name in "xy":
                heaviest = next(row for row in self.spectrum() if row[0] == name)
                self.assertAlmostEqual(heaviest[1], 100 / 6.283185307, delta=1e-2)
            self.assertNotIn("log_evidence", metrics, "of lines alone: one number for each axis, none for the whole")

    def test_whittle_finds_the_frequencies(self):
        """By the periodogram, whose frequencies are 1 / L apart: to half of that. On one and two axes, 1 and 2 ranks."""
        metrics, _ = self.solve("poisson_1d_p3_evidence", "gp_pde.covariance.learn=whittle")
        self.assertLess(metrics["relative_l2"], 1e-9)
        kept = sorted(frequency for _, frequency, pruned in self.spectrum() if not pruned)
        self.assertAlmostEqual(kept[-2], 94 / 6.283185307, delta=0.08)
        self.assertAlmostEqual(kept[-1], 106 / 6.283185307, delta=0.08)
        for ranks in (None, 2):
            metrics, _ = self.solve("poisson_2d_q1_evidence", "gp_pde.covariance.learn=whittle", ranks=ranks)
            self.assertLess(metrics["relative_l2"], 1e-10)
            for name in "xy":
                heaviest = next(row for row in self.spectrum() if row[0] == name)
                self.assertAlmostEqual(heaviest[1], 100 / 6.283185307, delta=0.08)

    def test_more_evidence_than_a_wrong_frequency(self):
        """The search starts at given components; from a wrong frequency that it cannot leave it ends with less evidence."""
        right, _ = self.solve("poisson_1d_p3_evidence")
        wrong, _ = self.solve("poisson_1d_p3_evidence", "gp_pde.covariance.spectrum=squared_exponential")
        self.assertGreater(right["log_evidence"], wrong["log_evidence"] + 100)

    def test_nothing_to_learn_without_a_source(self):
        metrics, _ = self.solve("first", "gp_pde.exact=x*y", "gp_pde.covariance=gaussian")
        self.assertLess(metrics["relative_l2"], 1e-9)

    def test_single_envelopes(self):
        metrics, _ = self.solve("reaction_1d_matern52")
        self.assertLess(metrics["relative_l2"], 1e-7)
        metrics, _ = self.solve("reaction_1d_matern52", "gp_pde.covariance={spectrum: squared_exponential}")
        self.assertLess(metrics["relative_l2"], 1e-9)

    SMALL = ("gp_pde.grid.x=120", "gp_pde.exact=sin(10*x)", "gp_pde.covariance.joint={steps: 400, components: 6, highest_frequency: 4}")

    def test_published_training_learns(self):
        """The mean starts at 0, an error of 1; 400 steps of 0.01 bring it to a third."""
        metrics, _ = self.solve("poisson_1d_p1_joint", *self.SMALL)
        self.assertLess(metrics["relative_l2"], 1e-9)
        self.assertLess(metrics["training_best_relative_l2"], 0.5)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            training = file["tables/training"][...]
            self.assertEqual(len(file["tables/spectrum"]), 6)
        self.assertEqual(training["step"][-1], 400)
        self.assertLess(training["objective"][-1], 0.1 * training["objective"][0])

    def test_published_training_in_the_plane(self):
        metrics, _ = self.solve("poisson_2d_q1", "gp_pde.grid={x: 40, y: 30}", "gp_pde.exact=sin(4*x)*sin(3*y)",
                                "gp_pde.covariance={spectrum: gaussian, learn: joint, joint: {steps: 300, components: 5, highest_frequency: 2}}")
        self.assertLess(metrics["relative_l2"], 1e-9)
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            objective = file["tables/training"]["objective"][...]
        self.assertLess(objective[-1], 0.5 * objective[0])

    def test_training_stops_and_goes_on(self):
        """Half and half is the whole, to the last bit."""
        deck = os.path.join(gp_pde.INPUTS, "poisson_1d_p1_joint.yaml")
        small = [word for one in self.SMALL for word in ("--set", one)]
        self.expect(0, "run", deck, "--set", "output.folder=whole", *small, ranks=2)
        self.expect(4, "run", deck, "--set", "output.folder=halves", "--stop-after", "1e-9 s", *small, ranks=2)
        self.expect(0, "run", deck, "--set", "output.folder=halves", "--resume", *small, ranks=2)
        spectra = []
        for folder in ("whole", "halves"):
            with h5py.File(self.path(folder, "results.h5"), "r") as file:
                spectra.append((file["tables/spectrum"]["frequency"][...].tolist(), file["tables/training"]["objective"][...].tolist()))
        self.assertEqual(spectra[0], spectra[1])

    def test_refusals(self):
        for covariance, said in (("{spectrum: band, learn: evidence}", "give spectrum gaussian or student_t"),
                                 ("{spectrum: matern52, learn: joint}", "published training of a mixture"),
                                 ("{spectrum: matern52, components: {x: [{frequency: 2}]}}", "frequency 0"),
                                 ("{spectrum: gaussian, learn: joint, components: {x: [{}]}}", "its own starting values"),
                                 ("{spectrum: gaussian, learn: none}", "none needs components"),
                                 ("{spectrum: gaussian, learn: support}", "only the bands of spectrum band")):
            self.assertRegex(self.solve("poisson_1d_p1", f"gp_pde.covariance={covariance}", code=2), said)
        self.assertIn("needs uniform nodes", self.solve("poisson_1d_p1_joint", "gp_pde.nodes=chebyshev", code=2))


if __name__ == "__main__":
    support.main()
