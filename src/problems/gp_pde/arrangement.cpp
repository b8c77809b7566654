#include "problems/gp_pde/arrangement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "grid/layout.hpp"
#include "problems/gp_pde/prior.hpp"

namespace kroma::gp_pde {

std::array<int, 2> arrange(Arrangement wanted, std::vector<grid::Axis> const& axes, int ranks) {
  bool const crowded = ranks > most_functions(axes.front());
  bool const pencils =
      axes.size() == 3 && (wanted == Arrangement::pencil || (wanted == Arrangement::automatic && crowded));
  auto const sides = pencils ? grid::nearly_square(ranks) : std::array{ranks, 1};
  for (std::size_t side = 0; side < std::min<std::size_t>(2, axes.size()); ++side) {
    if (sides[side] <= axes[side].size()) continue;
    throw bad_input(fmt::format("{} ranks are more than the {} nodes along {}, which they share out", sides[side],
                                axes[side].size(), axes[side].name),
                    "Use fewer ranks, or put the longest axis first.");
  }
  return sides;
}

}  // namespace kroma::gp_pde
