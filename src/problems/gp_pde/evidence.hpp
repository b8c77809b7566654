#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/space.hpp"
#include "problems/gp_pde/covariance_kernels.hpp"
#include "solve/minimiser.hpp"

namespace kroma::gp_pde {

/// Hyper-parameters of one axis as a vector: log weight and log length of each component, its frequency times `unit`
/// (an axis length, so that all entries matter alike), and the log variance of the noise of the operator's values.
struct MixtureParameters {
  MixtureKind kind = MixtureKind::gaussian;
  double unit = 1;

  std::vector<double> pack(std::vector<MixtureComponent> const& components, double noise) const;
  std::vector<MixtureComponent> components(std::span<double const> x) const;
  static double noise(std::span<double const> x);                               // variance
  static std::size_t count(std::span<double const> x) { return x.size() / 3; }  // with or without noise
};

/// Where the entries may go: lengths from `shortest` to `longest`, frequencies up to `highest`, weights from 1e-12 to
/// 1e6, noise from 1e-8 to 1. `single`: frequencies stay where they are.
solve::Box mixture_box(MixtureParameters const& parameters, std::span<double const> x, double shortest, double longest,
                       double highest, bool single);

/// What is known of fibres along one axis, scaled to about 1: each is a process u with a stationary covariance, seen
/// through L u = sum_p symbol[p] d^p u at the nodes, with noise to be learned, and through u itself at a few points.
struct FibreData {
  std::vector<double> nodes;
  Symbol symbol{0, 0, 1};
  std::vector<std::vector<double>> fibres;  // values of L u, one list of the nodes' size for each fibre
  std::vector<double> ends;                 // points where u is known, if any; the same for all fibres
  std::vector<std::vector<double>> values;  // u there, one list for each fibre
};

/// Negative log marginal likelihood of fibres (symmetric collocation; without the constant n log(2 pi) / 2), as a
/// function of MixtureParameters' vector, with its gradient. Cost n^3 and n^2 Q evaluations of a covariance; on equal
/// steps n Q. Host code, not collective.
class Evidence {
 public:
  /// `end_noise`: variance of the noise of u at the ends.
  Evidence(FibreData data, MixtureParameters const& parameters, double end_noise = 1e-6);

  double operator()(std::span<double const> x, std::span<double> gradient) const;

 private:
  /// Pairs of observations with the same covariance function and distance, whose entries of the matrix are one number.
  struct Pair {
    int block;  // index into blocks_
    double t;
    std::vector<std::pair<int, int>> entries;  // lower triangle
  };

  using Jets = std::vector<CovarianceJet>;  // of pair p and component c at [p * components + c]

  void add_pairs();
  int size() const { return static_cast<int>(data_.nodes.size() + data_.ends.size()); }
  Jets jets(std::vector<MixtureComponent> const& components) const;
  HostMatrix covariance_matrix(Jets const& jets, double noise) const;
  /// Adds the gradient that comes from `slope`, the derivative of the value by the matrix.
  void pull_back(HostMatrix slope, Jets const& jets, double noise, std::span<double> gradient) const;

  FibreData data_;
  HostMatrix observed_;  // (observations, fibres)
  MixtureParameters parameters_;
  double end_noise_;
  std::array<DerivativeSum, 3> blocks_;  // cov(Lu, Lu), cov(u, Lu), cov(u, u)
  std::vector<Pair> pairs_;
};

}  // namespace kroma::gp_pde
