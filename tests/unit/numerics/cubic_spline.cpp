#include "numerics/cubic_spline.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::numerics {
namespace {

std::vector<double> const kUneven{-1.0, -0.3, 0.1, 0.9, 1.4, 2.0};

std::vector<double> values(std::vector<double> const& x, double (*f)(double)) {
  std::vector<double> y;
  for (double const at : x) y.push_back(f(at));
  return y;
}

double cubic(double x) { return 1 + x * (2 + x * (-3 + 0.5 * x)); }
double cubic_slope(double x) { return 2 + x * (-6 + 1.5 * x); }
double cubic_area(double x) { return x * (1 + x * (1 + x * (-1 + x / 8))); }

/// Largest error of the spline through sin on n points of [0, 3].
double sine_error(int n, SplineEnds ends) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(0.3 + 2.7 * i / (n - 1));
  CubicSpline const s{x, values(x, std::sin), ends};
  double largest = 0;
  for (int i = 0; i <= 1000; ++i)
    largest = std::max(largest, std::abs(s(0.3 + 0.0027 * i) - std::sin(0.3 + 0.0027 * i)));
  return largest;
}

TEST(CubicSpline, CubicsAreReproducedWhereTheEndsAllowIt) {
  CubicSpline const joined{kUneven, values(kUneven, cubic)};
  CubicSpline const clamped{kUneven, values(kUneven, cubic), cubic_slope(-1), cubic_slope(2)};
  for (auto const* s : {&joined, &clamped}) {
    for (double x = -1; x <= 2; x += 0.05) {
      EXPECT_NEAR((*s)(x), cubic(x), 1e-13);
      EXPECT_NEAR(s->derivative(x), cubic_slope(x), 1e-12);
      EXPECT_NEAR(s->second_derivative(x), -6 + 3 * x, 1e-11);
      EXPECT_NEAR(s->integral(-0.7, x), cubic_area(x) - cubic_area(-0.7), 1e-13);
    }
  }
}

TEST(CubicSpline, NaturalEndsHaveNoCurvature) {
  CubicSpline const s{kUneven, values(kUneven, cubic), SplineEnds::natural};
  EXPECT_NEAR(s.second_derivative(-1), 0, 1e-13);
  EXPECT_NEAR(s.second_derivative(2), 0, 1e-13);
  EXPECT_GT(std::abs(s.second_derivative(0.5)), 1);
}

TEST(CubicSpline, ErrorFallsWithTheFourthPower) {
  EXPECT_NEAR(std::log2(sine_error(41, SplineEnds::not_a_knot) / sine_error(81, SplineEnds::not_a_knot)), 4, 0.2);
  EXPECT_NEAR(std::log2(sine_error(41, SplineEnds::natural) / sine_error(81, SplineEnds::natural)), 2, 0.2);
}

TEST(CubicSpline, FewPoints) {
  CubicSpline const line{{1, 3}, {2, 8}};
  EXPECT_DOUBLE_EQ(line(2), 5);
  CubicSpline const parabola{{0, 1, 3}, {0, 1, 9}};
  EXPECT_NEAR(parabola(2), 4, 1e-14);
}

TEST(CubicSpline, GoesOnAsAStraightLine) {
  CubicSpline const s{kUneven, values(kUneven, cubic)};
  EXPECT_NEAR(s(3), cubic(2) + cubic_slope(2), 1e-12);
  EXPECT_NEAR(s.integral(2, 4), 2 * cubic(2) + 2 * cubic_slope(2), 1e-12);
  EXPECT_EQ(s.second_derivative(3), 0);
}

TEST(CubicSpline, TablesInKernelsSayTheSame) {
  CubicSpline const s{kUneven, values(kUneven, cubic), SplineEnds::natural};
  auto const table = s.table();
  int const n = 97;
  Matrix found{"found", n, 3};
  Kokkos::parallel_for(
      "numerics::test", Kokkos::RangePolicy<Space>(0, n), KOKKOS_LAMBDA(int const i) {
        double const x = -2 + 0.05 * i;
        found(i, 0) = table(x);
        found(i, 1) = table.derivative(x);
        found(i, 2) = table.integral(x);
      });
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, found);
  for (int i = 0; i < n; ++i) {
    double const x = -2 + 0.05 * i;
    EXPECT_NEAR(host(i, 0), s(x), 1e-12);
    EXPECT_NEAR(host(i, 1), s.derivative(x), 1e-12);
    EXPECT_NEAR(host(i, 2), s.integral(-1, x), 1e-12);
  }
}

TEST(CubicSpline, RefusesWhatIsNoFunction) {
  EXPECT_THROW((CubicSpline{{0, 0}, {1, 2}}), Error);
  EXPECT_THROW((CubicSpline{{0}, {1}}), Error);
  EXPECT_THROW((CubicSpline{{0, 1, 2}, {1, NAN, 2}}), Error);
  EXPECT_THROW((CubicSpline{{0, 1, 2}, {1, 2}}), Error);
}

}  // namespace
}  // namespace kroma::numerics
