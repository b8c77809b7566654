#pragma once

#include <optional>
#include <vector>

#include "core/space.hpp"
#include "problems/diffusion_couple/measured_profile.hpp"

namespace kroma::diffusion_couple {

/// Profiles of all components but the first on common nodes; equal molar volumes.
struct MultiProfile {
  std::vector<double> x;                      // (nodes) m
  std::vector<std::vector<double>> c, slope;  // (components - 1, nodes) mole fractions, 1/m
  std::vector<double> left, right;            // end members
  double time = 0;                            // s
};

/// A cubic spline through the points of each component (smoothing none), or a penalised one by generalised
/// cross-validation; they need not be monotone. End members that are not given are the plateaus.
MultiProfile smooth_components(MeasuredProfile const& profile, SmoothingOptions const& options);

/// Place of the Matano plane, m: the mean over the components whose end members differ, weighted by the difference.
double matano_plane(MultiProfile const& profile);

/// Interdiffusion fluxes times the molar volume in m/s, (components - 1, nodes), in the molar frame: without a Matano
/// plane (Whittle and Green 1974) where a component's end members differ, from it elsewhere.
std::vector<std::vector<double>> fluxes(MultiProfile const& profile);

/// Coefficients at a composition that two ternary couples share (Kirkaldy): J_i = - sum_j D_ij dc_j/dx in both.
struct Crossing {
  std::vector<double> composition;  // of the second and third component
  HostMatrix d;                     // (2, 2) m^2/s
  double condition = 0;             // of the gradients, each scaled to length one
};
/// Nothing if the paths do not cross.
std::optional<Crossing> kirkaldy(MultiProfile const& first, MultiProfile const& second);

/// D = R R with R = sqrt(pi / t) S dN^-1, S_i the content of a couple beyond the Matano plane (Morral 2018): n - 1
/// couples about one composition, D nearly constant over them. Throws Error(bad_input) if the end members' differences
/// are dependent.
HostMatrix square_root_diffusivity(std::vector<MultiProfile> const& profiles);

/// Smallest and largest real part and largest imaginary part of the eigenvalues of D (2, 2).
struct Eigenvalues {
  double smallest, largest, imaginary;
};
Eigenvalues eigenvalues(HostMatrix const& d);

/// For a pseudo-binary couple all components but two stay where they are: throws Error(bad_input), naming component and
/// size, if another one's profile leaves the straight line between its end members' mean by more than noise.
void require_pseudo_binary(MeasuredProfile const& profile, std::vector<std::string> const& components);

}  // namespace kroma::diffusion_couple
