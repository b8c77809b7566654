#include <cmath>

#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {

KROMA_VECTORISED void ColumnIntegrator::add(std::vector<Pack> const& a, std::vector<Pack> const& b,
                                            std::vector<Pack>& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = a[k] + b[k];
}

KROMA_VECTORISED void ColumnIntegrator::combine(std::vector<double> const& weights,
                                                std::vector<std::vector<Pack>> const& terms, double factor,
                                                std::vector<Pack>& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) {
    Pack s(0.0);
    for (std::size_t i = 0; i < terms.size(); ++i) s += Pack(factor * weights[i]) * terms[i][k];
    sum[k] = s;
  }
}

KROMA_VECTORISED double ColumnIntegrator::norm(std::vector<Pack> const& x) const {
  auto const& l = d_.layout();
  auto const width = static_cast<std::size_t>(l.width()), nodes = static_cast<std::size_t>(l.nodes);
  Pack sum(0.0);
  for (std::size_t p = 0, at = 0; p < l.points(); ++p) {
    Pack const exists = d_.active(static_cast<int>(p / nodes));
    for (std::size_t v = 0; v < width; ++v, ++at) {
      Pack const e = Pack(weight_[v]) * x[at];
      sum += exists * e * e;
    }
  }
  double total = 0;
  for (int lane = 0; lane < kWidth; ++lane) total += sum[lane];
  return std::sqrt(total / (static_cast<double>(l.elements) * l.nodes * l.width()));
}

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
      auto weights = scheme_.dense(1 + scheme_.nodes[i] * h_ / taken_);
      weights.back() -= 1;
      combine(weights, kept_, 1, stage_[i]);
    }
  }
  combine(scheme_.real_row, stage_, 1, real_);
  std::vector<double> re(s), im(s);
  for (std::size_t k = 0; k < re_.size(); ++k) {
    for (std::size_t i = 0; i < s; ++i) {
      re[i] = scheme_.rows[k * s + i].real();
      im[i] = scheme_.rows[k * s + i].imag();
    }
    combine(re, stage_, 1, re_[k]);
    combine(im, stage_, 1, im_[k]);
  }
}

/// T^-1 F - lambda / h E W, for the real system and each complex one.
KROMA_VECTORISED void ColumnIntegrator::make_right_sides() {
  auto const s = stage_.size(), n = y_.size();
  d_.to_totals(real_.data(), totals_.data());
  Pack const gamma(scheme_.real_eigenvalue / h_);
  for (std::size_t at = 0; at < n; ++at) {
    Pack sum = -gamma * totals_[at];
    for (std::size_t i = 0; i < s; ++i) sum += Pack(scheme_.real_row[i]) * stage_rates_[i][at];
    real_rhs_[at] = sum;
  }
  for (std::size_t k = 0; k < re_.size(); ++k) {
    d_.to_totals(re_[k].data(), totals_.data());
    d_.to_totals(im_[k].data(), work_.data());
    auto const lambda = scheme_.eigenvalue[k] / h_;
    Pack const a(lambda.real()), b(lambda.imag());
    auto const* row = scheme_.rows.data() + k * s;
    for (std::size_t at = 0; at < n; ++at) {
      Pack re = b * work_[at] - a * totals_[at], im = -a * work_[at] - b * totals_[at];
      for (std::size_t i = 0; i < s; ++i) {
        re += Pack(row[i].real()) * stage_rates_[i][at];
        im += Pack(row[i].imag()) * stage_rates_[i][at];
      }
      complex_rhs_[k][at] = {re, im};
    }
  }
}

/// W and Z after an iteration; the size of the correction.
KROMA_VECTORISED double ColumnIntegrator::add_correction() {
  auto const s = stage_.size(), n = y_.size();
  for (std::size_t at = 0; at < n; ++at) real_[at] += real_rhs_[at];
  double sum = std::pow(norm(real_rhs_), 2);
  for (std::size_t k = 0; k < re_.size(); ++k) {
    for (std::size_t at = 0; at < n; ++at) {
      re_[k][at] += complex_rhs_[k][at].re;
      im_[k][at] += complex_rhs_[k][at].im;
      totals_[at] = complex_rhs_[k][at].re;
      work_[at] = complex_rhs_[k][at].im;
    }
    sum += 2 * (std::pow(norm(totals_), 2) + std::pow(norm(work_), 2));
  }
  for (std::size_t i = 0; i < s; ++i) {
    Pack const real(scheme_.real_vector[i]);
    for (std::size_t at = 0; at < n; ++at) {
      Pack z = real * real_[at];
      for (std::size_t k = 0; k < re_.size(); ++k) {
        auto const v = scheme_.vectors[k * s + i];
        z += Pack(2 * v.real()) * re_[k][at] - Pack(2 * v.imag()) * im_[k][at];
      }
      stage_[i][at] = z;
    }
  }
  return std::sqrt(sum);
}

}  // namespace kroma::chromatography
