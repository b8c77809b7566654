#pragma once

#include <functional>

#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Molar volume V(c) of a binary solution in m^3 per mole of atoms, c the mole fraction of the second component:
/// constant, ideal (Vegard: linear in c), with Redlich-Kister excess c (1-c) sum_k L_k (1-2c)^k, or any function.
class VolumeLaw {
 public:
  /// Equal volumes of `value` m^3/mol everywhere.
  explicit VolumeLaw(double value = 1e-5);
  /// What the deck says; a constant if it says nothing. Throws Error(bad_input) if V <= 0 somewhere in [0, 1], or if
  /// the key `volume` cannot be differentiated.
  explicit VolumeLaw(Options const& options);

  double operator()(double c) const { return value_(c); }
  double slope(double c) const { return slope_(c); }
  /// Partial molar volumes V - c V' and V + (1-c) V'.
  double partial_first(double c) const { return value_(c) - c * slope_(c); }
  double partial_second(double c) const { return value_(c) + (1 - c) * slope_(c); }
  /// Whether V is the same everywhere.
  bool is_constant() const { return constant_; }
  /// The line between the pure components' volumes.
  VolumeLaw ideal() const;

 private:
  VolumeLaw(std::function<double(double)> value, std::function<double(double)> slope);

  std::function<double(double)> value_, slope_;
  bool constant_ = false;
};

}  // namespace kroma::diffusion_couple
