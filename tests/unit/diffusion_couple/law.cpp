#include "problems/diffusion_couple/law.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "exact_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

Options with_tracers(std::vector<std::string> names, std::vector<std::string> const& tracers) {
  auto options = test::two_components({1e-6});
  options.components = names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    options.diffusivity.tracer[names[i]] = deck::Function::expression(tracers[i], composition_names());
  }
  options.diffusivity.vacancy_wind = Crystal::fcc;
  return options;
}

// Verifies: intrinsic coefficients by Manning, put together by Darken with the actual partial volumes, are the
// interdiffusion coefficient (N_B D*_A + N_A D*_B) Phi S, in which volumes have no part (Manning 1968).
TEST(BinaryLaw, DarkenIdentity) {
  auto options = with_tracers({"A", "B"}, {"2e-14*exp(c)", "5e-15*exp(3*c)"});
  options.diffusivity.thermodynamic_factor = deck::Function::expression("1+2*c*(1-c)", composition_names());
  VolumeLaw const volume{options};
  BinaryLaw const law{options, volume};
  for (double const c : {0.01, 0.2, 0.5, 0.9}) {
    double const a = 2e-14 * std::exp(c), b = 5e-15 * std::exp(3 * c);
    double const mixed = c * a + (1 - c) * b, mean = (1 - c) * a + c * b;
    double const wind = 1 + 2 * c * (1 - c) * (a - b) * (a - b) / (7.15 * mean * mixed);
    EXPECT_NEAR(law.interdiffusion(c, 0) / (mixed * (1 + 2 * c * (1 - c)) * wind), 1, 1e-13);
    auto const [first, second] = law.intrinsic(c, 0);
    EXPECT_NEAR((c * volume.partial_second(c) * first + (1 - c) * volume.partial_first(c) * second) / volume(c) /
                    law.interdiffusion(c, 0),
                1, 1e-13);
    EXPECT_NE(first, second);
  }
}

// Verifies: D = L G with L symmetric (Onsager) and positive definite (entropy is produced): of an ideal solution
// G^-1 = diag(N) - N N^T.
TEST(MatrixLaw, OnsagerSymmetryAndEntropy) {
  auto const options = with_tracers({"A", "B", "C", "D"}, {"1e-14", "4e-14*exp(c)", "2e-15", "7e-15*exp(c3)"});
  MatrixLaw const law{options};
  ASSERT_EQ(law.size(), 3u);
  std::mt19937 random{5};
  std::uniform_real_distribution<double> uniform{0.02, 0.3};
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> const N{uniform(random), uniform(random), uniform(random)};
    std::vector<double> D(9), L(9, 0.0);
    law.matrix(N, 1000, D);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        for (std::size_t k = 0; k < 3; ++k) L[3 * i + j] += D[3 * i + k] * ((k == j ? N[k] : 0) - N[k] * N[j]);
      }
    }
    double const size = L[0] + L[4] + L[8];
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < i; ++j) EXPECT_NEAR(L[3 * i + j], L[3 * j + i], 1e-14 * size);
    }
    double const second = L[0] * L[4] - L[1] * L[3];
    double const third =
        L[0] * (L[4] * L[8] - L[5] * L[7]) - L[1] * (L[3] * L[8] - L[5] * L[6]) + L[2] * (L[3] * L[7] - L[4] * L[6]);
    EXPECT_GT(L[0], 0);
    EXPECT_GT(second, 0);
    EXPECT_GT(third, 0);
  }
}

}  // namespace
}  // namespace kroma::diffusion_couple
