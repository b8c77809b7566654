#include "problems/diffusion_couple/line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/vectorised.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kMostIterations = 12;

/// Views of Line's arrays for one fraction.
struct Scalar {
  std::size_t cells;
  double const *widths, *flux, *by_a, *by_b, *source;
  double *below, *diagonal, *above, *right;
};

/// Newton's matrix and right-hand side of y = known + a f(y), as Line::linearise has them for any number of fractions.
KROMA_VECTORISED void linearise_scalar(Scalar const& s, double a, double const* known, double const* y) {
  for (std::size_t i = 0; i < s.cells; ++i) {
    double const factor = a / s.widths[i];
    s.right[i] = known[i] - y[i] + factor * (s.flux[i] - s.flux[i + 1]) + a * s.source[i];
    s.below[i] = -factor * s.by_a[i];
    s.above[i] = factor * s.by_b[i + 1];
    s.diagonal[i] = 1 - factor * (s.by_b[i] - s.by_a[i + 1]);
  }
}

/// y += change; the largest modulus of it.
KROMA_VECTORISED double move(std::size_t n, double const* change, double* y) {
  constexpr std::size_t lanes = 8;
  double largest[lanes] = {};
  auto const at = [&](std::size_t i, std::size_t lane) {
    y[i] += change[i];
    largest[lane] = std::max(largest[lane], std::abs(change[i]));
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) at(i + lane, lane);
  }
  for (; i < n; ++i) at(i, 0);
  return *std::max_element(largest, largest + lanes);
}

}  // namespace

Line::Line(Setup setup, FaceLaw& law)
    : setup_{std::move(setup)},
      law_{law},
      m_{law.size()},
      periodic_{setup_.left.kind == EndKind::periodic},
      flux_((cells() + 1) * m_),
      by_a_((cells() + 1) * m_ * m_),
      by_b_(by_a_.size()),
      entered_(m_),
      source_(cells(), 0.0),
      matrix_{cells(), m_, periodic_},
      right_(cells() * m_) {
  for (std::size_t i = 0; i < cells(); ++i) {
    distances_.push_back(0.5 * (setup_.widths[i] + setup_.widths[(i + 1) % cells()]));
  }
}

std::vector<double> Line::balance(State const& y) const {
  std::vector<double> total(m_);
  for (std::size_t k = 0; k < m_; ++k) {
    for (std::size_t i = 0; i < cells(); ++i) total[k] += setup_.widths[i] * y[i * m_ + k];
    total[k] -= y[cells() * m_ + k];
  }
  return total;
}

double Line::norm(State const& y) const {
  double largest = 0;
  for (std::size_t i = 0; i < cells() * m_; ++i) {
    largest = std::max(largest, std::abs(y[i]));
    if (std::isnan(y[i])) return y[i];
  }
  return largest;
}

void Line::axpy(State& y, double a, State const& x) const {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += a * x[i];
}

void Line::scale(State& y, double a) const {
  for (auto& value : y) value *= a;
}

/// Surface fraction at which what diffuses to the end is what leaves it, by Newton's method; both rise with it.
double Line::surface(double cell, double half_width, double coefficient, double outside) const {
  double at = cell;
  for (int i = 0; i < 50; ++i) {
    double inward = 0, by_surface = 0, by_cell = 0;
    law_.flux(&at, &cell, half_width, &inward, &by_surface, &by_cell);
    double const step = (coefficient * (at - outside) + inward) / (coefficient + by_surface);
    at -= step;
    if (std::abs(step) < 1e-14) break;
  }
  return at;
}

Line::End Line::end_flux(EndOptions const& end, double const* cell, double half_width, double sign, double t) const {
  End result{std::vector<double>(m_, 0.0), std::vector<double>(m_ * m_, 0.0)};
  if (end.kind == EndKind::sealed) return result;
  std::vector<double> value(m_), by_value(m_ * m_);
  for (std::size_t k = 0; k < m_; ++k) value[k] = end.value[k]({t});
  if (end.kind == EndKind::flux) {
    for (std::size_t k = 0; k < m_; ++k) result.flux[k] = sign * value[k];
    return result;
  }
  if (end.kind == EndKind::robin) {
    double const at = surface(*cell, half_width, end.coefficient, value[0]);
    double inward = 0, by_surface = 0, by_cell = 0;
    law_.flux(&at, cell, half_width, &inward, &by_surface, &by_cell);
    result.flux[0] = sign * inward;
    result.by_cell[0] = sign * by_cell * end.coefficient / (end.coefficient + by_surface);
    return result;
  }
  if (sign > 0) {
    law_.flux(value.data(), cell, half_width, result.flux.data(), by_value.data(), result.by_cell.data());
  } else {
    law_.flux(cell, value.data(), half_width, result.flux.data(), result.by_cell.data(), by_value.data());
  }
  return result;
}

void Line::add_ends(double t, State const& y) {
  auto const n = cells(), mm = m_ * m_;
  if (periodic_) {
    law_.flux(&y[(n - 1) * m_], &y[0], distances_[n - 1], &flux_[0], &by_a_[0], &by_b_[0]);
    std::copy_n(&flux_[0], m_, &flux_[n * m_]);
    std::copy_n(&by_a_[0], mm, &by_a_[n * mm]);
    std::copy_n(&by_b_[0], mm, &by_b_[n * mm]);
    return;
  }
  auto const low = end_flux(setup_.left, &y[0], 0.5 * setup_.widths.front(), 1.0, t);
  auto const high = end_flux(setup_.right, &y[(n - 1) * m_], 0.5 * setup_.widths.back(), -1.0, t);
  std::copy(low.flux.begin(), low.flux.end(), &flux_[0]);
  std::copy(low.by_cell.begin(), low.by_cell.end(), &by_b_[0]);
  std::copy(high.flux.begin(), high.flux.end(), &flux_[n * m_]);
  std::copy(high.by_cell.begin(), high.by_cell.end(), &by_a_[n * mm]);
}

void Line::evaluate(double t, State const& y) {
  auto const n = cells(), mm = m_ * m_;
  law_.fluxes(n, y.data(), distances_.data(), &flux_[m_], &by_a_[mm], &by_b_[mm]);
  add_ends(t, y);
}

/// What enters the couple in unit time.
void Line::count_entered(double t, State const& y) {
  auto const n = cells();
  add_ends(t, y);
  for (std::size_t k = 0; k < m_; ++k) entered_[k] = flux_[k] - flux_[n * m_ + k];
  for (std::size_t i = 0; i < n && setup_.source; ++i) entered_[0] += setup_.widths[i] * source_[i];
}

/// Newton's matrix and right-hand side of y = known + a f(y).
void Line::linearise(double a, State const& known, State const& y) {
  auto const n = cells(), mm = m_ * m_;
  if (m_ == 1) {
    return linearise_scalar({n, setup_.widths.data(), flux_.data(), by_a_.data(), by_b_.data(), source_.data(),
                             matrix_.below.data(), matrix_.diagonal.data(), matrix_.above.data(), right_.data()},
                            a, known.data(), y.data());
  }
  for (std::size_t i = 0; i < n; ++i) {
    double const factor = a / setup_.widths[i];
    for (std::size_t k = 0; k < m_; ++k) {
      auto const at = i * m_ + k;
      double const own_source = k == 0 ? a * source_[i] : 0.0;
      right_[at] = known[at] - y[at] + factor * (flux_[at] - flux_[at + m_]) + own_source;
    }
    for (std::size_t k = 0; k < mm; ++k) {
      auto const at = i * mm + k;
      matrix_.below[at] = -factor * by_a_[at];
      matrix_.above[at] = factor * by_b_[at + mm];
      matrix_.diagonal[at] = (k % (m_ + 1) == 0 ? 1.0 : 0.0) - factor * (by_b_[at] - by_a_[at + mm]);
    }
  }
}

bool Line::solve_stage(double t, double a, State const& known, State& y) {
  law_.set_temperature(setup_.temperature(t));
  for (std::size_t i = 0; i < cells() && setup_.source; ++i) source_[i] = setup_.source(i, t);
  double before = 0;
  for (int k = 0; k < kMostIterations; ++k) {
    evaluate(t, y);
    linearise(a, known, y);
    matrix_.solve(right_);
    double const change = move(right_.size(), right_.data(), y.data());
    ++iterations_;
    if (!std::isfinite(change) || change > 1e3) return false;
    // Newton's next change is about this one times its ratio to the one before.
    bool const close = change <= setup_.newton_tolerance ||
                       (k > 0 && change < 0.1 * before && change * change / before <= setup_.newton_tolerance);
    before = change;
    if (!close) continue;
    count_entered(t, y);
    for (std::size_t i = 0; i < m_; ++i) y[cells() * m_ + i] = known[cells() * m_ + i] + a * entered_[i];
    return true;
  }
  return false;
}

}  // namespace kroma::diffusion_couple
