#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/diffusion_couple/box_couple.hpp"
#include "problems/diffusion_couple/box_operator.hpp"
#include "problems/diffusion_couple/box_output.hpp"
#include "problems/diffusion_couple/conductance.hpp"
#include "problems/diffusion_couple/grains.hpp"
#include "problems/diffusion_couple/modes.hpp"

namespace kroma::diffusion_couple {
namespace {

using Read = linalg::BorrowedView<double const>;
using Write = linalg::BorrowedView<double>;

constexpr std::array<char, 3> kAxes{'x', 'y', 'z'};
constexpr double kRounding = 1e-15;  // of places times conductances, some ten terms of each cell

/// Mode effective: the tensor that takes the mean gradient to the mean flux in a structure that repeats (the cell
/// problem of homogenisation): div K (e + grad phi) = 0 for each unit vector e, phi periodic, D = 1.
class Effective final : public Problem {
 public:
  explicit Effective(Deck deck) : deck_{std::move(deck)} {
    auto& o = deck_.options;
    check_grains(o);
    o.left_end.kind = o.right_end.kind = EndKind::periodic;
    o.periodic_sides = true;
  }

  Plan plan(int ranks) const override {
    auto plan = plan_box(deck_, ranks);
    plan.summary = fmt::format("Effective diffusivity of {} dimensions", deck_.options.couple.z > 0 ? 3 : 2);
    return plan;
  }
  void prepare(MPI_Comm comm) override {
    Box const box{comm, deck_.options};
    auto const grains = make_grains(box, deck_.options);
    make_links(box, deck_.options, corner_tensor(grains.get(), deck_.options));
  }
  void solve(Run& run) override;

 private:
  Deck deck_;
};

/// Fills a padded array with the place of each cell's centre along an axis, m; over a seam it goes on.
void fill_places(Box const& box, std::size_t axis, std::vector<double>& padded) {
  auto const n = box.padded();
  std::size_t number = 0;
  for (int i = 0; i < n[0]; ++i) {
    for (int j = 0; j < n[1]; ++j) {
      for (int k = 0; k < n[2]; ++k) {
        int const index = std::array{i, j, k}[axis];  // 1 is this rank's first
        padded[number++] = (box.begin()[axis] + index - 0.5) * box.widths()[axis];
      }
    }
  }
}

/// Steady fields of one structure.
class CellProblem {
 public:
  CellProblem(Box const& box, Links links, Solver const& options)
      : box_{box},
        options_{options},
        operator_{box, std::move(links), options.matrix},
        right_{box.vector()},
        phi_{box.vector()},
        padded_{box.padded_vector()},
        place_{box.padded_vector()} {
    operator_.make_singular();
  }

  /// Flux -K (e + grad phi) in the cells, e along `axis`. Throws Error(solver_failed).
  HostMatrix flux(std::size_t axis) {
    std::vector<double> places(static_cast<std::size_t>(Read{padded_}.flat().extent(0)));
    fill_places(box_, axis, places);
    set_values(place_, places);
    auto const zero = box_.vector();
    residual(Space{}, operator_.links(), -1.0, Read{place_}.flat(), Read{zero}.flat(), Read{zero}.flat(),
             Write{right_}.flat());
    Space{}.fence();
    petsc_ok(VecSet(phi_, 0.0));
    if (!is_rounding(axis)) find_field(axis);
    box_.pad(phi_, padded_);
    petsc_ok(VecAXPY(padded_, 1.0, place_));
    return cell_fluxes(box_, operator_.links(), padded_);
  }

  std::int64_t iterations = 0;

 private:
  /// Whether the right-hand side is what rounding leaves of terms that cancel: then the gradient stays as it is, as
  /// along or across layers.
  bool is_rounding(std::size_t axis) const {
    auto const diagonal = box_.vector(), zero = box_.vector();
    jacobian_diagonal(Space{}, operator_.links(), 1.0, Read{zero}.flat(), Write{diagonal}.flat());
    Space{}.fence();
    PetscReal largest = 0, most = 0;
    petsc_ok(VecNorm(right_, NORM_INFINITY, &largest));
    petsc_ok(VecNorm(diagonal, NORM_INFINITY, &most));
    return largest <= kRounding * most * box_.widths()[axis] * box_.global()[axis];
  }

  void find_field(std::size_t axis) {
    auto const report = operator_.solve(right_, phi_, {options_.rtol, 0.0, options_.max_iterations});
    iterations += report.iterations;
    if (report.converged) return;
    throw solver_failed(
        fmt::format("the field under a gradient along {} was not found in {} iterations ({})",
                    kAxes[axis - static_cast<std::size_t>(box_.first())], report.iterations, report.reason),
        "Give a larger solver.max_iterations, or solver.matrix: assembled.");
  }

  Box const& box_;
  Solver const& options_;
  BoxOperator operator_;
  Handle<Vec> right_, phi_, padded_, place_;
};

void Effective::solve(Run& run) {
  auto const& o = deck_.options;
  std::optional<Timed> timed{std::in_place, run.timers, "setup"};
  Box const box{run.comm, o};
  auto const grains = make_grains(box, o);
  CellProblem problem{box, make_links(box, o, corner_tensor(grains.get(), o)), deck_.solver};
  timed.emplace(run.timers, "solve");
  write_box_axes(run.results, box);
  if (grains) {
    write_grains(run.results, box, *grains);
    run.metrics.set("boundary_density", boundary_density(box, *grains));
  }
  auto const first = static_cast<std::size_t>(box.first());
  for (auto along = first; along < 3; ++along) {
    auto const flux = problem.flux(along);
    if (along == first)
      write_box_flux(run.results, box, flux, "1", "Flux under a unit gradient along x, over the diffusivity");
    for (std::size_t d = 0; d < 3 - first; ++d) {
      double sum = 0;
      for (std::size_t i = 0; i < flux.extent(0); ++i) sum -= flux(i, d);
      MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, run.comm);
      run.metrics.set(fmt::format("effective_{}{}", kAxes[d], kAxes[along - first]),
                      sum / static_cast<double>(box.cells()));
    }
  }
  run.metrics.set("iterations", problem.iterations);
}

}  // namespace

std::unique_ptr<Problem> make_effective(Deck deck) { return std::make_unique<Effective>(std::move(deck)); }

}  // namespace kroma::diffusion_couple
