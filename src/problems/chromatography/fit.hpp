#pragma once

#include <string>
#include <vector>

#include "problems/chromatography/options.hpp"
#include "problems/chromatography/parameters.hpp"
#include "problems/chromatography/sensitivities.hpp"
#include "solve/least_squares.hpp"

namespace kroma::chromatography {

/// A measured chromatogram, SI.
struct Measurement {
  std::string name;
  std::vector<double> times, signal;  // s; unit of the detector
  std::vector<double> response;       // (component) signal per mol/m^3
  double baseline = 0, noise = 0;     // noise 0: not known
  std::map<std::string, double> set;
};

/// The data sets of the deck. Throws Error(bad_input): a file that cannot be read, times that do not rise or lie
/// outside of the run.
std::vector<Measurement> read_measurements(Options const& options);

/// A method to compute outlets, as a fit sees it.
struct Solved {
  OutletOf outlet;
  SlopesOf slopes;
  double step = 0;  // relative change of parameters between the two columns of a direction
};

/// One fitted number, or one that follows from fitted ones.
struct Estimate {
  std::string parameter, component;
  double start = 0, value = 0, standard_error = 0;
};

struct FitResult {
  Options options;                         // with the fitted values
  std::vector<Estimate> estimates;         // parameters, nuisance, retention factors
  HostMatrix correlation;                  // of the first estimates, as many as the problem has parameters
  std::vector<std::vector<double>> model;  // signal of each measurement at its times
  double variance = 0;                     // of the weighted residuals: 1 where the noise is known and the model right
  double misfit = 0;                       // root mean square of the residuals / of the signals above their baselines
  int iterations = 0;
  bool converged = false, from_moments = false;
  std::string reason;
};

/// Fits the parameters of `options.fit` to the measurements, in their logarithms; both rates of linear binding as
/// retention factor and desorption rate, whose errors are hardly correlated. Derivatives by rates are exact where the
/// column has the closed form; all others are `method.slopes`. Not collective.
FitResult run_fit(Options const& options, std::vector<Measurement> const& data, Solved const& method);

}  // namespace kroma::chromatography
