#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

#include "core/error.hpp"
#include "core/space.hpp"

namespace kroma {

/// Memory for temporaries of operations that are never under way at the same time, so that together they hold what the
/// largest of them needs and not the sum. Where kernels run; allocated at the first use.
class Workspace {
 public:
  /// Says that some use will take up to `bytes`, as `footprint` counts them.
  void reserve(std::size_t bytes) { capacity_ = std::max(capacity_, bytes); }
  std::size_t capacity() const { return capacity_; }

  /// Bytes that `count` values of T take: arrays begin at multiples of 256, where any hardware likes them.
  template <class T>
  static std::size_t footprint(std::size_t count) {
    return (count * sizeof(T) + 255) / 256 * 256;
  }

  /// A scope in which arrays are taken; at its end they are free again. Uses may be nested.
  class Use {
   public:
    explicit Use(Workspace& workspace) : workspace_{workspace}, begin_{workspace.used_} {}
    ~Use() { workspace_.used_ = begin_; }
    Use(Use const&) = delete;
    Use& operator=(Use const&) = delete;

    /// `count` values, not initialised. Throws internal_error if no more were reserved.
    template <class T>
    VectorOf<T> take(std::size_t count) {
      return VectorOf<T>(workspace_.template advance<T>(count), count);
    }
    template <class T, class Extents>
    TensorOf<T> take(Extents const& n) {
      auto const a = static_cast<std::size_t>(n[0]), b = static_cast<std::size_t>(n[1]),
                 c = static_cast<std::size_t>(n[2]);
      return TensorOf<T>(workspace_.template advance<T>(a * b * c), a, b, c);
    }

   private:
    Workspace& workspace_;
    std::size_t begin_;
  };

 private:
  template <class T>
  T* advance(std::size_t count) {
    if (used_ == 0 && memory_.extent(0) < capacity_) {
      memory_ = {};  // first, so that old and new are not held together
      memory_ = Memory{Kokkos::view_alloc("workspace", Kokkos::WithoutInitializing), capacity_};
    }
    auto* const begin = reinterpret_cast<T*>(memory_.data() + used_);
    used_ += footprint<T>(count);
    require(used_ <= memory_.extent(0), "a workspace gives what was reserved");
    return begin;
  }

  using Memory = Kokkos::View<char*, Space>;
  Memory memory_;
  std::size_t capacity_ = 0, used_ = 0;
};

}  // namespace kroma
