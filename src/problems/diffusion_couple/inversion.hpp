#pragma once

#include <vector>

#include <mpi.h>

#include "problems/diffusion_couple/couple_model.hpp"

namespace kroma::diffusion_couple {

/// ln D (and what else was unknown) fitted to one or several profiles.
struct Inversion {
  LogDiffusivity law;
  std::vector<double> parameters;           // of ln D
  std::vector<CoupleState> states;          // per couple
  std::vector<std::vector<double>> fitted;  // per couple, at its points
  HostMatrix covariance;                    // of all parameters: ln D first, then those of the states that were fitted
  double penalty = 0, freedoms = 0;         // weight of the roughness, effective number of parameters
  double chi_squared = 0;                   // per degree of freedom, with the deviations that residuals were divided by
  int iterations = 0;
};

/// Least squares of the profiles' residuals over their standard deviations (from the profile, else from a smoothed one)
/// and of mu integral (ln D)''^2, by Levenberg-Marquardt with tangents of the forward model; several profiles share D.
/// Starts from Wagner's coefficient on the smoothed profile, in several phases from integrated coefficients, in finite
/// couples from the ratio of the zone's width to the time; nothing is asked. The penalty, unless given, by generalised
/// cross-validation. Not collective.
///
/// Throws Error(solver_failed) if no fit converges; what the models throw.
Inversion invert_profiles(std::vector<MeasuredProfile> const& profiles, Options const& options);

/// Standard error of ln D of a part at composition c, by Laplace's approximation: sqrt(b^T Cov b).
double log_deviation(Inversion const& inversion, std::size_t part, double c);

/// ln D at compositions for each of `replicates` refits to profiles whose residuals are drawn anew (with replacement,
/// scaled up for the freedoms that the fit took), the penalty kept: (replicates, compositions). Replicate r depends on
/// seed and r only; ranks share them out. Collective.
HostMatrix bootstrap(MPI_Comm comm, std::vector<MeasuredProfile> const& profiles, Options const& options,
                     Inversion const& inversion, std::vector<std::pair<std::size_t, double>> const& compositions);

}  // namespace kroma::diffusion_couple
