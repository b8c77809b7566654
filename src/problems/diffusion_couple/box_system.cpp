#include "problems/diffusion_couple/box_system.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/diffusion_couple/box_output.hpp"
#include "problems/diffusion_couple/line_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

using Read = linalg::BorrowedView<double const>;
using Write = linalg::BorrowedView<double>;

constexpr int kMostIterations = 12;
constexpr double kFirstForcing = 1e-3;  // of linear solves while Newton's method is far from its goal

}  // namespace

BoxSystem::BoxSystem(Box const& box, Deck const& deck, BinaryFace& law, Links links)
    : box_{box},
      deck_{deck},
      law_{law},
      operator_{box, std::move(links), deck.solver.matrix},
      potential_{box.vector()},
      residual_{box.vector()},
      unknown_{box.vector()},
      padded_{box.padded_vector()} {
  auto const flows = [](EndOptions const& end) { return end.kind == EndKind::flux; };
  if (deck.options.source || flows(deck.options.left_end) || flows(deck.options.right_end))
    with_sources_ = box.vector();
}

double BoxSystem::sum(Vec cells) const {
  double total = careful_sum(Space{}, Read{cells}.flat(), operator_.links().n2);
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_DOUBLE, MPI_SUM, box_.comm());
  return total;
}

double BoxSystem::balance(State const& y) const { return sum(y.cells) - y.entered; }

double BoxSystem::norm(State const& y) const {
  PetscReal largest = 0;
  petsc_ok(VecNorm(y.cells, NORM_INFINITY, &largest));
  return largest;
}

void BoxSystem::axpy(State& y, double a, State const& x) const {
  petsc_ok(VecAXPY(y.cells, a, x.cells));
  y.entered += a * x.entered;
}

void BoxSystem::assign(State& y, State const& x) const {
  petsc_ok(VecCopy(x.cells, y.cells));
  y.entered = x.entered;
}

void BoxSystem::scale(State& y, double a) const {
  petsc_ok(VecScale(y.cells, a));
  y.entered *= a;
}

/// Coefficients and fixed ends of a time.
void BoxSystem::set_time(double t) {
  auto const& o = deck_.options;
  law_.set_temperature(temperature_at(o.anneal, t));
  if (seen_.potentials.data() != law_.table().potentials.data()) {
    seen_ = law_.table();
    table_ = to_device(seen_);
    auto const D =
        std::minmax_element(seen_.coefficients.data(), seen_.coefficients.data() + seen_.coefficients.extent(0));
    linear_ = *D.second - *D.first <= 1e-14 * *D.second;
  }
  for (int high = 0; high < 2; ++high) {
    auto const& end = high == 0 ? o.left_end : o.right_end;
    if (end.kind == EndKind::fixed) end_potential_[high] = law_.at(end.value[0]({t})).potential;
  }
}

/// Potentials in the padded array, and 1/D.
void BoxSystem::evaluate_potentials(State const& y) {
  potentials(Space{}, table_, law_.factor(), Read{y.cells}.flat(), Write{potential_}.flat(),
             Write{operator_.inverse()}.flat());
  Space{}.fence();
  box_.pad(potential_, padded_);
  Write const padded{padded_};
  if (box_.at_low(box_.first())) fill_end(Space{}, operator_.links(), false, end_potential_[0], padded.flat());
  if (box_.at_high(box_.first())) fill_end(Space{}, operator_.links(), true, end_potential_[1], padded.flat());
  Space{}.fence();
}

void BoxSystem::evaluate(double a, Vec known, State const& y) {
  evaluate_potentials(y);
  residual(Space{}, operator_.links(), a, Read{padded_}.flat(), Read{y.cells}.flat(), Read{known}.flat(),
           Write{residual_}.flat());
  Space{}.fence();
}

/// known + a (sources and fluxes through ends) into with_sources_; returns the sum of the latter without a.
double BoxSystem::add_sources(double t, double a, State const& known) {
  if (with_sources_.get() == nullptr) return 0;
  auto const& o = deck_.options;
  auto const first = static_cast<std::size_t>(box_.first());
  double const h = box_.widths()[first];
  double const low = o.left_end.kind == EndKind::flux ? o.left_end.value[0]({t}) / h : 0.0;
  double const high = o.right_end.kind == EndKind::flux ? o.right_end.value[0]({t}) / h : 0.0;
  std::vector<double> rate(static_cast<std::size_t>(box_.local_cells()), 0.0);
  agreed(box_.comm(), [&] {
    box_.each_cell([&](std::size_t number, std::array<int, 3> const& cell) {
      auto const x = box_.centre(cell);
      if (o.source) rate[number] = (*o.source)({x[0], x[1], x[2], t});
      if (cell[first] == 0) rate[number] += low;
      if (cell[first] == box_.global()[first] - 1) rate[number] += high;
    });
    for (double const value : rate) {
      if (!std::isfinite(value)) throw bad_input("diffusion_couple.source: is not finite in a cell", "");
    }
  });
  set_values(with_sources_, rate);
  double const total = sum(with_sources_);
  petsc_ok(VecAYPX(with_sources_, a, known.cells));
  return total;
}

/// Rate at which fixed ends feed the couple, at the potentials of the last evaluation.
double BoxSystem::end_rates() const {
  auto const& o = deck_.options;
  double rate = 0;
  if (o.left_end.kind == EndKind::fixed && box_.at_low(box_.first()))
    rate += end_rate(Space{}, operator_.links(), false, Read{padded_}.flat());
  if (o.right_end.kind == EndKind::fixed && box_.at_high(box_.first()))
    rate += end_rate(Space{}, operator_.links(), true, Read{padded_}.flat());
  MPI_Allreduce(MPI_IN_PLACE, &rate, 1, MPI_DOUBLE, MPI_SUM, box_.comm());
  return rate;
}

bool BoxSystem::solve_stage(double t, double a, State const& known, State& y) {
  set_time(t);
  operator_.set(a);
  double const sources = add_sources(t, a, known);
  Vec const target = with_sources_.get() != nullptr ? with_sources_.get() : known.cells.get();
  double before = 0, forcing = linear_ ? deck_.solver.rtol : std::max(kFirstForcing, deck_.solver.rtol);
  for (int k = 0; k < kMostIterations; ++k) {
    evaluate(a, target, y);
    petsc_ok(VecScale(residual_, -1.0));
    auto const report = operator_.solve(residual_, unknown_, {forcing, 0.0, deck_.solver.max_iterations});
    linear_iterations_ += report.iterations;
    ++iterations_;
    if (!report.converged) return false;
    double change = update(Space{}, Read{unknown_}.flat(), Read{operator_.inverse()}.flat(), Write{y.cells}.flat());
    double const wild = std::isfinite(change) ? change : 1e300;  // a NaN may get lost in a maximum
    MPI_Allreduce(&wild, &change, 1, MPI_DOUBLE, MPI_MAX, box_.comm());
    if (change > 1e3) return false;
    // What is left: that of the linear solve, and Newton's next change, about this one times its ratio to the last.
    double const ratio = k > 0 ? change / std::max(before, 1e-300) : 1.0;
    if (change * (forcing + (linear_ ? 0.0 : ratio)) <= deck_.solver.newton_tolerance)
      return finish(a, sources, target, known, y);
    if (!linear_ && k > 0) forcing = std::clamp(ratio * ratio, deck_.solver.rtol, forcing);
    before = change;
  }
  return false;
}

/// Takes the mean of the residual off, and counts what has entered.
bool BoxSystem::finish(double a, double sources, Vec target, State const& known, State& y) {
  evaluate(a, target, y);
  y.entered = known.entered + a * (sources + end_rates());
  petsc_ok(VecShift(y.cells, -sum(residual_) / static_cast<double>(box_.cells())));
  return true;
}

HostMatrix BoxSystem::flux(double t, State const& y) {
  set_time(t);
  evaluate_potentials(y);
  return cell_fluxes(box_, operator_.links(), padded_);
}

}  // namespace kroma::diffusion_couple
