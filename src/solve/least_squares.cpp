#include "solve/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::solve {
namespace {

using Values = std::vector<double>;

double sum_of_squares(Values const& r) {
  double sum = 0;
  for (double const v : r) sum += v * v;
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

double norm(Values const& v) { return std::sqrt(sum_of_squares(v)); }

/// The model r + J p of the free parameters, in coordinates where damping is a number: J scaled by columns, decomposed.
struct LocalModel {
  std::vector<std::size_t> free;  // parameters that take part
  Values scale;                   // (free) norms of their columns
  linalg::Svd svd;                // of the scaled columns
  Values projected;               // U^T r

  /// -(J^T J + damping D)^-1 J^T r, for all n parameters.
  Values step(std::size_t n, double damping) const {
    Values p(n, 0.0);
    for (std::size_t k = 0; k < svd.s.size(); ++k) {
      double const s = svd.s[k];
      if (s <= kSmallest * svd.s[0]) continue;
      double const factor = -s / (s * s + damping) * projected[k];
      for (std::size_t j = 0; j < free.size(); ++j) p[free[j]] += factor * svd.vt(k, j) / scale[j];
    }
    return p;
  }

  /// What a change of the free parameters does to the residual, one by one.
  double size_of(Values const& p) const {
    Values scaled;
    for (std::size_t j = 0; j < free.size(); ++j) scaled.push_back(p[free[j]] * scale[j]);
    return norm(scaled);
  }

  static constexpr double kSmallest = 1e-13;  // singular values below this times the largest are rounding
};

LocalModel make_model(Values const& r, HostMatrix const& jacobian, std::vector<std::size_t> free) {
  LocalModel model{std::move(free), {}, {}, {}};
  std::size_t const m = r.size();
  HostMatrix const scaled{"scaled", m, model.free.size()};
  for (std::size_t j = 0; j < model.free.size(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < m; ++i) sum += jacobian(i, model.free[j]) * jacobian(i, model.free[j]);
    model.scale.push_back(sum > 0 ? std::sqrt(sum) : 1.0);
    for (std::size_t i = 0; i < m; ++i) scaled(i, j) = jacobian(i, model.free[j]) / model.scale[j];
  }
  model.svd = linalg::svd(scaled);
  for (std::size_t k = 0; k < model.svd.s.size(); ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < m; ++i) sum += model.svd.u(i, k) * r[i];
    model.projected.push_back(sum);
  }
  return model;
}

class Minimisation {
 public:
  Minimisation(LeastSquaresProblem const& problem, LeastSquaresTolerances const& tolerances)
      : problem_{problem},
        tolerances_{tolerances},
        n_{problem.start.size()},
        r_(problem.residuals),
        jacobian_{"jacobian", problem.residuals, problem.start.size()} {
    require(n_ > 0 && problem.residuals >= n_, "least squares have as many residuals as parameters, or more");
    require(problem.box.lower.size() == problem.box.upper.size() &&
                (problem.box.lower.empty() || problem.box.lower.size() == n_),
            "bounds of least squares are given for all parameters or for none");
  }

  LeastSquaresReport run() {
    report_.x = within_bounds(problem_.start);
    problem_.evaluate(report_.x, r_, &jacobian_);
    report_.sum_of_squares = sum_of_squares(r_);
    if (!std::isfinite(report_.sum_of_squares)) {
      throw solver_failed("least squares: the residuals at the start are not finite", "Give other start values.");
    }
    while (!report_.converged && report_.iterations < tolerances_.max_iterations) iterate();
    if (!report_.converged && report_.reason.empty()) report_.reason = "most iterations reached";
    finish();
    return report_;
  }

 private:
  Values within_bounds(Values x) const {
    for (std::size_t j = 0; j < problem_.box.lower.size(); ++j)
      x[j] = std::clamp(x[j], problem_.box.lower[j], problem_.box.upper[j]);
    return x;
  }

  /// Parameters that are not at a bound beyond which the sum of squares would fall.
  std::vector<std::size_t> free_parameters() const {
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < n_; ++j) {
      double gradient = 0;
      for (std::size_t i = 0; i < r_.size(); ++i) gradient += jacobian_(i, j) * r_[i];
      bool const low = !problem_.box.lower.empty() && report_.x[j] <= problem_.box.lower[j] && gradient > 0;
      bool const high = !problem_.box.upper.empty() && report_.x[j] >= problem_.box.upper[j] && gradient < 0;
      if (!low && !high) free.push_back(j);
    }
    return free;
  }

  void end(std::string reason) {
    report_.converged = true;
    report_.reason = std::move(reason);
  }

  void iterate() {
    auto const free = free_parameters();
    if (free.empty()) return end("all parameters at bounds");
    auto const model = make_model(r_, jacobian_, free);
    ++report_.iterations;
    if (norm(model.projected) <= tolerances_.relative * std::max(norm(r_), 1e-300))
      return end("residual is orthogonal");
    while (true) {
      auto const p = model.step(n_, damping_);
      auto x = report_.x;
      for (std::size_t j = 0; j < n_; ++j) x[j] += p[j];
      x = within_bounds(x);
      Values taken(n_);
      for (std::size_t j = 0; j < n_; ++j) taken[j] = x[j] - report_.x[j];
      bool const tiny = model.size_of(taken) <= tolerances_.relative * model.size_of(report_.x);
      Values r(r_.size());
      problem_.evaluate(x, r, nullptr);
      double const sum = sum_of_squares(r), gain = report_.sum_of_squares - sum;
      if (gain >= 0) {
        accept(x, sum, gain / std::max(predicted_gain(taken), 1e-300));
        if (tiny) end("step is small");
        return;
      }
      if (tiny) return end("step is small");
      damping_ = std::max(8 * damping_, 1e-4);
    }
  }

  /// |r|^2 - |r + J p|^2.
  double predicted_gain(Values const& p) const {
    double sum = 0;
    for (std::size_t i = 0; i < r_.size(); ++i) {
      double change = 0;
      for (std::size_t j = 0; j < n_; ++j) change += jacobian_(i, j) * p[j];
      sum -= change * (2 * r_[i] + change);
    }
    return sum;
  }

  void accept(Values const& x, double sum, double ratio) {
    report_.x = x;
    report_.sum_of_squares = sum;
    problem_.evaluate(x, r_, &jacobian_);
    if (ratio > 0.7) damping_ = damping_ < 1e-6 ? 0 : damping_ / 10;
    if (ratio < 0.25) damping_ = std::max(4 * damping_, 1e-4);
  }

  void finish() {
    auto const free = free_parameters();
    report_.at_bound.assign(n_, 1);
    for (auto const j : free) report_.at_bound[j] = 0;
    report_.covariance = HostMatrix{"covariance", n_, n_};
    double const degrees = static_cast<double>(r_.size()) - static_cast<double>(free.size());
    report_.variance = degrees > 0 ? report_.sum_of_squares / degrees : 0;
    if (free.empty()) return;
    auto const model = make_model(r_, jacobian_, free);
    for (std::size_t k = 0; k < model.svd.s.size(); ++k) {
      bool const lost = model.svd.s[k] <= LocalModel::kSmallest * model.svd.s[0];
      for (std::size_t a = 0; a < free.size(); ++a) {
        for (std::size_t b = 0; b < free.size(); ++b) {
          double const part = model.svd.vt(k, a) * model.svd.vt(k, b);
          if (lost && std::abs(part) < 1e-12) continue;
          report_.covariance(free[a], free[b]) +=
              part / (lost ? 0.0 : model.svd.s[k] * model.svd.s[k]) / (model.scale[a] * model.scale[b]);
        }
      }
    }
  }

  LeastSquaresProblem const& problem_;
  LeastSquaresTolerances const& tolerances_;
  std::size_t n_;
  Values r_;
  HostMatrix jacobian_;
  double damping_ = 1e-3;
  LeastSquaresReport report_;
};

}  // namespace

LeastSquaresReport minimise_squares(LeastSquaresProblem const& problem, LeastSquaresTolerances const& tolerances) {
  return Minimisation{problem, tolerances}.run();
}

HostMatrix correlation_of(HostMatrix const& covariance) {
  std::size_t const n = covariance.extent(0);
  HostMatrix const correlation{"correlation", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double const scale = std::sqrt(covariance(i, i)) * std::sqrt(covariance(j, j));
      correlation(i, j) = i == j ? 1.0 : std::isfinite(scale) && scale > 0 ? covariance(i, j) / scale : 0.0;
    }
  }
  return correlation;
}

}  // namespace kroma::solve
