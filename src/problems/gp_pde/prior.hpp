#pragma once

#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/options.hpp"
#include "problems/gp_pde/support.hpp"

namespace kroma::gp_pde {

/// How much of the spectrum the solution gets beyond what the data show: boundary layers and harmonic parts need
/// frequencies that neither the source nor the boundary data have.
enum class Widening {
  none,     // the detected bands, or the covariance as given
  crossed,  // from 0 to the highest frequency detected on any axis
  whole,    // everything the nodes carry
};

/// The prior of one axis.
struct AxisPrior {
  Features features;
  std::vector<FrequencyBand> bands;          // of a band-limited prior, and the support of a learned mixture
  std::vector<MixtureComponent> components;  // of a mixture
};

/// Priors of all axes. `support` is what the data show; used where the covariance is learned. A mixture that is learned
/// has what was learned as its components (learning.hpp).
std::vector<AxisPrior> make_priors(CovarianceOptions const& covariance, std::vector<grid::Axis> const& axes,
                                   std::vector<AxisSupport> const& support, Widening widening, double basis_tolerance);

/// Envelopes of a mixture's components; `spectrum` is not band.
MixtureKind mixture_kind(Spectrum spectrum);

/// Whether the covariance is found from the data, so that widening can help.
bool is_learned(CovarianceOptions const& covariance);

std::vector<Features> features_of(std::vector<AxisPrior> const& priors);
/// How the basis of each axis is cut off.
std::vector<Truncation> truncation_of(std::vector<grid::Axis> const& axes, double basis_tolerance);

/// Most basis functions of an axis: 0.6 n on uniform nodes, 0.75 n on others. With as many functions as nodes the
/// residual on the grid is zero and the error can be anything.
int most_functions(grid::Axis const& axis);

}  // namespace kroma::gp_pde
