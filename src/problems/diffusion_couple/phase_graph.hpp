#pragma once

#include <vector>

#include "problems/diffusion_couple/kirchhoff.hpp"
#include "problems/diffusion_couple/phases.hpp"

namespace kroma::diffusion_couple {

/// Composition as a monotone function N(W) of the Kirchhoff potential through all phases: in a phase dN/dW = 1/D, over
/// a gap N jumps at constant W, in a line compound W rises by the integrated coefficient at constant N. Jumps are given
/// a small drop of W, compounds a small width in N, so that N(W) is a continuous function.
class PhaseGraph {
 public:
  struct Value {
    double composition, slope;  // N and dN/dW
  };

  /// `gap_drop` relative to the potential of all phases, `compound_width` in mole fraction. Throws Error(bad_input).
  PhaseGraph(PhaseModel const& model, double left, double right, double gap_drop, double compound_width);

  Value operator()(double potential) const;
  /// W at a mole fraction, which lies in a phase, in a compound or at an end.
  double potential(double composition) const;

  /// A jump of composition between two phases, or between a phase and a pure end member (phase -1).
  struct Gap {
    double low, high;  // mole fractions
    int phase_low, phase_high;
  };
  std::vector<Gap> const& gaps() const { return gaps_; }

 private:
  /// From W to W + rise, N goes from low to high: along a table in a phase, along a line elsewhere.
  struct Piece {
    double W, rise, low, high;
    KirchhoffTable<Host> table;
    std::vector<int> starts;
    int interval(double wanted) const;
    void index();
    bool line() const { return table.potentials.extent(0) == 0; }
  };
  Value inside(Piece const& piece, double W) const;

  std::vector<Piece> pieces_;
  std::vector<Gap> gaps_;
  double outer_slope_;  // dN/dW beyond the ends
};

}  // namespace kroma::diffusion_couple
