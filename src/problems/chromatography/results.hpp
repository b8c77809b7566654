#pragma once

#include <vector>

#include "problems/chromatography/fit.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/numeric.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/chromatography/parameters.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

/// Writes /series/outlet (time, component), /grid/component and metrics. Collective.
void write_results(Run& run, Column const& column, Output const& output, std::vector<double> const& times,
                   Outlet const& outlet);

/// Writes /tables/fit, /fit/correlation, and for each measurement /fit/<number>/{time, signal, model, residual}.
/// Collective.
void write_fit(Run& run, std::vector<Measurement> const& data, FitResult const& result);
/// Writes /sensitivities/<key of the deck> (time, component), derivatives of the outlet: `slopes` (time, parameter,
/// component); after write_results. Collective.
void write_sensitivities(Run& run, Column const& column, std::vector<Parameter> const& parameters,
                         std::vector<double> const& times, std::vector<double> const& slopes);

/// Writes /fields/concentration and /fields/adsorbed (time, position, component), as far as the deck asks for them,
/// with their scale /grid/x; after write_results. Collective.
void write_inside(Run& run, Column const& column, Output const& output, std::vector<double> const& times,
                  Inside const& inside);

}  // namespace kroma::chromatography
