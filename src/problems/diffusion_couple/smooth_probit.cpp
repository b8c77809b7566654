#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/cholesky.hpp"
#include "numerics/special.hpp"
#include "problems/diffusion_couple/smooth_profile.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kTail = 4.3;       // beyond this deviate the normalised composition is 6e-10 from the end member
constexpr double kGcvWeight = 1.4;  // each effective parameter counts so much, against undersmoothing
constexpr int kIterations = 30;

double cumulative(double z) { return 0.5 * std::erfc(-z); }
double density(double z) { return std::exp(-z * z) / std::sqrt(std::numbers::pi); }

/// Sum of squares, gradient and normal matrix at some parameters: coefficients of z, then both end members.
struct Normal {
  HostMatrix matrix;
  std::vector<double> gradient;
  double squares = 0;
};

class ProbitFit {
 public:
  ProbitFit(MeasuredProfile const& profile, SmoothingOptions const& options)
      : profile_{profile},
        basis_{breakpoints(options.knots)},
        roughness_{basis_.roughness()},
        root_{basis_.roughness_root()} {
    double const width = basis_.breakpoints().back() - basis_.breakpoints().front();
    size_ = static_cast<std::size_t>(basis_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < size_; ++j) roughness_(i, j) *= width * width * width;  // of x over the width
      for (std::size_t k = 0; k < root_.extent(0); ++k) root_(k, i) *= std::pow(width, 1.5);
    }
    for (double const x : profile.x) at_points_.push_back(basis_.at(x));
    fixed_ = {!profile.options.left.empty(), !profile.options.right.empty()};
    for (double const s : profile.deviation) weights_.push_back(1 / (s * s));
    if (weights_.empty()) {
      weights_.assign(profile.x.size(), 1.0);
    } else {  // mean weight one, so that penalties mean the same with and without deviations
      double sum = 0;
      for (double const w : weights_) sum += w / static_cast<double>(weights_.size());
      for (double& w : weights_) w /= sum;
    }
  }

  SmoothProfile fit(double penalty) {
    if (penalty > 0) {
      start();
      if (!descend(penalty) || !monotone()) throw not_monotone();
      return result(penalty);
    }
    double best_score = std::numeric_limits<double>::infinity(), best_penalty = 0;
    std::vector<double> best;
    start();
    for (double exponent = 2; exponent > -10.1; exponent -= 0.5) {
      double const mu = std::pow(10.0, exponent);
      if (!descend(mu) || !monotone()) continue;
      double const score = cross_validation(mu);
      if (score < best_score) best_score = score, best_penalty = mu, best = parameters_;
    }
    if (best.empty()) throw not_monotone();
    parameters_ = best;
    return result(best_penalty);
  }

 private:
  Error not_monotone() const {
    return solver_failed(
        fmt::format("{}: no smooth profile that rises or falls throughout fits the points", profile_.name),
        "Look for outliers and for profiles of several phases; give fewer smoothing.knots.");
  }

  /// The part of the couple that changes: 0.003 to 0.997 of the monotone regression, at least.
  std::vector<double> breakpoints(int count) {
    auto const& o = profile_.options;
    ends_ = {o.left.empty() ? plateau(profile_, 0, 0).value : o.left.front(),
             o.right.empty() ? plateau(profile_, 0, 1).value : o.right.front()};
    double const rise = ends_[1] - ends_[0];
    if (!(std::abs(rise) > 1e-3)) {
      throw bad_input(
          fmt::format("{}: the composition changes by {:g} only; there is nothing to evaluate", profile_.name, rise));
    }
    for (double const c : profile_.composition()) normalised_.push_back((c - ends_[0]) / rise);
    normalised_ = isotonic(std::move(normalised_));
    auto const n = profile_.x.size();
    std::size_t first = 0, last = n - 1;
    while (first + 1 < n && normalised_[first + 1] < 0.003) ++first;
    while (last > 0 && normalised_[last - 1] > 0.997) --last;
    if (last <= first + 3) {
      throw bad_input(fmt::format("{}: fewer than four points lie where the composition changes", profile_.name),
                      "Measure at smaller distances.");
    }
    return numerics::equal_parts(profile_.x[first], profile_.x[last], std::min(count, static_cast<int>(last - first)));
  }

  /// Stiff fit of the normal deviate of the monotone regression.
  void start() {
    HostMatrix matrix{"normal", size_, size_};
    std::vector<double> right(size_, 0.0);
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < size_; ++j) matrix(i, j) = 1e-3 * roughness_(i, j);
    }
    for (std::size_t p = 0; p < profile_.x.size(); ++p) {
      double const y = std::clamp(normalised_[p], 1e-3, 1 - 1e-3), z = numerics::inverse_erf(2 * y - 1);
      bool const inside = normalised_[p] > 1e-3 && normalised_[p] < 1 - 1e-3;
      double const weight = inside ? std::exp(-2 * z * z) : 0.0;
      auto const& [low, value] = at_points_[p];
      for (std::size_t r = 0; r < 4; ++r) {
        right[static_cast<std::size_t>(low) + r] += weight * value[r] * z;
        for (std::size_t s = 0; s < 4; ++s) {
          matrix(static_cast<std::size_t>(low) + r, static_cast<std::size_t>(low) + s) += weight * value[r] * value[s];
        }
      }
    }
    parameters_ = linalg::Cholesky{matrix}.solve(right);
    parameters_.push_back(ends_[0]);
    parameters_.push_back(ends_[1]);
  }

  /// The deviate at a measured point.
  double deviate(std::vector<double> const& p, std::size_t point) const {
    auto const& [low, value] = at_points_[point];
    auto const* const c = &p[static_cast<std::size_t>(low)];
    return c[0] * value[0] + c[1] * value[1] + c[2] * value[2] + c[3] * value[3];
  }

  /// Row i of the roughness, which is a band, times the coefficients.
  double rough(std::vector<double> const& p, std::size_t i) const {
    double sum = 0;
    for (auto j = i < 3 ? 0 : i - 3; j < std::min(size_, i + 4); ++j) sum += roughness_(i, j) * p[j];
    return sum;
  }

  /// As a sum of squares, which rounding cannot make negative.
  double roughness_of(std::vector<double> const& p) const {
    double sum = 0;
    for (std::size_t k = 0; k < root_.extent(0); ++k) {
      double row = 0;
      for (std::size_t i = k / 2; i < k / 2 + 4; ++i) row += root_(k, i) * p[i];
      sum += row * row;
    }
    return sum;
  }

  /// J^T W J, without the penalty; rows and columns of end members that are given are those of the identity.
  Normal normal(std::vector<double> const& p) const {
    Normal result{HostMatrix{"normal", size_ + 2, size_ + 2}, std::vector<double>(size_ + 2, 0.0)};
    double const rise = p[size_ + 1] - p[size_];
    for (std::size_t i = 0; i < profile_.x.size(); ++i) {
      auto const& [low, value] = at_points_[i];
      double const z = deviate(p, i), steep = rise * density(z), y = cumulative(z);
      double const residual = profile_.composition()[i] - p[size_] - rise * y;
      std::array<std::size_t, 6> at{};
      std::array<double, 6> slope{};
      for (std::size_t r = 0; r < 4; ++r) at[r] = static_cast<std::size_t>(low) + r, slope[r] = steep * value[r];
      at[4] = size_, slope[4] = fixed_[0] ? 0 : 1 - y;
      at[5] = size_ + 1, slope[5] = fixed_[1] ? 0 : y;
      result.squares += weights_[i] * residual * residual;
      for (std::size_t r = 0; r < 6; ++r) {
        result.gradient[at[r]] += weights_[i] * slope[r] * residual;
        for (std::size_t s = 0; s < 6; ++s) result.matrix(at[r], at[s]) += weights_[i] * slope[r] * slope[s];
      }
    }
    for (std::size_t side = 0; side < 2; ++side) {
      if (fixed_[side]) result.matrix(size_ + side, size_ + side) = 1;
    }
    return result;
  }

  HostMatrix penalised(HostMatrix const& matrix, double penalty, double damping = 0) const {
    HostMatrix sum{"penalised", size_ + 2, size_ + 2};
    for (std::size_t i = 0; i < size_ + 2; ++i) {
      for (std::size_t j = 0; j < size_ + 2; ++j) {
        sum(i, j) = matrix(i, j) + (i < size_ && j < size_ ? penalty * roughness_(i, j) : 0.0);
      }
      sum(i, i) *= 1 + damping;
    }
    return sum;
  }

  /// Levenberg-Marquardt from where the parameters are; false if it does not converge.
  bool descend(double penalty) {
    double damping = 1e-6;
    auto at = normal(parameters_);
    double now = at.squares + penalty * roughness_of(parameters_);
    for (int iteration = 0; iteration < kIterations; ++iteration) {
      auto right = at.gradient;
      for (std::size_t i = 0; i < size_; ++i) right[i] -= penalty * rough(parameters_, i);
      double const before = now;
      for (; damping < 1e8; damping *= 10) {
        auto const factor = linalg::Cholesky::of(penalised(at.matrix, penalty, damping));
        if (!factor) continue;
        auto step = factor->solve(right);
        for (std::size_t i = 0; i < step.size(); ++i) step[i] += parameters_[i];
        auto there = normal(step);
        double const next = there.squares + penalty * roughness_of(step);
        if (!(next <= now)) continue;
        parameters_ = std::move(step);
        at = std::move(there);
        now = next;
        damping = std::max(1e-12, damping / 10);
        break;
      }
      if (damping >= 1e8 || before - now <= 1e-9 * before + 1e-30) return true;
    }
    return false;
  }

  bool monotone() const {
    auto const& b = basis_.breakpoints();
    auto const n = 8 * b.size();
    for (std::size_t i = 0; i <= n; ++i) {
      double const x = b.front() + (b.back() - b.front()) * static_cast<double>(i) / static_cast<double>(n);
      if (!(basis_.evaluate({parameters_.data(), size_}, x, 1) > 0)) return false;
    }
    return true;
  }

  double freedoms(Normal const& at, double penalty) const {
    auto const inverse = linalg::Cholesky{penalised(at.matrix, penalty)}.inverse();
    double trace = 0;
    for (std::size_t i = 0; i < size_ + 2; ++i) {
      if (i >= size_ && fixed_[i - size_]) continue;
      for (std::size_t j = 0; j < size_ + 2; ++j) trace += inverse(i, j) * at.matrix(j, i);
    }
    return trace;
  }

  double cross_validation(double penalty) const {
    auto const at = normal(parameters_);
    double const n = static_cast<double>(profile_.x.size()), left = n - kGcvWeight * freedoms(at, penalty);
    return left > 0 ? n * at.squares / (left * left) : std::numeric_limits<double>::infinity();
  }

  Curve curve(std::vector<double> const& p) const {
    auto const& b = basis_.breakpoints();
    std::vector<double> const c{p.begin(), p.begin() + static_cast<std::ptrdiff_t>(size_)};
    double const minus = p[size_], plus = p[size_ + 1];
    auto const z = [basis = basis_, c](double x, int order) { return basis.evaluate(c, x, order); };
    double const low = b.front() - (kTail + z(b.front(), 0)) / z(b.front(), 1);
    double const high = b.back() + (kTail - z(b.back(), 0)) / z(b.back(), 1);
    return {std::min(low, b.front()),
            std::max(high, b.back()),
            minus,
            plus,
            [z, minus, plus](double x) { return minus + (plus - minus) * cumulative(z(x, 0)); },
            [z, minus, plus](double x) { return (plus - minus) * density(z(x, 0)) * z(x, 1); }};
  }

  SmoothProfile result(double penalty) const {
    auto const at = normal(parameters_);
    SmoothProfile smooth;
    smooth.penalty = penalty;
    smooth.freedoms = freedoms(at, penalty);
    smooth.deviation = std::sqrt(at.squares / std::max(1.0, static_cast<double>(profile_.x.size()) - smooth.freedoms));
    smooth.best = curve(parameters_);
    smooth.step = 1e-2;  // small enough to stay monotone and linear, large enough for the differences' rounding
    auto const root = linalg::Cholesky{penalised(at.matrix, penalty)}.inverse_root();
    for (std::size_t k = 0; k < size_ + 2; ++k) {
      auto up = parameters_, down = parameters_;
      for (std::size_t i = 0; i < size_ + 2; ++i) {
        if (i >= size_ && fixed_[i - size_]) continue;
        up[i] += smooth.step * smooth.deviation * root(i, k);
        down[i] -= smooth.step * smooth.deviation * root(i, k);
      }
      smooth.up.push_back(curve(up));
      smooth.down.push_back(curve(down));
    }
    return smooth;
  }

  MeasuredProfile const& profile_;
  std::array<double, 2> ends_{};
  std::vector<double> normalised_;
  numerics::BSplineBasis basis_;
  HostMatrix roughness_, root_;
  std::vector<numerics::BSplineBasis::Values> at_points_;  // of the basis at the measured places
  std::size_t size_ = 0;
  std::array<bool, 2> fixed_{};
  std::vector<double> weights_, parameters_;
};

}  // namespace

SmoothProfile smooth_probit(MeasuredProfile const& profile, SmoothingOptions const& options) {
  return ProbitFit{profile, options}.fit(options.penalty);
}

}  // namespace kroma::diffusion_couple
