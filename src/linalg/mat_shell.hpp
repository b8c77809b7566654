#pragma once

#include <functional>

#include <petscmat.h>

#include "core/petsc.hpp"

namespace kroma::linalg {

/// A matrix known only by its product y = A x, and perhaps y = A^T x, as a PETSc Mat. Owns the functions.
class MatShell {
 public:
  using Product = std::function<void(Vec x, Vec y)>;

  /// `local` rows on this rank. `symmetric` lets PETSc use A for A^T. Collective.
  MatShell(MPI_Comm comm, PetscInt local, bool symmetric, Product product);
  /// `rows` and `columns` on this rank, for a matrix of any shape, with its transpose. Collective.
  MatShell(MPI_Comm comm, PetscInt rows, PetscInt columns, Product product, Product transposed);
  MatShell(MatShell const&) = delete;
  MatShell& operator=(MatShell const&) = delete;

  /// Says how the diagonal is found, for preconditioners that want it.
  void set_diagonal(std::function<void(Vec diagonal)> fill);

  Mat mat() const { return mat_; }
  /// A vector that the matrix can be applied to, zero. Collective.
  Handle<Vec> vector() const;
  /// A vector with the layout of its rows, zero. Collective.
  Handle<Vec> row_vector() const;

 private:
  struct Products {
    Product product, transposed;
    std::function<void(Vec)> diagonal;
  };
  static PetscErrorCode multiply(Mat mat, Vec x, Vec y);
  static PetscErrorCode multiply_transposed(Mat mat, Vec x, Vec y);
  static PetscErrorCode get_diagonal(Mat mat, Vec diagonal);
  void create(MPI_Comm comm, PetscInt rows, PetscInt columns);

  Products products_;
  Handle<Mat> mat_;
};

}  // namespace kroma::linalg
