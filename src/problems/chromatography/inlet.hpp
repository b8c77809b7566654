#pragma once

#include <vector>

#include "core/space.hpp"
#include "problems/chromatography/column.hpp"

namespace kroma::chromatography {

/// The sections of a column where kernels run.
struct Inlet {
  ConstVector edges;                 // (section + 1) begins of the sections and the last end, s
  ConstMatrix concentration, slope;  // (section, component) mol/m^3, mol/m^3/s
  ConstMatrix quadratic, cubic;      // the same, mol/m^3/s^2, mol/m^3/s^3
};

Inlet make_inlet(Column const& column);

/// A copy where kernels run.
Vector to_device(std::vector<double> const& values);

}  // namespace kroma::chromatography
