#pragma once

#include <type_traits>

#include <petscvec.h>

#include "core/error.hpp"
#include "core/petsc.hpp"
#include "core/space.hpp"
#include "grid/slab.hpp"

namespace kroma::linalg {

/// The local part of a Vec as a View, without a copy, for the scope of this object. The one bridge between PETSc's
/// vectors and kernels: it asserts that the vector's memory is where kernels run (a GPU build needs a PETSc built
/// for that GPU).
template <class T>
class BorrowedView {
 public:
  explicit BorrowedView(Vec vec) : vec_{vec} {
    PetscInt size = 0;
    petsc_ok(VecGetLocalSize(vec_, &size));
    PetscMemType where = PETSC_MEMTYPE_HOST;
    if constexpr (std::is_const_v<T>) {
      petsc_ok(VecGetArrayReadAndMemType(vec_, &data_, &where));
    } else {
      petsc_ok(VecGetArrayAndMemType(vec_, &data_, &where));
    }
    constexpr bool on_host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible;
    require(on_host == PetscMemTypeHost(where), "PETSc's vectors live in the memory of the execution space");
    size_ = static_cast<std::size_t>(size);
  }
  ~BorrowedView() {
    if constexpr (std::is_const_v<T>) {
      VecRestoreArrayReadAndMemType(vec_, &data_);
    } else {
      VecRestoreArrayAndMemType(vec_, &data_);
    }
  }
  BorrowedView(BorrowedView const&) = delete;
  BorrowedView& operator=(BorrowedView const&) = delete;

  VectorOn<Space, T> flat() const { return VectorOn<Space, T>(data_, size_); }
  /// As a row-major tensor of the given local extents, whose product is the local size.
  TensorOn<Space, T> tensor(grid::Extents const& n) const {
    TensorOn<Space, T> const view(data_, static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                                  static_cast<std::size_t>(n[2]));
    require(view.size() == size_, "extents of a borrowed tensor");
    return view;
  }

 private:
  Vec vec_;
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace kroma::linalg
