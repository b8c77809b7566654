#include "problems/diffusion_couple/intrinsic.hpp"

#include "problems/diffusion_couple/estimators.hpp"

namespace kroma::diffusion_couple {
namespace {

double first_slope(SampledCurve const& curve, std::size_t i) {
  return -curve.second(i) / (curve.volume[i] * curve.volume[i]) * curve.slope[i];
}

/// The marker velocity and the ratio that go with both coefficients.
Intrinsic completed(SampledCurve const& curve, std::size_t i, double first, double second) {
  return {first, second, curve.first(i) * second / (curve.second(i) * first),
          curve.second(i) * (second - first) * curve.concentration_slope(i)};
}

}  // namespace

Intrinsic intrinsic_by_composition(SampledCurve const& curve, std::size_t i, double time) {
  auto const s = side_integrals(curve, Variable::mole_fraction, Weight::inverse_volume);
  double const second = curve.plus * s.left[i] - curve.minus * s.right[i];
  double const first = (1 - curve.plus) * s.left[i] - (1 - curve.minus) * s.right[i];
  return completed(curve, i, first / (2 * time * first_slope(curve, i)),
                   second / (2 * time * curve.concentration_slope(i)));
}

Intrinsic intrinsic_by_concentration(SampledCurve const& curve, std::size_t i, double time) {
  auto const s = side_integrals(curve, Variable::concentration, Weight::one);
  double const v_minus = curve.volume.front(), v_plus = curve.volume.back();
  double const second = curve.plus / v_plus * s.left[i] - curve.minus / v_minus * s.right[i];
  double const first = (1 - curve.plus) / v_plus * s.left[i] - (1 - curve.minus) / v_minus * s.right[i];
  return completed(curve, i, first / (2 * time * first_slope(curve, i)),
                   second / (2 * time * curve.concentration_slope(i)));
}

Intrinsic heumann(SampledCurve const& curve, std::size_t i, double time, double contact) {
  auto const s = side_integrals(curve, Variable::mole_fraction, Weight::inverse_volume);
  double const both = curve.volume[i] * s.braces(i) / (2 * time * s.y_slope[i]);
  double const velocity = (curve.x[i] - contact) / (2 * time);
  double const difference = velocity / (curve.second(i) * curve.concentration_slope(i));
  double const share = curve.concentration(i) * curve.second(i);  // volume fraction of the second component
  return completed(curve, i, both - (1 - share) * difference, both + share * difference);
}

double ratio_without_gradient(SampledCurve const& curve, std::size_t i) {
  auto const s = side_integrals(curve, Variable::mole_fraction, Weight::inverse_volume);
  double const second = curve.plus * s.left[i] - curve.minus * s.right[i];
  return second / (-(1 - curve.plus) * s.left[i] + (1 - curve.minus) * s.right[i]);
}

double darken(SampledCurve const& curve, std::size_t i, Intrinsic const& intrinsic) {
  double const c = curve.c[i];
  return (c * curve.second(i) * intrinsic.first + (1 - c) * curve.first(i) * intrinsic.second) / curve.volume[i];
}

}  // namespace kroma::diffusion_couple
