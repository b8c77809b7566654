#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "problems/diffusion_couple/evolution.hpp"
#include "problems/diffusion_couple/line.hpp"
#include "problems/diffusion_couple/markers.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/diffusion_couple/sdirk.hpp"

namespace kroma::diffusion_couple {

/// A couple of one dimension and one phase, of any number of components, by finite volumes in the molar coordinate.
/// Every rank computes all of it: it is small.
class LineCouple final : public Evolution {
 public:
  /// Throws Error(bad_input) where the diffusivity is not above 0 between the compositions that can occur.
  LineCouple(MPI_Comm comm, Deck const& deck, LineMesh mesh);

  double time() const override { return time_; }
  void step(double until) override;
  std::int64_t steps() const override { return control_.accepted; }
  std::string progress() const override;
  void write_axes(io::ResultFile& results) override;
  void write_frame(io::ResultFile& results) override;
  void finish(Run& run) override;
  void save(io::Checkpoint& checkpoint) const override;
  void load(io::Checkpoint const& checkpoint) override;

  /// Places of the faces now, m from the left end, which is at rest.
  std::vector<double> places() const;

 private:
  void set_initial();
  void make_line();
  double place_of(double m) const;
  double composition_at(double m) const;
  MarkerField marker_field() const;
  void move_markers(MarkerField const& before);
  double mass_error() const;
  double estimate_error() const;
  std::optional<double> similarity_error() const;
  std::optional<double> exact_error() const;
  void write_planes(io::ResultFile& results) const;

  MPI_Comm comm_;
  Deck const& deck_;
  LineMesh mesh_;
  std::size_t fractions_;
  VolumeLaw volume_;
  double reference_;  // m^3/mol, molar volume of the left end member
  std::optional<BinaryLaw> binary_;
  std::optional<MatrixLaw> matrix_;
  std::unique_ptr<FaceLaw> law_;
  std::vector<double> molar_edges_;  // m from the contact plane, scaled molar coordinate
  std::unique_ptr<Line> line_;
  StepControl control_;
  double time_ = 0;
  Line::State y_, result_, known_;
  std::vector<Line::State> slopes_;
  std::vector<double> first_balance_;
  std::vector<double> markers_;  // m of each marker of the deck
};

/// Lowest and highest mole fraction of a binary couple whose first ones lie between `low` and `high`, ends included;
/// not the same. Throws Error(bad_input) if they leave [0, 1].
std::array<double, 2> composition_range(Options const& options, double low, double high);

/// Absolute temperature at time t; 0 where the deck gives none.
double temperature_at(AnnealOptions const& anneal, double t);

}  // namespace kroma::diffusion_couple
