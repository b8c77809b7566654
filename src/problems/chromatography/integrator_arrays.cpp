#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {

/// Weights of the error norm from the largest bound amounts so far.
KROMA_VECTORISED void ColumnIntegrator::update_weights() {
  auto const& l = d_.layout();
  auto const width = static_cast<std::size_t>(l.width());
  for (std::size_t v = 0; v < width; ++v) {
    int const inside =
        static_cast<int>(v) < l.place(0) ? static_cast<int>(v) : (static_cast<int>(v) - l.place(0)) % l.stride();
    if (inside < l.components) {
      weight_[v] = 1 / (tolerance_ * scales_[static_cast<std::size_t>(inside)]);
      continue;
    }
    auto const component =
        static_cast<std::size_t>(d_.sorption().component[static_cast<std::size_t>(inside - l.components)]);
    Pack largest(weight_[v] > 0 ? 1 / (tolerance_ * weight_[v]) : scales_[component]);
    for (std::size_t p = 0; p < l.points(); ++p) {
      Pack const q = y_[p * width + v], size = where_positive(q, q, -q);
      largest = where_positive(size - largest, size, largest);
    }
    double most = 0;
    for (int lane = 0; lane < kWidth; ++lane) most = std::max(most, largest[lane]);
    weight_[v] = 1 / (tolerance_ * most);
  }
}

}  // namespace kroma::chromatography
