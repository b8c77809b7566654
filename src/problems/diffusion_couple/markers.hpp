#pragma once

#include <functional>
#include <string>
#include <vector>

namespace kroma::diffusion_couple {

/// Velocity of markers along a couple at one time, times sqrt(t), as a function of lambda = m / sqrt(t), m the molar
/// coordinate from the contact plane: linear between points, 0 beyond. In an infinite isothermal couple it does not
/// change with time.
struct MarkerField {
  double time = 0;                  // s
  std::vector<double> m, velocity;  // (n) m and m/s at the faces

  double operator()(double lambda) const;
};

/// A place where a Kirkendall plane can be: m = 2 t v(m) (van Dal, Gusak et al. 2001). Markers near a stable one gather
/// there, an unstable one they leave.
struct KirkendallPlane {
  double m;
  bool stable;
};
std::vector<KirkendallPlane> kirkendall_planes(MarkerField const& field);

/// Moves a marker at m from the time of `before` to that of `after`, by the classical Runge-Kutta scheme in sqrt(t)
/// with the field linear in it at fixed lambda. A marker at the contact plane at time 0, where the velocity is
/// infinite, goes to the first stable Kirkendall plane.
double move_marker(double m, MarkerField const& before, MarkerField const& after);

}  // namespace kroma::diffusion_couple
