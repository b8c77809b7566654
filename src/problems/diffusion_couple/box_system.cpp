#include "problems/diffusion_couple/box_system.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/diffusion_couple/line_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

using Read = linalg::BorrowedView<double const>;
using Write = linalg::BorrowedView<double>;

constexpr int kMostIterations = 12;
constexpr double kFirstForcing = 1e-3;  // of linear solves while Newton's method is far from its goal
/// Sum of conductances over the diagonal up to which conjugate gradients need no multigrid: their condition number is
/// about twice this, and they take some ten iterations.
constexpr double kStiff = 20;

}  // namespace

BoxSystem::BoxSystem(Box const& box, Deck const& deck, BinaryFace& law, Links links)
    : box_{box},
      deck_{deck},
      law_{law},
      links_{std::move(links)},
      potential_{box.vector()},
      inverse_{box.vector()},
      residual_{box.vector()},
      unknown_{box.vector()},
      padded_{box.padded_vector()},
      padded_direction_{box.padded_vector()},
      shell_{box.comm(), static_cast<PetscInt>(box.local_cells()), true, [this](Vec x, Vec y) {
               box_.pad(x, padded_direction_);
               jacobian(Space{}, links_, own_, Read{padded_direction_}.flat(), Read{inverse_}.flat(), Write{y}.flat());
               Space{}.fence();
             }} {
  shell_.set_diagonal([this](Vec diagonal) {
    jacobian_diagonal(Space{}, links_, own_, Read{inverse_}.flat(), Write{diagonal}.flat());
    Space{}.fence();
  });
  auto const flows = [](EndOptions const& end) { return end.kind == EndKind::flux; };
  if (deck.options.source || flows(deck.options.left_end) || flows(deck.options.right_end))
    with_sources_ = box.vector();
}

double BoxSystem::sum(Vec cells) const {
  double total = careful_sum(Space{}, Read{cells}.flat(), links_.n2);
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
  potentials(Space{}, table_, law_.factor(), Read{y.cells}.flat(), Write{potential_}.flat(), Write{inverse_}.flat());
  Space{}.fence();
  box_.pad(potential_, padded_);
  Write const padded{padded_};
  if (box_.at_low(box_.first())) fill_end(Space{}, links_, false, end_potential_[0], padded.flat());
  if (box_.at_high(box_.first())) fill_end(Space{}, links_, true, end_potential_[1], padded.flat());
  Space{}.fence();
}

void BoxSystem::evaluate(double a, Vec known, State const& y) {
  evaluate_potentials(y);
  residual(Space{}, links_, a, Read{padded_}.flat(), Read{y.cells}.flat(), Read{known}.flat(), Write{residual_}.flat());
  Space{}.fence();
}

/// known + a (sources and fluxes through ends) into with_sources_; returns the sum of the latter without a.
double BoxSystem::add_sources(double t, double a, State const& known) {
  if (with_sources_.get() == nullptr) return 0;
  auto const& o = deck_.options;
  auto const& n = box_.local();
  auto const& from = box_.begin();
  auto const first = static_cast<std::size_t>(box_.first());
  std::vector<double> rate(static_cast<std::size_t>(box_.local_cells()), 0.0);
  agreed(box_.comm(), [&] {
    std::size_t cell = 0;
    for (int i = 0; i < n[0]; ++i) {
      for (int j = 0; j < n[1]; ++j) {
        for (int k = 0; k < n[2]; ++k, ++cell) {
          auto const x = box_.place({from[0] + i + 0.5, from[1] + j + 0.5, from[2] + k + 0.5});
          if (o.source) rate[cell] = (*o.source)({x[0], x[1], x[2], t});
          int const along = first == 0 ? i : j;
          if (o.left_end.kind == EndKind::flux && box_.at_low(box_.first()) && along == 0)
            rate[cell] += o.left_end.value[0]({t}) / box_.widths()[first];
          if (o.right_end.kind == EndKind::flux && box_.at_high(box_.first()) && along == n[first] - 1)
            rate[cell] += o.right_end.value[0]({t}) / box_.widths()[first];
        }
      }
    }
    for (double const value : rate) {
      if (!std::isfinite(value)) throw bad_input("diffusion_couple.source: is not finite in a cell", "");
    }
  });
  {
    Write const cells{with_sources_};
    Kokkos::deep_copy(cells.flat(), VectorOn<Kokkos::HostSpace, double const>(rate.data(), rate.size()));
  }
  double const total = sum(with_sources_);
  petsc_ok(VecAYPX(with_sources_, a, known.cells));
  return total;
}

/// Rate at which fixed ends feed the couple, at the potentials of the last evaluation.
double BoxSystem::end_rates() const {
  auto const& o = deck_.options;
  double rate = 0;
  if (o.left_end.kind == EndKind::fixed && box_.at_low(box_.first()))
    rate += end_rate(Space{}, links_, false, Read{padded_}.flat());
  if (o.right_end.kind == EndKind::fixed && box_.at_high(box_.first()))
    rate += end_rate(Space{}, links_, true, Read{padded_}.flat());
  MPI_Allreduce(MPI_IN_PLACE, &rate, 1, MPI_DOUBLE, MPI_SUM, box_.comm());
  return rate;
}

/// Largest sum of conductances of a cell over its diagonal, at the last evaluation.
double BoxSystem::stiffness(double a) const {
  jacobian_diagonal(Space{}, links_, a, Read{inverse_}.flat(), Write{unknown_}.flat());
  Space{}.fence();
  petsc_ok(VecPointwiseDivide(unknown_, unknown_, inverse_));
  PetscReal largest = 0;
  petsc_ok(VecMax(unknown_, nullptr, &largest));
  return largest - 1;
}

void BoxSystem::make_matrix() {
  auto const offsets = neighbour_offsets(links_);
  auto const numbers = box_.numbering();
  auto const n = box_.local(), padded = box_.padded();
  auto const inner = [&](int axis) { return axis >= box_.first() ? 1 : 0; };
  std::vector<PetscInt> rows, columns;
  rows.reserve(static_cast<std::size_t>(box_.local_cells()) * (offsets.size() + 1));
  columns.reserve(rows.capacity());
  for (int i = 0; i < n[0]; ++i) {
    for (int j = 0; j < n[1]; ++j) {
      for (int k = 0; k < n[2]; ++k) {
        int const at = ((i + inner(0)) * padded[1] + j + 1) * padded[2] + k + 1;
        auto const row = numbers[static_cast<std::size_t>(at)];
        rows.insert(rows.end(), offsets.size() + 1, row);
        columns.push_back(row);
        for (int const offset : offsets) columns.push_back(numbers[static_cast<std::size_t>(at + offset)]);
      }
    }
  }
  auto const local = static_cast<PetscInt>(box_.local_cells());
  petsc_ok(MatCreate(box_.comm(), matrix_.put()));
  petsc_ok(MatSetSizes(matrix_, local, local, PETSC_DETERMINE, PETSC_DETERMINE));
  petsc_ok(MatSetOptionsPrefix(matrix_, "diffusion_couple_"));
  petsc_ok(MatSetType(matrix_, MATAIJ));
  petsc_ok(MatSetFromOptions(matrix_));
  petsc_ok(MatSetPreallocationCOO(matrix_, static_cast<PetscCount>(rows.size()), rows.data(), columns.data()));
  petsc_ok(MatSetOption(matrix_, MAT_SYMMETRIC, PETSC_TRUE));
  petsc_ok(MatSetOption(matrix_, MAT_SPD, PETSC_TRUE));
}

void BoxSystem::make_solver(double a) {
  bool const assembled = deck_.solver.matrix == Matrix::assembled;
  if (!assembled || stiffness(a) < kStiff) {
    std::string const prefix = assembled ? "diffusion_couple_easy_" : "diffusion_couple_";
    solver_ = std::make_unique<solve::LinearSolver>(shell_.mat(), shell_.mat(), prefix, KSPCG, PCJACOBI);
    return;
  }
  if (matrix_.get() == nullptr) make_matrix();
  Vector const entries{Kokkos::view_alloc("entries", Kokkos::WithoutInitializing),
                       static_cast<std::size_t>(box_.local_cells() * (1 + links_.neighbours()))};
  jacobian_entries(Space{}, links_, a, Read{inverse_}.flat(), entries);
  Space{}.fence();
  petsc_ok(MatSetValuesCOO(matrix_, entries.data(), INSERT_VALUES));
  solver_ = std::make_unique<solve::LinearSolver>(shell_.mat(), matrix_, "diffusion_couple_", KSPCG, PCGAMG);
}

bool BoxSystem::solve_stage(double t, double a, State const& known, State& y) {
  set_time(t);
  own_ = a;
  double const sources = add_sources(t, a, known);
  Vec const target = with_sources_.get() != nullptr ? with_sources_.get() : known.cells.get();
  double before = 0, forcing = linear_ ? deck_.solver.rtol : std::max(kFirstForcing, deck_.solver.rtol);
  for (int k = 0; k < kMostIterations; ++k) {
    evaluate(a, target, y);
    if (!solver_) make_solver(a);
    petsc_ok(VecScale(residual_, -1.0));
    auto const report = solver_->solve(residual_, unknown_, {forcing, 0.0, deck_.solver.max_iterations});
    linear_iterations_ += report.iterations;
    ++iterations_;
    if (!report.converged) return false;
    double change = update(Space{}, Read{unknown_}.flat(), Read{inverse_}.flat(), Write{y.cells}.flat());
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
  kroma::Matrix const cells{"flux", static_cast<std::size_t>(box_.local_cells()),
                            static_cast<std::size_t>(box_.dimension())};
  auto const& h = box_.widths();
  cell_flux(Space{}, links_, {h[0], h[1], h[2]}, Read{padded_}.flat(), cells);
  HostMatrix const host{"flux", cells.extent(0), cells.extent(1)};
  Kokkos::deep_copy(host, cells);
  return host;
}

}  // namespace kroma::diffusion_couple
