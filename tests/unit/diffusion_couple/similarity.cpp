#include "problems/diffusion_couple/similarity.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/errors.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kD0 = 1e-14;
constexpr int kPoints = 2000;

Phase whole(std::function<double(double)> diffusivity) { return {0.0, 1.0, std::move(diffusivity), 0.0}; }
Phase constant(double low, double high, double diffusivity) {
  return {low, high, [diffusivity](double) { return diffusivity; }, 0.0};
}
Phase compound(double at, double integrated) { return {at, at, {}, integrated}; }

/// Largest deviation from published values (z, N), z = lambda / sqrt(D0).
double worst(SimilarityProfile const& profile, std::vector<std::pair<double, double>> const& table) {
  double largest = 0;
  for (auto const& [z, n] : table) {
    largest = std::max(largest, std::abs(profile.composition(z * std::sqrt(kD0)) - n));
  }
  return largest;
}

/// Places of the jumps of composition, in order.
std::vector<double> jumps(SimilarityProfile const& profile) {
  std::vector<double> found;
  for (std::size_t i = 0; i + 1 < profile.c.size(); ++i) {
    if (profile.phase[i] < 0) found.push_back(profile.x[i]);
  }
  return found;
}

// Verifies: a constant coefficient gives the error function, whichever end member is richer.
TEST(Similarity, ConstantCoefficientGivesTheErrorFunction) {
  auto const rising = similarity_profile(0.1, 0.7, {whole([](double) { return kD0; })}, kPoints);
  auto const falling = similarity_profile(0.7, 0.1, {whole([](double) { return kD0; })}, kPoints);
  for (double z = -7; z <= 7; z += 0.37) {
    double const at = z * std::sqrt(kD0), y = 0.5 * std::erfc(-z / 2);
    EXPECT_NEAR(rising.composition(at), 0.1 + 0.6 * y, 1e-9) << z;
    EXPECT_NEAR(falling.composition(at), 0.7 - 0.6 * y, 1e-9) << z;
  }
}

// Verifies: exponential and linear coefficients, against shooting with an integrator of order 8 (eleven digits).
TEST(Similarity, VariableCoefficientsMatchShooting) {
  auto const rising = similarity_profile(0, 1, {whole([](double c) { return kD0 * std::exp(3 * c); })}, kPoints);
  EXPECT_LT(worst(rising, {{-6, 1.6401505862e-4},
                           {-4, .031648625484},
                           {-2, .34380444705},
                           {-1, .50645709259},
                           {0, .62677649279},
                           {1, .71530704835},
                           {2, .78170500749},
                           {4, .87160198447},
                           {8, .95887346691}}),
            1e-8);
  auto const falling = similarity_profile(0, 1, {whole([](double c) { return kD0 * std::exp(-5 * c); })}, kPoints);
  EXPECT_LT(worst(falling, {{0, .30941078110}, {-2, .020626855782}, {.5, .97361444372}}), 1e-8);
  auto const linear = similarity_profile(0, 1, {whole([](double c) { return kD0 * (1 + 9 * c); })}, kPoints);
  EXPECT_LT(worst(linear, {{0, .57207529281}, {-2, .32539819030}, {2, .75365247404}, {6, .94147587447}}), 1e-8);
}

// Verifies: interfaces of Neumann's problem and of three phases, to the digits known.
TEST(Similarity, InterfacesOfPhases) {
  auto const two = jumps(similarity_profile(0, 1, {constant(0, .2, 3e-15), constant(.6, 1, 9e-15)}, kPoints));
  ASSERT_EQ(two.size(), 1u);
  EXPECT_NEAR(two[0] / -3.911628136449e-8, 1, 1e-9);
  auto const three = jumps(
      similarity_profile(0, 1, {constant(0, .2, 2e-15), constant(.45, .55, 1e-14), constant(.9, 1, 4e-15)}, kPoints));
  ASSERT_EQ(three.size(), 2u);
  EXPECT_NEAR(three[0] / -3.75907162e-8, 1, 3e-9);
  EXPECT_NEAR(three[1] / 4.15564009e-8, 1, 3e-9);
}

// Verifies: layers of two line compounds between pure ends, for equal and for actual molar volumes (200 h).
TEST(Similarity, LayersOfLineCompounds) {
  std::vector<Phase> phases{compound(0.25, 3e-18), compound(5.0 / 11, 2e-17)};
  double const root = std::sqrt(200 * 3600.0);
  auto const equal = jumps(similarity_profile(0, 1, phases, 50));
  ASSERT_EQ(equal.size(), 3u);
  EXPECT_NEAR((equal[1] - equal[0]) * root / 2.36448223e-6, 1, 3e-9);
  EXPECT_NEAR((equal[2] - equal[1]) * root / 10.14711903e-6, 1, 3e-9);

  double const copper = std::pow(3.615e-10, 3) * 6.02214076e23 / 4, reference = copper;
  std::vector<double> const volumes{8.59e-6, 10.59e-6};
  for (std::size_t k = 0; k < 2; ++k) phases[k].integrated *= std::pow(reference / volumes[k], 2);
  VolumeRatio const ratio{[&](int k, double) { return k < 0 ? 1.0 : volumes[static_cast<std::size_t>(k)] / reference; },
                          [](int, double) { return 0.0; }};
  auto const actual = jumps(similarity_profile(0, 1, phases, 50, ratio));
  EXPECT_NEAR((actual[1] - actual[0]) * root / 2.69809267e-6, 1, 3e-9);
  EXPECT_NEAR((actual[2] - actual[1]) * root / 9.90177382e-6, 1, 3e-9);
}

// Verifies: the tangent is the derivative of the solution, by central differences.
TEST(Similarity, TangentIsTheDerivative) {
  auto const phases = [](double change) {
    return std::vector<Phase>{{0, .4, [change](double c) { return 1e-15 * std::exp(c + change * c * c); }, 0},
                              compound(.5, 1e-17),
                              {.6, 1, [](double c) { return 2e-15 * (1 + c); }, 0}};
  };
  SimilarityGrid const grid{0.05, 1, phases(0), 100};
  auto const loads = similarity_loads(grid, phases(0));
  auto const at = solve_similarity(grid, loads);
  double const h = 1e-4;
  auto change = similarity_loads(grid, phases(h));
  auto const below = similarity_loads(grid, phases(-h));
  for (std::size_t i = 0; i < change.left.size(); ++i) {
    change.left[i] = (change.left[i] - below.left[i]) / (2 * h);
    change.right[i] = (change.right[i] - below.right[i]) / (2 * h);
  }
  auto const tangent = similarity_tangent(grid, loads, at, change);
  auto const up = solve_similarity(grid, similarity_loads(grid, phases(h)));
  auto const down = solve_similarity(grid, below);
  for (std::size_t i = 5; i + 5 < at.q.size(); i += 7) {
    EXPECT_NEAR(tangent.q[i], (up.q[i] - down.q[i]) / (2 * h), 1e-6 * at.q[i]) << i;
    EXPECT_NEAR(tangent.lambda_left[i], (up.lambda_left[i] - down.lambda_left[i]) / (2 * h), 1e-14) << i;
  }
}

TEST(Similarity, EndMembersLieInAPhase) {
  EXPECT_NE(test::error_of([] {
              SimilarityGrid(0.3, 1, {constant(0, .2, 1e-15), constant(.6, 1, 1e-15)}, 100);
            }).find("2: the end member 0.3 lies in no phase"),
            std::string::npos);
}

}  // namespace
}  // namespace kroma::diffusion_couple
