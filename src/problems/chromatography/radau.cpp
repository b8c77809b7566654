#include "problems/chromatography/radau.hpp"

#include <array>
#include <cmath>

#include "core/error.hpp"
#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {
namespace {

using Complex = std::complex<Real>;

Table with_origin(Table nodes) {
  nodes.insert(nodes.begin(), 0);
  return nodes;
}

/// A^-1 differentiates, at the nodes, the polynomials that vanish at 0.
Table inverse_coefficients(Table const& nodes) {
  auto const s = nodes.size();
  auto const d = differentiation_matrix(with_origin(nodes));
  Table inverse(s * s);
  for (std::size_t i = 0; i < s; ++i) {
    for (std::size_t j = 0; j < s; ++j) inverse[i * s + j] = d[(i + 1) * (s + 1) + j + 1];
  }
  return inverse;
}

/// Eigenvalues of A^-1: zeros of the denominator of the Pade approximant (s - 1, s) to exp, all at once by the method
/// of Durand and Kerner. Those with imaginary part >= 0, the real one first.
std::vector<Complex> eigenvalues(int s) {
  Table coefficient(static_cast<std::size_t>(s) + 1);  // of z^j, scaled so that the leading one is 1
  coefficient.back() = 1;
  for (int j = s; j > 0; --j) {
    coefficient[static_cast<std::size_t>(j - 1)] =
        -coefficient[static_cast<std::size_t>(j)] * (2 * s - j) * j / (s - j + 1);
  }
  std::vector<Complex> zeros;
  for (int k = 0; k < s; ++k) zeros.push_back(Real(s) * std::pow(Complex{0.4L, 0.9L}, k));
  for (int turn = 0; turn < 500; ++turn) {
    for (std::size_t k = 0; k < zeros.size(); ++k) {
      Complex value = 0, others = 1;
      for (std::size_t j = coefficient.size(); j-- > 0;) value = value * zeros[k] + coefficient[j];
      for (std::size_t m = 0; m < zeros.size(); ++m) {
        if (m != k) others *= zeros[k] - zeros[m];
      }
      zeros[k] -= value / others;
    }
  }
  std::vector<Complex> kept;
  for (auto const& z : zeros) {
    if (std::abs(z.imag()) < 1e-12L * std::abs(z)) kept.insert(kept.begin(), Complex{z.real(), 0});
    if (z.imag() >= 1e-12L * std::abs(z)) kept.push_back(z);
  }
  return kept;
}

/// Eigenvector of `matrix` by inverse iteration, its last entry 1: so that of a real eigenvalue is real.
std::vector<Complex> eigenvector(Table const& matrix, Complex eigenvalue) {
  auto const s = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  std::vector<Complex> shifted(matrix.begin(), matrix.end()), vector(s, 1);
  for (std::size_t i = 0; i < s; ++i) shifted[i * s + i] -= eigenvalue * (1 + 1e-12L);
  for (int turn = 0; turn < 4; ++turn) {
    vector = solve_dense(shifted, vector);
    Complex const last = vector.back();
    for (auto& v : vector) v /= last;
  }
  return vector;
}

/// Row `k` of the inverse of the matrix whose columns are given.
std::vector<Complex> inverse_row(std::vector<std::vector<Complex>> const& columns, std::size_t k) {
  auto const s = columns.size();
  std::vector<Complex> transposed(s * s), unit(s, 0);
  for (std::size_t j = 0; j < s; ++j) {
    for (std::size_t i = 0; i < s; ++i) transposed[j * s + i] = columns[j][i];
  }
  unit[k] = 1;
  return solve_dense(transposed, unit);
}

template <class T, class From>
std::vector<T> rounded(std::vector<From> const& from) {
  std::vector<T> to;
  for (auto const& x : from) to.push_back(static_cast<T>(x));
  return to;
}

std::vector<double> real_parts(std::vector<Complex> const& from) {
  std::vector<double> to;
  for (auto const& x : from) to.push_back(static_cast<double>(x.real()));
  return to;
}

/// Columns of T: the real one, then each complex one and its conjugate.
std::vector<std::vector<Complex>> all_vectors(Table const& inverse, std::vector<Complex> const& values) {
  std::vector<std::vector<Complex>> columns;
  for (auto const& value : values) {
    columns.push_back(eigenvector(inverse, value));
    if (value.imag() == 0) continue;
    auto conjugate = columns.back();
    for (auto& x : conjugate) x = std::conj(x);
    columns.push_back(conjugate);
  }
  return columns;
}

/// The embedded formula adds f_0 / gamma_0 to the quadrature; its other weights make it exact below degree s.
std::vector<double> embedded_weights(Table const& nodes, Table const& inverse) {
  auto const at_origin = lagrange(nodes, 0);
  auto const s = nodes.size();
  std::vector<double> weights;
  for (std::size_t j = 0; j < s; ++j) {
    Real sum = 0;
    for (std::size_t i = 0; i < s; ++i) sum -= at_origin[i] * inverse[i * s + j];
    weights.push_back(static_cast<double>(sum));
  }
  return weights;
}

Radau tables(int stages) {
  auto const nodes = radau_nodes(stages, 0);
  auto const inverse = inverse_coefficients(nodes);
  auto const values = eigenvalues(stages);
  auto const columns = all_vectors(inverse, values);
  require(values.size() == static_cast<std::size_t>(stages + 1) / 2 && columns.size() == nodes.size(),
          "Radau IIA has one real eigenvalue");
  Radau radau;
  radau.stages = stages;
  radau.nodes = rounded<double>(nodes);
  radau.weights = rounded<double>(quadrature_weights(nodes, 0));
  radau.real_eigenvalue = static_cast<double>(values[0].real());
  radau.real_vector = real_parts(columns[0]);
  radau.real_row = real_parts(inverse_row(columns, 0));
  for (std::size_t k = 1; k < values.size(); ++k) {
    radau.eigenvalue.push_back(static_cast<std::complex<double>>(values[k]));
    for (auto const& x : columns[2 * k - 1]) radau.vectors.push_back(static_cast<std::complex<double>>(x));
    for (auto const& x : inverse_row(columns, 2 * k - 1)) radau.rows.push_back(static_cast<std::complex<double>>(x));
  }
  radau.inverse = rounded<double>(inverse);
  radau.error_weights = embedded_weights(nodes, inverse);
  return radau;
}

}  // namespace

double Radau::polynomial(std::size_t j, double x) const {
  double product = x;
  for (std::size_t m = 0; m < nodes.size(); ++m) {
    if (m != j) product *= x - nodes[m];
  }
  return product;
}

void Radau::dense(double theta, double* share) const {
  for (std::size_t j = 0; j < nodes.size(); ++j) share[j] = polynomial(j, theta) / polynomial(j, nodes[j]);
}

std::vector<double> Radau::dense(double theta) const {
  std::vector<double> share(nodes.size());
  dense(theta, share.data());
  return share;
}

Radau make_radau(int stages) {
  require(stages == 3 || stages == 5 || stages == 7, "Radau IIA has 3, 5 or 7 stages");
  static std::array<Radau, 3> const made{tables(3), tables(5), tables(7)};
  return made[static_cast<std::size_t>(stages - 3) / 2];
}

}  // namespace kroma::chromatography
