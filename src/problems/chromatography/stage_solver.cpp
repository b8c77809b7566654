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

void StageSolver::start_at_zero() { at_zero_ = true; }

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
  solve_right_sides(d);
  double const size = correction_size(d, weight);
  to_stages(stages);
  return size;
}

void StageSolver::solve_linear(Discretisation const& d, std::vector<Pack> const& rates,
                               std::vector<double> const& entering, Stages& stages) {
  at_zero_ = true;
  make_linear_sides(rates, entering);
  solve_right_sides(d);
  to_stages(stages);
}

void StageSolver::solve_right_sides(Discretisation const& d) {
  real_solver_.solve(d, real_rhs_.data());
  for (std::size_t k = 0; k < complex_solvers_.size(); ++k) complex_solvers_[k].solve(d, complex_rhs_[k].data());
}

/// T^-1 F - lambda / h E W, for the real system and each complex one.
KROMA_VECTORISED void StageSolver::make_right_sides(Discretisation const& d, double h, Stages const& rates) {
  auto const s = rates.size(), n = real_.size();
  if (!at_zero_) d.to_totals(real_.data(), totals_.data());
  Pack const gamma(scheme_.real_eigenvalue / h);
  for (std::size_t at = 0; at < n; ++at) {
    Pack sum = at_zero_ ? Pack(0.0) : -gamma * totals_[at];
    for (std::size_t i = 0; i < s; ++i) sum += Pack(scheme_.real_row[i]) * rates[i][at];
    real_rhs_[at] = sum;
  }
  for (std::size_t k = 0; k < re_.size(); ++k) {
    if (!at_zero_) {
      d.to_totals(re_[k].data(), totals_.data());
      d.to_totals(im_[k].data(), work_.data());
    }
    auto const lambda = scheme_.eigenvalue[k] / h;
    Pack const a(lambda.real()), b(lambda.imag());
    auto const* row = scheme_.rows.data() + k * s;
    for (std::size_t at = 0; at < n; ++at) {
      Pack re(0.0), im(0.0);
      if (!at_zero_) {
        re = b * work_[at] - a * totals_[at];
        im = -a * work_[at] - b * totals_[at];
      }
      for (std::size_t i = 0; i < s; ++i) {
        re += Pack(row[i].real()) * rates[i][at];
        im += Pack(row[i].imag()) * rates[i][at];
      }
      complex_rhs_[k][at] = {re, im};
    }
  }
}

/// The same of rates that are the same at all stages but for what enters.
KROMA_VECTORISED void StageSolver::make_linear_sides(std::vector<Pack> const& rates,
                                                     std::vector<double> const& entering) {
  auto const s = scheme_.nodes.size(), n = real_.size(), components = entering.size() / s;
  double all = 0;
  for (double r : scheme_.real_row) all += r;
  for (std::size_t at = 0; at < n; ++at) real_rhs_[at] = Pack(all) * rates[at];
  for (std::size_t k = 0; k < re_.size(); ++k) {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < s; ++i) sum += scheme_.rows[k * s + i];
    Pack const re(sum.real()), im(sum.imag());
    for (std::size_t at = 0; at < n; ++at) complex_rhs_[k][at] = {re * rates[at], im * rates[at]};
  }
  for (std::size_t e = 0; e < entering.size(); ++e) {
    auto const i = e / components, v = e % components;
    real_rhs_[v][0] += scheme_.real_row[i] * entering[e];
    for (std::size_t k = 0; k < re_.size(); ++k) {
      complex_rhs_[k][v].re[0] += scheme_.rows[k * s + i].real() * entering[e];
      complex_rhs_[k][v].im[0] += scheme_.rows[k * s + i].imag() * entering[e];
    }
  }
}

/// Root mean square of weight times the corrections of all stages, in the eigenvectors.
KROMA_VECTORISED double StageSolver::correction_size(Discretisation const& d, std::vector<double> const& weight) const {
  auto const& l = d.layout();
  auto const width = weight.size(), nodes = static_cast<std::size_t>(l.nodes) * width;
  Pack sum(0.0);
  for (std::size_t pack = 0; pack < static_cast<std::size_t>(l.packs); ++pack) {
    Pack own(0.0);
    for (std::size_t v = 0; v < width; ++v) {
      Pack squares(0.0);
      for (std::size_t at = pack * nodes + v; at < (pack + 1) * nodes; at += width) {
        squares += real_rhs_[at] * real_rhs_[at];
        for (auto const& rhs : complex_rhs_) {
          squares += Pack(2.0) * (rhs[at].re * rhs[at].re + rhs[at].im * rhs[at].im);
        }
      }
      own += Pack(weight[v] * weight[v]) * squares;
    }
    sum += d.active(static_cast<int>(pack)) * own;
  }
  double total = 0;
  for (int lane = 0; lane < kWidth; ++lane) total += sum[lane];
  return std::sqrt(total / (static_cast<double>(l.elements) * l.nodes * l.width()));
}

/// W and Z with the corrections.
KROMA_VECTORISED void StageSolver::to_stages(Stages& stages) {
  auto const s = stages.size(), n = real_.size(), pairs = re_.size();
  Pack const keep(at_zero_ ? 0.0 : 1.0);
  for (std::size_t at = 0; at < n; ++at) real_[at] = keep * real_[at] + real_rhs_[at];
  for (std::size_t k = 0; k < pairs; ++k) {
    for (std::size_t at = 0; at < n; ++at) {
      re_[k][at] = keep * re_[k][at] + complex_rhs_[k][at].re;
      im_[k][at] = keep * im_[k][at] + complex_rhs_[k][at].im;
    }
  }
  for (std::size_t i = 0; i < s; ++i) {
    Pack const real(scheme_.real_vector[i]);
    for (std::size_t at = 0; at < n; ++at) {
      Pack z = real * real_[at];
      for (std::size_t k = 0; k < pairs; ++k) {
        auto const v = scheme_.vectors[k * s + i];
        z += Pack(2 * v.real()) * re_[k][at] - Pack(2 * v.imag()) * im_[k][at];
      }
      stages[i][at] = z;
    }
  }
  at_zero_ = false;
}

}  // namespace kroma::chromatography
