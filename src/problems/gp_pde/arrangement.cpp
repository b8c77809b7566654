#include "problems/gp_pde/arrangement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "grid/layout.hpp"
#include "problems/gp_pde/prior.hpp"

namespace kroma::gp_pde {

std::array<int, 2> arrange(Arrangement wanted, std::vector<grid::Axis> const& axes, int ranks) {
  grid::Extents functions{1, 1, 1};
  for (std::size_t d = 0; d < axes.size(); ++d) functions[d] = most_functions(axes[d]);
  std::array sides{ranks, 1};
  if (wanted == Arrangement::automatic) sides = grid::suitable_sides(ranks, functions);
  if (wanted == Arrangement::pencil && axes.size() == 3) sides = grid::nearly_square(ranks);
  for (std::size_t side = 0; side < std::min<std::size_t>(2, axes.size()); ++side) {
    if (sides[side] <= axes[side].size()) continue;
    throw bad_input(fmt::format("{} ranks are more than the {} nodes along {}, which they share out", sides[side],
                                axes[side].size(), axes[side].name),
                    "Use fewer ranks, or put the longest axis first.");
  }
  return sides;
}

}  // namespace kroma::gp_pde
