#pragma once

#include "problems/chromatography/complex.hpp"
#include "problems/chromatography/layout.hpp"

namespace kroma::chromatography {

// What happens at the places of a node does not look at other nodes. Where half of the lanes are empty, two nodes
// therefore go through it side by side.

/// `count` variables, from `first` on, of the group's nodes in x (points, width).
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void gather(Layout const& l, std::size_t group, int width, S const* x, int first, int count,
                                        S* together) {
  auto const points = l.points();
  S const* a = x + 2 * group * static_cast<std::size_t>(width) + first;
  S const* b = 2 * group + 1 < points ? a + width : a;
  for (int v = 0; v < count; ++v) together[v] = joined(a[v], b[v]);
}

/// Takes them apart again; empty lanes become copies, so that they stay finite.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void scatter(Layout const& l, std::size_t group, int width, S const* together, int first,
                                         int count, S* x) {
  S* a = x + 2 * group * static_cast<std::size_t>(width) + first;
  S* b = a + width;
  bool const both = 2 * group + 1 < l.points();
  for (int v = 0; v < count; ++v) {
    S other;
    part(together[v], a[v], other);
    if (both) b[v] = other;
  }
}

/// For a lambda of with_counts(): without it, it would be a function of its own, not compiled for vector instructions.
#define KROMA_INLINED __attribute__((always_inline))

/// Numbers of components and of bound states, known when compiled.
template <int Components, int Bound>
struct Counts {
  static constexpr int components = Components, bound = Bound;
};
/// Known when run.
template <>
struct Counts<0, 0> {
  int components, bound;
};

/// Calls `work` with the counts of a column; those that are common as constants, so that loops over them are unrolled.
template <class Work>
KOKKOS_FORCEINLINE_FUNCTION void with_counts(Layout const& l, Work&& work) {
  if (l.components == 1 && l.bound == 1) {
    work(Counts<1, 1>{});
  } else if (l.components == 4 && l.bound == 3) {
    work(Counts<4, 3>{});
  } else {
    work(Counts<0, 0>{l.components, l.bound});
  }
}

}  // namespace kroma::chromatography
