#pragma once

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "deck/function.hpp"
#include "numerics/cubic_spline.hpp"
#include "problems/diffusion_couple/options.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

inline constexpr double kGasConstant = 8.31446261815324;  // J/(mol K)

/// M0 = 2 f0 / (1 - f0) of Manning's vacancy wind, f0 the correlation factor of the structure (Manning 1968); infinite
/// for none.
double manning_factor(Crystal crystal);

/// A function of composition and temperature from a deck, called with mole fractions of all components but the first.
double evaluate(deck::Function const& f, std::span<double const> fractions, double temperature);

/// Chemical potentials of a solution that is ideal but for an excess Gibbs energy G of the composition.
class Thermodynamics {
 public:
  /// `components` counts all of them. Throws Error(bad_input) if G has no second derivatives.
  Thermodynamics(std::optional<deck::Function> const& excess_gibbs, std::size_t components);

  /// N_k dmu_k/dN_j / (R T) for all components k and independent components j: (n, n-1) row-major into `result`. Finite
  /// where fractions vanish.
  void derivatives(std::span<double const> fractions, double temperature, std::span<double> result) const;

 private:
  std::size_t n_;
  /// (n-1, n-1): second derivatives of G by the independent fractions, as weighted sums; empty if ideal.
  std::vector<std::vector<std::pair<double, deck::Function>>> hessian_;
};

/// Coefficients of a binary alloy: D from the deck's expression, table or spline, or from intrinsic or tracer
/// coefficients by the equations of Darken (1948) and Manning (1968) with actual partial molar volumes.
class BinaryLaw {
 public:
  /// Throws Error(bad_input).
  BinaryLaw(Options const& options, VolumeLaw const& volume);

  /// Interdiffusion coefficient, m^2/s.
  double interdiffusion(double c, double temperature) const;
  bool has_intrinsic() const { return !intrinsic_.empty() || !tracer_.empty(); }
  /// Intrinsic coefficients of the first and the second component, m^2/s; only if has_intrinsic().
  std::array<double, 2> intrinsic(double c, double temperature) const;
  bool uses_temperature() const { return uses_temperature_; }
  /// Whether a change of temperature changes all coefficients by one factor.
  bool only_scaled_by_temperature() const { return only_scaled_; }

  /// Scaled velocity of markers in the molar coordinate, V_ref v^M / V_m over dc/dm (m^2/s): that of a marker is this
  /// times dc/dm. Only if has_intrinsic().
  double marker_mobility(double c, double temperature, double reference_volume) const;

 private:
  std::array<double, 2> from_tracers(double c, double temperature) const;

  VolumeLaw const& volume_;
  std::optional<deck::Function> value_, table_, factor_;
  std::optional<numerics::CubicSpline> spline_;  // of ln D
  std::vector<deck::Function> intrinsic_, tracer_;
  deck::Function activation_;
  std::optional<Thermodynamics> thermodynamics_;
  double manning_;
  bool uses_temperature_ = false, only_scaled_ = false;
};

/// Matrix of interdiffusion coefficients of three or more components, in the molar frame with the first component
/// dependent: given, or from tracer coefficients by Onsager's coefficients in Manning's form.
class MatrixLaw {
 public:
  explicit MatrixLaw(Options const& options);

  std::size_t size() const { return n_ - 1; }
  /// (n-1, n-1) row-major, m^2/s.
  void matrix(std::span<double const> fractions, double temperature, std::span<double> result) const;
  bool uses_temperature() const { return uses_temperature_; }

 private:
  void from_tracers(std::span<double const> fractions, double temperature, std::span<double> result) const;

  std::size_t n_;
  std::vector<deck::Function> value_, tracer_;
  deck::Function activation_;
  Thermodynamics thermodynamics_;
  double manning_;
  bool uses_temperature_ = false;
};

}  // namespace kroma::diffusion_couple
