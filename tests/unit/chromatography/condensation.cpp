#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "unit/chromatography/columns.hpp"

namespace kroma::chromatography {
namespace {

/// A state with positive entries that differ from place to place.
std::vector<Pack> some_state(Layout const& l, double size) {
  std::vector<Pack> y(l.size());
  for (std::size_t k = 0; k < y.size(); ++k) {
    for (int lane = 0; lane < kWidth; ++lane) y[k][lane] = size * (1 + 0.5 * std::sin(static_cast<double>(k) + lane));
  }
  return y;
}

/// Largest difference, over lanes that are elements, between sigma E x - (f(y + h x) - f(y - h x)) / 2 h and b,
/// relative to b.
double defect(Discretisation& d, std::vector<Pack> const& y, std::vector<Pack> const& x, std::vector<Pack> const& b,
              double sigma) {
  double const h = 1e-6;
  std::vector<double> const inlet(4, 0.0);
  std::vector<Pack> plus(y), minus(y), f_plus(y), f_minus(y), total(y);
  for (std::size_t k = 0; k < y.size(); ++k) {
    plus[k] += Pack(h) * x[k];
    minus[k] -= Pack(h) * x[k];
  }
  d.rates(inlet.data(), plus.data(), f_plus.data());
  d.rates(inlet.data(), minus.data(), f_minus.data());
  d.to_totals(x.data(), total.data());
  double worst = 0, scale = 0;
  auto const& l = d.layout();
  for (int e = 0; e < l.elements; ++e) {
    for (std::size_t v = 0; v < static_cast<std::size_t>(l.nodes * l.width()); ++v) {
      auto const k = l.at(e / kWidth, 0) + v;
      int const lane = e % kWidth;
      double const left = sigma * total[k][lane] - (f_plus[k][lane] - f_minus[k][lane]) / (2 * h);
      worst = std::max(worst, std::abs(left - b[k][lane]));
      scale = std::max(scale, std::abs(b[k][lane]));
    }
  }
  return worst / scale;
}

double solve_and_check(Column const& column, Sorption const& sorption, Resolution const& resolution) {
  Discretisation d{column, sorption, resolution};
  auto const& l = d.layout();
  auto const y = some_state(l, 0.3), b = some_state(l, 1.0);
  SorptionJacobian jacobian;
  jacobian.by_c.resize(l.points() * static_cast<std::size_t>(l.places * l.bound * l.components));
  jacobian.by_q.resize(l.points() * static_cast<std::size_t>(l.places * l.bound * l.bound));
  d.sorption_jacobian(y.data(), jacobian.by_c.data(), jacobian.by_q.data());
  Condensation<Pack> solver{d};
  solver.factor(d, jacobian, 2.5);
  auto x = b;
  solver.solve(d, x.data());
  return defect(d, y, x, b, 2.5);
}

// Verifies: elimination solves the whole implicit system, whatever the model, with elements that do not fill the last
// pack; the reference is the rates themselves, differentiated along the solution.
TEST(Condensation, SolvesTheImplicitSystem) {
  for (auto model : {ColumnModel::lumped_rate, ColumnModel::lumped_rate_with_pores, ColumnModel::general_rate}) {
    EXPECT_LT(solve_and_check(pulse_column(model), linear_sorption(3.55, 0.1), {11, 3, 4}), 1e-6);
    EXPECT_LT(solve_and_check(pulse_column(model), linear_sorption(3.55, 0.1, false), {11, 3, 4}), 1e-6);
    EXPECT_LT(solve_and_check(protein_column(model), protein_sorption(25, 25), {9, 2, 3}), 1e-6);
  }
}

// Verifies: the same with two kinds of particles, surface diffusion and unlike dispersions.
TEST(Condensation, ParticlesOfSeveralKinds) {
  auto column = protein_column(ColumnModel::general_rate);
  column.dispersion = {1e-7, 5e-8, 5e-8, 2e-8};
  column.particles.push_back(column.particles[0]);
  column.particles[0].fraction = 0.3;
  column.particles[1].fraction = 0.7;
  column.particles[1].radius = 2e-5;
  column.particles[1].geometry = Geometry::cylinder;
  column.particles[1].surface_diffusion = {0, 1e-11, 2e-11, 0};
  EXPECT_LT(solve_and_check(column, protein_sorption(25, 25), {3, 3, 4}), 1e-6);
}

// Verifies: no amount is made or lost but through the two ends: d/dt content = u c_in - u c_out.
TEST(Discretisation, ConservesAmounts) {
  auto column = protein_column(ColumnModel::general_rate);
  Discretisation d{column, protein_sorption(), {11, 4, 5}};
  auto const y = some_state(d.layout(), 0.3);
  std::vector<Pack> f(y.size()), totals(y.size());
  std::vector<double> const inlet{2, 1, 0.5, 0.25};
  d.rates(inlet.data(), y.data(), f.data());
  // f gives rates of totals: its liquids' rows, with the bound rows left out
  auto rates_of_totals = f;
  for (std::size_t p = 0; p < d.layout().points(); ++p) {
    for (int k = 0; k < d.layout().places; ++k) {
      for (int b = 0; b < 3; ++b) {
        rates_of_totals[p * static_cast<std::size_t>(d.layout().width()) +
                        static_cast<std::size_t>(d.layout().place(k) + 4 + b)] = Pack(0.0);
      }
    }
  }
  auto const change = d.content(rates_of_totals.data());
  for (std::size_t i = 0; i < 4; ++i) {
    double const expected = column.flow.velocity * (inlet[i] - d.outlet(y.data(), static_cast<int>(i)));
    EXPECT_NEAR(change[i], expected, 1e-11 * std::abs(expected));
  }
}

}  // namespace
}  // namespace kroma::chromatography
