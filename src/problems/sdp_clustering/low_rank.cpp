#include "problems/sdp_clustering/low_rank.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/history.hpp"
#include "problems/sdp_clustering/low_rank_kernels.hpp"
#include "problems/sdp_clustering/random.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"

namespace kroma::sdp_clustering {
namespace {

using Rows = Kokkos::RangePolicy<Space>;
using Numbers = std::vector<double>;

HostMatrix zeros(std::size_t rows, std::size_t columns) { return HostMatrix{"sdp_clustering::small", rows, columns}; }

using sdp_clustering::dot;

double dot(Numbers const& a, Numbers const& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Numbers times(HostMatrix a, Numbers const& x, bool transpose = false) {
  Numbers y(a.extent(transpose ? 1 : 0), 0.0);
  for (std::size_t i = 0; i < a.extent(0); ++i) {
    for (std::size_t j = 0; j < a.extent(1); ++j) y[transpose ? j : i] += a(i, j) * x[transpose ? i : j];
  }
  return y;
}

/// A factor, and all that value and gradient need of it.
struct Iterate {
  Matrix raw;             // U = raw diag(scale)
  Numbers scale;          // (r)
  HostMatrix b, h;        // F^T U, U^T U
  Numbers c, o;           // U^T y, U^T 1
  double cost = 0;        // sum <C_k, U_k U_k^T> / s
  double violation2 = 0;  // |R|^2, R = U o - 1
  double value = 0;       // of the augmented Lagrangian
  HostMatrix a;           // gradient G = F A + w o^T, w = y + penalty R
  Numbers gamma;          // <G_k, U_k> / trace_k, by column
};

class FactorSolver {
 public:
  FactorSolver(FactorProblem const& problem, Matrix start, FactorLimits const& limits)
      : problem_{problem},
        limits_{limits},
        p_{static_cast<std::size_t>(problem.points.width())},
        r_{static_cast<std::size_t>(problem.columns())},
        n_{static_cast<double>(problem.points.count)},
        y_{"sdp_clustering::multiplier", static_cast<std::size_t>(problem.points.local())},
        spare_{"sdp_clustering::trial", static_cast<std::size_t>(problem.points.local()), r_},
        slope_{"sdp_clustering::slope", static_cast<std::size_t>(std::min(problem.points.local(), kTile)), r_},
        small_{"sdp_clustering::reduced", p_ + 2 * r_ + 1, r_},
        columns_{"sdp_clustering::columns", 4, r_},
        traces_{std::accumulate(problem.trace.begin(), problem.trace.end(), 0.0)} {
    scale_ = cost_scale();
    step_ = 0.25 / n_;
    solution_.start = limits.start;
    auto const saved = limits.pauses != nullptr ? limits.pauses->saved(kPausesAs) : std::nullopt;
    if (saved) {
      load(*saved, start);
    } else {
      current_ = evaluate_start(start);
    }
  }

  FactorSolution solve() {
    while (sweeps_ < limits_.most_sweeps) {
      bool const settled = minimise();
      solution_.history.push_back({sweeps_, scale_ * current_.cost, kUnknown, std::max(violation(), stationarity_)});
      if (violation() <= limits_.tolerance && stationarity_ <= limits_.tolerance) {
        solution_.converged = true;
        break;
      }
      if (violation() > 0.1 && stationarity_ < 1e-8) break;  // collapsed: no step leads out of here
      bool const better = violation() < 0.9 * best_;
      if (settled || better) raise();
      stalled_ = better ? 0 : stalled_ + 1;
      best_ = std::min(best_, violation());
      if (stalled_ >= 3 && penalty_ < 20) {
        penalty_ = std::min(20.0, 1.5 * penalty_);
        stalled_ = 0;
      }
      refresh(current_);
      recent_.clear();
      if (limits_.pauses != nullptr && sweeps_ < limits_.most_sweeps) ask();
    }
    return finish();
  }

 private:
  std::size_t block(std::size_t column) const { return column / static_cast<std::size_t>(problem_.rank); }
  double violation() const { return std::sqrt(std::max(current_.violation2, 0.0) / n_); }

  /// max_k |C_k|_2 / n: the nonzero eigenvalues of F M F^T are those of R^T M R with F^T F = R R^T.
  double cost_scale() const {
    auto const eigen = linalg::symmetric_eigen(gram(problem_.points));
    auto root = zeros(p_, p_);
    for (std::size_t i = 0; i < p_; ++i) {
      for (std::size_t j = 0; j < p_; ++j) root(i, j) = eigen.vectors(i, j) * std::sqrt(std::max(eigen.values[j], 0.0));
    }
    double most = 1e-300;
    for (auto const& cost : problem_.cost) {
      auto const values = linalg::symmetric_eigen(linalg::multiply(root, linalg::multiply(cost, root), true)).values;
      most = std::max({most, std::abs(values.front()), std::abs(values.back())});
    }
    return most / n_;
  }

  static constexpr auto kPausesAs = "factor";

  void ask() {
    auto const words = fmt::format("sweep {}  residual {:.1e}, asked for {:.1e}", sweeps_,
                                   std::max(violation(), stationarity_), limits_.tolerance);
    limits_.pauses->ask(kPausesAs, sweeps_, words, [this](io::Checkpoint& checkpoint) { save(checkpoint); });
  }

  /// All that the next minimisation depends on; the rest of the iterate follows from it.
  void save(io::Checkpoint& checkpoint) const {
    std::vector<double> numbers{static_cast<double>(sweeps_),
                                penalty_,
                                y_sum_,
                                step_,
                                stationarity_,
                                best_,
                                static_cast<double>(stalled_),
                                static_cast<double>(solution_.start)};
    pack_history(numbers, solution_.history);
    for (auto const& matrix : {current_.b, current_.h}) pack(numbers, {matrix.data(), matrix.size()});
    for (auto const* list : {&current_.scale, &current_.c, &current_.o}) pack(numbers, *list);
    save_numbers(checkpoint, "numbers", problem_.points, numbers);
    save_rows(checkpoint, "factor", problem_.points, current_.raw);
    save_rows(checkpoint, "multiplier", problem_.points, Matrix(y_.data(), y_.extent(0), 1));
  }

  /// `factor` gets the saved one.
  void load(io::Checkpoint const& checkpoint, Matrix factor) {
    load_rows(checkpoint, "factor", problem_.points, factor);
    load_rows(checkpoint, "multiplier", problem_.points, Matrix(y_.data(), y_.extent(0), 1));
    auto const numbers = load_numbers(checkpoint, "numbers", problem_.points);
    double const* from = numbers.data();
    sweeps_ = static_cast<std::int64_t>(*from++);
    for (auto* value : {&penalty_, &y_sum_, &step_, &stationarity_, &best_}) *value = *from++;
    stalled_ = static_cast<int>(*from++);
    solution_.start = static_cast<int>(*from++);
    solution_.history = unpack_history(from);
    current_.raw = factor;
    current_.b = zeros(p_, r_);
    current_.h = zeros(r_, r_);
    for (auto const& matrix : {current_.b, current_.h}) {
      auto const list = unpack(from);
      std::copy(list.begin(), list.end(), matrix.data());
    }
    for (auto* list : {&current_.scale, &current_.c, &current_.o}) *list = unpack(from);
    refresh(current_);
  }

  void set_columns(Iterate const& from) {
    HostMatrix host{"sdp_clustering::columns", 4, r_};
    for (std::size_t j = 0; j < r_; ++j) {
      host(0, j) = from.scale[j];
      host(1, j) = from.o[j];
      host(2, j) = from.o[j] * from.scale[j];
      host(3, j) = from.gamma.empty() ? 0.0 : from.gamma[j];
    }
    Kokkos::deep_copy(columns_, host);
  }

  /// F^T V, V^T V, U^T V and V^T y of rows that hold V, with `form` to fill a tile of V first; on the host, summed.
  template <class Form>
  HostMatrix sweep(Matrix u, Matrix v, Form&& form) {
    Kokkos::deep_copy(small_, 0.0);
    auto const part = [&](std::size_t begin, std::size_t rows) { return Matrix(small_.data() + begin * r_, rows, r_); };
    for_tiles(problem_.points.local(), [&](int begin, int count) {
      auto const rows = tile(problem_.points.features, begin, count), trial = tile(v, begin, count);
      form(rows, begin, count);
      accumulate(space_, rows, trial, part(0, p_));
      accumulate(space_, trial, trial, part(p_, r_));
      accumulate(space_, tile(u, begin, count), trial, part(p_ + r_, r_));
      accumulate(space_, Matrix(y_.data() + begin, static_cast<std::size_t>(count), 1), trial, part(p_ + 2 * r_, 1));
    });
    space_.fence();
    ++sweeps_;
    return summed(problem_.points.comm, small_);
  }

  /// An iterate from its sums; `cross` gets U^T V with both scaled, for U = `from`.
  Iterate gather(Matrix v, HostMatrix sums, Numbers const& from, HostMatrix cross) {
    Iterate next;
    next.raw = v;
    Numbers norm2(problem_.cost.size(), 0.0);
    for (std::size_t j = 0; j < r_; ++j) norm2[block(j)] += sums(p_ + j, j);
    for (std::size_t j = 0; j < r_; ++j) {
      double const norm = norm2[block(j)];
      if (!std::isfinite(norm))
        throw solver_failed("the low-rank solver met NaN", "Look for huge values in the data; standardize them.");
      next.scale.push_back(norm > 0 ? std::sqrt(problem_.trace[block(j)] / norm) : 0.0);
    }
    next.b = zeros(p_, r_);
    next.h = zeros(r_, r_);
    for (std::size_t j = 0; j < r_; ++j) {
      for (std::size_t i = 0; i < p_; ++i) next.b(i, j) = sums(i, j) * next.scale[j];
      for (std::size_t i = 0; i < r_; ++i) {
        next.h(i, j) = next.scale[i] * sums(p_ + i, j) * next.scale[j];
        cross(i, j) = from[i] * sums(p_ + r_ + i, j) * next.scale[j];
      }
      next.c.push_back(sums(p_ + 2 * r_, j) * next.scale[j]);
      next.o.push_back(next.b(p_ - 1, j));
    }
    refresh(next);
    return next;
  }

  /// Value and gradient factors at the present multiplier and penalty.
  void refresh(Iterate& at) const {
    at.a = zeros(p_, r_);
    at.cost = 0;
    for (std::size_t k = 0; k < problem_.cost.size(); ++k) {
      auto const first = static_cast<int>(k) * problem_.rank;
      auto const b = linalg::columns(at.b, first, problem_.rank);
      auto const product = linalg::multiply(problem_.cost[k], b);
      at.cost -= dot(b, product) / scale_;
      for (std::size_t i = 0; i < p_; ++i) {
        for (int j = 0; j < problem_.rank; ++j) {
          at.a(i, static_cast<std::size_t>(first + j)) = -2.0 / scale_ * product(i, static_cast<std::size_t>(j));
        }
      }
    }
    auto const ho = times(at.h, at.o);
    at.violation2 = dot(at.o, ho) - 2 * dot(at.o, at.o) + n_;
    at.value = at.cost + dot(at.c, at.o) - y_sum_ + 0.5 * penalty_ * at.violation2;
    at.gamma.assign(r_, 0.0);
    Numbers product(problem_.cost.size(), 0.0);
    for (std::size_t j = 0; j < r_; ++j) {
      double const wu = at.c[j] + penalty_ * (ho[j] - at.o[j]);
      at.a(p_ - 1, j) += wu;
      for (std::size_t i = 0; i < p_; ++i) product[block(j)] += at.a(i, j) * at.b(i, j);
      product[block(j)] += at.o[j] * wu;
    }
    for (std::size_t j = 0; j < r_; ++j) at.gamma[j] = product[block(j)] / problem_.trace[block(j)];
  }

  /// <G of `at`, U of `other`>, tangent part; cross (r, r) = U_at^T U_other if `transpose`, else its transpose.
  double slope_along(Iterate const& at, Iterate const& other, HostMatrix cross, bool transpose) const {
    auto const mixed = times(cross, at.o, transpose);  // U_other^T U_at o_at
    double sum = dot(at.a, other.b);
    for (std::size_t j = 0; j < r_; ++j) {
      sum += at.o[j] * (other.c[j] + penalty_ * (mixed[j] - other.o[j])) - at.gamma[j] * cross(j, j);
    }
    return sum;
  }

  Iterate evaluate_start(Matrix start) {
    auto const cross = zeros(r_, r_);
    return gather(start, sweep(start, start, [](Matrix, int, int) {}), Numbers(r_, 1.0), cross);
  }

  /// Trial from the current iterate with a step; cross = U^T U+.
  Iterate trial(double step, HostMatrix cross) {
    set_columns(current_);
    auto const a = on_device(current_.a);
    auto const u = current_.raw;
    auto const sums = sweep(u, spare_, [&](Matrix rows, int begin, int count) {
      auto const slope = tile(slope_, 0, count);
      multiply(space_, rows, a, slope);
      TrialKernel const kernel{slope,
                               tile(u, begin, count),
                               ConstVector(y_.data() + begin, static_cast<std::size_t>(count)),
                               columns_,
                               penalty_,
                               step,
                               tile(spare_, begin, count)};
      Kokkos::parallel_for("sdp_clustering::trial", Rows(space_, 0, count), kernel);
    });
    return gather(spare_, sums, current_.scale, cross);
  }

  /// Spectral projected gradient until stationary at the present multiplier, or for a while; whether stationary.
  bool minimise() {
    constexpr int most = 100;
    constexpr std::size_t memory = 5;
    double const shortest = 1e-4 / n_, longest = 1e3 / n_;
    auto const cross = zeros(r_, r_);
    for (int i = 0; i < most && sweeps_ < limits_.most_sweeps; ++i) {
      recent_.push_back(current_.value);
      if (recent_.size() > memory) recent_.pop_front();
      double const bar = *std::max_element(recent_.begin(), recent_.end());
      double step = std::clamp(step_, shortest, longest);
      Iterate next;
      double moved2 = 0;
      for (int attempt = 0; attempt < 30; ++attempt, step *= 0.3) {
        next = trial(step, cross);
        double overlap = 0;
        for (std::size_t j = 0; j < r_; ++j) overlap += cross(j, j);
        moved2 = std::max(2 * (traces_ - overlap), 0.0);
        if (next.value <= bar - 1e-4 * moved2 / (2 * step) + 1e-14 * std::abs(bar)) break;
      }
      double const curvature = -slope_along(next, current_, cross, false) - slope_along(current_, next, cross, true);
      step_ = curvature > 0 ? moved2 / curvature : longest;
      spare_ = current_.raw;
      current_ = std::move(next);
      stationarity_ = std::sqrt(moved2 / traces_ / std::max(1.0, 4 * n_ * step));
      if (stationarity_ < std::max(0.1 * violation(), 0.3 * limits_.tolerance)) return true;
    }
    return false;
  }

  /// y += penalty R, and what depends on y with it.
  void raise() {
    set_columns(current_);
    raise_multiplier(space_, current_.raw, columns_, penalty_, y_);
    auto const ho = times(current_.h, current_.o);
    for (std::size_t j = 0; j < r_; ++j) current_.c[j] += penalty_ * (ho[j] - current_.o[j]);
    y_sum_ += penalty_ * (dot(current_.o, current_.o) - n_);
  }

  FactorSolution finish() {
    set_columns(current_);
    scale_columns(space_, columns_, current_.raw);
    space_.fence();
    solution_.factor = current_.raw;
    solution_.projected = current_.b;
    solution_.objective = scale_ * current_.cost;
    solution_.residual = std::max(violation(), stationarity_);
    solution_.sweeps = sweeps_;
    scale_vector(space_, scale_, y_);
    space_.fence();
    solution_.multiplier = y_;
    return solution_;
  }

  Space space_;
  FactorProblem const& problem_;
  FactorLimits limits_;
  std::size_t p_, r_;
  double n_, scale_ = 1, penalty_ = 5, y_sum_ = 0, step_ = 0, stationarity_ = 1;
  Vector y_;
  Matrix spare_, slope_, small_, columns_;
  double traces_;
  std::int64_t sweeps_ = 0;
  double best_ = 1e300;  // violation so far
  int stalled_ = 0;      // minimisations since it fell
  Iterate current_;
  std::deque<double> recent_;
  FactorSolution solution_;
};

}  // namespace

FactorSolution solve_low_rank(FactorProblem const& problem, Matrix start, FactorLimits const& limits) {
  return FactorSolver{problem, start, limits}.solve();
}

Matrix random_factor(Points const& points, int columns, std::uint64_t seed) {
  Matrix u{"sdp_clustering::factor", static_cast<std::size_t>(points.local()), static_cast<std::size_t>(columns)};
  auto const offset = static_cast<std::uint64_t>(points.offset);
  Kokkos::parallel_for(
      "sdp_clustering::random_factor", Rows(0, points.local()), KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < columns; ++j) {
          u(i, j) =
              std::fabs(normal(seed, 4000 + static_cast<std::uint64_t>(j), offset + static_cast<std::uint64_t>(i)));
        }
      });
  return u;
}

Matrix labelled_factor(Points const& points, Labels label, int clusters, int columns, std::uint64_t seed) {
  Matrix u{"sdp_clustering::factor", static_cast<std::size_t>(points.local()), static_cast<std::size_t>(columns)};
  auto const offset = static_cast<std::uint64_t>(points.offset);
  Kokkos::parallel_for(
      "sdp_clustering::labelled_factor", Rows(0, points.local()), KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < columns; ++j) {
          auto const row = offset + static_cast<std::uint64_t>(i), stream = 5000 + static_cast<std::uint64_t>(j);
          double const noise = 0.3 * uniform(seed, stream, 2 * row),
                       factor = 1 + 0.3 * uniform(seed, stream, 2 * row + 1);
          u(i, j) = ((j * clusters / columns == label(i) ? 1.0 : 0.0) + noise) * factor;
        }
      });
  return u;
}

}  // namespace kroma::sdp_clustering
