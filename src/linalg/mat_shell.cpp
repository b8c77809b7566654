#include "linalg/mat_shell.hpp"

#include <array>
#include <exception>
#include <string_view>

#include "core/space.hpp"

namespace kroma::linalg {
namespace {

/// Called by PETSc: no exception may leave it.
template <class Function, class... Vectors>
PetscErrorCode call(Function const& function, Vectors... vectors) {
  try {
    function(vectors...);
  } catch (std::exception const& e) {
    SETERRQ(PETSC_COMM_SELF, PETSC_ERR_LIB, "%s", e.what());
  }
  return 0;
}

/// PETSc's name for vectors in the memory of the execution space; its own choice where that is the host's, or where
/// this PETSc was built without that device and BorrowedView has to copy.
VecType vector_type() {
  struct Device {
    std::string_view space;
    VecType vectors;
  };
  constexpr std::array devices{Device{"Cuda", VECCUDA}, Device{"HIP", VECHIP}};
  petsc_ok(VecInitializePackage());
  for (auto const& [space, vectors] : devices) {
    void (*create)() = nullptr;
    petsc_ok(PetscFunctionListFind(VecList, vectors, &create));
    if (space == Space::name() && create != nullptr) return vectors;
  }
  return VECSTANDARD;
}

}  // namespace

PetscErrorCode MatShell::multiply(Mat mat, Vec x, Vec y) {
  Products* products = nullptr;
  PetscCall(MatShellGetContext(mat, &products));
  return call(products->product, x, y);
}

PetscErrorCode MatShell::multiply_transposed(Mat mat, Vec x, Vec y) {
  Products* products = nullptr;
  PetscCall(MatShellGetContext(mat, &products));
  return call(products->transposed, x, y);
}

PetscErrorCode MatShell::get_diagonal(Mat mat, Vec diagonal) {
  Products* products = nullptr;
  PetscCall(MatShellGetContext(mat, &products));
  return call(products->diagonal, diagonal);
}

void MatShell::set_diagonal(std::function<void(Vec)> fill) {
  products_.diagonal = std::move(fill);
  petsc_ok(MatShellSetOperation(mat_, MATOP_GET_DIAGONAL, reinterpret_cast<void (*)()>(get_diagonal)));
}

void MatShell::create(MPI_Comm comm, PetscInt rows, PetscInt columns) {
  petsc_ok(MatCreateShell(comm, rows, columns, PETSC_DETERMINE, PETSC_DETERMINE, &products_, mat_.put()));
  petsc_ok(MatShellSetOperation(mat_, MATOP_MULT, reinterpret_cast<void (*)()>(multiply)));
  petsc_ok(MatSetVecType(mat_, vector_type()));
}

MatShell::MatShell(MPI_Comm comm, PetscInt local, bool symmetric, Product product)
    : products_{std::move(product), {}, {}} {
  create(comm, local, local);
  petsc_ok(MatSetOption(mat_, MAT_SYMMETRIC, symmetric ? PETSC_TRUE : PETSC_FALSE));
}

MatShell::MatShell(MPI_Comm comm, PetscInt rows, PetscInt columns, Product product, Product transposed)
    : products_{std::move(product), std::move(transposed), {}} {
  create(comm, rows, columns);
  petsc_ok(MatShellSetOperation(mat_, MATOP_MULT_TRANSPOSE, reinterpret_cast<void (*)()>(multiply_transposed)));
}

Handle<Vec> MatShell::vector() const {
  Handle<Vec> vec;
  petsc_ok(MatCreateVecs(mat_, vec.put(), nullptr));
  petsc_ok(VecSet(vec, 0.0));
  return vec;
}

Handle<Vec> MatShell::row_vector() const {
  Handle<Vec> vec;
  petsc_ok(MatCreateVecs(mat_, nullptr, vec.put()));
  petsc_ok(VecSet(vec, 0.0));
  return vec;
}

}  // namespace kroma::linalg
