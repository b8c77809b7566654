#pragma once

#include <type_traits>

#include <petscvec.h>

#include "core/error.hpp"
#include "core/petsc.hpp"
#include "core/space.hpp"
#include "grid/layout.hpp"

namespace kroma::linalg {

/// The local part of a Vec as a View, for the scope of this object: the one bridge between PETSc's vectors and
/// kernels. The View is the vector's own memory where kernels can reach it. Under a PETSc that keeps its vectors on the
/// host while kernels run on a device, it is a copy, which goes back into the vector at the end of the scope.
template <class T>
class BorrowedView {
 public:
  explicit BorrowedView(Vec vec) : vec_{vec} {
    PetscInt size = 0;
    petsc_ok(VecGetLocalSize(vec_, &size));
    PetscMemType where = PETSC_MEMTYPE_HOST;
    if constexpr (kReadOnly) {
      petsc_ok(VecGetArrayReadAndMemType(vec_, &data_, &where));
    } else {
      petsc_ok(VecGetArrayAndMemType(vec_, &data_, &where));
    }
    constexpr bool kernels_on_host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible;
    require(PetscMemTypeHost(where) || !kernels_on_host, "kernels on the host have PETSc's vectors there too");
    in_place_ = kernels_on_host == PetscMemTypeHost(where);
    view_ = VectorOn<Space, T>(data_, static_cast<std::size_t>(size));
    if (!in_place_) view_ = Kokkos::create_mirror_view_and_copy(Space{}, on_host());
  }
  ~BorrowedView() {
    if constexpr (kReadOnly) {
      VecRestoreArrayReadAndMemType(vec_, &data_);
    } else {
      if (!in_place_) Kokkos::deep_copy(on_host(), view_);
      VecRestoreArrayAndMemType(vec_, &data_);
    }
  }
  BorrowedView(BorrowedView const&) = delete;
  BorrowedView& operator=(BorrowedView const&) = delete;

  VectorOn<Space, T> flat() const { return view_; }
  /// As a row-major tensor of the given local extents, whose product is the local size.
  TensorOn<Space, T> tensor(grid::Extents const& n) const {
    TensorOn<Space, T> const view(view_.data(), static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                                  static_cast<std::size_t>(n[2]));
    require(view.size() == view_.size(), "extents of a borrowed tensor");
    return view;
  }

 private:
  static constexpr bool kReadOnly = std::is_const_v<T>;

  VectorOn<Host, T> on_host() const { return VectorOn<Host, T>(data_, view_.size()); }

  Vec vec_;
  T* data_ = nullptr;
  bool in_place_ = true;
  VectorOn<Space, T> view_;
};

}  // namespace kroma::linalg
