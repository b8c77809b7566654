#pragma once

#include <vector>

#include "problems/diffusion_couple/evolution.hpp"
#include "problems/diffusion_couple/mesh.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/diffusion_couple/output.hpp"
#include "problems/diffusion_couple/phase_graph.hpp"

namespace kroma::diffusion_couple {

/// A couple of one dimension with several phases, whose interfaces move, by finite volumes on the Kirchhoff graph:
/// every step of backward Euler is the minimum of a strictly convex functional of the potentials (the Stefan problem in
/// Kirchhoff's variable). First order in space and time; conserves to rounding. Ends are sealed or fixed. Every rank
/// computes all of it.
class LayerCouple final : public Evolution {
 public:
  /// Throws Error(bad_input).
  LayerCouple(MPI_Comm comm, Deck const& deck, LineMesh mesh);

  double time() const override { return time_; }
  void step(double until) override;
  std::int64_t steps() const override { return steps_; }
  std::string progress() const override;
  void write_axes(io::ResultFile& results) override;
  void write_frame(io::ResultFile& results) override;
  void finish(Run& run) override;
  void save(io::Checkpoint& checkpoint) const override;
  void load(io::Checkpoint const& checkpoint) override;

  /// Interfaces from left to right.
  std::vector<Jump> jumps() const;
  std::vector<Layer> layers() const;

 private:
  double next_time(double until) const;
  void set_temperature(double t);
  void set_fluxes(std::vector<double> const& W);
  void newton_step(double dt, std::vector<double>& W);
  double linearise(double dt, std::vector<double> const& W);
  double line_search(double dt, std::vector<double> const& W, std::vector<double> const& direction, double at_start);
  std::vector<double> places() const;
  double volume_ratio(double composition) const;
  double amount() const;
  void estimate_error(Run& run) const;

  MPI_Comm comm_;
  Deck const& deck_;
  LineMesh mesh_;
  double temperature_;
  PhaseModel model_;
  PhaseGraph graph_;
  std::vector<double> widths_, distances_;  // molar; distances to the cell on the left, ends: half a cell
  std::vector<double> N_, flux_;
  std::vector<PhaseGraph::Value> at_;                        // of the potentials under consideration
  std::vector<double> residual_, below_, diagonal_, above_;  // Newton's system
  double time_ = 0, entered_ = 0, first_amount_ = 0;
  std::int64_t steps_ = 0, iterations_ = 0;
};

}  // namespace kroma::diffusion_couple
