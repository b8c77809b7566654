#pragma once

#include "problems/diffusion_couple/evolution.hpp"
#include "problems/diffusion_couple/law.hpp"
#include "problems/diffusion_couple/markers.hpp"
#include "problems/diffusion_couple/mesh.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/diffusion_couple/output.hpp"
#include "problems/diffusion_couple/phases.hpp"

namespace kroma::diffusion_couple {

/// Whether the profile of a deck depends on x / sqrt(t) alone: a binary couple of two bodies at one temperature,
/// without sources, whose ends are sealed. That the ends are far enough away is found by solving.
bool has_similarity(Options const& options);

/// An infinite isothermal couple, whose profile is known at any time at once.
class SimilarityCouple final : public Evolution {
 public:
  /// Throws Error(bad_input) where has_similarity() is false.
  SimilarityCouple(Deck const& deck, LineMesh mesh);

  double time() const override { return time_; }
  void step(double until) override { time_ = until; }
  std::int64_t steps() const override { return 0; }
  std::string progress() const override { return "similarity"; }
  void write_axes(io::ResultFile& results) override { write_line_axis(results, mesh_); }
  void write_frame(io::ResultFile& results) override;
  void finish(Run& run) override;
  void save(io::Checkpoint& checkpoint) const override { checkpoint.write("time", time_); }
  void load(io::Checkpoint const& checkpoint) override { time_ = checkpoint.value<double>("time"); }

  /// How far the profile at the end of the anneal reaches beyond the ends of the couple, as a mole fraction.
  double beyond_ends() const;

 private:
  std::vector<Layer> layers() const;
  double right_end() const;
  void write_tables(Run& run) const;
  std::vector<KirkendallPlane> kirkendall_planes(BinaryLaw const& law, double reference) const;

  Deck const& deck_;
  LineMesh mesh_;
  PhaseModel model_;
  SimilarityProfile profile_;
  double time_ = 0;
};

}  // namespace kroma::diffusion_couple
