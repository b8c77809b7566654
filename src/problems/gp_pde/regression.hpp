#pragma once

#include <span>
#include <vector>

#include "core/space.hpp"
#include "problems/gp_pde/covariance_kernels.hpp"
#include "problems/gp_pde/evidence.hpp"

namespace kroma::gp_pde {

/// Values on a tensor set of points, one to three axes; extent 1 where there is no axis.
struct TensorData {
  std::vector<std::vector<double>> points;  // of each axis, ascending
  HostTensor values;
};

/// A product covariance: a mixture for each axis.
struct ProductCovariance {
  MixtureKind kind = MixtureKind::gaussian;
  std::vector<std::vector<MixtureComponent>> axes;

  /// k_d(a_i - b_j), (|a|, |b|).
  HostMatrix matrix(std::size_t axis, std::vector<double> const& a, std::vector<double> const& b) const;
  /// Prior variance: the product of all axes' sums of weights.
  double variance() const;
};

/// (m, n) times axis `mode` of a host tensor.
HostTensor mode_product(HostMatrix a, HostTensor x, int mode);

/// Posterior of a Gaussian process with a product covariance and independent noise, given values on a tensor set of
/// points: exact, by the eigenvectors K_d = V_d diag(l_d) V_d^T of each axis (Saatci 2011, chapter 5). With
/// D = prod l_d + noise, w = (V (x) V (x) V)^T y: the mean is sum A w / D and the variance k(0) - sum A^2 / D, where
/// A_d = k_d(x, X_d) V_d. Host code, not collective; cost sum n_d^3 + N sum n_d.
class Regression {
 public:
  Regression(TensorData const& data, ProductCovariance covariance, double noise_variance);

  ProductCovariance const& covariance() const { return covariance_; }
  /// Log marginal likelihood of the data, with all constants.
  double log_evidence() const;

  /// A_d at points of an axis, (m, n_d).
  HostMatrix features(std::size_t axis, std::vector<double> const& points) const;
  HostTensor mean(std::vector<HostMatrix> const& features) const;
  HostTensor variance(std::vector<HostMatrix> const& features) const;  // of u, without the noise of observations
  /// sum A x / D at points: x in the coordinates of the eigenvectors.
  HostTensor spread(std::vector<HostMatrix> const& features, HostTensor x) const;
  HostTensor const& denominators() const { return denominators_; }  // D

  /// Half the derivative of the log evidence by the axis's covariance matrix, with the sign of the negative: G such
  /// that d(-log evidence) = sum_ij G_ij dK_ij.
  HostMatrix slope(std::size_t axis) const;
  /// d(-log evidence) / d noise variance.
  double noise_slope() const;

 private:
  std::vector<std::vector<double>> points_;
  ProductCovariance covariance_;
  std::vector<HostMatrix> vectors_;
  std::vector<std::vector<double>> values_;        // eigenvalues of each axis, three of them
  HostTensor projected_, denominators_, weights_;  // w, D, w / D
};

/// Negative log evidence of tensor data as a function of all axes' hyper-parameters (as in MixtureParameters, axis
/// after axis, without noise) and the log variance of the noise, with its gradient.
class RegressionEvidence {
 public:
  /// `components`: how many each axis has.
  RegressionEvidence(TensorData data, std::vector<MixtureParameters> parameters, std::vector<std::size_t> components);

  double operator()(std::span<double const> x, std::span<double> gradient) const;
  std::vector<double> pack(ProductCovariance const& covariance, double noise) const;
  ProductCovariance covariance(std::span<double const> x) const;

 private:
  std::size_t first_of(std::size_t axis) const;

  TensorData data_;
  std::vector<MixtureParameters> parameters_;
  std::vector<std::size_t> components_;
};

}  // namespace kroma::gp_pde
