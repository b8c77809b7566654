#pragma once

#include <complex>
#include <vector>

namespace kroma::chromatography {

/// Radau IIA collocation with s = 3, 5 or 7 stages, order 2 s - 1 (Hairer and Wanner 1996, section IV.8), in the
/// coordinates in which A^-1 is diagonal: T^-1 A^-1 T = diag(lambda). Eigenvalue 0 is real; of each complex pair only
/// the one with positive imaginary part is kept.
struct Radau {
  int stages = 0;
  std::vector<double> nodes;                        // c, (s), the last is 1
  std::vector<double> weights;                      // b, (s): the last row of A
  double real_eigenvalue = 0;                       // gamma_0
  std::vector<double> real_vector, real_row;        // column of T and row of T^-1
  std::vector<std::complex<double>> eigenvalue;     // (pairs)
  std::vector<std::complex<double>> vectors, rows;  // (pairs, s) each
  std::vector<double> inverse;                      // A^-1, (s, s): h times the slopes at the nodes from Z
  /// The embedded formula of order s: error = (gamma_0/h - J)^-1 (f_0 + sum_i error_weights_i Z_i / h).
  std::vector<double> error_weights;

  int pairs() const { return (stages - 1) / 2; }
  /// Weights of 0, Z_1 ... Z_s in the collocation polynomial at t_0 + theta h, without the first: (s).
  std::vector<double> dense(double theta) const;
  /// The same, written to `share` (s).
  void dense(double theta, double* share) const;

 private:
  /// Product over the nodes, 0 included, but not node j, of x - node.
  double polynomial(std::size_t j, double x) const;
};

/// Tables are made once in a process. Throws internal_error unless stages is 3, 5 or 7, and if the tables fail their
/// own checks.
Radau make_radau(int stages);

}  // namespace kroma::chromatography
