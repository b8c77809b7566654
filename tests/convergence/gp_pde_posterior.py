"""How sure gp_pde is of a solution: variances against one dense posterior, samples against variances, rank counts."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import gp_pde  # noqa: E402
import support  # noqa: E402


def dense_variance(x, length, noise):
    """Posterior variance at x of a process with covariance exp(-t^2 / length^2), given u at 0 and 1 exactly and u'' at x
    with noise: the textbook formula, by one dense matrix of all observations."""
    rho = 1 / length**2

    def k(t, order):
        g = numpy.exp(-rho * t**2)
        return g * (1 if order == 0 else 4 * rho**2 * t**2 - 2 * rho if order == 2 else
                    12 * rho**2 - 48 * rho**3 * t**2 + 16 * rho**4 * t**4)

    ends = numpy.array([0.0, 1.0])
    apart = lambda a, b: a[:, None] - b[None]  # noqa: E731
    observed = numpy.block([[k(apart(ends, ends), 0), k(apart(ends, x), 2)],
                            [k(apart(x, ends), 2), k(apart(x, x), 4) + noise**2 * numpy.eye(len(x))]])
    cross = numpy.hstack([k(apart(x, ends), 0), k(apart(x, x), 2)])
    return 1 - numpy.sum(cross * numpy.linalg.solve(observed, cross.T).T, axis=1)


class Posterior(gp_pde.Runs):
    def fields(self, *names):
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            return [file[f"fields/{name}"][...] for name in names] + [file["grid/x"][...]]

    LINE = ("gp_pde.domain={x: [0, 1]}", "gp_pde.grid={x: 60}", "gp_pde.exact=sin(7*x)",
            "gp_pde.covariance={spectrum: squared_exponential, components: {x: [{weight: 1, scale: 0.15}]}}",
            "output.fields=[solution, variance]")

    def test_variance_equals_the_dense_posterior(self):
        """To 1e-3 of the largest: the dense matrix has a condition of 1e7, and differences of it are looked at."""
        self.solve("first", *self.LINE, "gp_pde.uncertainty={noise: 3}")
        variance, x = self.fields("variance")
        expected = dense_variance(x, 0.15, 3.0)
        self.assertGreater(expected.max(), 1e-6)
        self.assertLess(numpy.abs(variance - expected).max(), 1e-3 * expected.max())

    def test_samples_have_the_variance(self):
        """512 samples: a relative standard deviation of 6 %, and a core of 24 x 24 that is solved in tens of iterations."""
        exact, _ = self.solve("poisson_2d_variance")
        variance, _ = self.fields("variance")
        drawn, _ = self.solve("poisson_2d_variance", "gp_pde.uncertainty={noise: 0.05, method: samples, samples: 512}")
        sampled, _ = self.fields("variance")
        self.assertEqual((exact["variance_is_exact"], drawn["variance_is_exact"]), (1, 0))
        self.assertLess(drawn["sample_iterations"], 100)
        ratio = sampled / variance
        self.assertLess(abs(ratio.mean() - 1), 0.1)
        self.assertGreater(numpy.percentile(ratio, 2), 0.7)
        self.assertLess(numpy.percentile(ratio, 98), 1.35)

    def test_ranks_agree(self):
        results = []
        for ranks in (None, 3):
            self.solve("poisson_2d_variance", ranks=ranks)
            results.append(self.fields("variance", "sample_1", "solution"))
        for one, other in zip(*results):
            self.assertLess(numpy.abs(one - other).max(), 1e-5 * numpy.abs(one).max())
        variance, sample, solution, _ = results[0]
        self.assertGreater(numpy.abs(sample - solution).max(), 0.5 * numpy.sqrt(variance.max()))
        self.assertLess(numpy.abs(sample - solution).max(), 6 * numpy.sqrt(variance.max()))

    def test_more_noise_is_more_variance(self):
        means = []
        for noise in (0.01, 0.1, 1):
            self.solve("poisson_2d_variance", f"gp_pde.uncertainty.noise={noise}")
            means.append(self.fields("variance")[0].mean())
        self.assertLess(means[0], 0.2 * means[1])
        self.assertLess(means[1], 0.2 * means[2])

    def test_the_noise_must_be_known(self):
        printed = self.solve("first", "output.fields=[solution, variance]", code=2)
        self.assertRegex(printed, "variance needs to know how exact the source is")
        self.solve("poisson_1d_p3_evidence", "output.fields=[variance, solution]")


if __name__ == "__main__":
    support.main()
