// A file of its own, that sees little, as all laws are compiled for each generation of vector instructions.
#include <algorithm>

#include "problems/chromatography/node_groups.hpp"
#include "problems/chromatography/sorption_kernels.hpp"

namespace kroma::chromatography {
namespace {

template <class Law>
KROMA_VECTORISED void jacobians_of(Law const& law, Layout const& layout, Pack const* y, Pack* by_c, Pack* by_q) {
  auto const& l = layout;
  int const nc = l.components, nb = l.bound, width = l.width(), places = l.places, size_c = nb * nc, size_q = nb * nb;
  std::vector<Pack> together(l.paired() ? static_cast<std::size_t>(l.stride() * (1 + nb)) : 0);
  for (std::size_t group = 0; group < l.groups(); ++group) {
    for (int k = 0; k < places; ++k) {
      auto const block = group * static_cast<std::size_t>(places) + static_cast<std::size_t>(k);
      Pack const* c = y + group * static_cast<std::size_t>(width) + l.place(k);
      Pack* slopes_c = by_c + block * static_cast<std::size_t>(size_c);
      Pack* slopes_q = by_q + block * static_cast<std::size_t>(size_q);
      if (l.paired()) {
        gather(l, group, width, y, l.place(k), l.stride(), together.data());
        c = together.data();
        slopes_c = together.data() + l.stride();
        slopes_q = slopes_c + size_c;
        std::fill_n(slopes_c, size_c + size_q, Pack(0.0));
      }
      law.jacobian(c, c + nc, slopes_c, slopes_q);
      if (!l.paired()) continue;
      scatter(l, group, places * size_c, slopes_c, k * size_c, size_c, by_c);
      scatter(l, group, places * size_q, slopes_q, k * size_q, size_q, by_q);
    }
  }
}

}  // namespace

void sorption_jacobians(AnyLaw const& any, Layout const& layout, Pack const* y, Pack* by_c, Pack* by_q) {
  auto const blocks = layout.points() * static_cast<std::size_t>(layout.places * layout.bound);
  std::fill_n(by_c, blocks * static_cast<std::size_t>(layout.components), Pack(0.0));
  std::fill_n(by_q, blocks * static_cast<std::size_t>(layout.bound), Pack(0.0));
  with_law(any, [&](auto const& law) { jacobians_of(law, layout, y, by_c, by_q); });
}

}  // namespace kroma::chromatography
