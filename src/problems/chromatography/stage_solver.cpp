#include "problems/chromatography/stage_solver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kroma::chromatography {

KROMA_VECTORISED void add(std::vector<Pack> const& a, std::vector<Pack> const& b, std::vector<Pack>& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = a[k] + b[k];
}

KROMA_VECTORISED void combine(std::vector<double> const& weights, Stages const& terms, double factor,
                              std::vector<Pack>& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) {
    Pack s(0.0);
    for (std::size_t i = 0; i < terms.size(); ++i) s += Pack(factor * weights[i]) * terms[i][k];
    sum[k] = s;
  }
}

KROMA_VECTORISED double weighted_norm(Discretisation const& d, std::vector<double> const& weight,
                                      std::vector<Pack> const& x) {
  auto const& l = d.layout();
  auto const width = static_cast<std::size_t>(l.width()), nodes = static_cast<std::size_t>(l.nodes);
  Pack sum(0.0);
  for (std::size_t p = 0, at = 0; p < l.points(); ++p) {
    Pack const exists = d.active(static_cast<int>(p / nodes));
    for (std::size_t v = 0; v < width; ++v, ++at) {
      Pack const e = Pack(weight[v]) * x[at];
      sum += exists * e * e;
    }
  }
  double total = 0;
  for (int lane = 0; lane < kWidth; ++lane) total += sum[lane];
  return std::sqrt(total / (static_cast<double>(l.elements) * l.nodes * l.width()));
}

void put(std::vector<double>& to, std::vector<Pack> const& from) {
  for (auto const& pack : from) to.insert(to.end(), pack.lane, pack.lane + kWidth);
}
void take(double const*& from, std::vector<Pack>& to) {
  for (auto& pack : to) {
    std::copy_n(from, kWidth, pack.lane);
    from += kWidth;
  }
}

StageSolver::StageSolver(Discretisation const& d, Radau scheme)
    : scheme_{std::move(scheme)},
      real_solver_{d},
      complex_solvers_(static_cast<std::size_t>(scheme_.pairs()), Condensation<Complex<Pack>>{d}) {
  auto const n = d.layout().size(), pairs = static_cast<std::size_t>(scheme_.pairs());
  for (auto* list : {&real_, &real_rhs_, &totals_, &work_}) list->assign(n, Pack(0.0));
  for (auto* list : {&re_, &im_}) list->assign(pairs, std::vector<Pack>(n, Pack(0.0)));
  complex_rhs_.assign(pairs, std::vector<Complex<Pack>>(n));
}

void StageSolver::factor(Discretisation const& d, SorptionJacobian const& jacobian, double h) {
  real_solver_.factor(d, jacobian, scheme_.real_eigenvalue / h);
  for (std::size_t k = 0; k < complex_solvers_.size(); ++k) {
    auto const lambda = scheme_.eigenvalue[k] / h;
    complex_solvers_[k].factor(d, jacobian, {lambda.real(), lambda.imag()});
  }
}

KROMA_VECTORISED void StageSolver::predict(Stages const& last, double h, double last_h, Stages& stages) {
  if (last_h == 0) {
    for (auto& z : stages) std::fill(z.begin(), z.end(), Pack(0.0));
    return start_at_zero();
  }
  for (std::size_t i = 0; i < stages.size(); ++i) {
    auto weights = scheme_.dense(1 + scheme_.nodes[i] * h / last_h);
    weights.back() -= 1;
    combine(weights, last, 1, stages[i]);
  }
  start(stages);
}

void StageSolver::start_at_zero() {
  std::fill(real_.begin(), real_.end(), Pack(0.0));
  for (auto* list : {&re_, &im_}) {
    for (auto& w : *list) std::fill(w.begin(), w.end(), Pack(0.0));
  }
  at_zero_ = true;
}

/// W of these Z.
void StageSolver::start(Stages const& stages) {
  at_zero_ = false;
  auto const s = stages.size();
  combine(scheme_.real_row, stages, 1, real_);
  std::vector<double> re(s), im(s);
  for (std::size_t k = 0; k < re_.size(); ++k) {
    for (std::size_t i = 0; i < s; ++i) {
      re[i] = scheme_.rows[k * s + i].real();
      im[i] = scheme_.rows[k * s + i].imag();
    }
    combine(re, stages, 1, re_[k]);
    combine(im, stages, 1, im_[k]);
  }
}

double StageSolver::correct(Discretisation const& d, double h, Stages const& rates, std::vector<double> const& weight,
                            Stages& stages) {
  make_right_sides(d, h, rates);
  real_solver_.solve(d, real_rhs_.data());
  for (std::size_t k = 0; k < complex_solvers_.size(); ++k) complex_solvers_[k].solve(d, complex_rhs_[k].data());
  at_zero_ = false;
  return add_correction(d, weight, stages);
}

/// T^-1 F - lambda / h E W, for the real system and each complex one.
KROMA_VECTORISED void StageSolver::make_right_sides(Discretisation const& d, double h, Stages const& rates) {
  auto const s = rates.size(), n = real_.size();
  auto const totals = [&](std::vector<Pack> const& w, std::vector<Pack>& of) {
    at_zero_ ? std::fill(of.begin(), of.end(), Pack(0.0)) : d.to_totals(w.data(), of.data());
  };
  totals(real_, totals_);
  Pack const gamma(scheme_.real_eigenvalue / h);
  for (std::size_t at = 0; at < n; ++at) {
    Pack sum = -gamma * totals_[at];
    for (std::size_t i = 0; i < s; ++i) sum += Pack(scheme_.real_row[i]) * rates[i][at];
    real_rhs_[at] = sum;
  }
  for (std::size_t k = 0; k < re_.size(); ++k) {
    totals(re_[k], totals_);
    totals(im_[k], work_);
    auto const lambda = scheme_.eigenvalue[k] / h;
    Pack const a(lambda.real()), b(lambda.imag());
    auto const* row = scheme_.rows.data() + k * s;
    for (std::size_t at = 0; at < n; ++at) {
      Pack re = b * work_[at] - a * totals_[at], im = -a * work_[at] - b * totals_[at];
      for (std::size_t i = 0; i < s; ++i) {
        re += Pack(row[i].real()) * rates[i][at];
        im += Pack(row[i].imag()) * rates[i][at];
      }
      complex_rhs_[k][at] = {re, im};
    }
  }
}

/// W and Z after an iteration; the size of the correction.
KROMA_VECTORISED double StageSolver::add_correction(Discretisation const& d, std::vector<double> const& weight,
                                                    Stages& stages) {
  auto const s = stages.size(), n = real_.size();
  for (std::size_t at = 0; at < n; ++at) real_[at] += real_rhs_[at];
  double sum = std::pow(weighted_norm(d, weight, real_rhs_), 2);
  for (std::size_t k = 0; k < re_.size(); ++k) {
    for (std::size_t at = 0; at < n; ++at) {
      re_[k][at] += complex_rhs_[k][at].re;
      im_[k][at] += complex_rhs_[k][at].im;
      totals_[at] = complex_rhs_[k][at].re;
      work_[at] = complex_rhs_[k][at].im;
    }
    sum += 2 * (std::pow(weighted_norm(d, weight, totals_), 2) + std::pow(weighted_norm(d, weight, work_), 2));
  }
  for (std::size_t i = 0; i < s; ++i) {
    Pack const real(scheme_.real_vector[i]);
    for (std::size_t at = 0; at < n; ++at) {
      Pack z = real * real_[at];
      for (std::size_t k = 0; k < re_.size(); ++k) {
        auto const v = scheme_.vectors[k * s + i];
        z += Pack(2 * v.real()) * re_[k][at] - Pack(2 * v.imag()) * im_[k][at];
      }
      stages[i][at] = z;
    }
  }
  return std::sqrt(sum);
}

}  // namespace kroma::chromatography
