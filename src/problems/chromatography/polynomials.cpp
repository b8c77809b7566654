#include "problems/chromatography/polynomials.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace kroma::chromatography {
namespace {

struct Evaluated {
  Real value, slope;
};

/// Jacobi polynomial (a, b) of degree n on [-1, 1] and its derivative, by the three-term recurrence.
Evaluated jacobi(int n, Real a, Real b, Real x) {
  Evaluated last{1, 0};
  if (n == 0) return last;
  Evaluated now{((a + b + 2) * x + a - b) / 2, (a + b + 2) / 2};
  for (int k = 1; k < n; ++k) {
    Real const s = 2 * k + a + b;
    Real const lead = 2 * (k + 1) * (k + a + b + 1) * s;
    Real const middle = (s + 1) * (a * a - b * b), slope = s * (s + 1) * (s + 2);
    Real const behind = 2 * (k + a) * (k + b) * (s + 2);
    Evaluated const next{((slope * x + middle) * now.value - behind * last.value) / lead,
                         ((slope * x + middle) * now.slope + slope * now.value - behind * last.slope) / lead};
    last = now;
    now = next;
  }
  return now;
}

/// Zeros of the Jacobi polynomial, rising: Newton's method, the zeros found so far divided out.
Table jacobi_zeros(int n, Real a, Real b) {
  Table zeros;
  for (int k = 0; k < n; ++k) {
    Real x = -std::cos(std::numbers::pi_v<Real> * (k + Real(0.75)) / (n + Real(0.5)));
    if (k > 0) x = (x + zeros.back()) / 2;
    for (int turn = 0; turn < 100; ++turn) {
      auto const p = jacobi(n, a, b, x);
      Real deflation = 0;
      for (Real zero : zeros) deflation += 1 / (x - zero);
      Real const step = p.value / (p.slope - deflation * p.value);
      x -= step;
      if (std::abs(step) < 1e-18L) break;
    }
    zeros.push_back(x);
  }
  std::sort(zeros.begin(), zeros.end());
  return zeros;
}

}  // namespace

Table radau_nodes(int count, Real power) {
  require(count >= 1, "a basis has at least one node");
  auto nodes = jacobi_zeros(count - 1, 1, power);
  for (Real& x : nodes) x = (1 + x) / 2;
  nodes.push_back(1);
  return nodes;
}

Table lobatto_nodes(int count) {
  require(count >= 2, "Lobatto's rule has both ends");
  auto nodes = jacobi_zeros(count - 2, 1, 1);
  nodes.insert(nodes.begin(), -1);
  nodes.push_back(1);
  return nodes;
}

Table quadrature_weights(Table const& nodes, Real power) {
  auto const n = nodes.size();
  Table matrix(n * n), moments(n, 0);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t j = 0; j < n; ++j) {
      matrix[k * n + j] = jacobi(static_cast<int>(k), 0, power, 2 * nodes[j] - 1).value;
    }
  }
  moments[0] = 1 / (power + 1);
  return solve_dense(matrix, moments);
}

Table differentiation_matrix(Table const& nodes) {
  auto const n = nodes.size();
  Table weight(n, 1), d(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i) weight[i] /= nodes[i] - nodes[j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      d[i * n + j] = weight[j] / weight[i] / (nodes[i] - nodes[j]);
      d[i * n + i] -= d[i * n + j];
    }
  }
  return d;
}

Table lagrange(Table const& nodes, Real x) {
  Table values(nodes.size(), 1);
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      if (k != j) values[j] *= (x - nodes[k]) / (nodes[j] - nodes[k]);
    }
  }
  return values;
}

template <class T>
std::vector<T> solve_dense(std::vector<T> a, std::vector<T> b) {
  auto const n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i) {
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    }
    std::swap_ranges(a.begin() + static_cast<long>(k * n), a.begin() + static_cast<long>((k + 1) * n),
                     a.begin() + static_cast<long>(pivot * n));
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      T const factor = a[i * n + k] / a[k * n + k];
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
  return b;
}

template std::vector<Real> solve_dense(std::vector<Real>, std::vector<Real>);
template std::vector<std::complex<Real>> solve_dense(std::vector<std::complex<Real>>, std::vector<std::complex<Real>>);

}  // namespace kroma::chromatography
