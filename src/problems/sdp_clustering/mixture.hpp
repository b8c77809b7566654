#pragma once

#include <vector>

#include "problems/sdp_clustering/options.hpp"
#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

/// A mixture of Gaussians, and how well it fits.
struct Mixture {
  Kind kind = Kind::full;
  std::vector<double> weight;          // (K), sum 1
  HostMatrix mean;                     // (K, d)
  std::vector<HostMatrix> covariance;  // (K), each (d, d)
  int floored = 0;                     // covariances that the floor changed

  int clusters() const { return mean.extent_int(0); }
};

/// How covariances are estimated.
struct Estimation {
  Kind kind = Kind::full;
  bool weights = true;
  double floor = 0;               // smallest eigenvalue, in squared units of the points
  std::vector<HostMatrix> known;  // covariances that are not estimated, or none
};

/// Second moments of each cluster about the origin: K matrices (d + 1, d + 1) of the features, whose last row holds
/// sums and the (soft) size.
using Moments = std::vector<HostMatrix>;

/// sum_i member(i,k) f_i f_i^T. member (local, K). Collective.
Moments moments_of(Points const& points, Matrix member);

/// The mixture of highest likelihood with these moments among those of its kind whose covariances have no eigenvalue
/// below the floor: the eigenvalues are raised to it. Throws solver_failed if a cluster is empty.
Mixture mixture_of(Moments const& moments, Estimation const& estimation);

/// A fit of a mixture to points.
struct Fit {
  Mixture mixture;
  Labels label;
  double log_likelihood = 0;  // EM: of the mixture. Classification: of the labelled points
  int iterations = 0;
};

/// EM (Dempster, Laird and Rubin 1977) from labels until the mean log-likelihood rises by less than `tolerance`, or,
/// with `hard`, classification EM (Celeux and Govaert 1992) until no label changes. Stops at a cluster that becomes
/// empty. Collective.
Fit expectation_maximisation(Points const& points, Labels start, int clusters, Estimation const& estimation, bool hard,
                             double tolerance = 1e-6, int most = 500);

/// Log-likelihood of points with their labels, at the mixture that fits them best: what classification EM and iLA-SDP
/// raise. `mixture` gets that mixture. Minus infinity if a cluster is empty. Collective.
double labelled_log_likelihood(Points const& points, Labels label, int clusters, Estimation const& estimation,
                               Mixture& mixture);

/// Free parameters of a mixture, for BIC.
int parameters(Kind kind, int clusters, int dimension, bool weights);

/// The lowest eigenvalue allowed: options.floor, or its default for so many points and clusters, times the mean
/// variance of the points. Collective.
double covariance_floor(Points const& points, CovarianceOptions const& options, int clusters);

/// W (d, d) with W W^T = covariance^-1, and log |covariance|. Throws bad_input, naming the cluster, unless it is
/// positive definite.
struct Whitening {
  HostMatrix factor;
  double log_determinant = 0;
};
Whitening whitening(HostMatrix covariance, int cluster);

}  // namespace kroma::sdp_clustering
