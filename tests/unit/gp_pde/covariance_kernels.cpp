#include "problems/gp_pde/covariance_kernels.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/gp_pde/evidence.hpp"

namespace {

using namespace kroma::gp_pde;

double value(MixtureKind kind, MixtureComponent const& component, DerivativeSum const& sum, double t) {
  return ComponentKernel{kind, component, sum}(t).value;
}

// Verifies: derivatives of a component's covariance with respect to its hyper-parameters against central differences
// (step 1e-5: error about 1e-9), at t = 0 as well, for an operator with all orders.
TEST(CovarianceKernels, GradientsByHyperParameters) {
  auto const sum = covariance_of({0.7, 0.3, 0.2}, {0.5, -0.4, 0.1});
  double const step = 1e-5;
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    for (double const t : {-0.6, 0.0, 0.21, 1.3}) {
      MixtureComponent const c{0.8, 1.7, 0.6};
      auto const jet = ComponentKernel{kind, c, sum}(t);
      auto const slope = [&](MixtureComponent const& up, MixtureComponent const& down) {
        return (value(kind, up, sum, t) - value(kind, down, sum, t)) / (2 * step);
      };
      double const longer = c.length * std::exp(step), shorter = c.length * std::exp(-step), size = 50;
      EXPECT_DOUBLE_EQ(jet.log_weight, jet.value);
      EXPECT_NEAR(jet.log_length, slope({0.8, 1.7, longer}, {0.8, 1.7, shorter}), 1e-8 * size) << t;
      EXPECT_NEAR(jet.frequency, slope({0.8, 1.7 + step, 0.6}, {0.8, 1.7 - step, 0.6}), 1e-8 * size) << t;
    }
  }
}

// Verifies: cov(Lu, Mu) of operators that differ, against the derivatives one by one.
TEST(CovarianceKernels, OperatorsOnBothSides) {
  MixtureComponent const c{0.8, 1.7, 0.6};
  auto const k = [&](int order, double t) { return covariance(MixtureKind::gaussian, {c}, t, order); };
  double const t = 0.4;
  // L = 2 + d, M = 3 d + 5 d^2: the derivatives in the second argument alternate in sign
  double const expected = 2 * (-3 * k(1, t) + 5 * k(2, t)) + (-3 * k(2, t) + 5 * k(3, t));
  EXPECT_NEAR(value(MixtureKind::gaussian, c, covariance_of({2, 1, 0}, {0, 3, 5}), t), expected, 1e-10);
}

/// Two fibres of u'' - 4 u on `nodes`, u = sin(omega x + phase), scaled to 1, and u at both ends.
FibreData two_fibres(std::vector<double> nodes, double omega) {
  FibreData data;
  double const size = 4 + omega * omega;
  data.symbol = {-4 / size, 0, 1 / size};
  data.ends = {0, 1};
  for (double const phase : {0.0, 1.5}) {
    std::vector<double> fibre;
    for (double const x : nodes) fibre.push_back(-std::sin(omega * x + phase));
    data.fibres.push_back(fibre);
    data.values.push_back({std::sin(phase), std::sin(omega + phase)});
  }
  data.nodes = std::move(nodes);
  return data;
}

std::vector<double> equal_steps(int n) {
  std::vector<double> nodes;
  for (int i = 0; i < n; ++i) nodes.push_back((i + 0.5) / n);
  return nodes;
}

// Verifies: gradient of the negative log evidence against central differences, on equal and unequal steps.
TEST(Evidence, GradientAgainstDifferences) {
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    for (bool const equal : {true, false}) {
      auto nodes = equal_steps(17);
      if (!equal) {
        for (double& x : nodes) x += 0.02 * std::sin(20 * x);
      }
      MixtureParameters const parameters{kind, 1.0};
      Evidence const evidence{two_fibres(nodes, 9), parameters};
      auto const x = parameters.pack({{0.5, 1.2, 0.5}, {0.3, 0.4, 0.8}}, 1e-3);
      std::vector<double> gradient(x.size()), unused(x.size());
      evidence(x, gradient);
      for (std::size_t i = 0; i < x.size(); ++i) {
        double const step = 1e-5;
        auto up = x, down = x;
        up[i] += step;
        down[i] -= step;
        double const slope = (evidence(up, unused) - evidence(down, unused)) / (2 * step);
        EXPECT_NEAR(gradient[i], slope, 1e-6 * std::max(1.0, std::abs(slope))) << i;
      }
    }
  }
}

// Verifies: the largest evidence is at the frequency of the data, 40 / (2 pi) cycles.
TEST(Evidence, FindsTheFrequency) {
  MixtureParameters const parameters{MixtureKind::gaussian, 1.0};
  Evidence const evidence{two_fibres(equal_steps(40), 40), parameters};
  auto x = parameters.pack({{1.0, 6.0, 0.5}, {0.1, 0.0, 0.3}}, 1e-4);
  auto const box = mixture_box(parameters, x, 0.02, 2.0, 20.0, false);
  auto const report = kroma::solve::minimise("test_", evidence, box, {1e-3, 1e-6, 0, 200, 2000}, x);
  EXPECT_LT(report.value, report.history.front());
  auto const learned = parameters.components(x);
  EXPECT_NEAR(learned[0].frequency, 40 / (2 * 3.14159265358979), 0.05);
}

}  // namespace
