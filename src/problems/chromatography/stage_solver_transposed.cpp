#include <algorithm>

#include "problems/chromatography/stage_solver.hpp"

namespace kroma::chromatography {

/// With A^-1 = T Lambda T^-1 the inverse transposed is T^-T (Lambda / h E - J)^-T T^T.
KROMA_VECTORISED void StageSolver::solve_transposed(Discretisation const& d, Stages& v) {
  auto const s = v.size(), n = real_.size();
  combine(scheme_.real_vector, v, 1, real_rhs_);
  real_solver_.solve_transposed(d, real_rhs_.data());
  for (std::size_t k = 0; k < complex_solvers_.size(); ++k) {
    auto const* column = scheme_.vectors.data() + k * s;
    for (std::size_t at = 0; at < n; ++at) {
      Complex<Pack> sum{Pack(0.0), Pack(0.0)};
      for (std::size_t i = 0; i < s; ++i) {
        sum.re += Pack(column[i].real()) * v[i][at];
        sum.im += Pack(column[i].imag()) * v[i][at];
      }
      complex_rhs_[k][at] = sum;
    }
    complex_solvers_[k].solve_transposed(d, complex_rhs_[k].data());
  }
  for (std::size_t i = 0; i < s; ++i) {
    Pack const real(scheme_.real_row[i]);
    for (std::size_t at = 0; at < n; ++at) {
      Pack x = real * real_rhs_[at];
      for (std::size_t k = 0; k < complex_solvers_.size(); ++k) {
        auto const row = scheme_.rows[k * s + i];
        x += Pack(2 * row.real()) * complex_rhs_[k][at].re - Pack(2 * row.imag()) * complex_rhs_[k][at].im;
      }
      v[i][at] = x;
    }
  }
}

}  // namespace kroma::chromatography
