#pragma once

#include <string>

namespace kroma::chromatography {

inline constexpr double kGasConstant = 8.31446261815324;  // J/mol/K

enum class Carrier { helium, hydrogen, nitrogen, argon };

/// Viscosity in Pa s at temperature T in K: eta_0 (T / 273.15)^(xi_0 + xi_1 (T - 273.15) / 273.15) (Blumberg 2010).
double viscosity(Carrier carrier, double temperature);

/// What Fuller's diffusivity needs of a molecule.
struct Molecule {
  double molar_mass = 0;        // g/mol
  double diffusion_volume = 0;  // cm^3/mol
};

/// Molecule of a formula of C, H, O and N, e.g. "C7H8", with `rings` rings: diffusion volume
/// 15.9 C + 2.31 H + 6.11 O + 4.54 N - 18.3 rings (Fuller, Ensley and Giddings 1969). Throws Error(bad_input) for other
/// texts.
Molecule molecule(std::string const& formula, int rings);

/// Diffusivity times pressure, in m^2/s Pa, of a trace in the carrier (Fuller, Ensley and Giddings 1969):
/// 101300 * 1e-7 T^1.75 sqrt(1 / M + 1 / M_g) / (V^(1/3) + V_g^(1/3))^2.
double diffusivity_times_pressure(Carrier carrier, Molecule const& molecule, double temperature);

/// Height of a plate in m of a capillary of radius `radius` with film `film`, retention factor k, velocity u in m/s and
/// diffusivity in the gas (Golay 1958), diffusivity in the film a ten-thousandth of that:
/// 2 D / u + d^2 / 96 (6 m^2 - 16 m + 11) u / D + 2/3 film^2 m (1 - m) u / D_s, m = 1 / (1 + k).
double plate_height(double radius, double film, double retention, double velocity, double diffusivity);

}  // namespace kroma::chromatography
