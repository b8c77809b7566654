#pragma once

#include <functional>
#include <vector>

#include "core/space.hpp"
#include "problems/diffusion_couple/layers.hpp"
#include "problems/diffusion_couple/log_diffusivity.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

/// What of one couple may be fitted besides ln D: where the contact plane was, m, and the end members.
struct CoupleState {
  double contact = 0, left = 0, right = 1;
};

/// Mole fractions at a profile's points, then the interfaces' places in m (infinite couples of several phases), and
/// their derivatives by the parameters of ln D.
struct Prediction {
  std::vector<double> value;
  HostMatrix tangent;              // (values, parameters); empty unless asked for
  std::vector<double> by_contact;  // (values) by the place of the contact plane, with the tangents where it is simple
};

/// What a model is asked for: values, their tangents as well, or values that need be no better than difference
/// quotients of them ask for.
enum class Wanted { values, tangents, differences };

using CoupleModel =
    std::function<Prediction(std::vector<double> const& parameters, CoupleState const& state, Wanted wanted)>;

/// An infinite couple after the effective time `time` by the similarity solution, with its tangents. Points count to
/// the phase of `layers` that they lie in, whose branch goes on as a straight line beyond its interfaces, so that
/// residuals are smooth; `layers` empty: one phase.
CoupleModel infinite_couple(MeasuredProfile const& profile, std::vector<MeasuredLayer> const& layers,
                            LogDiffusivity const& law, Options const& options, VolumeLaw const& volume, double time);

/// A couple between two sealed faces by finite volumes in the molar coordinate and two-stage SDIRK of order 2
/// (Alexander 1977), steps growing like the square of their number, with the tangents of the discrete scheme. One
/// phase.
CoupleModel finite_couple(MeasuredProfile const& profile, LogDiffusivity const& law, Options const& options,
                          VolumeLaw const& volume, double time);

/// Time at the reference temperature that does as much as the anneal up to `time`, all coefficients having the same
/// activation energy: integral of exp(-Q/R (1/T - 1/T_ref)) dt, T_ref the highest temperature. Without a programme
/// `time` itself. Throws Error(bad_input) if a programme comes without a constant activation energy.
double effective_time(Options const& options, double time);

}  // namespace kroma::diffusion_couple
