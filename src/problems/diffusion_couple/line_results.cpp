#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "problems/diffusion_couple/line_couple.hpp"
#include "problems/diffusion_couple/output.hpp"
#include "problems/diffusion_couple/phases.hpp"
#include "problems/diffusion_couple/similarity.hpp"
#include "problems/diffusion_couple/similarity_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kEndsUntouched = 1e-7;  // change of a fraction at an end below which a couple counts as infinite

}  // namespace

void LineCouple::write_axes(io::ResultFile& results) { write_line_axis(results, mesh_); }

void LineCouple::write_frame(io::ResultFile& results) {
  write_line_frame(results, fractions_, std::span{y_}.first(mesh_.cells() * fractions_),
                   volume_.is_constant() ? std::vector<double>{} : places());
}

double LineCouple::mass_error() const {
  auto const now = line_->balance(y_);
  double worst = 0;
  for (std::size_t k = 0; k < fractions_; ++k) {
    double const entered = y_[mesh_.cells() * fractions_ + k];
    double const amount = std::max(std::abs(first_balance_[k]), std::abs(entered));
    worst = std::max(worst, std::abs(now[k] - first_balance_[k]) / std::max(amount, 1e-300));
  }
  return worst;
}

/// A third of what twice as large cells change (Richardson): the error of space, below which solver.tolerance keeps
/// that of time.
double LineCouple::estimate_error() const {
  LineCouple coarse{comm_, deck_, coarsen(mesh_)};
  while (coarse.time() < deck_.options.anneal.time) coarse.step(deck_.options.anneal.time);
  std::vector<double> widths;
  for (std::size_t i = 0; i < mesh_.cells(); ++i) widths.push_back(molar_edges_[i + 1] - molar_edges_[i]);
  auto const mean = average_onto(coarse.mesh_, mesh_, widths, y_, fractions_);
  double worst = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) worst = std::max(worst, std::abs(mean[i] - coarse.y_[i]));
  return worst / 3;
}

/// Largest distance from the similarity profile, where the couple has one; nothing else.
std::optional<double> LineCouple::similarity_error() const {
  auto const& o = deck_.options;
  if (!has_similarity(o)) return std::nullopt;
  double const left = o.couple.left[0], right = o.couple.right[0];
  if (std::abs(y_.front() - left) > kEndsUntouched || std::abs(y_[mesh_.cells() - 1] - right) > kEndsUntouched)
    return std::nullopt;
  double const temperature = temperature_at(o.anneal, 0), root = std::sqrt(time_);
  auto const profile = similarity_profile(left, right, make_phases(o, temperature).phases, deck_.solver.points);
  double worst = 0;
  auto const middle = middles(molar_edges_);
  for (std::size_t i = 0; i < middle.size(); ++i) {
    worst = std::max(worst, std::abs(y_[i] - profile.composition(middle[i] / root, false)));
  }
  return worst;
}

std::optional<double> LineCouple::exact_error() const {
  if (!deck_.options.exact || fractions_ > 1) return std::nullopt;
  auto const x = middles(places());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    worst = std::max(worst, std::abs(y_[i] - (*deck_.options.exact)({x[i], 0.0, 0.0, time_})));
  }
  return worst;
}

void LineCouple::write_planes(io::ResultFile& results) const {
  PlaneTable planes;
  double const x0 = mesh_.interface();
  planes.add("contact", x0, x0, composition_at(0), true);
  if (binary_ && binary_->has_intrinsic() && !deck_.options.initial) {
    int number = 0;
    for (auto const& plane : kirkendall_planes(marker_field())) {
      planes.add(fmt::format("kirkendall {}", ++number), place_of(plane.m), x0, composition_at(plane.m), plane.stable);
    }
  }
  for (std::size_t k = 0; k < markers_.size(); ++k) {
    planes.add(fmt::format("marker {}", k + 1), place_of(markers_[k]), x0, composition_at(markers_[k]), true);
  }
  planes.add("right end", places().back(), mesh_.edges.back(), y_[mesh_.cells() * fractions_ - 1], true);
  planes.write(results);
}

void LineCouple::finish(Run& run) {
  if (fractions_ == 1) write_planes(run.results);
  run.metrics.set("mass_balance_error", mass_error());
  run.metrics.set("iterations", line_->iterations());
  run.metrics.set("steps", control_.accepted);
  run.metrics.set("rejected_steps", control_.rejected);
  run.metrics.set("error_estimate", estimate_error());
  if (auto const error = similarity_error()) run.metrics.set("similarity_error", *error);
  if (auto const error = exact_error()) run.metrics.set("max_error", *error);
}

}  // namespace kroma::diffusion_couple
