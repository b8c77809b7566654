// A file of its own, that sees little, as all laws are compiled for each generation of vector instructions.
#include "problems/chromatography/sorption_kernels.hpp"

namespace kroma::chromatography {
namespace {

template <class Law>
KROMA_VECTORISED void rates_of(Law const& law, Layout const& layout, Pack const* y, Pack* f) {
  int const nc = layout.components, width = layout.width();
  for (std::size_t point = 0; point < layout.points(); ++point, y += width, f += width) {
    for (int k = 0; k < layout.places; ++k) {
      int const at = layout.place(k);
      law(y + at, y + at + nc, f + at + nc);
    }
  }
}

}  // namespace

void sorption_rates(AnyLaw const& any, Layout const& layout, Pack const* y, Pack* f) {
  with_law(any, [&](auto const& law) { rates_of(law, layout, y, f); });
}

}  // namespace kroma::chromatography
