#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "problems/diffusion_couple/block_tridiagonal.hpp"
#include "problems/diffusion_couple/face_law.hpp"
#include "problems/diffusion_couple/mesh.hpp"
#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Finite volumes of one dimension in the scaled molar coordinate: dN/dt = -dF/dm + source, with any ends. The system
/// that sdirk_step() takes. A state holds the fractions of every cell, (n, m), and behind them what has entered the
/// couple so far (m), in metres times fraction.
class Line {
 public:
  using State = std::vector<double>;

  struct Setup {
    std::vector<double> widths;  // (n) of the cells in the molar coordinate
    EndOptions left, right;
    std::function<double(double t)> temperature;
    std::function<double(std::size_t cell, double t)> source;  // empty: none
    double newton_tolerance;
  };
  /// `law` may be changed by this: it is set to the temperature of each stage.
  Line(Setup setup, FaceLaw& law);

  std::size_t cells() const { return setup_.widths.size(); }
  std::size_t fractions() const { return m_; }
  /// Amount in the cells less what has entered: constant but for rounding. (m)
  std::vector<double> balance(State const& y) const;

  void begin_step() const {}
  bool solve_stage(double t, double a, State const& known, State& y);
  double norm(State const& y) const;
  void axpy(State& y, double a, State const& x) const;
  void assign(State& y, State const& x) const { y = x; }
  void scale(State& y, double a) const;

  std::int64_t iterations() const { return iterations_; }

 private:
  struct End {
    std::vector<double> flux, by_cell;  // along +x; (m), (m, m)
  };
  End end_flux(EndOptions const& end, double const* cell, double half_width, double sign, double t) const;
  double surface(double cell, double half_width, double coefficient, double outside) const;
  void evaluate(double t, State const& y);
  void add_ends(double t, State const& y);
  void count_entered(double t, State const& y);
  void linearise(double a, State const& known, State const& y);

  Setup setup_;
  FaceLaw& law_;
  std::size_t m_;
  bool periodic_;
  std::vector<double> distances_;           // (n) from cell i to i + 1, the last to the first
  std::vector<double> flux_, by_a_, by_b_;  // (n + 1) faces; face i lies left of cell i
  std::vector<double> entered_;             // (m) rate
  std::vector<double> source_;
  BlockTridiagonal matrix_;
  std::vector<double> right_;
  std::int64_t iterations_ = 0;
};

}  // namespace kroma::diffusion_couple
