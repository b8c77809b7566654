#include "problems/gp_pde/regression.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {
namespace {

HostTensor like(HostTensor x) { return HostTensor{"gp_pde::regression", x.extent(0), x.extent(1), x.extent(2)}; }

HostMatrix squared(HostMatrix a) {
  HostMatrix b{"gp_pde::squared", a.extent(0), a.extent(1)};
  for (std::size_t i = 0; i < a.size(); ++i) b.data()[i] = a.data()[i] * a.data()[i];
  return b;
}

HostTensor products(std::vector<HostMatrix> const& factors, HostTensor x) {
  for (std::size_t d = 0; d < factors.size(); ++d) x = mode_product(factors[d], x, static_cast<int>(d));
  return x;
}

}  // namespace

HostTensor mode_product(HostMatrix a, HostTensor x, int mode) {
  std::array n{x.extent(0), x.extent(1), x.extent(2)};
  n[static_cast<std::size_t>(mode)] = a.extent(0);
  HostTensor y{"gp_pde::mode_product", n[0], n[1], n[2]};
  auto const m = a.extent(0), k = a.extent(1);
  // As a matrix product where the axis is the first or last of the memory; the middle axis block by block.
  if (mode == 2) {
    auto const product = linalg::multiply(HostMatrix{x.data(), x.extent(0) * x.extent(1), k}, a, false, true);
    std::copy_n(product.data(), y.size(), y.data());
    return y;
  }
  auto const blocks = mode == 0 ? 1 : x.extent(0), row = mode == 0 ? x.extent(1) * x.extent(2) : x.extent(2);
  for (std::size_t b = 0; b < blocks; ++b) {
    auto const product = linalg::multiply(a, HostMatrix{x.data() + b * k * row, k, row});
    std::copy_n(product.data(), m * row, y.data() + b * m * row);
  }
  return y;
}

HostMatrix ProductCovariance::matrix(std::size_t axis, std::vector<double> const& a,
                                     std::vector<double> const& b) const {
  HostMatrix k{"gp_pde::covariance", a.size(), b.size()};
  for (auto const& component : axes[axis]) {
    ComponentKernel const kernel{kind, component, DerivativeSum::order(0)};
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < b.size(); ++j) k(i, j) += kernel(a[i] - b[j]).value;
    }
  }
  return k;
}

double ProductCovariance::variance() const {
  double product = 1;
  for (auto const& axis : axes) {
    double sum = 0;
    for (auto const& component : axis) sum += component.weight;
    product *= sum;
  }
  return product;
}

Regression::Regression(TensorData const& data, ProductCovariance covariance, double noise_variance)
    : points_{data.points}, covariance_{std::move(covariance)}, values_(3, std::vector<double>{1.0}) {
  require(noise_variance > 0, "the variance of the noise is positive");
  projected_ = data.values;
  for (std::size_t d = 0; d < points_.size(); ++d) {
    auto const eigen = linalg::symmetric_eigen(covariance_.matrix(d, points_[d], points_[d]));
    vectors_.push_back(eigen.vectors);
    values_[d] = eigen.values;
    for (double& value : values_[d]) value = std::max(value, 0.0);  // below it is rounding
    projected_ = mode_product(linalg::transposed(eigen.vectors), projected_, static_cast<int>(d));
  }
  denominators_ = like(projected_);
  weights_ = like(projected_);
  for (std::size_t i = 0; i < values_[0].size(); ++i) {
    for (std::size_t j = 0; j < values_[1].size(); ++j) {
      for (std::size_t k = 0; k < values_[2].size(); ++k) {
        denominators_(i, j, k) = values_[0][i] * values_[1][j] * values_[2][k] + noise_variance;
        weights_(i, j, k) = projected_(i, j, k) / denominators_(i, j, k);
      }
    }
  }
}

double Regression::log_evidence() const {
  double sum = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    sum += projected_.data()[i] * weights_.data()[i] + std::log(2 * std::numbers::pi * denominators_.data()[i]);
  }
  return -0.5 * sum;
}

HostMatrix Regression::features(std::size_t axis, std::vector<double> const& points) const {
  return linalg::multiply(covariance_.matrix(axis, points, points_[axis]), vectors_[axis]);
}

HostTensor Regression::mean(std::vector<HostMatrix> const& features) const { return products(features, weights_); }

HostTensor Regression::spread(std::vector<HostMatrix> const& features, HostTensor x) const {
  auto scaled = like(x);
  for (std::size_t i = 0; i < x.size(); ++i) scaled.data()[i] = x.data()[i] / denominators_.data()[i];
  return products(features, scaled);
}

HostTensor Regression::variance(std::vector<HostMatrix> const& features) const {
  auto inverse = like(weights_);
  for (std::size_t i = 0; i < inverse.size(); ++i) inverse.data()[i] = 1 / denominators_.data()[i];
  std::vector<HostMatrix> squares;
  for (auto const& a : features) squares.push_back(squared(a));
  auto const explained = products(squares, inverse);
  double const prior = covariance_.variance();
  for (std::size_t i = 0; i < explained.size(); ++i) explained.data()[i] = std::max(0.0, prior - explained.data()[i]);
  return explained;
}

HostMatrix Regression::slope(std::size_t axis) const {
  // V [diag_i sum l' / D - sum l' a a^T] V^T / 2, with l' the product of the other axes' eigenvalues and a = w / D
  auto const n = values_[axis].size();
  HostMatrix inner{"gp_pde::slope", n, n};
  std::size_t const e = axis == 0 ? 1 : 0, f = axis == 2 ? 1 : 2;
  auto const at = [&](HostTensor const& x, std::size_t i, std::size_t j, std::size_t k) -> double {
    return axis == 0 ? x(i, j, k) : axis == 1 ? x(j, i, k) : x(j, k, i);
  };
  HostMatrix weighted{"gp_pde::weighted", n, values_[e].size() * values_[f].size()};
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t column = 0;
    for (std::size_t j = 0; j < values_[e].size(); ++j) {
      for (std::size_t k = 0; k < values_[f].size(); ++k, ++column) {
        double const other = values_[e][j] * values_[f][k];
        inner(i, i) += other / at(denominators_, i, j, k);
        weighted(i, column) = std::sqrt(other) * at(weights_, i, j, k);
      }
    }
  }
  auto const rank_part = linalg::multiply(weighted, weighted, false, true);
  for (std::size_t i = 0; i < inner.size(); ++i) inner.data()[i] = 0.5 * (inner.data()[i] - rank_part.data()[i]);
  return linalg::multiply(linalg::multiply(vectors_[axis], inner), vectors_[axis], false, true);
}

double Regression::noise_slope() const {
  double sum = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    sum += 1 / denominators_.data()[i] - weights_.data()[i] * weights_.data()[i];
  }
  return 0.5 * sum;
}

RegressionEvidence::RegressionEvidence(TensorData data, std::vector<MixtureParameters> parameters,
                                       std::vector<std::size_t> components)
    : data_{std::move(data)}, parameters_{std::move(parameters)}, components_{std::move(components)} {}

std::size_t RegressionEvidence::first_of(std::size_t axis) const {
  std::size_t first = 0;
  for (std::size_t d = 0; d < axis; ++d) first += 3 * components_[d];
  return first;
}

std::vector<double> RegressionEvidence::pack(ProductCovariance const& covariance, double noise) const {
  std::vector<double> x;
  for (std::size_t d = 0; d < parameters_.size(); ++d) {
    auto const part = parameters_[d].pack(covariance.axes[d], noise);
    x.insert(x.end(), part.begin(), part.end() - 1);
  }
  x.push_back(std::log(noise));
  return x;
}

ProductCovariance RegressionEvidence::covariance(std::span<double const> x) const {
  ProductCovariance result{parameters_.front().kind, {}};
  for (std::size_t d = 0; d < parameters_.size(); ++d) {
    result.axes.push_back(parameters_[d].components(x.subspan(first_of(d), 3 * components_[d])));
  }
  return result;
}

double RegressionEvidence::operator()(std::span<double const> x, std::span<double> gradient) const {
  double const noise = std::exp(x.back());
  Regression const regression{data_, covariance(x), noise};
  for (std::size_t d = 0; d < parameters_.size(); ++d) {
    auto const slope = regression.slope(d);
    auto const& points = data_.points[d];
    auto const& components = regression.covariance().axes[d];
    for (std::size_t q = 0; q < components.size(); ++q) {
      ComponentKernel const kernel{parameters_[d].kind, components[q], DerivativeSum::order(0)};
      CovarianceJet sum{0, 0, 0, 0};
      for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = 0; j < points.size(); ++j) {
          auto const jet = kernel(points[i] - points[j]);
          sum.log_weight += slope(i, j) * jet.log_weight;
          sum.log_length += slope(i, j) * jet.log_length;
          sum.frequency += slope(i, j) * jet.frequency;
        }
      }
      auto const at = first_of(d) + q;
      gradient[at] = sum.log_weight;
      gradient[at + components.size()] = sum.log_length;
      gradient[at + 2 * components.size()] = sum.frequency / parameters_[d].unit;
    }
  }
  gradient.back() = regression.noise_slope() * noise;
  return -regression.log_evidence();
}

}  // namespace kroma::gp_pde
