#pragma once

#include <array>
#include <span>
#include <vector>

#include "problems/gp_pde/evidence.hpp"
#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/regression.hpp"

namespace kroma::gp_pde {

/// Whittle's likelihood (1953) of a source on a tensor grid: its windowed transform at frequencies j / length has
/// independent entries of variance S_f = |symbol|^2 prod_d S_d + noise, so that the negative log likelihood is
///   sum over entries of (log S_f + I / S_f) / 2,   I the periodogram: squares of cosine and sine products.
/// One transform in all; then an evaluation costs as much as the grid has nodes, for operators of any order. Parameters
/// are those of RegressionEvidence. Host code, not collective.
class Whittle {
 public:
  /// The source is divided by its root mean square `source_scale`, and u by `scale`, what that is over the root mean
  /// square symbol: both are about 1. Nothing is learned of a zero source: source_scale is then 0.
  Whittle(Model const& model, std::vector<MixtureParameters> parameters, std::vector<std::size_t> components);

  double operator()(std::span<double const> x, std::span<double> gradient) const;
  double source_scale() const { return source_scale_; }
  double scale() const { return scale_; }

 private:
  std::vector<MixtureParameters> parameters_;
  std::vector<std::size_t> components_;
  std::vector<std::vector<double>> frequencies_;  // of each axis
  HostTensor periodogram_, symbol_;               // I summed over cosines and sines, and |symbol|^2
  HostTensor entries_;                            // how many cosines and sines were summed
  double source_scale_ = 0, scale_ = 1;
};

}  // namespace kroma::gp_pde
