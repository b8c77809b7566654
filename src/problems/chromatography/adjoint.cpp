#include "problems/chromatography/adjoint.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "problems/chromatography/initial_state.hpp"

namespace kroma::chromatography {
namespace {

constexpr std::size_t kSaved = 24;  // states kept: twice as many at most, with as many steps between two as that takes
constexpr int kMostIterations = 60;
constexpr double kEnough = 1e-11;  // of the size of each variable's adjoints: what the iteration may leave

/// Steps of a column from its beginning, section by section.
class Runner {
 public:
  Runner(Column const& column, Level const& level)
      : column_{column},
        integrator_{Discretisation{column, make_sorption(column), level.resolution}, make_radau(level.stages),
                    column.scales(), level.tolerance} {
    integrator_.state() = initial_state(column, integrator_.discretisation());
  }

  ColumnIntegrator const& integrator() const { return integrator_; }
  std::size_t section() const { return section_; }
  /// When the last step began, s; exactly when the one before it ended.
  double begin() const { return begin_; }
  /// Whether it was the first one of its section.
  bool begins() const { return begins_; }
  bool done() const { return at_end_ && section_ + 1 == column_.sections.size(); }

  void step() {
    begins_ = at_end_ || !started_;
    if (at_end_) ++section_;
    if (begins_) integrator_.begin(column_.sections[section_], section_);
    started_ = true;
    begin_ = integrator_.time();
    at_end_ = integrator_.step();
  }

  struct State {
    std::vector<double> integrator;
    std::size_t section = 0;
    bool at_end = false, started = false;
  };
  State save() const { return {integrator_.save(), section_, at_end_, started_}; }
  void load(State const& s) {
    section_ = s.section;
    at_end_ = s.at_end;
    started_ = s.started;
    integrator_.load(s.integrator, column_.sections[section_]);
  }

 private:
  Column const& column_;
  ColumnIntegrator integrator_;
  std::size_t section_ = 0;
  bool at_end_ = false, started_ = false, begins_ = false;
  double begin_ = 0;
};

/// States of every `stride`-th step, fewer and further apart the more there are.
struct Saved {
  std::vector<Runner::State> states;
  std::size_t stride = 1, steps = 0;

  void before_step(Runner const& runner) {
    if (steps % stride == 0) {
      if (states.size() == 2 * kSaved) thin();
      if (steps % stride == 0) states.push_back(runner.save());
    }
    ++steps;
  }

 private:
  void thin() {
    for (std::size_t k = 1; 2 * k < states.size(); ++k) states[k] = std::move(states[2 * k]);
    states.resize((states.size() + 1) / 2);
    stride *= 2;
  }
};

/// A step to go back over.
struct Record {
  std::size_t section = 0;
  bool begins = false;
  double time = 0, end = 0, h = 0;  // s
  std::vector<Pack> y;              // where it begins
  Stages z;
};

/// Values at the samples of a step: indices [first, last) of the times.
struct Window {
  std::size_t first, last;
};
Window samples_in(std::vector<double> const& times, double begin, double end) {
  auto const after = [&](double t) {
    return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), t) - times.begin());
  };
  return {after(begin), after(end)};
}

/// The largest |x| of each variable of a node.
std::vector<double> largest(Discretisation const& d, Stages const& x) {
  auto const width = static_cast<std::size_t>(d.layout().width());
  std::vector<double> size(width, 0.0);
  for (auto const& stage : x) {
    for (std::size_t k = 0; k < stage.size(); ++k) {
      for (int lane = 0; lane < kWidth; ++lane) size[k % width] = std::max(size[k % width], std::abs(stage[k][lane]));
    }
  }
  return size;
}

double dot(std::vector<Pack> const& a, std::vector<Pack> const& b) {
  Pack sum(0.0);
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  double total = 0;
  for (int lane = 0; lane < kWidth; ++lane) total += sum[lane];
  return total;
}

/// The way back.
class Backwards {
 public:
  Backwards(Column const& column, Level const& level, std::vector<Direction> const& directions,
            std::vector<double> const& times, std::vector<double> const& seeds)
      : column_{column},
        times_{times},
        seeds_{seeds},
        d_{column, make_sorption(column), level.resolution},
        solver_{d_, make_radau(level.stages)},
        gradient(directions.size(), 0.0) {
    for (auto const& direction : directions) variations_.emplace_back(direction, level.resolution);
    auto const n = d_.layout().size(), s = static_cast<std::size_t>(level.stages);
    Stages const nothing(s, std::vector<Pack>(n, Pack(0.0)));
    at_ = slopes_ = right_ = adjoint_ = rest_ = nothing;
    lambda_ = work_ = other_ = nothing[0];
    auto const blocks = d_.layout().points() * static_cast<std::size_t>(d_.layout().places * d_.layout().bound);
    SorptionJacobian jacobian;
    jacobian.by_c.resize(blocks * static_cast<std::size_t>(d_.layout().components));
    jacobian.by_q.resize(blocks * static_cast<std::size_t>(d_.layout().bound));
    jacobians_.assign(d_.sorption().linear ? 1 : s, jacobian);
  }

  void over(Record const& step) {
    prepare(step);
    add_samples(step);
    solve(step);
    for (std::size_t k = 0; k < variations_.size(); ++k) {
      for (std::size_t i = 0; i < adjoint_.size(); ++i) {
        double const time = step.time + solver_.scheme().nodes[i] * step.h;
        variations_[k].source(step.section, time, at_[i], slopes_[i], work_, other_);
        gradient[k] += dot(adjoint_[i], other_);
      }
    }
    for (std::size_t i = 0; i < adjoint_.size(); ++i) {
      transposed_rates(i, adjoint_[i], work_);
      add(lambda_, work_, lambda_);
    }
    if (step.begins) over_jumps(step);
  }

  /// At the beginning of all.
  void finish() {
    auto const n = column_.count(), first = samples_in(times_, 0, 0).first;
    auto const& l = d_.layout();
    int const last = l.elements - 1;
    for (std::size_t k = 0; k < first * n; ++k) {
      lambda_[l.at(last / kWidth, l.nodes - 1) + k % n][last % kWidth] += seeds_[k];
    }
    for (std::size_t k = 0; k < variations_.size(); ++k) gradient[k] += dot(lambda_, variations_[k].initial_state());
  }

 private:
  void transposed_rates(std::size_t stage, std::vector<Pack> const& x, std::vector<Pack>& to) {
    auto const& j = jacobians_[d_.sorption().linear ? 0 : stage];
    d_.transposed_rates(j.by_c.data(), j.by_q.data(), x.data(), to.data());
  }

  /// States, slopes and Jacobians at the stages, and factors at the middle one.
  void prepare(Record const& step) {
    auto const s = at_.size();
    auto const& inverse = solver_.scheme().inverse;
    for (std::size_t i = 0; i < s; ++i) {
      add(step.y, step.z[i], at_[i]);
      auto const row = inverse.begin() + static_cast<long>(i * s);
      combine({row, row + static_cast<long>(s)}, step.z, 1 / step.h, slopes_[i]);
      if (i < jacobians_.size() && !(d_.sorption().linear && factored_h_ > 0)) {
        d_.sorption_jacobian(at_[i].data(), jacobians_[i].by_c.data(), jacobians_[i].by_q.data());
      }
    }
    if (d_.sorption().linear && factored_h_ == step.h) return;
    solver_.factor(d_, jacobians_[jacobians_.size() / 2], step.h);
    factored_h_ = step.h;
  }

  /// The derivative by the stages, and, in lambda_, the direct one by y.
  void add_samples(Record const& step) {
    for (auto& v : right_) std::fill(v.begin(), v.end(), Pack(0.0));
    right_.back() = lambda_;
    auto const& l = d_.layout();
    int const last = l.elements - 1;
    auto const n = column_.count(), node = l.at(last / kWidth, l.nodes - 1);
    auto const [first, end] = samples_in(times_, step.time, step.end);
    for (std::size_t k = first; k < end; ++k) {
      auto const share = solver_.scheme().dense(1 - (step.end - times_[k]) / step.h);
      for (std::size_t i = 0; i < n; ++i) {
        double const seed = seeds_[k * n + i];
        lambda_[node + i][last % kWidth] += seed;
        for (std::size_t m = 0; m < right_.size(); ++m) right_[m][node + i][last % kWidth] += seed * share[m];
      }
    }
  }

  /// to = E^T (A^-T x z) / h - J^T z.
  void apply(double h, Stages const& z, Stages& to) {
    auto const s = z.size();
    auto const& inverse = solver_.scheme().inverse;
    for (std::size_t j = 0; j < s; ++j) {
      std::vector<double> column;
      for (std::size_t i = 0; i < s; ++i) column.push_back(-inverse[i * s + j]);
      combine(column, z, 1 / h, work_);
      d_.from_totals(work_.data(), to[j].data());
      transposed_rates(j, z[j], work_);
      add(to[j], work_, to[j]);
      for (auto& x : to[j]) x = -x;
    }
  }

  /// The transposed systems by conjugate residuals (Eisenstat, Elman and Schultz 1983), with the factors of the middle
  /// stage: where those are good, each step is one of simplified Newton's method.
  void solve(Record const& step) {
    for (auto& m : adjoint_) std::fill(m.begin(), m.end(), Pack(0.0));
    std::vector<Stages> directions, images;
    std::vector<double> squares;
    for (int turn = 0; turn < kMostIterations; ++turn) {
      rest_ = right_;
      solver_.solve_transposed(d_, rest_);
      if (d_.sorption().linear) return add_to(adjoint_, 1, rest_);
      Stages image = rest_;
      apply(step.h, rest_, image);
      for (std::size_t k = 0; k < images.size(); ++k) {
        double const share = product(image, images[k]) / squares[k];
        add_to(image, -share, images[k]);
        add_to(rest_, -share, directions[k]);
      }
      double const square = product(image, image);
      if (square == 0) return;
      double const length = product(right_, image) / square;
      add_to(adjoint_, length, rest_);
      add_to(right_, -length, image);
      auto const size = largest(d_, adjoint_), change = largest(d_, rest_);
      double worst = 0;
      for (std::size_t v = 0; v < size.size(); ++v) {
        worst = std::max(worst, size[v] > 0 ? std::abs(length) * change[v] / size[v] : 0.0);
      }
      if (worst <= kEnough) return;
      if (!std::isfinite(worst)) break;
      directions.push_back(rest_);
      images.push_back(std::move(image));
      squares.push_back(square);
    }
    throw solver_failed("the adjoint of a step did not converge", "Ask for more accuracy, so that steps are shorter.");
  }

  static double product(Stages const& a, Stages const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += dot(a[i], b[i]);
    return sum;
  }
  static void add_to(Stages& to, double factor, Stages const& x) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      for (std::size_t k = 0; k < to[i].size(); ++k) to[i][k] += Pack(factor) * x[i][k];
    }
  }

  void over_jumps(Record const& step) {
    for (std::size_t k = 0; k < variations_.size(); ++k) {
      auto const jump = variations_[k].jump(column_, step.section, d_, step.y);
      for (std::size_t v = 0; v < jump.size(); ++v) gradient[k] += jump[v] * lambda_[v][0];
    }
  }

  Column const& column_;
  std::vector<double> const &times_, &seeds_;
  Discretisation d_;
  StageSolver solver_;
  std::vector<Variation> variations_;
  double factored_h_ = 0;
  // y + Z, its slopes; right-hand side, adjoints and residual of the transposed systems
  Stages at_, slopes_, right_, adjoint_, rest_;
  std::vector<SorptionJacobian> jacobians_;
  std::vector<Pack> lambda_, work_, other_;

 public:
  std::vector<double> gradient;
};

void sample(Runner const& runner, std::vector<double> const& times, std::vector<double>& outlet) {
  auto const& i = runner.integrator();
  auto const [first, last] = samples_in(times, runner.begin(), i.time());
  for (std::size_t k = first; k < last; ++k) {
    auto const values = i.outlet(1 - (i.time() - times[k]) / i.last_step());
    outlet.insert(outlet.end(), values.begin(), values.end());
  }
}

}  // namespace

AdjointResult solve_adjoint(Column const& column, Level const& level, std::vector<double> const& times,
                            std::vector<Direction> const& directions, Seeds const& seeds) {
  AdjointResult result;
  Runner runner{column, level};
  Saved saved;
  for (double t : times) {
    if (t > 0) break;
    result.outlet.insert(result.outlet.end(), column.initial_concentration.begin(), column.initial_concentration.end());
  }
  while (!runner.done()) {
    saved.before_step(runner);
    runner.step();
    sample(runner, times, result.outlet);
  }
  result.steps = static_cast<std::int64_t>(saved.steps);
  auto const weights = seeds(result.outlet);
  require(weights.size() == times.size() * column.count(), "a seed for each time and component");
  Backwards back{column, level, directions, times, weights};
  for (std::size_t end = saved.steps; !saved.states.empty(); saved.states.pop_back()) {
    std::size_t const begin = (saved.states.size() - 1) * saved.stride;
    std::vector<Record> records;
    runner.load(saved.states.back());
    for (std::size_t k = begin; k < end; ++k) {
      runner.step();
      auto const& i = runner.integrator();
      records.push_back(
          {runner.section(), runner.begins(), runner.begin(), i.time(), i.last_step(), i.before(), i.stages()});
    }
    for (auto record = records.rbegin(); record != records.rend(); ++record) back.over(*record);
    end = begin;
  }
  back.finish();
  result.gradient = back.gradient;
  return result;
}

}  // namespace kroma::chromatography
