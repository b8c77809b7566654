#pragma once

#include <cstddef>

#include "problems/chromatography/lanes.hpp"

namespace kroma::chromatography {

/// Elements side by side in the integrator's arithmetic.
inline constexpr int kWidth = 8;
using Pack = Lanes<kWidth>;

/// How the unknowns of a column lie in an array of packs: (pack, node, variable), the lanes of a pack being elements.
/// The variables of a node are the fluid's concentrations where there are particles, then the places where sorption
/// happens, each with its liquid's concentrations and its bound amounts. Without particles the only place is the fluid.
struct Layout {
  int components = 0, bound = 0, elements = 0, packs = 0, nodes = 0;
  int places = 1;
  bool particles = false;

  int stride() const { return components + bound; }
  int place(int k) const { return (particles ? components : 0) + k * stride(); }
  int width() const { return place(places); }
  std::size_t points() const { return static_cast<std::size_t>(packs) * static_cast<std::size_t>(nodes); }
  std::size_t size() const { return points() * static_cast<std::size_t>(width()); }
  /// Whether half of the lanes are empty, so that two nodes go side by side through what happens at their places.
  bool paired() const { return packs == 1 && elements <= kWidth / 2; }
  /// Nodes, or pairs of them.
  std::size_t groups() const { return paired() ? (points() + 1) / 2 : points(); }
  /// First variable of a node.
  std::size_t at(int pack, int node) const {
    return static_cast<std::size_t>(pack * nodes + node) * static_cast<std::size_t>(width());
  }
};

}  // namespace kroma::chromatography
