#include "problems/chromatography/tangents.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::chromatography {
namespace {

constexpr int kMostIterations = 20;
constexpr double kEnough = 0.03;      // of the tolerance: error that the iteration leaves, as of Newton's
constexpr double kNegligible = 1e-3;  // of size / scale: derivatives below that are known absolutely, not relatively

}  // namespace

Tangents::Tangents(Column const& column, std::vector<Direction> const& directions, Discretisation const& d,
                   Resolution const& resolution, int stages, double tolerance)
    : column_{column}, tolerance_{tolerance} {
  auto const n = d.layout().size(), s = static_cast<std::size_t>(stages);
  Stages const nothing(s, std::vector<Pack>(n, Pack(0.0)));
  for (auto const& direction : directions) {
    One one{{direction, resolution}, {}, {}, nothing, nothing, {}};
    any_totals_ = any_totals_ || one.variation.changes_totals();
    one.largest.assign(static_cast<std::size_t>(d.layout().width()), 0.0);
    one.s = one.base = one.variation.initial_state();
    grow(one, d, one.s);
    all_.push_back(std::move(one));
  }
  at_ = slopes_ = sources_ = rates_ = nothing;
  jacobians_.resize(s);
  work_.assign(n, Pack(0.0));
}

void Tangents::begin(std::size_t section, Discretisation& d, std::vector<Pack> const& y) {
  section_ = section;
  for (auto& one : all_) {
    auto const jump = one.variation.jump(column_, section, d, y);
    for (std::size_t v = 0; v < jump.size(); ++v) one.s[v][0] += jump[v];
    if (!jump.empty()) grow(one, d, one.s);
  }
}

/// What all parameters share: states, slopes and Jacobians at the stages.
void Tangents::prepare(Discretisation& d, StageSolver const& solver, Step const& step) {
  auto const s = at_.size();
  auto const& inverse = solver.scheme().inverse;
  auto const& l = d.layout();
  auto const blocks = l.points() * static_cast<std::size_t>(l.places * l.bound);
  for (std::size_t i = 0; i < s; ++i) {
    add(*step.y, (*step.stages)[i], at_[i]);
    auto const row = inverse.begin() + static_cast<long>(i * s);
    if (any_totals_) combine({row, row + static_cast<long>(s)}, *step.stages, 1 / step.h, slopes_[i]);
    if (d.sorption().linear) continue;
    jacobians_[i].by_c.resize(blocks * static_cast<std::size_t>(l.components));
    jacobians_[i].by_q.resize(blocks * static_cast<std::size_t>(l.bound));
    d.sorption_jacobian(at_[i].data(), jacobians_[i].by_c.data(), jacobians_[i].by_q.data());
  }
}

/// f_p - E_p (A^-1 x Z) / h at the stages.
void Tangents::make_sources(One& one, StageSolver const& solver, Step const& step) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    double const time = step.time + solver.scheme().nodes[i] * step.h;
    one.variation.source(section_, time, at_[i], slopes_[i], work_, sources_[i]);
  }
}

bool Tangents::solve(One& one, double scale, Discretisation& d, StageSolver& solver, Step const& step) {
  if (d.sorption().linear) return solve_at_once(one, d, solver, step);
  solver.predict(one.kept, step.h, step.last_h, one.stages);
  std::vector<double> weight(one.largest.size());
  double contraction = std::max(step.contraction, 0.02), last = 0;
  for (int turn = 1; turn <= kMostIterations; ++turn) {
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      add(one.s, one.stages[i], work_);
      d.linearised_rates(jacobians_[i].by_c.data(), jacobians_[i].by_q.data(), work_.data(), rates_[i].data());
      add(rates_[i], sources_[i], rates_[i]);
    }
    for (std::size_t v = 0; v < weight.size(); ++v) {
      double const floor = kNegligible / (tolerance_ * (*step.weight)[v] * scale);
      weight[v] = 1 / (tolerance_ * std::max(one.largest[v], floor));
    }
    double const size = solver.correct(d, step.h, rates_, weight, one.stages);
    if (!std::isfinite(size)) return false;
    add(one.s, one.stages.back(), work_);
    grow(one, d, work_);
    if (turn > 1) {
      double const ratio = size / last;
      contraction = turn == 2 ? ratio : std::sqrt(ratio * contraction);
      if (contraction >= 0.99) return false;
    }
    if (contraction / (1 - contraction) * size < kEnough) return true;
    last = std::max(size, 1e-300);
  }
  return false;
}

/// The same with a linear law, whose factors are exact: from S = 0, one iteration, and J s is the same at all stages.
bool Tangents::solve_at_once(One& one, Discretisation& d, StageSolver& solver, Step const& step) {
  solver.start_at_zero();
  d.linearised_rates(step.first->by_c.data(), step.first->by_q.data(), one.s.data(), work_.data());
  for (std::size_t i = 0; i < rates_.size(); ++i) add(work_, sources_[i], rates_[i]);
  return std::isfinite(solver.correct(d, step.h, rates_, *step.weight, one.stages));
}

/// The largest sizes of s so far, by which errors are judged.
KROMA_VECTORISED void Tangents::grow(One& one, Discretisation const& d, std::vector<Pack> const& s) const {
  auto const width = one.largest.size();
  for (std::size_t v = 0; v < width; ++v) {
    Pack largest(one.largest[v]);
    for (std::size_t p = 0; p < d.layout().points(); ++p) {
      Pack const x = s[p * width + v], size = where_positive(x, x, -x);
      largest = where_positive(size - largest, size, largest);
    }
    for (int lane = 0; lane < kWidth; ++lane) one.largest[v] = std::max(one.largest[v], largest[lane]);
  }
}

bool Tangents::advance(Discretisation& d, StageSolver& solver, Step const& step) {
  prepare(d, solver, step);
  for (auto& one : all_) {
    make_sources(one, solver, step);
    if (!solve(one, one.variation.direction().scale, d, solver, step)) return false;
  }
  return true;
}

void Tangents::accept() {
  for (auto& one : all_) {
    std::swap(one.base, one.s);
    add(one.base, one.stages.back(), one.s);
    std::swap(one.kept, one.stages);
  }
}

std::vector<double> Tangents::outlet(Discretisation const& d, std::vector<double> const& share) const {
  std::vector<double> values;
  for (auto const& one : all_) {
    for (int i = 0; i < d.layout().components; ++i) {
      double c = d.outlet(one.base.data(), i);
      for (std::size_t k = 0; k < share.size(); ++k) c += share[k] * d.outlet(one.kept[k].data(), i);
      values.push_back(c);
    }
  }
  return values;
}

std::vector<double> Tangents::initial_outlet(Discretisation const& d) const {
  std::vector<double> values;
  for (auto const& one : all_) {
    for (int i = 0; i < d.layout().components; ++i) values.push_back(d.outlet(one.s.data(), i));
  }
  return values;
}

void Tangents::save(std::vector<double>& saved) const {
  saved.push_back(static_cast<double>(section_));
  for (auto const& one : all_) {
    put(saved, one.s);
    put(saved, one.base);
    for (auto const& stage : one.kept) put(saved, stage);
    saved.insert(saved.end(), one.largest.begin(), one.largest.end());
  }
}

void Tangents::load(double const* saved) {
  section_ = static_cast<std::size_t>(*saved++);
  for (auto& one : all_) {
    take(saved, one.s);
    take(saved, one.base);
    for (auto& stage : one.kept) take(saved, stage);
    std::copy_n(saved, one.largest.size(), one.largest.begin());
    saved += one.largest.size();
  }
}

}  // namespace kroma::chromatography
