#include "linalg/mat_shell.hpp"

#include <array>
#include <exception>
#include <string_view>

#include "core/space.hpp"

namespace kroma::linalg {
namespace {

/// Called by PETSc: no exception may leave it.
PetscErrorCode multiply(Mat mat, Vec x, Vec y) {
  void* context = nullptr;
  PetscCall(MatShellGetContext(mat, &context));
  try {
    (*static_cast<std::function<void(Vec, Vec)>*>(context))(x, y);
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

MatShell::MatShell(MPI_Comm comm, PetscInt local, bool symmetric, std::function<void(Vec, Vec)> product)
    : product_{std::move(product)} {
  petsc_ok(MatCreateShell(comm, local, local, PETSC_DETERMINE, PETSC_DETERMINE, &product_, mat_.put()));
  petsc_ok(MatShellSetOperation(mat_, MATOP_MULT, reinterpret_cast<void (*)()>(multiply)));
  petsc_ok(MatSetVecType(mat_, vector_type()));
  petsc_ok(MatSetOption(mat_, MAT_SYMMETRIC, symmetric ? PETSC_TRUE : PETSC_FALSE));
}

Handle<Vec> MatShell::vector() const {
  Handle<Vec> vec;
  petsc_ok(MatCreateVecs(mat_, vec.put(), nullptr));
  petsc_ok(VecSet(vec, 0.0));
  return vec;
}

}  // namespace kroma::linalg
