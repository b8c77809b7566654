#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/box_system.hpp"
#include "problems/diffusion_couple/evolution.hpp"
#include "problems/diffusion_couple/grains.hpp"
#include "problems/diffusion_couple/sdirk.hpp"

namespace kroma::diffusion_couple {

/// A binary couple of two or three dimensions and one phase, of equal molar volumes, shared out over ranks.
class BoxCouple final : public Evolution {
 public:
  /// Throws Error(bad_input). Collective.
  BoxCouple(MPI_Comm comm, Deck const& deck);

  double time() const override { return time_; }
  void step(double until) override;
  std::int64_t steps() const override { return control_.accepted; }
  std::string progress() const override;
  void write_axes(io::ResultFile& results) override;
  void write_frame(io::ResultFile& results) override;
  void finish(Run& run) override;
  void save(io::Checkpoint& checkpoint) const override;
  void load(io::Checkpoint const& checkpoint) override;

 private:
  void set_initial();
  void make_law();
  double overshoot(BoxSystem::State const& y) const;
  std::optional<double> exact_error() const;

  MPI_Comm comm_;
  Deck const& deck_;
  Box box_;
  VolumeLaw volume_;
  BinaryLaw binary_;
  std::unique_ptr<Grains> grains_;
  std::unique_ptr<BinaryFace> law_;
  StepControl control_;
  std::unique_ptr<BoxSystem> system_;
  double time_ = 0;
  BoxSystem::State y_, result_, known_;
  std::vector<BoxSystem::State> slopes_;
  double first_balance_ = 0, overshoot_ = 0;
  std::array<double, 2> range_{0, 1};  // mole fractions that can occur
};

/// Sizes and memory of such a couple on `ranks` ranks.
Plan plan_box(Deck const& deck, int ranks);

}  // namespace kroma::diffusion_couple
