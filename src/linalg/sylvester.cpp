#include "linalg/sylvester.hpp"

#include <cmath>
#include <utility>

#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include <fmt/format.h>

#include "core/error.hpp"

extern "C" void zgemm_(char const* trans_a, char const* trans_b, int const* m, int const* n, int const* k,
                       std::complex<double> const* alpha, std::complex<double> const* a, int const* lda,
                       std::complex<double> const* b, int const* ldb, std::complex<double> const* beta,
                       std::complex<double>* c, int const* ldc);

namespace kroma::linalg {
namespace {

using Value = std::complex<double>;

/// y = A x or A^H x along one axis of `left` x n x `right` values, A (n, n) row-major.
std::vector<Value> along_axis(std::vector<Value> const& a, bool adjoint, int n, std::vector<Value> const& x,
                              std::size_t left, std::size_t right) {
  std::vector<Value> y(x.size());
  Value const one = 1, zero = 0;
  int const r = static_cast<int>(right);
  // Row-major, as BLAS sees it: X^T (r, n) times A^T. Its name for A^T of a row-major A is "N", for A^H^T it is "C".
  char const no = 'N', op = adjoint ? 'C' : 'N';
  for (std::size_t l = 0; l < left; ++l) {
    auto const offset = l * static_cast<std::size_t>(n) * right;
    zgemm_(&no, &op, &r, &n, &n, &one, x.data() + offset, &r, a.data(), &n, &zero, y.data() + offset, &r);
  }
  return y;
}

}  // namespace

ComplexSchur complex_schur(HostMatrix a) {
  int const n = a.extent_int(0);
  require(n == a.extent_int(1), "the Schur form of a square matrix");
  ComplexSchur form{n, std::vector<Value>(a.size()), std::vector<Value>(a.data(), a.data() + a.size())};
  std::vector<Value> eigenvalues(static_cast<std::size_t>(n));
  int sorted = 0;
  int const info = LAPACKE_zgees(LAPACK_ROW_MAJOR, 'V', 'N', nullptr, n, form.s.data(), n, &sorted, eigenvalues.data(),
                                 form.u.data(), n);
  if (info != 0) {
    throw solver_failed(fmt::format("LAPACK's Schur decomposition did not converge (info = {})", info),
                        "Look for NaN or values beyond 1e150 in the coefficients.");
  }
  return form;
}

SylvesterSum::SylvesterSum(std::vector<AxisForm> axes, double shift, double floor)
    : axes_{std::move(axes)}, adjoint_(3), stride_(3, 1), shift_{shift}, floor_{floor} {
  require(axes_.size() == 3, "a Sylvester sum has three axes");
  for (std::size_t d = 3; d-- > 0;) {
    if (d < 2) {
      auto const& next = axes_[d + 1];
      auto const size = next.is_diagonal() ? next.diagonal.size() : static_cast<std::size_t>(next.schur.size);
      stride_[d] = stride_[d + 1] * size;
    }
    auto const n = static_cast<std::size_t>(axes_[d].schur.size);
    adjoint_[d].resize(n * n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) adjoint_[d][i * n + j] = std::conj(axes_[d].schur.s[j * n + i]);
    }
  }
}

void SylvesterSum::solve_from(std::size_t axis, Value shift, Value* block, bool transposed) const {
  if (axis == 3) {
    double const size = std::abs(shift);
    *block /= size > floor_ ? shift : size > 0 ? shift * (floor_ / size) : Value{floor_};
    return;
  }
  auto const& form = axes_[axis];
  auto const stride = stride_[axis];
  if (form.is_diagonal()) {
    for (std::size_t i = 0; i < form.diagonal.size(); ++i) {
      solve_from(axis + 1, shift + form.diagonal[i], block + i * stride, transposed);
    }
    return;
  }
  auto const n = static_cast<std::size_t>(form.schur.size);
  for (std::size_t step = 0; step < n; ++step) {  // S upper: from the last row; S^H lower: from the first
    std::size_t const i = transposed ? step : n - 1 - step;
    Value const* const row = (transposed ? adjoint_[axis].data() : form.schur.s.data()) + i * n;
    Value* const mine = block + i * stride;
    for (std::size_t j = transposed ? 0 : i + 1; j < (transposed ? i : n); ++j) {
      Value const* const other = block + j * stride;
      for (std::size_t k = 0; k < stride; ++k) mine[k] -= row[j] * other[k];
    }
    solve_from(axis + 1, shift + row[i], mine, transposed);
  }
}

void SylvesterSum::solve(HostTensor x, bool transposed) const {
  std::vector<Value> values(x.data(), x.data() + x.size());
  auto const transform = [&](bool adjoint) {
    for (std::size_t d = 0; d < 3; ++d) {
      if (axes_[d].is_diagonal()) continue;
      auto const n = static_cast<std::size_t>(axes_[d].schur.size);
      require(static_cast<int>(n) == x.extent_int(static_cast<int>(d)), "extents of a Sylvester sum");
      values = along_axis(axes_[d].schur.u, adjoint, static_cast<int>(n), values, values.size() / (n * stride_[d]),
                          stride_[d]);
    }
  };
  transform(true);
  if (!values.empty()) solve_from(0, shift_, values.data(), transposed);
  transform(false);
  for (std::size_t i = 0; i < values.size(); ++i) x.data()[i] = values[i].real();
}

}  // namespace kroma::linalg
