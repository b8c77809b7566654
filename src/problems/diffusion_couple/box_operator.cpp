#include "problems/diffusion_couple/box_operator.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "linalg/petsc_view.hpp"

namespace kroma::diffusion_couple {
namespace {

using Read = linalg::BorrowedView<double const>;
using Write = linalg::BorrowedView<double>;

/// Sum of conductances over the diagonal up to which conjugate gradients need no multigrid: their condition number is
/// about twice this.
constexpr double kStiff = 200;

}  // namespace

BoxOperator::BoxOperator(Box const& box, Links links, Matrix kind)
    : box_{box},
      links_{std::move(links)},
      kind_{kind},
      inverse_{box.vector()},
      padded_{box.padded_vector()},
      shell_{box.comm(), static_cast<PetscInt>(box.local_cells()), true, [this](Vec x, Vec y) {
               box_.pad(x, padded_);
               jacobian(Space{}, links_, a_, Read{padded_}.flat(), Read{inverse_}.flat(), Write{y}.flat());
               Space{}.fence();
             }} {
  shell_.set_diagonal([this](Vec diagonal) {
    jacobian_diagonal(Space{}, links_, a_, Read{inverse_}.flat(), Write{diagonal}.flat());
    Space{}.fence();
  });
}

void BoxOperator::make_singular() {
  singular_ = true;
  petsc_ok(MatNullSpaceCreate(box_.comm(), PETSC_TRUE, 0, nullptr, constants_.put()));
  petsc_ok(MatSetNullSpace(shell_.mat(), constants_));
}

HostMatrix cell_fluxes(Box const& box, Links const& links, Vec padded) {
  auto const cells = static_cast<std::size_t>(box.local_cells()), dimension = static_cast<std::size_t>(box.dimension());
  kroma::Matrix const flux{"flux", cells, dimension};
  auto const& h = box.widths();
  cell_flux(Space{}, links, {h[0], h[1], h[2]}, Read{padded}.flat(), flux);
  HostMatrix const host{"flux", cells, dimension};
  Kokkos::deep_copy(host, flux);
  return host;
}

solve::LinearReport BoxOperator::solve(Vec b, Vec x, solve::LinearTolerances const& tolerances) {
  if (!solver_) make_solver();
  return solver_->solve(b, x, tolerances);
}

/// Largest sum of conductances of a cell over its diagonal.
double BoxOperator::stiffness() {
  auto const work = box_.vector();
  jacobian_diagonal(Space{}, links_, a_, Read{inverse_}.flat(), Write{work}.flat());
  Space{}.fence();
  petsc_ok(VecPointwiseDivide(work, work, inverse_));
  PetscReal largest = 0;
  petsc_ok(VecMax(work, nullptr, &largest));
  return largest - 1;
}

void BoxOperator::make_matrix() {
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

/// A diagonal that makes the assembled copy of a singular matrix regular, far below its lowest other eigenvalue,
/// (2 pi / length)^2 and more, for the direct solve on the coarsest grid.
Handle<Vec> BoxOperator::regular_shift() const {
  double length = 0;
  for (int d = box_.first(); d < 3; ++d) {
    auto const axis = static_cast<std::size_t>(d);
    length = std::max(length, box_.global()[axis] * box_.widths()[axis]);
  }
  auto shift = box_.vector();
  petsc_ok(VecSet(shift, a_ * 1e-3 / (length * length)));
  return shift;
}

void BoxOperator::make_solver() {
  bool const assembled = kind_ == Matrix::assembled;
  if (!assembled || (!singular_ && stiffness() < kStiff)) {
    std::string const prefix = assembled ? "diffusion_couple_easy_" : "diffusion_couple_";
    solver_ = std::make_unique<solve::LinearSolver>(shell_.mat(), shell_.mat(), prefix, KSPCG, PCJACOBI);
    return;
  }
  if (matrix_.get() == nullptr) make_matrix();
  Vector const entries{Kokkos::view_alloc("entries", Kokkos::WithoutInitializing),
                       static_cast<std::size_t>(box_.local_cells() * (1 + links_.neighbours()))};
  auto const shift = singular_ ? regular_shift() : Handle<Vec>{};
  jacobian_entries(Space{}, links_, a_, Read{singular_ ? shift.get() : inverse_.get()}.flat(), entries);
  Space{}.fence();
  petsc_ok(MatSetValuesCOO(matrix_, entries.data(), INSERT_VALUES));
  solver_ = std::make_unique<solve::LinearSolver>(shell_.mat(), matrix_, "diffusion_couple_", KSPCG, PCGAMG);
}

}  // namespace kroma::diffusion_couple
