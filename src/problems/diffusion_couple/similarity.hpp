#pragma once

#include <functional>
#include <span>
#include <vector>

namespace kroma::diffusion_couple {

/// A phase as the similarity solver and the Kirchhoff graph see it: a range of mole fraction with its coefficient in
/// the molar coordinate, D_m = D (V_ref / V_m)^2 in m^2/s, or a line compound (low = high) with the integral of D_m
/// over its vanishing range in m^2/s.
struct Phase {
  double low = 0, high = 1;
  std::function<double(double c)> diffusivity;  // unused for a compound
  double integrated = 0;                        // of a compound

  bool is_compound() const { return low == high; }
};

/// The profile of an infinite, isothermal couple as a function of lambda = m / sqrt(t), m the scaled molar coordinate
/// in metres, which is the position where the molar volume is constant.
///
/// With q(c) = D_m dc/dlambda > 0 the profile solves q q'' = -D_m / 2, q = 0 at both end members: the minimum of the
/// strictly convex integral of q'^2/2 - (D_m/2) ln q over composition. Between phases D_m = 0 and c jumps; a line
/// compound is a Dirac mass. Linear elements on a grid of composition and lumped loads are of second order.
class SimilarityGrid {
 public:
  /// A grid of `points` intervals in every phase between the end members, denser towards them. `left` != `right`; the
  /// phases stand in rising order. Throws Error(bad_input) if an end member lies in no phase and is neither 0 nor 1,
  /// where it may be a pure component beside compounds only.
  SimilarityGrid(double left, double right, std::vector<Phase> const& phases, int points);

  /// Nodes, from the left end member to the right one (falling if left > right).
  std::vector<double> const& c() const { return c_; }
  /// Phase of the interval from node i to node i + 1; -1 in a gap between phases.
  std::vector<int> const& phase() const { return phase_; }
  /// Compound at a node, or -1.
  std::vector<int> const& compound() const { return compound_; }
  /// Distance in composition of nodes i and i + 1, positive.
  double step(std::size_t i) const;

 private:
  std::vector<double> c_;
  std::vector<int> phase_, compound_;
};

/// Loads of the nodes from the interval on their left and on their right: integrals of D_m times the hat function.
struct SimilarityLoads {
  std::vector<double> left, right;
};

/// Loads for the given phases (Simpson's rule in every interval). A compound's is shared by both sides.
/// Linear in D_m: the same function of derivatives of D_m gives the derivatives of the loads.
SimilarityLoads similarity_loads(SimilarityGrid const& grid, std::vector<Phase> const& phases);

/// q and lambda at the nodes. At the ends q = 0, and lambda is that of the nearest inner node.
struct SimilaritySolution {
  std::vector<double> q;
  /// lambda seen from the left and from the right of a node: they differ at compounds only.
  std::vector<double> lambda_left, lambda_right;
  int iterations = 0;
};

/// Damped Newton iteration. Throws Error(solver_failed) if it does not converge.
SimilaritySolution solve_similarity(SimilarityGrid const& grid, SimilarityLoads const& loads);

/// Derivative of q and lambda for a change of the loads, at a solution.
SimilaritySolution similarity_tangent(SimilarityGrid const& grid, SimilarityLoads const& loads,
                                      SimilaritySolution const& at, SimilarityLoads const& change);

/// A profile in order of lambda: composition with its slope, and jumps as two points at one lambda.
struct SimilarityProfile {
  std::vector<double> lambda;    // m / s^(1/2), molar coordinate
  std::vector<double> x;         // m / s^(1/2), the place, far-left material at rest
  std::vector<double> c, slope;  // slope: dc/dlambda, 0 at jumps and in compounds
  std::vector<double> stretch;   // dx/dlambda, of the piece that the point belongs to
  std::vector<int> phase;        // of the piece from point i to point i + 1; -1 at a jump
  double left = 0, right = 1;    // end members
  int left_phase = -1, right_phase = -1;
  double end_shift = 0;  // m / s^(1/2), how far the far-right material moves

  /// Mole fraction at `lambda` of the molar coordinate, or at `x` where `of_place`. Cubic Hermite between points.
  double composition(double at, bool of_place = true) const;
  /// dc/dlambda at `lambda` of the molar coordinate.
  double gradient(double at_lambda) const;
  /// Place of the material at `lambda`.
  double place(double at_lambda) const;
  /// |integral of lambda dc| over that of |lambda| dc (Gauss's rule for the cubics): what the profile has too much on
  /// one side of the contact plane.
  double mass_error() const;
  /// Phase at the place `at`.
  int phase_at(double at) const;
};

/// Ratio of the molar volume of a phase at c to the reference volume, and its derivative by c.
struct VolumeRatio {
  std::function<double(int phase, double c)> value, slope;
};

/// The profile with errors of fourth order, by Richardson extrapolation from grids of `points` and 2 `points`.
/// `volume` empty: places are molar coordinates. Throws as the functions above.
SimilarityProfile similarity_profile(double left, double right, std::vector<Phase> const& phases, int points,
                                     VolumeRatio const& volume = {});

}  // namespace kroma::diffusion_couple
