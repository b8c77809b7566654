#pragma once

#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/box_kernels.hpp"
#include "problems/diffusion_couple/box_operator.hpp"
#include "problems/diffusion_couple/face_law.hpp"
#include "problems/diffusion_couple/modes.hpp"

namespace kroma::diffusion_couple {

/// Finite volumes of two and three dimensions: dc/dt = div(K grad W(c)) + source, with K in the links and W the
/// Kirchhoff potential. The system that sdirk_step() takes; every member is collective.
///
/// Newton's method on a stage, y = known + a f(y), solves for z = D dy: the matrix 1/D - a L is then symmetric and
/// positive definite, and conjugate gradients take it, matrix-free, with algebraic multigrid on an assembled copy
/// (solver.matrix: assembled; once a step, and only where the step is stiff) or with its diagonal as preconditioner.
/// The mean of the residual that Newton's method leaves is taken off, so that a stage conserves to rounding.
class BoxSystem {
 public:
  struct State {
    Handle<Vec> cells;   // mole fractions
    double entered = 0;  // through ends and from sources since the start, in mole fractions times cells
  };

  /// `law` may be changed by this: it is set to the temperature of each stage.
  BoxSystem(Box const& box, Deck const& deck, BinaryFace& law, Links links);
  BoxSystem(BoxSystem const&) = delete;
  BoxSystem& operator=(BoxSystem const&) = delete;

  State state() const { return {box_.vector(), 0.0}; }
  /// Amount in the cells less what has entered, in mole fractions times cells: constant but for rounding.
  double balance(State const& y) const;

  void begin_step() { operator_.forget(); }
  bool solve_stage(double t, double a, State const& known, State& y);
  double norm(State const& y) const;
  void axpy(State& y, double a, State const& x) const;
  void assign(State& y, State const& x) const;
  void scale(State& y, double a) const;

  /// -K grad W at the cells' centres, (cells of this rank, dimension) m/s, at time t.
  HostMatrix flux(double t, State const& y);

  std::int64_t iterations() const { return iterations_; }
  std::int64_t linear_iterations() const { return linear_iterations_; }

 private:
  void set_time(double t);
  void evaluate_potentials(State const& y);
  void evaluate(double a, Vec known, State const& y);
  double add_sources(double t, double a, State const& known);
  double end_rates() const;
  bool finish(double a, double sources, Vec target, State const& known, State& y);
  double sum(Vec cells) const;

  Box const& box_;
  Deck const& deck_;
  BinaryFace& law_;
  BoxOperator operator_;
  KirchhoffTable<Host> seen_;  // the table that table_ is a copy of
  KirchhoffTable<Space> table_;
  bool linear_ = false;               // D does not depend on composition
  double end_potential_[2] = {0, 0};  // of fixed ends, m^2/s
  Handle<Vec> potential_, residual_, unknown_, with_sources_;
  Handle<Vec> padded_;  // potentials
  std::int64_t iterations_ = 0, linear_iterations_ = 0;
};

}  // namespace kroma::diffusion_couple
