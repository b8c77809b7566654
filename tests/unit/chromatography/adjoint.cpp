#include "problems/chromatography/adjoint.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "unit/chromatography/directions.hpp"

namespace kroma::chromatography {
namespace {

template <class S>
std::vector<S> waves(Layout const& l, double phase) {
  std::vector<S> x(l.size(), S(0.0));
  for (int e = 0; e < l.elements; ++e) {
    for (std::size_t v = 0; v < static_cast<std::size_t>(l.nodes * l.width()); ++v) {
      auto const k = l.at(e / kWidth, 0) + v;
      double const value = std::sin(0.7 * static_cast<double>(k) + phase + 1.3 * (e % kWidth));
      if constexpr (std::is_same_v<S, Pack>) {
        x[k][e % kWidth] = value;
      } else {
        x[k].re[e % kWidth] = value;
        x[k].im[e % kWidth] = std::cos(2 * value);
      }
    }
  }
  return x;
}

template <class S>
Complex<double> product(std::vector<S> const& a, std::vector<S> const& b) {
  Complex<double> sum{0, 0};
  for (std::size_t k = 0; k < a.size(); ++k) {
    auto const term = a[k] * b[k];
    for (int lane = 0; lane < kWidth; ++lane) {
      if constexpr (std::is_same_v<S, Pack>) {
        sum.re += term[lane];
      } else {
        sum.re += term.re[lane];
        sum.im += term.im[lane];
      }
    }
  }
  return sum;
}

struct System {
  Discretisation d;
  SorptionJacobian jacobian;

  System(Column const& column, Sorption const& sorption, Resolution const& resolution)
      : d{column, sorption, resolution} {
    auto const& l = d.layout();
    auto y = waves<Pack>(l, 0.2);
    for (auto& x : y) x = Pack(0.3) + Pack(0.1) * x;
    jacobian.by_c.resize(l.points() * static_cast<std::size_t>(l.places * l.bound * l.components));
    jacobian.by_q.resize(l.points() * static_cast<std::size_t>(l.places * l.bound * l.bound));
    d.sorption_jacobian(y.data(), jacobian.by_c.data(), jacobian.by_q.data());
  }
};

/// |<a, S b> - <S^T a, b>| relative, of the condensed inverse at a shift.
template <class S>
double asymmetry(System& s, typename Number<S>::Single shift) {
  Condensation<S> solver{s.d};
  solver.factor(s.d, s.jacobian, shift);
  auto const a = waves<S>(s.d.layout(), 0.3), b = waves<S>(s.d.layout(), 1.1);
  auto forth = b, back = a;
  solver.solve(s.d, forth.data());
  solver.solve_transposed(s.d, back.data());
  auto const x = product(a, forth), y = product(back, b);
  return std::hypot(x.re - y.re, x.im - y.im) / std::hypot(x.re, x.im);
}

/// The same of J and of E.
double asymmetry_of_operators(System& s) {
  auto const a = waves<Pack>(s.d.layout(), 0.3), b = waves<Pack>(s.d.layout(), 1.1);
  auto forth = b, back = a;
  s.d.linearised_rates(s.jacobian.by_c.data(), s.jacobian.by_q.data(), b.data(), forth.data());
  s.d.transposed_rates(s.jacobian.by_c.data(), s.jacobian.by_q.data(), a.data(), back.data());
  double const x = product(a, forth).re, y = product(back, b).re;
  s.d.to_totals(b.data(), forth.data());
  s.d.from_totals(a.data(), back.data());
  double const u = product(a, forth).re, v = product(back, b).re;
  return std::max(std::abs(x - y) / std::abs(x), std::abs(u - v) / std::abs(u));
}

// Verifies: transposed operators and solves are those of the operators and solves, in every model, with several kinds
// of particles, surface diffusion, equilibrium, and elements that do not fill the last pack.
TEST(Adjoint, TransposedSystems) {
  auto check = [](Column const& column, Sorption const& sorption, Resolution const& resolution) {
    System s{column, sorption, resolution};
    EXPECT_LT(asymmetry_of_operators(s), 1e-12);
    EXPECT_LT(asymmetry<Pack>(s, 2.5), 1e-11);
    EXPECT_LT(asymmetry<Complex<Pack>>(s, {2.5, 1.7}), 1e-11);
  };
  for (auto model : {ColumnModel::lumped_rate, ColumnModel::lumped_rate_with_pores, ColumnModel::general_rate}) {
    check(pulse_column(model), linear_sorption(3.55, 0.1), {11, 3, 4});
    check(pulse_column(model), linear_sorption(3.55, 0.1, false), {8, 3, 4});
    check(protein_column(model), protein_sorption(25, 25), {9, 2, 3});
  }
  auto column = protein_column(ColumnModel::general_rate);
  column.dispersion = {1e-7, 5e-8, 5e-8, 2e-8};
  column.particles.push_back(column.particles[0]);
  column.particles[1].radius = 2e-5;
  column.particles[1].surface_diffusion = {0, 1e-11, 2e-11, 0};
  check(column, protein_sorption(25, 25), {3, 3, 4});
}

/// Largest difference, relative, between the gradients of one functional of the outlet by the adjoint and by tangents.
double difference(Column const& column, Level const& level, std::vector<Change> const& changes,
                  std::vector<Direction> directions = {}) {
  Samples samples;
  for (int k = 0; k <= 50; ++k) samples.times.push_back(column.end() * k / 50.0);
  for (auto const& change : changes) directions.push_back(direction(column, change, 1e-5));
  Pass pass{column, level, samples, directions};
  pass.run([] { return false; });
  auto const n = column.count();
  std::vector<double> seeds;
  for (std::size_t k = 0; k < pass.outlet().size(); ++k) seeds.push_back(std::sin(0.9 * static_cast<double>(k)));
  auto const adjoint = solve_adjoint(column, level, samples.times, directions, [&](auto const& outlet) {
    EXPECT_EQ(outlet, pass.outlet());
    return seeds;
  });
  double worst = 0;
  for (std::size_t j = 0; j < directions.size(); ++j) {
    double sum = 0, size = 0;
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      double const term = seeds[k] * pass.slopes()[(k / n * directions.size() + j) * n + k % n];
      sum += term;
      size += std::abs(term);
    }
    worst = std::max(worst, std::abs(sum - adjoint.gradient[j]) / size);
  }
  return worst;
}

// Verifies: the gradient by the adjoint is that by forward derivatives, of parameters of every kind, also of a
// section's end, in kinetic and equilibrium columns; over more steps than states are saved.
TEST(Adjoint, GradientOfLinearColumns) {
  Level const level{{8, 4, 5}, 5, 1e-9};
  for (bool kinetic : {true, false}) {
    auto const column = linear(ColumnModel::lumped_rate, kinetic);
    Direction moved{column, column, 2e-4, 10};
    moved.plus.sections[0].end = moved.plus.sections[1].begin = 10.0001;
    moved.minus.sections[0].end = moved.minus.sections[1].begin = 9.9999;
    EXPECT_LT(difference(column, level, {kLength, kVelocity, kDispersion, kPhaseRatio, kAdsorption, kFeed}, {moved}),
              1e-11);
  }
  EXPECT_LT(difference(linear(ColumnModel::general_rate), level, {kBedPorosity, kFilm, kPoreDiffusion}), 1e-11);
}

// Verifies: the same of nonlinear columns to 1e-8, where forward derivatives are iterated as far as steps are accurate.
TEST(Adjoint, GradientOfNonlinearColumns) {
  Level const level{{6, 3, 1}, 5, 1e-9};
  Change const charge = [](Column& c) -> double& { return c.binding.charge[1]; };
  Change const capacity = [](Column& c) -> double& { return c.binding.ionic_capacity; };
  EXPECT_LT(
      difference(proteins(ColumnModel::lumped_rate_with_pores, 300), level, {kAdsorption, charge, capacity, kPorosity}),
      1e-8);
  Change const affinity = [](Column& c) -> double& { return c.binding.affinity[0]; };
  Change const initial = [](Column& c) -> double& { return c.initial_concentration[0]; };
  EXPECT_LT(difference(langmuir(ColumnModel::lumped_rate, false), level, {affinity, initial, kPhaseRatio}), 1e-8);
}

}  // namespace
}  // namespace kroma::chromatography
