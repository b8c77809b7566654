#include "problems/diffusion_couple/estimators.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/error.hpp"
#include "numerics/special.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kTailLow = 0.002, kTailHigh = 0.05;  // Hall's window of the normalised composition

/// Area under Y over the window: the plane of equal areas lies so far left of the last node.
double equal_area_plane(SampledCurve const& curve, SideIntegrals const& s) { return curve.x.back() - s.left.back(); }

std::vector<double> by_side_integrals(SampledCurve const& curve, Variable variable, Weight weight, double time) {
  auto const s = side_integrals(curve, variable, weight);
  std::vector<double> d;
  for (auto const i : curve.asked) {
    double const volume = weight == Weight::one ? 1.0 : curve.volume[i];
    d.push_back(volume * s.braces(i) / (2 * time * s.y_slope[i]));
  }
  return d;
}

std::vector<double> boltzmann_matano(SampledCurve const& curve, double time) {
  auto const s = side_integrals(curve, Variable::concentration, Weight::one);
  double const plane = equal_area_plane(curve, s);
  std::vector<double> d;
  for (auto const i : curve.asked) {
    d.push_back(-((curve.x[i] - plane) * s.y[i] - s.left[i]) / (2 * time * s.y_slope[i]));
  }
  return d;
}

/// Straight line u = h lambda + k through the normal deviates of one tail, weights as the noise of u asks.
struct Line {
  double h, k;
};
Line tail_line(SampledCurve const& curve, SideIntegrals const& s, double plane, double time, bool left) {
  double w = 0, wl = 0, wu = 0, wll = 0, wlu = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    double const y = left ? s.y[i] : 1 - s.y[i];
    if (y < kTailLow || y > kTailHigh) continue;
    double const u = numerics::inverse_erf(2 * s.y[i] - 1), lambda = (curve.x[i] - plane) / std::sqrt(time);
    double const weight = std::exp(-2 * u * u);
    w += weight, wl += weight * lambda, wu += weight * u, wll += weight * lambda * lambda, wlu += weight * lambda * u;
  }
  double const h = (w * wlu - wl * wu) / (w * wll - wl * wl);
  return {h, (wu - h * wl) / w};
}

std::vector<double> hall(SampledCurve const& curve, double time) {
  auto const s = side_integrals(curve, Variable::concentration, Weight::one);
  double const plane = equal_area_plane(curve, s);
  Line const lines[2] = {tail_line(curve, s, plane, time, true), tail_line(curve, s, plane, time, false)};
  std::vector<double> d;
  for (auto const i : curve.asked) {
    bool const left = s.y[i] < 0.5;
    double const tail = left ? s.y[i] : 1 - s.y[i];
    if (tail < kTailLow || tail > kTailHigh) {
      d.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    auto const [h, k] = lines[left ? 0 : 1];
    double const u = numerics::inverse_erf(2 * s.y[i] - 1);
    double const bend = 2 * std::sqrt(std::numbers::pi) * k * std::exp(u * u) * tail;
    d.push_back((1 + (left ? bend : -bend)) / (4 * h * h));
  }
  return d;
}

/// Integral of x dC_i from the left, with C_i the concentration of either component.
std::vector<double> moments(SampledCurve const& curve, bool second) {
  std::vector<double> concentration, slope;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    concentration.push_back(second ? curve.concentration(i) : (1 - curve.c[i]) / curve.volume[i]);
    slope.push_back(second ? curve.concentration_slope(i)
                           : -curve.second(i) / (curve.volume[i] * curve.volume[i]) * curve.slope[i]);
  }
  // x C minus the integral of C, so that the rule of fourth order needs first derivatives only.
  auto sum = integral_from_left(curve.x, concentration, slope);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = curve.x[i] * concentration[i] - curve.x[0] * concentration[0] - sum[i];
  }
  return sum;
}

/// Contact plane and the far end's velocity times 2 t, if the left end does not move: neither component is lost.
struct Contact {
  double plane, shift;
};
Contact contact_plane(SampledCurve const& curve, std::vector<double> const& first, std::vector<double> const& second) {
  auto const last = curve.x.size() - 1;
  double const a0 = (1 - curve.c[0]) / curve.volume[0], a1 = (1 - curve.c[last]) / curve.volume[last];
  double const b0 = curve.concentration(0), b1 = curve.concentration(last);
  double const plane = (first[last] * b1 - second[last] * a1) / ((a1 - a0) * b1 - (b1 - b0) * a1);
  double const flux = first[last] + second[last] - plane * (a1 - a0 + b1 - b0);
  return {plane, flux / (a1 + b1)};
}

}  // namespace

SideIntegrals side_integrals(SampledCurve const& curve, Variable variable, Weight weight) {
  auto const n = curve.x.size();
  SideIntegrals s;
  auto const value = [&](double c, double v) { return variable == Variable::mole_fraction ? c : c / v; };
  // The nodes' ends are the end members to rounding; V of the end members themselves is not at hand, but V there is.
  double const low = value(curve.minus, curve.volume.front()), high = value(curve.plus, curve.volume.back());
  std::vector<double> f(n), g(n), df(n), dg(n);
  for (std::size_t i = 0; i < n; ++i) {
    double const slope = variable == Variable::mole_fraction ? curve.slope[i] : curve.concentration_slope(i);
    s.y.push_back((value(curve.c[i], curve.volume[i]) - low) / (high - low));
    s.y_slope.push_back(slope / (high - low));
    double const v = curve.volume[i];
    double const w = weight == Weight::one ? 1.0 : 1 / v;
    double const dw = weight == Weight::one ? 0.0 : -curve.dvolume[i] * curve.slope[i] / (v * v);
    f[i] = s.y[i] * w, df[i] = s.y_slope[i] * w + s.y[i] * dw;
    g[i] = (1 - s.y[i]) * w, dg[i] = -s.y_slope[i] * w + (1 - s.y[i]) * dw;
  }
  s.left = integral_from_left(curve.x, f, df);
  s.right = integral_to_right(curve.x, g, dg);
  return s;
}

std::vector<double> interdiffusion(SampledCurve const& curve, Method method, double time) {
  switch (method) {
    case Method::wagner:
      return by_side_integrals(curve, Variable::mole_fraction, Weight::inverse_volume, time);
    case Method::den_broeder:
      return by_side_integrals(curve, Variable::concentration, Weight::one, time);
    case Method::sauer_freise:
      return by_side_integrals(curve, Variable::mole_fraction, Weight::one, time);
    case Method::boltzmann_matano:
      return boltzmann_matano(curve, time);
    case Method::hall:
      return hall(curve, time);
  }
  throw internal_error("unknown method of interdiffusion");
}

std::vector<double> den_broeder_error(SampledCurve const& curve, double time) {
  auto const first = moments(curve, false), second = moments(curve, true);
  auto const contact = contact_plane(curve, first, second);
  auto const s = side_integrals(curve, Variable::concentration, Weight::one);
  auto const d = interdiffusion(curve, Method::wagner, time);
  auto const last = curve.x.size() - 1;
  double const far = contact.shift / (2 * time);
  std::vector<double> error;
  for (std::size_t k = 0; k < curve.asked.size(); ++k) {
    auto const i = curve.asked[k];
    double const a = (1 - curve.c[i]) / curve.volume[i] - (1 - curve.c[0]) / curve.volume[0];
    double const b = curve.concentration(i) - curve.concentration(0);
    double const flux_a = (first[i] - contact.plane * a) / (2 * time),
                 flux_b = (second[i] - contact.plane * b) / (2 * time);
    double const velocity = curve.first(i) * flux_a + curve.second(i) * flux_b;
    error.push_back(-(velocity * curve.concentration(i) - s.y[i] * far * curve.concentration(last)) /
                    (d[k] * curve.concentration_slope(i)));
  }
  return error;
}

Planes find_planes(SampledCurve const& curve) {
  auto const first = moments(curve, false), second = moments(curve, true);
  auto const contact = contact_plane(curve, first, second);
  return {equal_area_plane(curve, side_integrals(curve, Variable::mole_fraction, Weight::one)),
          equal_area_plane(curve, side_integrals(curve, Variable::concentration, Weight::one)), contact.plane,
          contact.plane + contact.shift};
}

namespace {

/// Both sides of the sum rule over the range of the end members, as integrals of Y over m.
struct SumRule {
  double moment, mobility;
};
SumRule sum_rule(SampledCurve const& curve) {
  auto const s = side_integrals(curve, Variable::mole_fraction, Weight::inverse_volume);
  auto const n = curve.x.size();
  std::vector<double> w(n), dw(n);
  for (std::size_t i = 0; i < n; ++i) {
    w[i] = 1 / curve.volume[i];
    dw[i] = -curve.dvolume[i] * curve.slope[i] * w[i] * w[i];
  }
  auto const m = integral_from_left(curve.x, w, dw);
  double const plane = m.back() - s.left.back();
  // Over x, both sides need no division by the slope: (m - m_M)^2 dY by parts, and 2 t D_m dY = braces dm.
  std::vector<double> left(n), dleft(n), right(n), dright(n);
  for (std::size_t i = 0; i < n; ++i) {
    double const yw = s.y[i] * w[i], away = m[i] - plane;
    left[i] = 2 * away * yw;
    dleft[i] = 2 * (w[i] * yw + away * (s.y_slope[i] * w[i] + s.y[i] * dw[i]));
    right[i] = s.braces(i) * w[i];
    dright[i] = s.y_slope[i] * (s.right[i] - s.left[i]) * w[i] + s.braces(i) * dw[i];
  }
  return {(m.back() - plane) * (m.back() - plane) - integral_from_left(curve.x, left, dleft).back(),
          integral_from_left(curve.x, right, dright).back()};
}

/// The moment of measured points, by the trapezoidal rule.
double measured_moment(SampledCurve const& curve, MeasuredProfile const& profile, VolumeLaw const& volume) {
  auto const& x = profile.x;
  std::vector<double> m(x.size(), 0.0), y;
  for (double const c : profile.composition()) y.push_back((c - curve.minus) / (curve.plus - curve.minus));
  double area = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    double const a = volume(profile.composition()[i - 1]), b = volume(profile.composition()[i]);
    m[i] = m[i - 1] + 0.5 * (x[i] - x[i - 1]) * (1 / a + 1 / b);
    area += 0.5 * (m[i] - m[i - 1]) * (y[i] + y[i - 1]);
  }
  double const plane = m.back() - area;
  double moment = (m.back() - plane) * (m.back() - plane);
  for (std::size_t i = 1; i < x.size(); ++i) {
    moment -= (m[i] - m[i - 1]) * ((m[i] - plane) * y[i] + (m[i - 1] - plane) * y[i - 1]);
  }
  return moment;
}

}  // namespace

double sum_rule_error(SampledCurve const& curve) {
  auto const [moment, mobility] = sum_rule(curve);
  return std::abs(moment - mobility) / mobility;
}

double sum_rule_error(SampledCurve const& curve, MeasuredProfile const& profile, VolumeLaw const& volume) {
  double const mobility = sum_rule(curve).mobility;
  return std::abs(measured_moment(curve, profile, volume) - mobility) / mobility;
}

}  // namespace kroma::diffusion_couple
