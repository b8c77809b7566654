#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deck/function.hpp"
#include "deck/schema.hpp"
#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {

/// Retention of one component over temperature, in one of three forms, and its molecule.
struct RetentionOptions {
  std::optional<double> characteristic_temperature, theta;  // K; with heat_capacity
  std::optional<double> enthalpy, entropy, reference;       // J/mol, J/mol/K, K; with heat_capacity
  std::optional<double> a, b, c;                            // ln k = a + b / T + c ln T
  double heat_capacity = 0;                                 // J/mol/K
  double film_ratio = 0;                                    // film / diameter that the law is for; 0: this column's
  std::string formula;
  int rings = 0;
  deck::Interval range{1, 1e4};  // K
};

/// The block `gas`: a carrier gas, and retention that depends on temperature.
struct GasOptions {
  Carrier carrier = Carrier::helium;
  deck::Function temperature;                                     // of t in s, K
  std::optional<deck::Function> inlet_pressure, outlet_pressure;  // of t, Pa
  std::optional<deck::Function> flow;                             // of t, m^3/s at 25 degC and one atmosphere
  std::vector<RetentionOptions> retention;                        // per component
  deck::FilePath database;
  std::string phase;

  /// Whether nothing depends on time.
  bool is_steady() const {
    auto const constant = [](auto const& f) { return !f || f->is_constant(); };
    return temperature.is_constant() && constant(inlet_pressure) && constant(outlet_pressure) && constant(flow);
  }
};

deck::Schema<GasOptions> gas_schema();

}  // namespace kroma::chromatography
