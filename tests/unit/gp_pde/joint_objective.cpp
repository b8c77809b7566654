#include "problems/gp_pde/joint_objective.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace kroma::gp_pde;
using kroma::HostMatrix;
using std::numbers::pi;

std::vector<double> linspace(double low, double high, int n) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(low + (high - low) * i / (n - 1));
  return x;
}

/// Poisson's equation with solution prod sin(omega x_d), and a reaction if wanted.
JointProblem sines(MixtureKind kind, std::vector<int> const& n, double omega, double reaction, int components) {
  JointProblem problem;
  problem.kind = kind;
  problem.components = components;
  problem.reaction = reaction;
  for (int const size : n) {
    problem.nodes.push_back(linspace(0, 2 * pi, size));
    problem.diffusion.push_back(1.0);
  }
  auto const columns = n.size() == 1 ? 1 : static_cast<std::size_t>(n[1]);
  problem.source = HostMatrix{"source", static_cast<std::size_t>(n[0]), columns};
  problem.boundary = HostMatrix{"boundary", static_cast<std::size_t>(n[0]), columns};
  for (std::size_t i = 0; i < problem.nodes[0].size(); ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      double u = std::sin(omega * problem.nodes[0][i]);
      if (n.size() == 2) u *= std::sin(omega * problem.nodes[1][j]);
      problem.boundary(i, j) = u;
      problem.source(i, j) = (reaction - static_cast<double>(n.size()) * omega * omega) * u;
    }
  }
  return problem;
}

/// A point away from the start, where no term of the gradient vanishes.
std::vector<double> somewhere(JointObjective const& objective) {
  auto x = objective.start(3.0);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += 0.3 * std::sin(1.7 * static_cast<double>(i) + 0.4);
  return x;
}

void expect_gradient(JointProblem const& problem) {
  JointObjective const objective{problem};
  auto const x = somewhere(objective);
  std::vector<double> gradient(x.size()), unused(x.size());
  objective(x, gradient);
  double largest = 0;
  for (double g : gradient) largest = std::max(largest, std::abs(g));
  for (std::size_t i = 0; i < x.size(); ++i) {
    double const step = 1e-5;
    auto up = x, down = x;
    up[i] += step;
    down[i] -= step;
    double const slope = (objective(up, unused) - objective(down, unused)) / (2 * step);
    // rounding of J (about 1e-16 |J| cond) over the step, and the third derivative
    EXPECT_NEAR(gradient[i], slope, 2e-6 * largest + 1e-5 * std::abs(slope)) << "unknown " << i;
  }
}

// Verifies: the gradient by values, precisions and hyper-parameters against central differences, in 1-D and 2-D. A
// jitter of 1e-2 keeps the matrices well conditioned, so that differences mean something.
TEST(JointObjective, GradientAgainstDifferences) {
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    for (auto const& n : {std::vector{13}, std::vector{7, 9}}) {
      auto problem = sines(kind, n, 2.0, 0.7, 3);
      problem.jitter = 1e-2;
      problem.diffusion.back() = 1.3;
      expect_gradient(problem);
    }
  }
}

// Verifies: log J of the published runs as first logged, to the digits printed: 1-D sin 100 x and 2-D sin 100 x sin 100
// y, Student-t mixture, 400 nodes an axis, highest frequency 20.
TEST(JointObjective, PublishedFirstValues) {
  JointObjective const line{sines(MixtureKind::student_t, {400}, 100, 0, 30)};
  std::vector<double> gradient(line.size());
  EXPECT_NEAR(std::log(line(line.start(20), gradient)), 23.0233477, 5e-8);
  JointObjective const plane{sines(MixtureKind::student_t, {400, 400}, 100, 0, 30)};
  gradient.resize(plane.size());
  EXPECT_NEAR(std::log(plane(plane.start(20), gradient)), 29.7054563, 5e-8);
}

// Verifies: the mean at the nodes is the values there, up to the jitter's share.
TEST(JointObjective, PredictsItsOwnValues) {
  auto problem = sines(MixtureKind::gaussian, {12, 11}, 1.0, 0, 4);
  problem.jitter = 1e-9;
  JointObjective const objective{problem};
  auto x = objective.start(1.0);
  std::copy_n(problem.boundary.data(), problem.boundary.size(), x.begin());
  auto const mean = objective.predict(x, problem.nodes);
  for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(mean.data()[i], problem.boundary.data()[i], 1e-5);
}

}  // namespace
