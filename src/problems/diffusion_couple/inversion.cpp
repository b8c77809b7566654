#include "problems/diffusion_couple/inversion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/diffusion_couple/estimators.hpp"
#include "problems/diffusion_couple/smooth_profile.hpp"
#include "solve/least_squares.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kGcvWeight = 1.4;   // as in the probit spline
constexpr double kStateStep = 1e-4;  // of a difference quotient, in units of the parameter's scale
constexpr double kSweepTolerance = 1e-3, kTolerance = 1e-7;

/// One couple: its model, and which members of its state are fitted.
struct Couple {
  MeasuredProfile const* profile;
  std::vector<MeasuredLayer> layers;
  CoupleState start;
  std::array<bool, 3> free;  // contact, left, right
  std::array<double, 3> scale;
  std::vector<double> deviation;  // of points, then of interfaces
  CoupleModel model;
};

double& member(CoupleState& state, std::size_t k) { return k == 0 ? state.contact : k == 1 ? state.left : state.right; }

/// Outermost end members of all couples.
std::pair<double, double> covered(std::vector<Couple> const& couples) {
  double low = 1, high = 0;
  for (auto const& couple : couples) {
    low = std::min({low, couple.start.left, couple.start.right});
    high = std::max({high, couple.start.left, couple.start.right});
  }
  return {std::max(0.0, low), std::min(1.0, high)};
}

class Fit {
 public:
  Fit(std::vector<MeasuredProfile> const& profiles, Options const& options) : options_{options}, volume_{options} {
    for (auto const& profile : profiles) couples_.push_back(describe(profile));
    auto const [low, high] = covered(couples_);
    law_.emplace(options.phases, low, high, options.fit.knots);
    for (auto& couple : couples_) {
      double const time = effective_time(options, couple.profile->time);
      couple.model = options.fit.ends == Ends::finite
                         ? finite_couple(*couple.profile, *law_, options, volume_, time)
                         : infinite_couple(*couple.profile, couple.layers, *law_, options, volume_, time);
    }
    root_ = law_->roughness_root();
    free_ = law_->size();
    rows_ = root_.extent(0);
    for (auto const& couple : couples_) {
      for (bool const free : couple.free) free_ += free;
      rows_ += couple.deviation.size();
    }
  }

  LogDiffusivity const& law() const { return *law_; }

  /// Parameters of ln D from the classical estimates, then the free members of the states.
  std::vector<double> start() const {
    auto x = law_->nearest([this](std::size_t part, double c) { return first_guess(part, c); },
                           [this](double c) { return believed(c); });
    for (auto const& couple : couples_) {
      auto state = couple.start;
      for (std::size_t k = 0; k < 3; ++k) {
        if (couple.free[k]) x.push_back(member(state, k) / couple.scale[k]);
      }
    }
    return x;
  }

  solve::LeastSquaresReport descend(std::vector<double> const& from, double penalty, double tolerance) const {
    solve::LeastSquaresProblem problem;
    problem.residuals = rows_;
    problem.start = from;
    problem.evaluate = [&](std::vector<double> const& x, std::vector<double>& r, HostMatrix const* jacobian) {
      evaluate(x, penalty, r, jacobian);
    };
    return solve::minimise_squares(problem, {.max_iterations = 60, .relative = tolerance});
  }

  /// Sum of squares of the data alone, and the effective number of parameters, at a minimum.
  std::pair<double, double> data_and_freedoms(solve::LeastSquaresReport const& at, double penalty) const {
    double roughness = 0, trace = 0;
    for (std::size_t i = 0; i < root_.extent(0); ++i) {
      double row = 0, covered = 0;
      for (std::size_t j = 0; j < law_->size(); ++j) {
        row += root_(i, j) * at.x[j];
        double product = 0;
        for (std::size_t k = 0; k < law_->size(); ++k) product += at.covariance(j, k) * root_(i, k);
        covered += root_(i, j) * product;
      }
      roughness += row * row;
      trace += covered;
    }
    return {at.sum_of_squares - penalty * roughness, static_cast<double>(free_) - penalty * trace};
  }

  /// The minimum with the penalty that generalised cross-validation likes best.
  std::pair<solve::LeastSquaresReport, double> best() const {
    if (options_.fit.penalty > 0) return {descend(start(), options_.fit.penalty, kTolerance), options_.fit.penalty};
    double best_score = std::numeric_limits<double>::infinity(), best_penalty = 0;
    std::vector<double> from = start(), best_x;
    for (double exponent = 0; exponent > -6.1; exponent -= 1) {
      double const mu = std::pow(10.0, exponent);
      auto const found = descend(from, mu, kSweepTolerance);
      if (!std::isfinite(found.sum_of_squares)) continue;
      from = found.x;
      auto const [squares, freedoms] = data_and_freedoms(found, mu);
      double const n = static_cast<double>(rows_ - root_.extent(0)), left = n - kGcvWeight * freedoms;
      double const score = left > 0 ? n * squares / (left * left) : std::numeric_limits<double>::infinity();
      if (score < best_score) best_score = score, best_penalty = mu, best_x = found.x;
    }
    if (best_x.empty()) {
      throw solver_failed("no ln D spline fits the profiles",
                          "Give fewer fit.knots, a fit.penalty, or look at the profiles.");
    }
    return {descend(best_x, best_penalty, kTolerance), best_penalty};
  }

  std::vector<CoupleState> states(std::vector<double> const& x) const {
    std::vector<CoupleState> result;
    std::size_t next = law_->size();
    for (auto const& couple : couples_) {
      auto state = couple.start;
      for (std::size_t k = 0; k < 3; ++k) {
        if (couple.free[k]) member(state, k) = x[next++] * couple.scale[k];
      }
      result.push_back(state);
    }
    return result;
  }

  std::vector<std::vector<double>> fitted(std::vector<double> const& x) const {
    std::vector<std::vector<double>> result;
    auto const at = states(x);
    for (std::size_t k = 0; k < couples_.size(); ++k) {
      auto values = couples_[k].model(x, at[k], Wanted::values).value;
      values.resize(couples_[k].profile->x.size());
      result.push_back(std::move(values));
    }
    return result;
  }

  std::size_t data() const { return rows_ - root_.extent(0); }

 private:
  Couple describe(MeasuredProfile const& profile) {
    auto const& o = profile.options;
    Couple couple{&profile, {}, {}, {}, {}, {}, {}};
    bool const finite = options_.fit.ends == Ends::finite;
    if (!finite && options_.phases.size() > 1) couple.layers = find_layers(profile, options_);
    couple.start.left = o.left.empty() ? std::clamp(plateau(profile, 0, 0).value, 0.0, 1.0) : o.left.front();
    couple.start.right = o.right.empty() ? std::clamp(plateau(profile, 0, 1).value, 0.0, 1.0) : o.right.front();
    couple.free = {!o.contact && options_.fit.offset, o.left.empty() && couple.layers.empty(),
                   o.right.empty() && couple.layers.empty()};
    noise_and_place(profile, couple);
    if (o.contact) couple.start.contact = *o.contact;
    return couple;
  }

  /// Deviations, where the contact plane may be, and the widths that steps are measured by.
  void noise_and_place(MeasuredProfile const& profile, Couple& couple) {
    auto const n = profile.x.size();
    double deviation = 0;
    if (options_.fit.ends == Ends::infinite && couple.layers.empty()) {
      auto const smoothed = smooth(profile, options_.smoothing);
      auto const planes = find_planes(sample_at_places(smoothed.best, volume_, {}));
      couple.start.contact = planes.contact;
      couple.scale[0] = smoothed.best.high - smoothed.best.low;
      deviation = std::max(smoothed.deviation, 1e-6);
      estimates_.push_back(estimate(smoothed.best, profile.time));
    } else {
      couple.scale[0] = profile.x.back() - profile.x.front();
      deviation = noise_of_neighbours(profile.composition());
      couple.start.contact = balance_plane(profile, couple.start.left, couple.start.right);
    }
    couple.scale[1] = couple.scale[2] = 1;
    couple.deviation = profile.deviation.empty() ? std::vector<double>(n, deviation) : profile.deviation;
    for (std::size_t k = 1; k < couple.layers.size(); ++k) {
      couple.deviation.push_back(std::max(couple.layers[k].deviation, 1e-9));
    }
    if (couple.layers.size() > 1) {
      auto const layered = layered_profile(profile, couple.layers, options_, volume_);
      for (auto const& layer : couple.layers) {
        integrated_.push_back({layer.phase, integrated_coefficient(layered, layer.phase, profile.time).by_composition});
      }
    }
  }

  double first_guess(std::size_t part, double c) const {
    if (!integrated_.empty()) return guess_from_integrated(part);
    if (!estimates_.empty()) {
      double sum = 0;
      for (auto const& estimate : estimates_) sum += estimate.at(c);
      return sum / static_cast<double>(estimates_.size());
    }
    return std::log(guess_from_width());
  }

  /// The mean of D over a phase, or the compound's coefficient.
  double guess_from_integrated(std::size_t part) const {
    auto const& p = law_->parts()[part];
    double sum = 0, count = 0;
    for (auto const& [phase, value] : integrated_) {
      auto const& deck = options_.phases[static_cast<std::size_t>(phase)];
      bool const mine = deck.at ? *deck.at == p.low : p.basis && deck.range->low <= p.low && p.high <= deck.range->high;
      if (mine && value > 0) sum += std::log(p.basis ? value / (p.high - p.low) : value), count += 1;
    }
    return count > 0 ? sum / count : std::log(1e-15);
  }

  /// D t = (width / 4)^2 of a finite couple's zone, from the steepest part of its isotonic profile.
  double guess_from_width() const {
    double product = 0;
    for (auto const& couple : couples_) {
      auto const& x = couple.profile->x;
      auto const& c = couple.profile->composition();
      double steepest = 0;
      for (std::size_t i = 2; i + 2 < x.size(); ++i) {
        steepest = std::max(steepest, std::abs((c[i + 2] - c[i - 2]) / (x[i + 2] - x[i - 2])));
      }
      double const rise = std::abs(couple.start.right - couple.start.left);
      product += std::log(std::pow(rise / steepest, 2) / (4 * M_PI * couple.profile->time));
    }
    return std::exp(product / static_cast<double>(couples_.size()));
  }

  /// How far a first guess at c is to be believed: less in the tails, not where no profile goes.
  double believed(double c) const {
    double best = 0;
    for (auto const& couple : couples_) {
      double const y = (c - couple.start.left) / (couple.start.right - couple.start.left);
      if (y > 0.02 && y < 0.98) best = std::max(best, 4 * y * (1 - y));
    }
    return integrated_.empty() ? best : 1.0;
  }

  void evaluate(std::vector<double> const& x, double penalty, std::vector<double>& r,
                HostMatrix const* jacobian) const {
    auto const at = states(x);
    std::size_t row = 0, column = law_->size();
    if (jacobian != nullptr) Kokkos::deep_copy(*jacobian, 0.0);
    bool good = true;
    for (std::size_t k = 0; k < couples_.size(); ++k) {
      try {
        add_couple(couples_[k], x, at[k], row, column, r, jacobian);
      } catch (Error const&) {
        good = false;  // a trial step out of the model's range is taken back
      }
      row += couples_[k].deviation.size();
      for (bool const free : couples_[k].free) column += free;
    }
    double const weight = std::sqrt(penalty);
    for (std::size_t i = 0; i < root_.extent(0); ++i, ++row) {
      r[row] = 0;
      for (std::size_t j = 0; j < law_->size(); ++j) {
        r[row] += weight * root_(i, j) * x[j];
        if (jacobian != nullptr) (*jacobian)(row, j) = weight * root_(i, j);
      }
    }
    if (!good) std::fill(r.begin(), r.end(), std::numeric_limits<double>::quiet_NaN());
  }

  void add_couple(Couple const& couple, std::vector<double> const& x, CoupleState const& state, std::size_t row,
                  std::size_t column, std::vector<double>& r, HostMatrix const* jacobian) const {
    auto const found = couple.model(x, state, jacobian != nullptr ? Wanted::tangents : Wanted::values);
    auto const points = couple.profile->x.size();
    for (std::size_t i = 0; i < found.value.size(); ++i) {
      double const measured = i < points ? couple.profile->composition()[i] : couple.layers[i - points + 1].low;
      r[row + i] = (found.value[i] - measured) / couple.deviation[i];
      if (jacobian == nullptr) continue;
      for (std::size_t j = 0; j < law_->size(); ++j)
        (*jacobian)(row + i, j) = found.tangent(i, j) / couple.deviation[i];
    }
    for (std::size_t k = 0; jacobian != nullptr && k < 3; ++k) {
      if (!couple.free[k]) continue;
      auto const slope = k == 0 && !found.by_contact.empty() ? found.by_contact : by_member(couple, x, state, k);
      for (std::size_t i = 0; i < slope.size(); ++i) {
        (*jacobian)(row + i, column) = slope[i] * couple.scale[k] / couple.deviation[i];
      }
      ++column;
    }
  }

  /// Derivative of the model by member k of the state, as a difference quotient.
  std::vector<double> by_member(Couple const& couple, std::vector<double> const& x, CoupleState const& state,
                                std::size_t k) const {
    auto up = state, down = state;
    double const step = kStateStep * (k == 0 ? couple.scale[0] : std::abs(state.right - state.left));
    member(up, k) += step, member(down, k) -= step;
    auto slope = couple.model(x, up, Wanted::differences).value;
    auto const low = couple.model(x, down, Wanted::differences).value;
    for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = (slope[i] - low[i]) / (2 * step);
    return slope;
  }

  /// ln D by Wagner's method, between 2 and 98 % of a profile's rise at equal distances, and straight lines between.
  struct Estimate {
    double low, high;  // compositions of the first and the last value
    std::vector<double> log_d;

    double at(double c) const {
      double const last = static_cast<double>(log_d.size() - 1);
      double const place = std::clamp((c - low) / (high - low), 0.0, 1.0) * last,
                   i = std::min(std::floor(place), last - 1);
      auto const* const from = &log_d[static_cast<std::size_t>(i)];
      return from[0] + (place - i) * (from[1] - from[0]);
    }
  };

  Estimate estimate(Curve const& curve, double time) const {
    constexpr int parts = 96;
    std::vector<double> c;
    for (int i = 0; i <= parts; ++i) c.push_back(curve.minus + (0.02 + 0.96 * i / parts) * (curve.plus - curve.minus));
    Estimate found{c.front(), c.back(), {}};
    auto const sampled = sample_at_compositions(curve, volume_, c);
    for (double const d : interdiffusion(sampled, Method::wagner, time)) found.log_d.push_back(std::log(d));
    return found;
  }

  struct PhaseIntegral {
    int phase;
    double value;
  };

  Options const& options_;
  VolumeLaw volume_;
  std::vector<Estimate> estimates_;
  std::vector<PhaseIntegral> integrated_;
  std::vector<Couple> couples_;
  std::optional<LogDiffusivity> law_;
  HostMatrix root_;
  std::size_t free_ = 0, rows_ = 0;
};

}  // namespace

Inversion invert_profiles(std::vector<MeasuredProfile> const& profiles, Options const& options) {
  Fit const fit{profiles, options};
  auto const [found, penalty] = fit.best();
  if (!found.converged) {
    throw solver_failed(
        fmt::format("the fit of ln D does not converge in {} iterations ({})", found.iterations, found.reason),
        "Give fewer fit.knots, a fit.penalty, or look at the profiles.");
  }
  auto const [squares, freedoms] = fit.data_and_freedoms(found, penalty);
  Inversion result{fit.law(), found.x, fit.states(found.x), fit.fitted(found.x), found.covariance, penalty,
                   freedoms,  0,       found.iterations};
  result.chi_squared = squares / std::max(1.0, static_cast<double>(fit.data()) - freedoms);
  for (std::size_t i = 0; i < result.covariance.extent(0); ++i) {
    for (std::size_t j = 0; j < result.covariance.extent(1); ++j) result.covariance(i, j) *= result.chi_squared;
  }
  return result;
}

double log_deviation(Inversion const& inversion, std::size_t part, double c) {
  auto const& p = inversion.law.parts()[part];
  if (!p.basis) return std::sqrt(inversion.covariance(p.first, p.first));
  auto const [first, value] = p.basis->at(c);
  double variance = 0;
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t s = 0; s < 4; ++s) {
      variance += value[r] * value[s] *
                  inversion.covariance(p.first + static_cast<std::size_t>(first) + r,
                                       p.first + static_cast<std::size_t>(first) + s);
    }
  }
  return std::sqrt(variance);
}

HostMatrix bootstrap(MPI_Comm comm, std::vector<MeasuredProfile> const& profiles, Options const& options,
                     Inversion const& inversion, std::vector<std::pair<std::size_t, double>> const& compositions) {
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  auto const replicates = static_cast<std::size_t>(options.fit.bootstrap);
  HostMatrix result{"bootstrap", replicates, compositions.size()};
  auto refit = options;
  refit.fit.penalty = inversion.penalty;
  agreed(comm, [&] {
    std::size_t points = 0;
    for (auto const& profile : profiles) points += profile.x.size();
    double const scale = std::sqrt(static_cast<double>(points) / (static_cast<double>(points) - inversion.freedoms));
    for (auto r = static_cast<std::size_t>(rank); r < replicates; r += static_cast<std::size_t>(size)) {
      std::mt19937_64 generator{static_cast<std::uint64_t>(options.fit.seed) * 1000003u + r};
      auto drawn = profiles;
      for (std::size_t k = 0; k < profiles.size(); ++k) {
        auto const n = profiles[k].x.size();
        for (std::size_t i = 0; i < n; ++i) {
          auto const from = generator() % n;
          double const residual = profiles[k].composition()[from] - inversion.fitted[k][from];
          drawn[k].c[0][i] = inversion.fitted[k][i] + scale * residual;
        }
      }
      Fit const fit{drawn, refit};
      auto const found = fit.descend(inversion.parameters, inversion.penalty, kSweepTolerance);
      for (std::size_t c = 0; c < compositions.size(); ++c) {
        result(r, c) = fit.law().value(found.x, compositions[c].first, compositions[c].second);
      }
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, result.data(), static_cast<int>(result.size()), MPI_DOUBLE, MPI_SUM, comm);
  return result;
}

}  // namespace kroma::diffusion_couple
