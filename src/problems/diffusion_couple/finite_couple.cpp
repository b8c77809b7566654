#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "numerics/tridiagonal.hpp"
#include "problems/diffusion_couple/couple_model.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kTable = 2000;                      // intervals of composition in the tables of W = integral of D_m
constexpr double kReference = 1e-5;               // m^3/mol
constexpr double kGamma = 0.2928932188134524756;  // 1 - 1/sqrt(2)
constexpr double kNewton = 1e-12;                 // mole fraction

/// D_m(c), W(c) and their derivatives by the parameters on equal steps of composition; W by Hermite's cubic.
class Tables {
 public:
  Tables(LogDiffusivity const& law, std::vector<double> const& parameters, VolumeLaw const& volume, bool tangents)
      : columns_{1 + (tangents ? law.size() : 0)}, d_((kTable + 1) * columns_, 0.0), w_(d_.size(), 0.0) {
    auto const& part = law.parts().front();
    low_ = part.low;
    step_ = (part.high - part.low) / kTable;
    std::vector<double> middle(columns_, 0.0);
    for (std::size_t i = 0; i <= kTable; ++i) {
      if (i > 0) fill(law, parameters, volume, low_ + (static_cast<double>(i) - 0.5) * step_, middle.data());
      fill(law, parameters, volume, low_ + static_cast<double>(i) * step_, &d_[i * columns_]);
      for (std::size_t j = 0; i > 0 && j < columns_; ++j) {
        w_[i * columns_ + j] = w_[(i - 1) * columns_ + j] +
                               step_ / 6 * (d_[(i - 1) * columns_ + j] + 4 * middle[j] + d_[i * columns_ + j]);
      }
    }
  }

  /// Where c lies; outside of the table W goes on as a straight line.
  struct Place {
    std::size_t i;
    double t, beyond;
  };
  Place at(double c) const {
    double const s = std::clamp((c - low_) / step_, 0.0, static_cast<double>(kTable));
    auto const i = std::min<std::size_t>(static_cast<std::size_t>(s), kTable - 1);
    return {i, s - static_cast<double>(i), c - (low_ + s * step_)};
  }
  double diffusivity(Place const& p) const {
    double const a = d_[p.i * columns_], b = d_[(p.i + 1) * columns_];
    return a + p.t * (b - a);
  }
  /// Column 0: W; 1 + j: its derivative by parameter j.
  double potential(Place const& p, std::size_t column) const {
    auto const k = p.i * columns_ + column, l = k + columns_;
    double const t = p.t, u = 1 - t;
    return w_[k] * u * u * (1 + 2 * t) + w_[l] * t * t * (1 + 2 * u) + step_ * t * u * (u * d_[k] - t * d_[l]) +
           p.beyond * (u * d_[k] + t * d_[l]);
  }

 private:
  void fill(LogDiffusivity const& law, std::vector<double> const& parameters, VolumeLaw const& volume, double c,
            double* row) const {
    double const ratio = volume(c) / kReference, d = law.diffusivity(parameters, 0, c) / (ratio * ratio);
    row[0] = d;
    if (columns_ == 1) return;
    std::fill(row + 1, row + columns_, 0.0);
    auto const [first, value] = law.parts().front().basis->at(c);
    for (std::size_t r = 0; r < 4; ++r) row[1 + static_cast<std::size_t>(first) + r] = d * value[r];
  }

  std::size_t columns_;
  std::vector<double> d_, w_;
  double low_ = 0, step_ = 1;
};

/// Cells of the scaled molar coordinate; the contact plane is a face.
struct Cells {
  std::vector<double> width, gap, start;  // (cells), (cells - 1) between centres, mole fractions before the anneal
};

class FiniteCouple {
 public:
  FiniteCouple(MeasuredProfile const& profile, LogDiffusivity const& law, Options const& options, VolumeLaw volume,
               double time)
      : profile_{profile},
        law_{law},
        fit_{options.fit},
        volume_{std::move(volume)},
        time_{time},
        low_{profile.options.left_face.value_or(profile.x.front())},
        high_{profile.options.right_face.value_or(profile.x.back())} {
    if (!(low_ <= profile.x.front() && high_ >= profile.x.back())) {
      throw bad_input(fmt::format("{}: points lie outside of the couple's faces at {:g} and {:g} um", profile.name,
                                  1e6 * low_, 1e6 * high_));
    }
  }

  Prediction operator()(std::vector<double> const& parameters, CoupleState const& state, Wanted wanted) const {
    bool const tangents = wanted == Wanted::tangents;
    auto const cells = cells_of(state);
    Tables const tables{law_, parameters, volume_, tangents};
    auto const columns = tangents ? law_.size() : 0;
    State now{cells.start, std::vector<std::vector<double>>(columns, std::vector<double>(cells.start.size(), 0.0))};
    for (int k = 0; k < fit_.steps; ++k) {
      double const a = static_cast<double>(k) / fit_.steps, b = static_cast<double>(k + 1) / fit_.steps;
      step(tables, cells, time_ * (b * b - a * a), now);
    }
    return at_points(cells, now);
  }

 private:
  struct State {
    std::vector<double> c;
    std::vector<std::vector<double>> dc;  // by each parameter
  };

  Cells cells_of(CoupleState const& state) const {
    if (!(state.contact > low_ && state.contact < high_)) {
      throw solver_failed(fmt::format("{}: the contact plane was put to {:g} um, outside of the couple", profile_.name,
                                      1e6 * state.contact),
                          "Give profile.contact.");
    }
    // The faces are where they are after the anneal; the change of volume on mixing is left to the end at the right.
    double const left = (state.contact - low_) / (volume_(state.left) / kReference);
    double const right = (high_ - state.contact) / (volume_(state.right) / kReference);
    int const n = fit_.cells, in_left = std::clamp(static_cast<int>(std::lround(n * left / (left + right))), 2, n - 2);
    Cells cells;
    for (int i = 0; i < n; ++i) {
      cells.width.push_back(i < in_left ? left / in_left : right / (n - in_left));
      cells.start.push_back(i < in_left ? state.left : state.right);
      if (i > 0) cells.gap.push_back(0.5 * (cells.width[cells.width.size() - 2] + cells.width.back()));
    }
    return cells;
  }

  /// Divergence of the flux of a potential W (or of its change), per cell.
  static std::vector<double> divergence(Cells const& cells, std::vector<double> const& w) {
    std::vector<double> f(w.size(), 0.0);
    for (std::size_t i = 0; i + 1 < w.size(); ++i) {
      double const flux = (w[i + 1] - w[i]) / cells.gap[i];
      f[i] += flux / cells.width[i];
      f[i + 1] -= flux / cells.width[i + 1];
    }
    return f;
  }

  static std::vector<double> potentials(Tables const& tables, std::vector<Tables::Place> const& at,
                                        std::size_t column) {
    std::vector<double> w;
    for (auto const& place : at) w.push_back(tables.potential(place, column));
    return w;
  }

  /// (I - dt gamma J) x = right with J c = div(D c), right overwritten by x.
  static void solve_stage(Cells const& cells, std::vector<double> const& d, double weight, std::vector<double>& right) {
    auto const n = d.size();
    std::vector<double> below(n, 0.0), diagonal(n, 1.0), above(n, 0.0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      double const face = weight / cells.gap[i];
      diagonal[i] += face * d[i] / cells.width[i];
      above[i] = -face * d[i + 1] / cells.width[i];
      diagonal[i + 1] += face * d[i + 1] / cells.width[i + 1];
      below[i + 1] = -face * d[i] / cells.width[i + 1];
    }
    numerics::solve_tridiagonal(below, diagonal, above, right);
  }

  /// Solves Y = base + weight div W(Y) from the guess in y, and dY = dbase + weight (J dY + dW) for every parameter.
  /// base and dbase are overwritten by the divergences at Y.
  void stage(Tables const& tables, Cells const& cells, double weight, State& y, State& base) const {
    auto const n = y.c.size();
    std::vector<Tables::Place> at(n);
    std::vector<double> d(n), f;
    for (int iteration = 0;; ++iteration) {
      for (std::size_t i = 0; i < n; ++i) at[i] = tables.at(y.c[i]), d[i] = tables.diffusivity(at[i]);
      f = divergence(cells, potentials(tables, at, 0));
      std::vector<double> step(n);
      for (std::size_t i = 0; i < n; ++i) step[i] = base.c[i] + weight * f[i] - y.c[i];
      solve_stage(cells, d, weight, step);
      double largest = 0;
      for (std::size_t i = 0; i < n; ++i) y.c[i] += step[i], largest = std::max(largest, std::abs(step[i]));
      if (largest < kNewton) break;
      if (iteration > 50 || !std::isfinite(largest)) {
        throw solver_failed(fmt::format("{}: a time step of the finite couple does not converge", profile_.name),
                            "Give more fit.steps, or a profile.contact.");
      }
    }
    for (std::size_t i = 0; i < n; ++i) at[i] = tables.at(y.c[i]), d[i] = tables.diffusivity(at[i]);
    base.c = divergence(cells, potentials(tables, at, 0));
    for (std::size_t j = 0; j < y.dc.size(); ++j) {
      auto const own = divergence(cells, potentials(tables, at, 1 + j));
      auto right = base.dc[j];
      for (std::size_t i = 0; i < n; ++i) right[i] += weight * own[i];
      solve_stage(cells, d, weight, right);
      y.dc[j] = right;
      for (std::size_t i = 0; i < n; ++i) right[i] *= d[i];
      base.dc[j] = divergence(cells, right);
      for (std::size_t i = 0; i < n; ++i) base.dc[j][i] += own[i];
    }
  }

  /// One step of SDIRK2; its second stage is the new state.
  void step(Tables const& tables, Cells const& cells, double dt, State& now) const {
    auto first = now, base = now;
    stage(tables, cells, kGamma * dt, first, base);
    auto const add = [&](std::vector<double>& to, std::vector<double> const& from, std::vector<double> const& slope) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + (1 - kGamma) * dt * slope[i];
    };
    add(base.c, now.c, base.c);
    for (std::size_t j = 0; j < now.dc.size(); ++j) add(base.dc[j], now.dc[j], base.dc[j]);
    stage(tables, cells, kGamma * dt, first, base);
    now = std::move(first);
  }

  /// Places of the cells' centres from the left face, and their changes: dx = V/V_ref dm.
  Prediction at_points(Cells const& cells, State const& now) const {
    auto const n = now.c.size(), columns = now.dc.size(), points = profile_.x.size();
    std::vector<double> x(n);
    std::vector<std::vector<double>> dx(columns, std::vector<double>(n, 0.0));
    double edge = low_;
    std::vector<double> moved(columns, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      double const h = cells.width[i], volume = volume_(now.c[i]) / kReference,
                   slope = volume_.slope(now.c[i]) / kReference;
      x[i] = edge + 0.5 * h * volume;
      edge += h * volume;
      for (std::size_t j = 0; j < columns; ++j) {
        double const change = h * slope * now.dc[j][i];
        dx[j][i] = moved[j] + 0.5 * change;
        moved[j] += change;
      }
    }
    Prediction result{std::vector<double>(points), {}, {}};
    if (columns > 0) result.tangent = HostMatrix{"tangent", points, columns};
    for (std::size_t p = 0; p < points; ++p) {
      auto const next = std::upper_bound(x.begin() + 1, x.end() - 1, profile_.x[p]);
      auto const i = static_cast<std::size_t>(next - x.begin()) - 1;
      double const slope = (now.c[i + 1] - now.c[i]) / (x[i + 1] - x[i]);
      // Between the outer centres and the sealed faces the profile is flat.
      double const t = std::clamp((profile_.x[p] - x[i]) / (x[i + 1] - x[i]), 0.0, 1.0);
      result.value[p] = now.c[i] + t * (now.c[i + 1] - now.c[i]);
      for (std::size_t j = 0; j < columns; ++j) {
        auto const mix = [&](std::vector<double> const& v) { return v[i] + t * (v[i + 1] - v[i]); };
        result.tangent(p, j) = mix(now.dc[j]) - slope * mix(dx[j]);
      }
    }
    return result;
  }

  MeasuredProfile profile_;
  LogDiffusivity law_;
  FitOptions fit_;
  VolumeLaw volume_;
  double time_, low_, high_;
};

}  // namespace

CoupleModel finite_couple(MeasuredProfile const& profile, LogDiffusivity const& law, Options const& options,
                          VolumeLaw const& volume, double time) {
  auto const model = std::make_shared<FiniteCouple const>(profile, law, options, volume, time);
  return [model](std::vector<double> const& parameters, CoupleState const& state, Wanted wanted) {
    return (*model)(parameters, state, wanted);
  };
}

double effective_time(Options const& options, double time) {
  auto const& temperature = options.anneal.temperature;
  if (!temperature || temperature->is_constant()) return time;
  if (!options.diffusivity.activation_energy.is_constant() || options.diffusivity.activation_energy({0.5}) <= 0) {
    throw bad_input(
        "diffusion_couple.diffusivity.activation_energy: a temperature that changes with time needs a constant "
        "activation energy above 0, the same for all compositions");
  }
  constexpr double kGas = 8.31446261815324;
  constexpr int kSteps = 20000;
  double const q = options.diffusivity.activation_energy({0.5});
  double hottest = 0;
  for (int i = 0; i <= kSteps; ++i) hottest = std::max(hottest, (*temperature)({time * i / kSteps}));
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    double const t = (*temperature)({time * (i + 0.5) / kSteps});
    if (!(t > 0))
      throw bad_input(fmt::format("diffusion_couple.anneal.temperature: is {:g} K at {:g} s", t, time * i / kSteps));
    sum += std::exp(-q / kGas * (1 / t - 1 / hottest));
  }
  return sum * time / kSteps;
}

}  // namespace kroma::diffusion_couple
