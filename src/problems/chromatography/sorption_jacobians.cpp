// A file of its own, that sees little, as all laws are compiled for each generation of vector instructions.
#include <algorithm>

#include "problems/chromatography/sorption_kernels.hpp"

namespace kroma::chromatography {
namespace {

template <class Law>
KROMA_VECTORISED void jacobians_of(Law const& law, Layout const& layout, Pack const* y, Pack* by_c, Pack* by_q) {
  int const nc = layout.components, nb = layout.bound, width = layout.width();
  for (std::size_t point = 0; point < layout.points(); ++point, y += width) {
    for (int k = 0; k < layout.places; ++k, by_c += nb * nc, by_q += nb * nb) {
      law.jacobian(y + layout.place(k), y + layout.place(k) + nc, by_c, by_q);
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
