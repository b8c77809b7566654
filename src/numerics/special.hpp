#pragma once

namespace kroma::numerics {

/// The u with erf(u) = y, by Newton's method (Halley's correction) from Winitzki's approximation; relative error of a
/// few roundings. Infinite at y = -1 and 1. Throws bad_input outside [-1, 1].
double inverse_erf(double y);

}  // namespace kroma::numerics
