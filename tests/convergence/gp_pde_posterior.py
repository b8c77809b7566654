"""How sure gp_pde is of a solution: variances against one dense posterior, samples against variances, rank counts."""

import os
import sys

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import gp_pde  # noqa: E402
import support  # noqa: E402


def dense_variance(x, length, noise, terms, conditions):
    """Posterior variance at x of a process with covariance exp(-t^2 / length^2): the textbook formula, by one dense matrix
    of all observations. `terms`, known at x with noise: pairs (coefficient at x, order of the derivative);
    `conditions`, known exactly: tuples (place, {order: weight})."""

    def derivative(t, order):
        root = 1 / length
        return (-root)**order * numpy.polynomial.hermite.hermval(root * t, [0] * order + [1]) * numpy.exp(-(root * t)**2)

    value = [(x, numpy.ones_like(x), 0)]
    ends = [[(numpy.array([place]), numpy.array([weight]), order) for order, weight in weights.items()]
            for place, weights in conditions]
    equation = [(x, coefficient * numpy.ones_like(x), order) for coefficient, order in terms]

    def covariance(one, other):
        return sum((-1)**q * a[:, None] * b[None] * derivative(s[:, None] - t[None], p + q)
                   for s, a, p in one for t, b, q in other)

    observed = [*ends, equation]
    matrix = numpy.block([[covariance(one, other) for other in observed] for one in observed])
    matrix[len(ends):, len(ends):] += noise**2 * numpy.eye(len(x))
    cross = numpy.hstack([covariance(value, other) for other in observed])
    return 1 - numpy.sum(cross * numpy.linalg.solve(matrix, cross.T).T, axis=1)


class Posterior(gp_pde.Runs):
    def fields(self, *names):
        with h5py.File(self.path("out", "results.h5"), "r") as file:
            return [file[f"fields/{name}"][...] for name in names] + [file["grid/x"][...]]

    LINE = ("gp_pde.domain={x: [0, 1]}", "gp_pde.grid={x: 60}", "gp_pde.exact=sin(7*x)",
            "gp_pde.covariance={spectrum: squared_exponential, components: {x: [{weight: 1, scale: 0.15}]}}",
            "output.fields=[solution, variance]")

    FIXED = ((0.0, {0: 1.0}), (1.0, {0: 1.0}))

    def assert_variance(self, terms, conditions, *sets):
        """To 1e-3 of the largest: the dense matrix has a condition of 1e7, and differences of it are looked at."""
        self.solve("first", *self.LINE, "gp_pde.uncertainty={noise: 3}", *sets)
        variance, solution, x = self.fields("variance", "solution")
        expected = dense_variance(x, 0.15, 3.0, terms(x, solution), conditions)
        self.assertGreater(expected.max(), 1e-6)
        self.assertLess(numpy.abs(variance - expected).max(), 1e-3 * expected.max())

    def test_variance_equals_the_dense_posterior(self):
        self.assert_variance(lambda x, u: [(1, 2)], self.FIXED)

    def test_coefficients_may_vary_and_slopes_be_given(self):
        """-u' + 2 u is known at the left end, u at the right one."""
        self.assert_variance(
            lambda x, u: [(1 + x**2, 2), (numpy.sin(3 * x), 1), (-4, 0)], ((0.0, {1: -1.0, 0: 2.0}), (1.0, {0: 1.0})),
            'gp_pde.equation={linear: [{coefficient: "1+x^2", d: {x: 2}}, {coefficient: "sin(3*x)", d: {x: 1}}, '
            '{coefficient: -4, d: {}}]}',
            "gp_pde.boundary={x_low: {condition: robin, factor: 2, value: from_exact}, x_high: from_exact}")

    def test_a_nonlinear_equation_counts_as_its_tangent(self):
        self.assert_variance(lambda x, u: [(1, 2), (3 * u**2 - 1, 0)], self.FIXED, "gp_pde.equation=allen_cahn")

    def test_samples_of_an_equation_in_space_and_time(self):
        """Heat with a diffusivity that varies, initial data and none at the final time: samples by iteration against the
        exact variance, which is made another way."""
        keys = ("gp_pde.domain={x: [0, 1], t: [0, 1]}", "gp_pde.grid={x: 32, t: 30}", "gp_pde.exact=exp(-t)*sin(3*x)",
                "gp_pde.equation={name: heat, diffusivity: 0.2+0.1*x}",
                "gp_pde.covariance={spectrum: squared_exponential, components: {x: [{weight: 1, scale: 0.3}], "
                "t: [{weight: 1, scale: 0.3}]}}", "output.fields=[solution, variance]")
        self.solve("first", *keys, "gp_pde.uncertainty={noise: 0.05, method: exact}", ranks=3)
        exact, _ = self.fields("variance")
        metrics, _ = self.solve("first", *keys, "gp_pde.uncertainty={noise: 0.05, method: samples, samples: 512}")
        sampled, _ = self.fields("variance")
        self.assertLess(metrics["sample_iterations"], 300)
        inside = exact > 1e-3 * exact.max()  # not the faces with data
        self.assertGreater(inside[:, -1].mean(), 0.5, "nothing is known of the final time but the equation")
        ratio = (sampled[inside] / exact[inside])
        self.assertLess(abs(ratio.mean() - 1), 0.1)
        self.assertGreater(numpy.percentile(ratio, 2), 0.7)
        self.assertLess(numpy.percentile(ratio, 98), 1.35)

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
