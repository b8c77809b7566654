#pragma once

#include <span>
#include <vector>

#include "core/space.hpp"
#include "problems/gp_pde/covariance_kernels.hpp"

namespace kroma::gp_pde {

/// What the published method trains on: an equation sum_d diffusion[d] d^2 u / dx_d^2 + reaction u = source on a
/// uniform grid of one or two axes that includes the ends; in one dimension matrices have one column.
struct JointProblem {
  MixtureKind kind = MixtureKind::student_t;
  std::vector<std::vector<double>> nodes;  // of each axis, equal steps
  std::vector<double> diffusion;
  double reaction = 0;
  HostMatrix source;    // (n0, n1)
  HostMatrix boundary;  // (n0, n1), looked at on the faces only
  int components = 30;
  double jitter = 1e-6;
  double boundary_weight = 200;
};

/// The negative log joint density of Fang et al. (2024, eq. 9 and their code), a function of the values U at the nodes,
/// log precisions tau of the boundary and v of the equation, and, per axis, log weights, log inverse scales rho and
/// frequencies of the components:
///   J = 1/2 sum_d (N / n_d) log|K_d| + 1/2 <U, K^-1 U> - lambda (N_b/2 log tau - tau/2 |U_b - g|^2)
///       - (N/2 log v - v/2 |L U - f|^2),     u_dd = K_d'' K_d^-1 U,   K_d = [k_d(x_i - x_j)] + jitter I.
/// The residual counts at all nodes, without quadrature weights; corners belong to two faces. rho multiplies |t| in the
/// Student-t mixture and t^2 in the Gaussian one. Host code, not collective. Cost n^3 for each axis and N sum n.
class JointObjective {
 public:
  explicit JointObjective(JointProblem problem);

  std::size_t size() const { return count_ + 2 + 3 * problem_.nodes.size() * components(); }
  std::size_t log_precisions() const { return count_; }  // where log tau stands; log v follows
  /// Where the frequencies of an axis stand.
  std::size_t frequencies(std::size_t axis) const { return first_of(axis) + 2 * components(); }

  /// The published starting point: U = 0, equal weights, rho = 1, frequencies equally spaced up to `highest`.
  std::vector<double> start(double highest_frequency) const;

  /// J and its gradient. Throws solver_failed where a covariance matrix is not positive definite.
  double operator()(std::span<double const> x, std::span<double> gradient) const;

  std::vector<MixtureComponent> mixture(std::span<double const> x, std::size_t axis) const;
  /// Mean of the process at a tensor set of points, (m0, m1), given the values at the nodes.
  HostMatrix predict(std::span<double const> x, std::vector<std::vector<double>> const& points) const;

 private:
  /// An axis's matrices at one point x.
  struct AxisMatrices {
    HostMatrix lower, second;  // K = L L^T, K''
    double log_determinant = 0;
    std::vector<CovarianceJet> value_jets, second_jets;  // of distance l and component q at [l * components + q]
  };

  std::size_t components() const { return static_cast<std::size_t>(problem_.components); }
  std::size_t first_of(std::size_t axis) const { return count_ + 2 + 3 * axis * components(); }
  double faces_at(int i, int j) const;
  AxisMatrices axis_matrices(std::span<double const> x, std::size_t axis) const;
  double data_terms(std::span<double const> x, HostMatrix u, HostMatrix residual, std::span<double> gradient) const;
  /// Adds the gradient by an axis's hyper-parameters, from dJ/dK and dJ/dK'' summed over equal distances.
  void pull_back(AxisMatrices const& axis, std::vector<double> const& by_value, std::vector<double> const& by_second,
                 std::size_t index, std::span<double> gradient) const;

  JointProblem problem_;
  std::size_t count_;  // nodes of the grid
};

}  // namespace kroma::gp_pde
