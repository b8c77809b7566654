#pragma once

#include <functional>
#include <string>
#include <vector>

#include "problems/chromatography/gas.hpp"
#include "problems/chromatography/retention.hpp"

namespace kroma::chromatography {

/// A component as a temperature programme sees it.
struct Analyte {
  std::string name;
  RetentionLaw retention;
  Molecule molecule;
};

/// A capillary whose temperature and pressures are functions of time (s -> K, Pa).
struct GasColumn {
  double length = 0, radius = 0, film = 0;  // m
  Carrier carrier = Carrier::helium;
  std::function<double(double)> temperature, inlet_pressure, outlet_pressure;
};

/// Velocity of the carrier at x in m/s: laminar, quasi-steady, u p = const.
double carrier_velocity(GasColumn const& column, double x, double t);
/// Pressure at x in Pa.
double carrier_pressure(GasColumn const& column, double x, double t);

/// Inlet pressure in Pa at which `flow` (m^3/s at 25 degC and 101325 Pa) goes through at a temperature and outlet
/// pressure: u p A / T is the same everywhere, so that p_0^2 = p_L^2 + 16 eta L flow 101325 T / (298.15 pi R^4).
double inlet_pressure_for_flow(GasColumn const& column, double flow, double temperature, double outlet_pressure);

/// When a component leaves, and how spread out in time.
struct Elution {
  double retention = 0;  // s
  double deviation = 0;  // s, of a normal law
  double factor = 0;     // retention factor where and when it leaves
};

/// Migrates a component that is injected at `begin` (s) as a pulse without width (Blumberg 2010, Leppert 2022):
/// dt/dx = r, d(tau^2)/dx = H r^2 + 2 tau^2 dr/dt, r = (1 + k) / u, by embedded Runge-Kutta steps (Dormand and Prince
/// 1980) to `tolerance`. Throws Error(solver_failed) if it has not left by `end`. Not collective.
Elution migrate(GasColumn const& column, Analyte const& analyte, double begin, double end, double tolerance = 1e-10);

}  // namespace kroma::chromatography
