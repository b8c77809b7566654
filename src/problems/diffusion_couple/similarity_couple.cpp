#include "problems/diffusion_couple/similarity_couple.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/law.hpp"
#include "problems/diffusion_couple/line_couple.hpp"
#include "problems/diffusion_couple/markers.hpp"
#include "problems/diffusion_couple/output.hpp"

namespace kroma::diffusion_couple {
namespace {

SimilarityProfile solve(Deck const& deck, PhaseModel const& model, int points) {
  auto const& couple = deck.options.couple;
  return similarity_profile(couple.left[0], couple.right[0], model.phases, points,
                            model.constant_volume ? VolumeRatio{} : model.volume);
}

}  // namespace

bool has_similarity(Options const& o) {
  return o.components.size() == 2 && o.couple.y == 0 && !o.initial && !o.source && o.left_end.kind == EndKind::sealed &&
         o.right_end.kind == EndKind::sealed && o.couple.left[0] != o.couple.right[0] &&
         (!o.anneal.temperature || o.anneal.temperature->is_constant());
}

SimilarityCouple::SimilarityCouple(Deck const& deck, LineMesh mesh)
    : deck_{deck},
      mesh_{std::move(mesh)},
      model_{make_phases(deck.options, temperature_at(deck.options.anneal, 0))},
      profile_{solve(deck, model_, deck.solver.points)} {}

double SimilarityCouple::beyond_ends() const {
  double const root = std::sqrt(deck_.options.anneal.time), contact = mesh_.interface();
  double const low = profile_.composition(-contact / root),
               high = profile_.composition((mesh_.edges.back() - contact) / root);
  return std::max(std::abs(low - profile_.left), std::abs(high - profile_.right));
}

void SimilarityCouple::write_frame(io::ResultFile& results) {
  std::vector<double> c;
  for (std::size_t i = 0; i < mesh_.cells(); ++i) {
    double const x = 0.5 * (mesh_.edges[i] + mesh_.edges[i + 1]) - mesh_.interface();
    c.push_back(time_ > 0 ? profile_.composition(x / std::sqrt(time_)) : x < 0 ? profile_.left : profile_.right);
  }
  write_line_frame(results, 1, c, {});
  if (!deck_.options.phases.empty()) write_thickness(results, layers());
}

/// lambda of each Kirkendall plane, lambda = 2 sqrt(t) v, between points of the profile by bisection.
std::vector<KirkendallPlane> SimilarityCouple::kirkendall_planes(BinaryLaw const& law, double reference) const {
  double const temperature = temperature_at(deck_.options.anneal, 0);
  auto const excess = [&](double lambda) {
    return lambda - 2 * law.marker_mobility(profile_.composition(lambda, false), temperature, reference) *
                        profile_.gradient(lambda);
  };
  std::vector<KirkendallPlane> planes;
  for (std::size_t i = 1; i + 2 < profile_.lambda.size(); ++i) {
    double low = profile_.lambda[i], high = profile_.lambda[i + 1];
    double const at_low = excess(low), at_high = excess(high);
    if (!(at_low * at_high < 0) && at_low != 0) continue;
    for (int k = 0; k < 60; ++k) {
      double const middle = 0.5 * (low + high);
      (excess(middle) * at_high > 0 ? high : low) = middle;
    }
    planes.push_back({0.5 * (low + high), at_high > at_low});
  }
  return planes;
}

double SimilarityCouple::right_end() const { return mesh_.edges.back() + std::sqrt(time_) * profile_.end_shift; }

std::vector<Layer> SimilarityCouple::layers() const {
  double const root = std::sqrt(time_), contact = mesh_.interface();
  std::vector<Jump> jumps;
  for (std::size_t i = 0; i + 1 < profile_.c.size(); ++i) {
    if (profile_.phase[i] >= 0) continue;
    int const before = i > 0 ? profile_.phase[i - 1] : profile_.left_phase;
    int const after = i + 2 < profile_.c.size() ? profile_.phase[i + 1] : profile_.right_phase;
    jumps.push_back({contact + root * profile_.x[i], profile_.c[i], profile_.c[i + 1], before, after});
  }
  return layers_between(model_.names, jumps, deck_.options.components, deck_.options.couple, right_end());
}

void SimilarityCouple::write_tables(Run& run) const {
  auto const& o = deck_.options;
  double const root = std::sqrt(time_), contact = mesh_.interface(), end = right_end();
  write_layers(run.results, layers(), time_);
  PlaneTable planes;
  planes.add("contact", contact + root * profile_.place(0), contact, profile_.composition(0, false), true);
  VolumeLaw const volume{o};
  if (o.phases.empty() && BinaryLaw{o, volume}.has_intrinsic()) {
    BinaryLaw const law{o, volume};
    int number = 0;
    for (auto const& [lambda, stable] : kirkendall_planes(law, volume(o.couple.left[0]))) {
      planes.add(fmt::format("kirkendall {}", ++number), contact + root * profile_.place(lambda), contact,
                 profile_.composition(lambda, false), stable);
    }
  }
  planes.add("right end", end, mesh_.edges.back(), profile_.right, true);
  planes.write(run.results);
}

void SimilarityCouple::finish(Run& run) {
  write_tables(run);
  auto const rough = solve(deck_, model_, deck_.solver.points / 2);
  double worst = 0;
  for (std::size_t i = 0; i + 1 < profile_.c.size(); ++i) {
    double const x = 0.5 * (profile_.x[i] + profile_.x[i + 1]);
    if (profile_.phase[i] < 0 || rough.phase_at(x) != profile_.phase[i]) continue;
    worst = std::max(worst, std::abs(profile_.composition(x) - rough.composition(x)));
  }
  run.metrics.set("mass_balance_error", profile_.mass_error());
  run.metrics.set("error_estimate", worst / 15);  // of fourth order
}

}  // namespace kroma::diffusion_couple
