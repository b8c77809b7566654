#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "unit/chromatography/columns.hpp"

namespace kroma::chromatography {
namespace {

struct Answer {
  std::map<double, std::vector<double>> outlet;
  double balance = 0;  // largest, relative to what entered
};

void fill_liquids(ColumnIntegrator& integrator, Column const& column) {
  auto const& l = integrator.discretisation().layout();
  for (std::size_t p = 0; p < l.points(); ++p) {
    Pack* here = integrator.state().data() + p * static_cast<std::size_t>(l.width());
    for (int i = 0; i < l.components; ++i) {
      here[i] = Pack(column.initial_concentration[static_cast<std::size_t>(i)]);
      for (int k = 0; k < l.places; ++k) here[l.place(k) + i] = here[i];
    }
  }
}

Answer run(Column const& column, Sorption const& sorption, Resolution const& resolution, int stages, double tolerance,
           std::vector<double> const& times) {
  ColumnIntegrator integrator{{column, sorption, resolution}, make_radau(stages), column.scales(), tolerance};
  fill_liquids(integrator, column);
  auto const& d = integrator.discretisation();
  auto balance = d.content(integrator.state().data());
  std::vector<double> entered(column.count(), 0.0);
  Answer answer;
  for (auto const& section : column.sections) {
    integrator.begin(section);
    for (bool end = false; !end;) {
      end = integrator.step();
      for (std::size_t i = 0; i < column.count(); ++i) {
        entered[i] += integrator.entered()[i];
        balance[i] += integrator.entered()[i] - integrator.left()[i];
      }
      for (double t : times) {
        double const theta = 1 - (integrator.time() - t) / integrator.last_step();
        if (theta > 0 && theta <= 1) answer.outlet[t] = integrator.outlet(theta);
      }
    }
  }
  auto const content = d.content(integrator.state().data());
  for (std::size_t i = 0; i < column.count(); ++i) {
    answer.balance = std::max(answer.balance, std::abs(balance[i] - content[i]) / entered[i]);
  }
  return answer;
}

// Verifies: the printed outlet of the linear models with pores (B2, B3), whose error is that of the grid, and balances.
TEST(ColumnIntegrator, LinearColumns) {
  auto const pores = run(pulse_column(ColumnModel::lumped_rate_with_pores), linear_sorption(3.55, 0.1), {8, 3, 1}, 3,
                         1e-6, {300, 400, 600});
  EXPECT_NEAR(pores.outlet.at(300)[0], 2.212735333020e-2, 3e-7);
  EXPECT_NEAR(pores.outlet.at(400)[0], 2.504221641314e-2, 3e-7);
  EXPECT_NEAR(pores.outlet.at(600)[0], 1.164836056457e-2, 3e-7);
  EXPECT_LT(pores.balance, 1e-12);
  auto const general =
      run(pulse_column(ColumnModel::general_rate), linear_sorption(3.55, 0.1), {8, 5, 8}, 5, 1e-8, {300, 400, 600});
  EXPECT_NEAR(general.outlet.at(300)[0], 1.941689385299e-2, 2e-9);
  EXPECT_NEAR(general.outlet.at(600)[0], 1.022771268646e-2, 2e-9);
  EXPECT_LT(general.balance, 1e-12);
}

// Verifies: printed concentrations of the elution of proteins (B4) with pores, and balances of a nonlinear column.
TEST(ColumnIntegrator, ElutionOfProteins) {
  auto const column = protein_column(ColumnModel::lumped_rate_with_pores);
  auto const got = run(column, protein_sorption(), {16, 3, 1}, 3, 1e-6, {400, 660, 1100});
  EXPECT_NEAR(got.outlet.at(400)[0], 150.6555280, 1e-5);
  EXPECT_NEAR(got.outlet.at(400)[3], 6.904596085e-2, 1e-6);
  EXPECT_NEAR(got.outlet.at(660)[2], 6.123703140e-2, 1e-6);
  EXPECT_NEAR(got.outlet.at(1100)[1], 4.003654397e-2, 1e-6);
  EXPECT_LT(got.balance, 1e-11);
}

// Verifies: the order of the discretisation at the outlet, p + 1 or more, on the linear column with pores.
TEST(ColumnIntegrator, ErrorFallsWithTheOrderOfTheElements) {
  auto error = [](int elements) {
    auto const got = run(pulse_column(ColumnModel::lumped_rate_with_pores), linear_sorption(3.55, 0.1),
                         {elements, 3, 1}, 5, 1e-9, {200, 300, 400, 600});
    return std::max(
        {std::abs(got.outlet.at(200)[0] - 1.075287300965e-2), std::abs(got.outlet.at(300)[0] - 2.212735333020e-2),
         std::abs(got.outlet.at(400)[0] - 2.504221641314e-2), std::abs(got.outlet.at(600)[0] - 1.164836056457e-2)});
  };
  double const four = error(4), eight = error(8), sixteen = error(16);
  EXPECT_LT(four, 6e-6);
  EXPECT_GT(std::log2(four / eight), 4.0);
  EXPECT_GT(std::log2(eight / sixteen), 4.0);
}

// Verifies: fast kinetics come to the solution of rapid equilibrium (B9), to the order of 1 / rate.
TEST(ColumnIntegrator, RapidEquilibriumIsTheLimitOfFastRates) {
  auto const column = pulse_column(ColumnModel::general_rate, 800);
  auto const limit = run(column, linear_sorption(3.55, 0.1, false), {8, 4, 6}, 5, 1e-8, {300});
  auto const fast = run(column, linear_sorption(3.55e4, 0.1e4), {8, 4, 6}, 5, 1e-8, {300});
  auto const slow = run(column, linear_sorption(3.55, 0.1), {8, 4, 6}, 5, 1e-8, {300});
  EXPECT_NEAR(fast.outlet.at(300)[0], limit.outlet.at(300)[0], 1e-6);
  EXPECT_GT(std::abs(slow.outlet.at(300)[0] - limit.outlet.at(300)[0]), 1e-4);
}

// Verifies: a section that changes nothing leaves a uniform state as it is (B11).
TEST(ColumnIntegrator, UniformStateStays) {
  auto column = pulse_column(ColumnModel::general_rate);
  column.initial_concentration = {1};
  column.sections = {{0, 10, {1}, {0}}, {10, 500, {1}, {0}}};
  ColumnIntegrator integrator{{column, linear_sorption(3.55, 0.1), {8, 5, 6}}, make_radau(5), column.scales(), 1e-6};
  fill_liquids(integrator, column);
  auto const& l = integrator.discretisation().layout();
  for (std::size_t p = 0; p < l.points(); ++p) {
    for (int k = 0; k < l.places; ++k) {
      integrator.state()[p * static_cast<std::size_t>(l.width()) + static_cast<std::size_t>(l.place(k)) + 1] =
          Pack(35.5);
    }
  }
  for (auto const& section : column.sections) {
    integrator.begin(section);
    while (!integrator.step()) {
    }
  }
  EXPECT_NEAR(integrator.outlet(1)[0], 1.0, 1e-12);
}

// Verifies: rates that are not finite end in a message with component, position and time, not in endless retries.
TEST(ColumnIntegrator, GivesUpOnRatesThatAreNotFinite) {
  auto const column = pulse_column(ColumnModel::lumped_rate);
  ColumnIntegrator integrator{{column, linear_sorption(NAN, 0.1), {4, 3, 1}}, make_radau(3), column.scales(), 1e-6};
  integrator.begin(column.sections[0]);
  try {
    integrator.step();
    FAIL();
  } catch (Error const& error) {
    std::string const what = error.what();
    EXPECT_EQ(error.kind(), Exit::solver_failed);
    EXPECT_NE(what.find("component 1"), std::string::npos) << what;
    EXPECT_NE(what.find("x = "), std::string::npos) << what;
    EXPECT_NE(what.find("t = 0"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace kroma::chromatography
