#include "problems/diffusion_couple/box_couple.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/box_output.hpp"
#include "problems/diffusion_couple/conductance.hpp"
#include "problems/diffusion_couple/line_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

using Cell = std::array<int, 3>;
constexpr double kSlack = 1e-3;         // beyond the possible mole fractions in one step: errors of time, below it
constexpr double kMostOvershoot = 0.5;  // the same with a tensor: above it the grid shows nothing of the structure
constexpr double kWorthSaying = 1e-3;

double over_ranks(MPI_Comm comm, double value, MPI_Op operation) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, operation, comm);
  return value;
}

}  // namespace

BoxCouple::BoxCouple(MPI_Comm comm, Deck const& deck)
    : comm_{comm},
      deck_{deck},
      box_{comm, deck.options},
      volume_{deck.options},
      binary_{deck.options, volume_},
      grains_{make_grains(box_, deck.options)},
      control_{deck.solver.tolerance, tableau(deck.solver.scheme).order - 1},
      y_{box_.vector()},
      result_{box_.vector()},
      known_{box_.vector()} {
  set_initial();
  make_law();
  system_ = std::make_unique<BoxSystem>(box_, deck_, *law_,
                                        make_links(box_, deck_.options, corner_tensor(grains_.get(), deck_.options)));
  first_balance_ = system_->balance(y_);
  for (int i = 0; i < tableau(deck.solver.scheme).stages; ++i) slopes_.push_back(system_->state());
}

/// Two bodies, the cell that the contact plane cuts with its share of both; or the deck's function at the centres.
void BoxCouple::set_initial() {
  auto const& o = deck_.options;
  double const h = box_.widths()[static_cast<std::size_t>(box_.first())];
  double const contact = o.couple.interface.value_or(o.couple.length / 2);
  std::vector<double> c(static_cast<std::size_t>(box_.local_cells()));
  agreed(comm_, [&] {
    box_.each_cell([&](std::size_t number, Cell const& cell) {
      auto const x = box_.centre(cell);
      double const left = std::clamp((contact - x[0]) / h + 0.5, 0.0, 1.0);
      c[number] =
          o.initial ? (*o.initial)({x[0], x[1], x[2]}) : left * o.couple.left[0] + (1 - left) * o.couple.right[0];
      if (!std::isfinite(c[number])) {
        throw bad_input(
            fmt::format("diffusion_couple.initial: is {} at x = {} m, y = {} m, z = {} m", c[number], x[0], x[1], x[2]),
            "It must be finite in every cell.");
      }
    });
  });
  set_values(y_.cells, c);
}

/// The table of W over the compositions that can occur: with a source, over all.
void BoxCouple::make_law() {
  auto const& o = deck_.options;
  PetscReal low = 0, high = 1;
  petsc_ok(VecMin(y_.cells, nullptr, &low));
  petsc_ok(VecMax(y_.cells, nullptr, &high));
  agreed(comm_, [&] {
    range_ = composition_range(o, low, high);
    if (o.source) range_ = {0, 1};
    law_ = std::make_unique<BinaryFace>([this](double c, double T) { return binary_.interdiffusion(c, T); }, range_[0],
                                        range_[1], binary_.uses_temperature(), binary_.only_scaled_by_temperature());
    law_->set_temperature(temperature_at(o.anneal, 0));
  });
}

/// How far mole fractions lie outside of those that can occur. Maximum principles hold for diagonal tensors; the fluxes
/// of others may leave them where boundaries are fast and the front is steep.
double BoxCouple::overshoot(BoxSystem::State const& y) const {
  PetscReal low = 0, high = 0;
  petsc_ok(VecMin(y.cells, nullptr, &low));
  petsc_ok(VecMax(y.cells, nullptr, &high));
  return std::max({0.0, range_[0] - low, high - range_[1]});
}

void BoxCouple::step(double until) {
  bool const tensor = grains_ || std::ssize(deck_.options.diffusivity.anisotropy) > box_.dimension();
  double const most = tensor ? kMostOvershoot : kSlack;
  auto const acceptable = [&](BoxSystem::State const& y) -> std::string {
    return overshoot(y) > std::max(most, 100 * deck_.solver.tolerance) ? "mole fractions leave [0, 1]" : "";
  };
  time_ = accepted_step(*system_, tableau(deck_.solver.scheme), control_, time_, until, deck_.options.anneal.time, y_,
                        result_, known_, slopes_, acceptable, "Look at source, and at the values of the ends.");
  overshoot_ = std::max(overshoot_, overshoot(y_));
}

std::string BoxCouple::progress() const {
  return fmt::format("step {}  dt {:.3g} s  rejected {}  newton {}  linear {}", control_.accepted, control_.next,
                     control_.rejected, system_->iterations(), system_->linear_iterations());
}

void BoxCouple::write_axes(io::ResultFile& results) {
  write_box_axes(results, box_);
  if (grains_) write_grains(results, box_, *grains_);
}

void BoxCouple::write_frame(io::ResultFile& results) {
  std::vector<double> both;
  for (double const c : host_values(y_.cells)) {
    both.push_back(1 - c);
    both.push_back(c);
  }
  auto const array = box_array(box_, 2);
  results.frame("/fields/composition", both, array.block, array.dimensions, "1", "Mole fraction");
}

/// Largest distance from the deck's exact solution at the cells' centres.
std::optional<double> BoxCouple::exact_error() const {
  if (!deck_.options.exact) return std::nullopt;
  auto const c = host_values(y_.cells);
  double worst = 0;
  agreed(comm_, [&] {
    box_.each_cell([&](std::size_t number, Cell const& cell) {
      auto const x = box_.centre(cell);
      worst = std::max(worst, std::abs(c[number] - (*deck_.options.exact)({x[0], x[1], x[2], time_})));
    });
  });
  return over_ranks(comm_, worst, MPI_MAX);
}

void BoxCouple::finish(Run& run) {
  write_box_flux(run.results, box_, system_->flux(time_, y_), "m/s",
                 "Flux of the second component over the concentration of atoms, at the end");
  double const amount = std::max(std::abs(first_balance_), std::abs(y_.entered));
  run.metrics.set("mass_balance_error", std::abs(system_->balance(y_) - first_balance_) / std::max(amount, 1e-300));
  run.metrics.set("overshoot", overshoot_);
  if (overshoot_ > kWorthSaying) {
    run.log.warning(
        fmt::format("mole fractions went {:.2g} beyond those at the start and at the ends, beside fast "
                    "boundaries or across the axes: smaller cells lessen it",
                    overshoot_));
  }
  run.metrics.set("iterations", system_->iterations());
  run.metrics.set("linear_iterations", system_->linear_iterations());
  run.metrics.set("steps", control_.accepted);
  run.metrics.set("rejected_steps", control_.rejected);
  if (auto const error = exact_error()) run.metrics.set("max_error", *error);
}

void BoxCouple::save(io::Checkpoint& checkpoint) const {
  checkpoint.write("state", host_values(y_.cells), box_.block(), box_.shape());
  checkpoint.write("entered", y_.entered);
  checkpoint.write("balance", first_balance_);
  checkpoint.write("time", time_);
  checkpoint.write("overshoot", overshoot_);
  control_.save(checkpoint);
}

void BoxCouple::load(io::Checkpoint const& checkpoint) {
  std::vector<double> values(static_cast<std::size_t>(box_.local_cells()));
  checkpoint.read("state", values, box_.block());
  set_values(y_.cells, values);
  y_.entered = checkpoint.value<double>("entered");
  first_balance_ = checkpoint.value<double>("balance");
  time_ = checkpoint.value<double>("time");
  overshoot_ = checkpoint.value<double>("overshoot");
  control_.load(checkpoint);
}

Plan plan_box(Deck const& deck, int ranks) {
  auto const& o = deck.options;
  auto const cells = cells_of(o.couple);
  bool const tensor = o.diffusivity.anisotropy.size() > (o.couple.z > 0 ? 3u : 2u) || o.grains;
  bool const deep = o.couple.z > 0;
  double const neighbours = deep ? (tensor ? 18 : 6) : (tensor ? 8 : 4);
  double const links = deep ? (tensor ? 6 : 3) : (tensor ? 3 : 2);
  auto const shared = arrange_ranks(ranks, cells);
  double fullest = 1;
  for (std::size_t d = 0; d < 3; ++d) fullest *= std::ceil(cells[d] / std::max(1.0, 1.0 * shared[d]));
  Plan plan;
  plan.unknowns = std::int64_t{cells[0]} * cells[1] * cells[2];
  std::vector<int> const sizes(cells.begin() + (deep ? 0 : 1), cells.end());
  plan.summary = fmt::format("Diffusion couple of {} dimensions, {} s", deep ? 3 : 2, o.anneal.time);
  plan.sizes = {{"cells", fmt::format("{}", fmt::join(sizes, " x "))},
                {"neighbours", fmt::format("{} of a cell", static_cast<int>(neighbours))}};
  // Vectors: the state, two of a step, three slopes, potential, 1/D, residual, direction, two padded, four of CG; while
  // it is written, both components. An assembled matrix: its entries twice, once with columns, and where they go
  // (3 integers each); multigrid and its Galerkin
  // products about as much again (measured: 1850 bytes a cell for 18 neighbours).
  double const matrix = deck.solver.matrix == Matrix::free ? 0 : (1 + neighbours) * (8 + 12 + 24 + 40);
  plan.bytes_per_rank = fullest * (8 * (18 + links) + matrix);
  return plan;
}

}  // namespace kroma::diffusion_couple
