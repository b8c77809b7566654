#pragma once

namespace kroma::chromatography {

/// Retention factor over temperature, ln k = a + b / T + c ln T, for the phase ratio that it was measured at; valid in
/// [lowest, highest] K.
struct RetentionLaw {
  double a = 0, b = 0, c = 0;  // 1, K, 1
  double lowest = 0, highest = 1e9;

  double factor(double temperature) const;
  /// d(ln k) / dT, 1/K.
  double slope(double temperature) const { return -b / (temperature * temperature) + c / temperature; }

  /// Characteristic temperature T_c (k = 1) and theta_c = -dT/d(ln k) there, in K, heat capacity in J/mol/K, for the
  /// relative film thickness phi_0 = film / diameter; the law is for phi (Blumberg 2010):
  /// ln k = (C + T_c / theta_c)(T_c / T - 1) + C ln(T / T_c) + ln(phi / phi_0), C = heat_capacity / R.
  static RetentionLaw characteristic(double temperature, double theta, double heat_capacity, double thickness_ratio);
  /// Enthalpy J/mol, entropy J/mol/K and heat capacity of retention at a reference temperature:
  /// ln k = -dH(T) / (R T) + dS(T) / R, dH = H + C_p (T - T_0), dS = S + C_p ln(T / T_0); plus ln(phi / phi_0).
  static RetentionLaw thermodynamic(double enthalpy, double entropy, double heat_capacity, double reference,
                                    double thickness_ratio);
  /// Characteristic temperature and theta of this law; solves ln k = 0 by Newton's method from `guess`.
  double characteristic_temperature(double guess = 400) const;
};

/// Retention factors are cut off here: a component that is all but never in the gas stays where it is.
inline constexpr double kMostRetention = 1e12;

}  // namespace kroma::chromatography
