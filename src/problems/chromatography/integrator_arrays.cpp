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

/// Stages extrapolated from the last step's collocation polynomial; zero at a restart, and for linear laws, whose one
/// iteration does not depend on where it starts.
KROMA_VECTORISED void ColumnIntegrator::predict() {
  auto const s = stage_.size();
  if (first_ || d_.sorption().linear) {
    for (auto& z : stage_) std::fill(z.begin(), z.end(), Pack(0.0));
  } else {
    for (std::size_t i = 0; i < s; ++i) {
      auto weights = scheme().dense(1 + scheme().nodes[i] * h_ / taken_);
      weights.back() -= 1;
      combine(weights, kept_, 1, stage_[i]);
    }
  }
  solver_.start(stage_);
}

}  // namespace kroma::chromatography
