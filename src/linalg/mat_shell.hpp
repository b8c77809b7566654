#pragma once

#include <functional>

#include <petscmat.h>

#include "core/petsc.hpp"

namespace kroma::linalg {

/// A square matrix known only by its product y = A x, as a PETSc Mat. Owns the function.
class MatShell {
 public:
  /// `local` rows on this rank. `symmetric` lets PETSc use A for A^T. Collective.
  MatShell(MPI_Comm comm, PetscInt local, bool symmetric, std::function<void(Vec x, Vec y)> product);
  MatShell(MatShell const&) = delete;
  MatShell& operator=(MatShell const&) = delete;

  Mat mat() const { return mat_; }
  /// A vector with the layout of the matrix, zero. Collective.
  Handle<Vec> vector() const;

 private:
  std::function<void(Vec, Vec)> product_;
  Handle<Mat> mat_;
};

}  // namespace kroma::linalg
