#include "problems/chromatography/numeric.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/packed.hpp"
#include "problems/chromatography/bed_pass.hpp"
#include "problems/chromatography/pass.hpp"

namespace kroma::chromatography {
namespace {

constexpr int kJudged = 400;  // times besides the saved ones at which levels are compared

std::vector<double> only(std::vector<double> const& list, std::size_t i) {
  return list.empty() ? list : std::vector<double>{list[i]};
}

/// The column with component i alone; its binding is linear.
Column with_one(Column const& column, std::size_t i) {
  Column c = column;
  c.components = {column.components[i]};
  c.dispersion = only(column.dispersion, i);
  c.binding.adsorption_rate = only(column.binding.adsorption_rate, i);
  c.binding.desorption_rate = only(column.binding.desorption_rate, i);
  c.initial_concentration = only(column.initial_concentration, i);
  c.initial_adsorbed = only(column.initial_adsorbed, i);
  for (auto& p : c.particles) {
    p.film_coefficient = only(p.film_coefficient, i);
    p.pore_diffusion = only(p.pore_diffusion, i);
    p.surface_diffusion = only(p.surface_diffusion, i);
  }
  for (auto& s : c.sections) {
    s.concentration = only(s.concentration, i);
    s.slope = only(s.slope, i);
    s.quadratic = only(s.quadratic, i);
    s.cubic = only(s.cubic, i);
  }
  return c;
}

}  // namespace

std::vector<double> judged_times(std::vector<double> times, double end) {
  for (int k = 1; k <= kJudged; ++k) times.push_back(end * k / kJudged);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

std::string numeric_obstacle(Column const& column, NumericOptions const& options) {
  if (!by_finite_volumes(column, options)) return "";
  if (column.flow.is_total_balance() && options.scheme == Scheme::discontinuous_galerkin) {
    return "a velocity that changes with sorption is solved by solver.numeric.scheme: finite_volume";
  }
  if (column.model == ColumnModel::general_rate) {
    return "finite volumes have no profiles inside particles; use lumped_rate_with_pores or discontinuous_galerkin";
  }
  if (make_sorption(column).neutral >= 0)
    return "finite volumes do not do this sorption law; use discontinuous_galerkin";
  if (options.elements && *options.elements < 8) return "finite volumes need solver.numeric.elements of at least 8";
  if (options.degree || options.particle_points || options.stages) {
    return "degree, particle_points and stages of solver.numeric belong to discontinuous_galerkin";
  }
  return "";
}

NumericSolver::NumericSolver(Column const& column, std::vector<double> const& times,
                             std::vector<double> const& positions, double accuracy, NumericOptions const& options,
                             std::vector<Direction> const& directions)
    : times_{times},
      samples_{judged_times(times, column.end()), positions.empty() ? std::vector<double>{} : times, positions},
      accuracy_{accuracy},
      options_{options},
      components_{column.count()},
      directions_{directions.size()} {
  if (column.binding.law != Law::linear || column.flow.is_total_balance()) {
    parts_.push_back(make_part(column, directions));
  } else {
    for (std::size_t i = 0; i < column.count(); ++i) {
      auto alone = directions;
      for (auto& d : alone) d = {with_one(d.plus, i), with_one(d.minus, i), d.width, d.scale};
      parts_.push_back(make_part(with_one(column, i), std::move(alone)));
    }
  }
  outlet_.method = "numeric";
  outlet_.concentration.assign(times.size() * components_, 0.0);
  outlet_.slopes.assign(times.size() * directions_ * components_, 0.0);
  auto const inside = samples_.frames.size() * positions.size() * components_;
  inside_.concentration.assign(inside, 0.0);
  inside_.adsorbed.assign(inside, 0.0);
}

/// Directions in which this column does not change are left out: its derivatives are zero.
NumericSolver::Part NumericSolver::make_part(Column column, std::vector<Direction> directions) {
  Part part{std::move(column), {}, {}};
  for (std::size_t k = 0; k < directions.size(); ++k) {
    if (directions[k].is_zero()) continue;
    part.directions.push_back(std::move(directions[k]));
    part.number.push_back(k);
  }
  return part;
}

NumericSolver::~NumericSolver() = default;

void NumericSolver::begin_part() {
  auto const& part = parts_[part_];
  if (!refinement_) refinement_ = std::make_unique<Refinement>(part.column, accuracy_, options_);
  if (pass_) return;
  if (by_finite_volumes(part.column, options_)) {
    pass_ = std::make_unique<BedPass>(part.column, refinement_->level(), samples_);
    return;
  }
  follows_ = !part.directions.empty() && (judged_ || refinement_->may_be_last());
  static std::vector<Direction> const none;
  pass_ = std::make_unique<Pass>(part.column, refinement_->level(), samples_, follows_ ? part.directions : none);
}

bool NumericSolver::run(Stop const& stop) {
  while (part_ < parts_.size()) {
    begin_part();
    if (!pass_->run(stop)) return false;
    outlet_.steps += pass_->effort().steps;
    outlet_.rejected_steps += pass_->effort().rejected;
    auto const level = refinement_->level();
    bool const good = judged_ || refinement_->take(pass_->outlet());
    judged_ = good && !follows_ && !parts_[part_].directions.empty();
    if (good && !judged_) {
      outlet_.description = describe(level);
      finish_part();
      refinement_.reset();
      ++part_;
    }
    pass_.reset();
  }
  return true;
}

std::string NumericSolver::describe(Level const& level) const {
  auto const& r = level.resolution;
  auto const& column = parts_[part_].column;
  if (by_finite_volumes(column, options_)) return fmt::format("{} finite volumes, Radau IIA of order 5", r.elements);
  auto const particles =
      column.model == ColumnModel::general_rate ? fmt::format(", {} points in a particle", r.points) : "";
  return fmt::format("{} elements of degree {}{}, Radau IIA of order {}", r.elements, r.degree, particles,
                     2 * level.stages - 1);
}

/// What is the same for all components.
void NumericSolver::finish_gas() {
  auto const& gas = pass_->outlet_gas();
  auto const pick = [&](std::vector<double> const& from, std::vector<double>& to) {
    to.clear();
    for (std::size_t k = 0, row = 0; k < times_.size() && !from.empty(); ++k) {
      while (samples_.times[row] != times_[k]) ++row;
      to.push_back(from[row]);
    }
  };
  pick(gas.velocity, outlet_.velocity);
  pick(gas.temperature, outlet_.temperature);
  auto inside = pass_->inside();
  auto const own = inside.lists(), all = inside_.lists();
  for (std::size_t k = 2; k < own.size(); ++k) *all[k] = std::move(*own[k]);
}

/// Puts what the last pass sampled where the part's components belong.
void NumericSolver::finish_part() {
  auto const& part = parts_[part_];
  auto const own = part.column.count(), count = part.number.size();
  auto scatter = [&](std::vector<double> const& from, std::size_t row, std::vector<double>& to, std::size_t to_row) {
    for (std::size_t i = 0; i < own; ++i) to[to_row * components_ + part_ + i] = from[row * own + i];
  };
  for (std::size_t k = 0, row = 0; k < times_.size(); ++k) {
    while (samples_.times[row] != times_[k]) ++row;
    scatter(pass_->outlet(), row, outlet_.concentration, k);
    for (std::size_t j = 0; j < count; ++j) {
      scatter(pass_->slopes(), row * count + j, outlet_.slopes, k * directions_ + part.number[j]);
    }
  }
  for (std::size_t row = 0; row * own < pass_->inside().concentration.size(); ++row) {
    scatter(pass_->inside().concentration, row, inside_.concentration, row);
    scatter(pass_->inside().adsorbed, row, inside_.adsorbed, row);
  }
  outlet_.error_estimate = std::max(outlet_.error_estimate, refinement_->error_estimate());
  finish_gas();
  auto const balance = pass_->balance();
  auto const& flow = part.column.flow;
  bool const gas_too = flow.closure == Closure::transient || flow.is_isobaric();  // else the model leaves something out
  outlet_.mass_balance_error = std::max({outlet_.mass_balance_error, balance.components, gas_too ? balance.gas : 0.0});
  outlet_.gas_balance_error = balance.gas;
  outlet_.energy_balance_error = balance.heat;
  outlet_.unknowns += pass_->unknowns();
}

std::int64_t NumericSolver::steps() const { return outlet_.steps + (pass_ ? pass_->effort().steps : 0); }

std::string NumericSolver::progress() const {
  auto text = parts_.size() > 1 ? fmt::format("component {} of {}  ", part_ + 1, parts_.size()) : std::string{};
  if (refinement_) text += fmt::format("grid {}  ", refinement_->number() + 1);
  if (pass_) text += fmt::format("t = {:.4g} of {:.4g} s  ", pass_->time(), parts_[part_].column.end());
  return text + fmt::format("step {}", steps());
}

std::vector<double> NumericSolver::save() const {
  std::vector<double> saved{
      double(part_),         outlet_.error_estimate,         outlet_.mass_balance_error, double(outlet_.unknowns),
      double(outlet_.steps), double(outlet_.rejected_steps), judged_ ? 1.0 : 0.0};
  for (auto const* list : {&outlet_.concentration, &outlet_.slopes, &inside_.concentration, &inside_.adsorbed})
    pack(saved, *list);
  pack(saved, refinement_ ? refinement_->save() : std::vector<double>{});
  pack(saved, pass_ ? pass_->save() : std::vector<double>{});
  return saved;
}

void NumericSolver::load(std::vector<double> const& saved) {
  double const* from = saved.data();
  part_ = static_cast<std::size_t>(*from++);
  outlet_.error_estimate = *from++;
  outlet_.mass_balance_error = *from++;
  for (auto* count : {&outlet_.unknowns, &outlet_.steps, &outlet_.rejected_steps}) {
    *count = static_cast<std::int64_t>(*from++);
  }
  judged_ = *from++ != 0;
  for (auto* list : {&outlet_.concentration, &outlet_.slopes, &inside_.concentration, &inside_.adsorbed})
    *list = unpack(from);
  auto const refinement = unpack(from), pass = unpack(from);
  if (refinement.empty()) return;
  refinement_ = std::make_unique<Refinement>(parts_[part_].column, accuracy_, options_);
  refinement_->load(refinement);
  if (pass.empty()) return;
  begin_part();
  pass_->load(pass);
}

}  // namespace kroma::chromatography
