// A file of its own, that sees little, as all laws are compiled for each generation of vector instructions.
#include "problems/chromatography/node_groups.hpp"
#include "problems/chromatography/sorption_kernels.hpp"

namespace kroma::chromatography {
namespace {

template <class Law>
KROMA_VECTORISED void rates_of(Law const& law, Layout const& layout, Pack const* y, Pack* f) {
  auto const& l = layout;
  int const nc = l.components, nb = l.bound, width = l.width();
  std::vector<Pack> together(l.paired() ? static_cast<std::size_t>(l.stride() + nb) : 0);
  for (std::size_t group = 0; group < l.groups(); ++group) {
    for (int k = 0; k < l.places; ++k) {
      auto const at = group * static_cast<std::size_t>(width) + static_cast<std::size_t>(l.place(k));
      Pack const* c = y + at;
      Pack* rate = f + at + nc;
      if (l.paired()) {
        gather(l, group, width, y, l.place(k), l.stride(), together.data());
        c = together.data();
        rate = together.data() + l.stride();
      }
      law(c, c + nc, rate);
      if (l.paired()) scatter(l, group, width, rate, l.place(k) + nc, nb, f);
    }
  }
}

}  // namespace

void sorption_rates(AnyLaw const& any, Layout const& layout, Pack const* y, Pack* f) {
  with_law(any, [&](auto const& law) { rates_of(law, layout, y, f); });
}

}  // namespace kroma::chromatography
