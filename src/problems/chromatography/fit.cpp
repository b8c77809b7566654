#include "problems/chromatography/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "deck/sampling.hpp"
#include "problems/chromatography/closed_form.hpp"
#include "problems/chromatography/fit_start.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"

namespace kroma::chromatography {
namespace {

using Values = std::vector<double>;

constexpr char const* kAdsorption = "binding.adsorption_rate";
constexpr char const* kDesorption = "binding.desorption_rate";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Signal of one measurement: baseline + slope (t - t_0) + amplitude * sum of responses; and how it changes with the
/// logarithms of all parameters.
class SignalModel {
 public:
  SignalModel(DeckParameters const& parameters, Measurement const& data, Solved const& method)
      : parameters_{parameters}, data_{data}, method_{method} {}

  /// Sum over components of response times outlet, at the times of the data.
  Values shape(Values const& values) const { return weighted(method_.outlet(column(values), data_.times)); }

  /// d(shape) / d(ln value) of each parameter: (parameter) lists.
  std::vector<Values> derivatives(Values const& values) const {
    std::vector<Values> result(values.size());
    auto const at = column(values);
    bool const exact = has_closed_form(at);
    if (exact) by_rates(at, result);
    std::vector<Direction> directions;
    std::vector<std::size_t> number;
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (!result[j].empty()) continue;
      auto up = values, down = values;
      up[j] *= std::exp(method_.step);
      down[j] *= std::exp(-method_.step);
      directions.push_back({column(up), column(down), 2 * method_.step, 1});
      number.push_back(j);
    }
    if (directions.empty()) return result;
    auto const slopes = method_.slopes(at, data_.times, directions);
    std::size_t const count = number.size(), n = data_.response.size();
    for (std::size_t d = 0; d < count; ++d) {
      Values one;
      for (std::size_t k = 0; k < data_.times.size(); ++k) {
        auto const first = slopes.begin() + static_cast<long>((k * count + d) * n);
        one.insert(one.end(), first, first + static_cast<long>(n));
      }
      result[number[d]] = weighted(one);
    }
    return result;
  }

 private:
  Column column(Values const& values) const { return make_column(parameters_.with(values, data_.set)); }

  Values weighted(Values const& outlet) const {
    std::size_t const n = data_.response.size();
    Values sum(data_.times.size(), 0.0);
    for (std::size_t k = 0; k < sum.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) sum[k] += data_.response[i] * outlet[k * n + i];
    }
    return sum;
  }

  void by_rates(Column const& at, std::vector<Values>& result) const {
    std::size_t const count = data_.times.size();
    Tensor const gradient{"gradient", at.count(), count, 3};
    closed_form_gradient(Space{}, make_closed_form(at), to_device(data_.times), gradient);
    auto const g = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, gradient);
    for (std::size_t j = 0; j < result.size(); ++j) {
      auto const& p = parameters_.all()[j];
      bool const adsorption = p.key == kAdsorption, desorption = p.key == kDesorption;
      if (p.component.empty() || !(adsorption || desorption)) continue;
      result[j].resize(count);
      for (std::size_t k = 0; k < count; ++k) {
        double const by_k = g(p.index, k, 1), by_kd = g(p.index, k, 2);
        result[j][k] = data_.response[p.index] * (adsorption ? by_k : by_kd - by_k);
      }
    }
  }

  DeckParameters const& parameters_;
  Measurement const& data_;
  Solved const& method_;
};

/// The unknowns of least squares: first the logarithms of the parameters, of an adsorption rate whose desorption rate
/// is fitted too that of their ratio; then the nuisance of each measurement.
class Unknowns {
 public:
  Unknowns(DeckParameters const& parameters, FitOptions const& options, std::vector<Measurement> const& data)
      : parameters_{parameters}, nuisance_{options.nuisance}, sets_{data.size()} {
    for (std::size_t j = 0; j < count(); ++j) {
      auto const& p = parameters.all()[j];
      bool const ratio = p.key == kAdsorption && !p.component.empty();
      partner_.push_back(ratio ? parameters.find(kDesorption, p.index) : count());
    }
  }

  std::size_t count() const { return parameters_.all().size(); }
  std::size_t size() const { return count() + nuisance_.size() * sets_; }
  std::size_t partner(std::size_t j) const { return partner_[j]; }  // of an adsorption rate; count() without
  std::vector<Nuisance> const& nuisance() const { return nuisance_; }
  std::size_t nuisance_index(std::size_t set, std::size_t which) const {
    return count() + set * nuisance_.size() + which;
  }

  Values from(Values const& values, std::vector<Measurement> const& data) const {
    Values x;
    for (std::size_t j = 0; j < count(); ++j) {
      x.push_back(std::log(values[j]) - (partner_[j] < count() ? std::log(values[partner_[j]]) : 0.0));
    }
    for (auto const& m : data) {
      for (auto const one : nuisance_)
        x.push_back(one == Nuisance::baseline ? m.baseline : one == Nuisance::amplitude ? 1.0 : 0.0);
    }
    return x;
  }
  Values values(Values const& x) const {
    Values v;
    for (std::size_t j = 0; j < count(); ++j)
      v.push_back(std::exp(x[j] + (partner_[j] < count() ? x[partner_[j]] : 0.0)));
    return v;
  }
  /// Value of a nuisance in x, or `otherwise` where it is not fitted.
  double value(Values const& x, std::size_t set, Nuisance which, double otherwise) const {
    for (std::size_t k = 0; k < nuisance_.size(); ++k) {
      if (nuisance_[k] == which) return x[nuisance_index(set, k)];
    }
    return otherwise;
  }

 private:
  DeckParameters const& parameters_;
  std::vector<Nuisance> nuisance_;
  std::size_t sets_;
  std::vector<std::size_t> partner_;
};

class Fit {
 public:
  Fit(Options const& options, std::vector<Measurement> const& data, Solved const& method)
      : options_{options},
        data_{data},
        parameters_{options, options.fit->parameters, "chromatography.fit.parameters", true},
        unknowns_{parameters_, *options.fit, data} {
    for (auto const& m : data) models_.emplace_back(parameters_, m, method);
  }

  FitResult run() {
    Values start;
    for (auto const& p : parameters_.all()) start.push_back(p.value);
    FitResult result;
    if (options_.fit->start_from_moments) result.from_moments = start_from_moments(data_[0], parameters_, start);
    solve::LeastSquaresProblem problem;
    for (auto const& m : data_) problem.residuals += m.times.size();
    problem.start = unknowns_.from(start, data_);
    problem.evaluate = [&](Values const& x, Values& r, HostMatrix const* jacobian) { evaluate(x, r, jacobian); };
    auto const report = best_of_starts(problem);
    result.iterations = report.iterations;
    result.converged = report.converged;
    result.reason = report.reason;
    result.variance = report.variance;
    result.options = parameters_.with(unknowns_.values(report.x));
    describe(start, report, result);
    return result;
  }

 private:
  /// From the start and from others, spread evenly over a box of logarithms around it. A start from which the fit fails
  /// counts only where there is no other.
  solve::LeastSquaresReport best_of_starts(solve::LeastSquaresProblem problem) const {
    auto const& f = *options_.fit;
    solve::LeastSquaresTolerances const tolerances{f.max_iterations, 1e-9};
    auto best = solve::minimise_squares(problem, tolerances);
    auto const first = problem.start;
    std::vector<Values> shifts;
    for (auto const& p : parameters_.all()) shifts.push_back(deck::latin_hypercube(f.seed, p.name(), f.starts - 1));
    for (int k = 0; k + 1 < f.starts; ++k) {
      for (std::size_t j = 0; j < shifts.size(); ++j) {
        problem.start[j] = first[j] + std::log(f.spread) * (2 * shifts[j][static_cast<std::size_t>(k)] - 1);
      }
      try {
        auto const next = solve::minimise_squares(problem, tolerances);
        bool const better = next.sum_of_squares < best.sum_of_squares;
        if (next.converged && (better || !best.converged)) best = next;
      } catch (Error const&) {
      }
    }
    return best;
  }

  double weight(Measurement const& m) const { return m.noise > 0 ? 1 / m.noise : 1.0; }

  Values signal(Values const& x, std::size_t set, Values const& shape) const {
    auto const& m = data_[set];
    double const amplitude = unknowns_.value(x, set, Nuisance::amplitude, 1);
    double const baseline = unknowns_.value(x, set, Nuisance::baseline, m.baseline);
    double const slope = unknowns_.value(x, set, Nuisance::slope, 0);
    Values s;
    for (std::size_t k = 0; k < shape.size(); ++k)
      s.push_back(baseline + slope * (m.times[k] - m.times[0]) + amplitude * shape[k]);
    return s;
  }

  void evaluate(Values const& x, Values& r, HostMatrix const* jacobian) const {
    std::size_t row = 0;
    for (std::size_t set = 0; set < data_.size(); ++set) {
      auto const& m = data_[set];
      Values shape, s(m.times.size(), kNone);
      try {
        shape = models_[set].shape(unknowns_.values(x));
        s = signal(x, set, shape);
      } catch (Error const& e) {
        if (jacobian != nullptr) throw;  // else a step out of what a deck may say, to be taken back
      }
      for (std::size_t k = 0; k < s.size(); ++k) r[row + k] = weight(m) * (s[k] - m.signal[k]);
      if (jacobian != nullptr) fill(x, set, shape, row, *jacobian);
      row += s.size();
    }
  }

  void fill(Values const& x, std::size_t set, Values const& shape, std::size_t row, HostMatrix const& jacobian) const {
    auto const& m = data_[set];
    double const w = weight(m), amplitude = unknowns_.value(x, set, Nuisance::amplitude, 1);
    auto const slopes = models_[set].derivatives(unknowns_.values(x));
    for (std::size_t k = 0; k < shape.size(); ++k) {
      for (std::size_t j = 0; j < unknowns_.size(); ++j) jacobian(row + k, j) = 0;
      for (std::size_t j = 0; j < unknowns_.count(); ++j) {
        jacobian(row + k, j) += w * amplitude * slopes[j][k];
        // ln k_a = ln(k_a / k_d) + ln k_d
        if (unknowns_.partner(j) < unknowns_.count())
          jacobian(row + k, unknowns_.partner(j)) += w * amplitude * slopes[j][k];
      }
      for (std::size_t one = 0; one < unknowns_.nuisance().size(); ++one) {
        auto const which = unknowns_.nuisance()[one];
        double const by = which == Nuisance::baseline ? 1.0
                          : which == Nuisance::slope  ? m.times[k] - m.times[0]
                                                      : shape[k];
        jacobian(row + k, unknowns_.nuisance_index(set, one)) = w * by;
      }
    }
  }

  bool noise_is_known() const {
    return std::all_of(data_.begin(), data_.end(), [](Measurement const& m) { return m.noise > 0; });
  }

  /// Estimates and standard errors; errors of logarithms are relative errors of the values.
  void describe(Values const& start, solve::LeastSquaresReport const& report, FitResult& result) const {
    double const scale = noise_is_known() ? 1 : report.variance;
    auto const& c = report.covariance;
    auto const values = unknowns_.values(report.x);
    std::size_t const n = unknowns_.count(), size = unknowns_.size();
    HostMatrix const covariance{"covariance", size, size};
    auto const entry = [&](std::size_t a, std::size_t b) {  // of ln values
      double sum = c(a, b);
      std::size_t const pa = a < n ? unknowns_.partner(a) : n, pb = b < n ? unknowns_.partner(b) : n;
      if (pa < n) sum += c(pa, b);
      if (pb < n) sum += c(a, pb);
      if (pa < n && pb < n) sum += c(pa, pb);
      return sum;
    };
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b < size; ++b) covariance(a, b) = scale * entry(a, b);
    }
    for (std::size_t j = 0; j < n; ++j) {
      auto const& p = parameters_.all()[j];
      result.estimates.push_back({p.key, p.component, start[j], values[j], values[j] * std::sqrt(covariance(j, j))});
    }
    auto const first = unknowns_.from(start, data_);
    for (std::size_t set = 0; set < data_.size(); ++set) {
      for (std::size_t one = 0; one < unknowns_.nuisance().size(); ++one) {
        auto const j = unknowns_.nuisance_index(set, one);
        result.estimates.push_back(
            {name_of(unknowns_.nuisance()[one], set), "", first[j], report.x[j], std::sqrt(covariance(j, j))});
      }
    }
    result.correlation = solve::correlation_of(covariance);
    add_retention_factors(first, report, scale, result);
    add_model(report.x, result);
  }

  std::string name_of(Nuisance which, std::size_t set) const {
    auto const* const name = which == Nuisance::baseline ? "baseline"
                             : which == Nuisance::slope  ? "slope"
                                                         : "amplitude";
    return data_.size() == 1 ? name : name + (" of " + data_[set].name);
  }

  void add_retention_factors(Values const& start, solve::LeastSquaresReport const& report, double scale,
                             FitResult& result) const {
    double const phase_ratio = make_column(result.options).phase_ratio;
    if (phase_ratio == 0) return;
    for (std::size_t j = 0; j < unknowns_.count(); ++j) {
      if (unknowns_.partner(j) == unknowns_.count()) continue;
      double const value = phase_ratio * std::exp(report.x[j]);
      result.estimates.push_back({"retention_factor", parameters_.all()[j].component, phase_ratio * std::exp(start[j]),
                                  value, value * std::sqrt(scale * report.covariance(j, j))});
    }
  }

  void add_model(Values const& x, FitResult& result) const {
    double squares = 0, total = 0;
    for (std::size_t set = 0; set < data_.size(); ++set) {
      result.model.push_back(signal(x, set, models_[set].shape(unknowns_.values(x))));
      double const baseline = unknowns_.value(x, set, Nuisance::baseline, data_[set].baseline);
      for (std::size_t k = 0; k < data_[set].times.size(); ++k) {
        squares += std::pow(result.model[set][k] - data_[set].signal[k], 2);
        total += std::pow(data_[set].signal[k] - baseline, 2);
      }
    }
    result.misfit = std::sqrt(squares / total);
  }

  Options const& options_;
  std::vector<Measurement> const& data_;
  DeckParameters parameters_;
  Unknowns unknowns_;
  std::vector<SignalModel> models_;
};

}  // namespace

FitResult run_fit(Options const& options, std::vector<Measurement> const& data, Solved const& method) {
  return Fit{options, data, method}.run();
}

}  // namespace kroma::chromatography
