#include "problems/diffusion_couple/checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace kroma::diffusion_couple {
namespace {

void check_components(Options const& o, deck::Where const& where) {
  auto const n = o.components.size();
  if (n < 2) return where.mistake("components", fmt::format("a couple has two components or more, got {}", n));
  for (std::size_t i = 0; i < n; ++i) {
    if (std::count(o.components.begin(), o.components.end(), o.components[i]) > 1 && o.components[i] != "") {
      return where.mistake(fmt::format("components.{}", i), fmt::format("{} is named twice", o.components[i]));
    }
  }
}

void check_end_member(Options const& o, std::vector<double> const& member, std::string const& key,
                      deck::Where const& where) {
  auto const wanted = o.components.size() - 1;
  if (member.size() != wanted && (o.mode == Mode::forward || where.given(key))) {
    return where.mistake(key, fmt::format("needs {} mole fraction(s), of all components but {}, got {}", wanted,
                                          o.components.front(), member.size()));
  }
  double const sum = std::accumulate(member.begin(), member.end(), 0.0);
  if (sum > 1 + 1e-12) where.mistake(key, fmt::format("the mole fractions add to {}, which is above 1", sum));
}

/// What belongs to couples of two and three dimensions alone.
void check_line(Options const& o, deck::Where const& where) {
  auto const& d = o.diffusivity;
  std::string const needs = "needs a couple of two or three dimensions: give couple.y";
  if (o.periodic_sides) where.mistake("periodic_sides", needs);
  if (o.grains) where.mistake("grains", needs);
  if (d.position) where.mistake("diffusivity.position", needs);
  if (!d.anisotropy.empty()) where.mistake("diffusivity.anisotropy", needs);
}

void check_box(Options const& o, std::size_t axes, deck::Where const& where) {
  auto const& anisotropy = o.diffusivity.anisotropy;
  if (o.couple.grading != 1) where.mistake("couple.grading", "only couples of one dimension have graded cells");
  if (!o.markers.empty()) where.mistake("markers", "only couples of one dimension have markers");
  if (o.components.size() > 2) where.mistake("components", "more than two need a couple of one dimension");
  if (!anisotropy.empty() && anisotropy.size() != axes && anisotropy.size() != axes * (axes + 1) / 2) {
    where.mistake("diffusivity.anisotropy",
                  fmt::format("needs a factor for each of the {} axes, or {} for a symmetric tensor, got {}", axes,
                              axes * (axes + 1) / 2, anisotropy.size()));
  }
}

/// Functions of the place may not use axes that the couple lacks.
void check_places(Options const& o, std::size_t axes, deck::Where const& where) {
  std::array const functions{std::pair{"initial", &o.initial}, std::pair{"source", &o.source},
                             std::pair{"exact", &o.exact}, std::pair{"diffusivity.position", &o.diffusivity.position}};
  for (auto const& [key, f] : functions) {
    if (*f && axes < 2 && (*f)->uses("y")) where.mistake(key, "depends on y: give couple.y");
    if (*f && axes < 3 && (*f)->uses("z")) where.mistake(key, "depends on z: give couple.z");
  }
}

/// What mode effective has no use for: it finds a ratio to the grains' diffusivity in a structure that repeats.
void check_effective(Options const& o, deck::Where const& where) {
  if (o.couple.y <= 0) where.mistake("mode", "effective needs a couple of two or three dimensions: give couple.y");
  for (auto const* key : {"left_end", "right_end", "periodic_sides", "initial", "source", "exact", "anneal", "markers",
                          "molar_volume", "volume", "couple.left", "couple.right", "couple.interface"}) {
    if (where.given(key)) where.mistake(key, "has no meaning in mode effective");
  }
  auto const& d = o.diffusivity;
  if (!d.value.empty() || d.table || d.spline || !d.intrinsic.empty() || !d.tracer.empty() || !o.phases.empty())
    where.mistake("diffusivity", "mode effective finds a ratio to it: give position and anisotropy alone");
}

void check_geometry(Options const& o, deck::Where const& where) {
  auto const& couple = o.couple;
  if (couple.interface && (*couple.interface <= 0 || *couple.interface >= couple.length)) {
    where.mistake("couple.interface", fmt::format("the contact plane at {} m is off the couple, which reaches from 0 "
                                                  "to {} m",
                                                  *couple.interface, couple.length));
  }
  std::size_t const axes = 1 + (couple.y > 0 ? 1 : 0) + (couple.z > 0 ? 1 : 0);
  check_places(o, axes, where);
  if (couple.z > 0 && couple.y <= 0) where.mistake("couple.z", "needs y, too");
  if (couple.cells.size() != 1 && couple.cells.size() != axes) {
    where.mistake("couple.cells",
                  fmt::format("needs a number for each of the {} axes, got {}", axes, couple.cells.size()));
  }
  axes > 1 ? check_box(o, axes, where) : check_line(o, where);
  if ((o.left_end.kind == EndKind::periodic) != (o.right_end.kind == EndKind::periodic))
    where.mistake("left_end", "if one end is periodic, both are");
}

void check_per_component(Options const& o, std::vector<std::string> const& keys, std::string const& key,
                         deck::Where const& where) {
  for (auto const& name : keys) {
    if (std::find(o.components.begin(), o.components.end(), name) == o.components.end())
      where.mistake(key + "." + name, "is none of the components");
  }
  for (auto const& name : o.components) {
    if (!keys.empty() && std::find(keys.begin(), keys.end(), name) == keys.end())
      where.mistake(key, fmt::format("component {} is missing", name));
  }
}

template <class Map>
std::vector<std::string> keys_of(Map const& map) {
  std::vector<std::string> keys;
  for (auto const& [key, value] : map) keys.push_back(key);
  return keys;
}

void check_law(Options const& o, deck::Where const& where) {
  auto const& d = o.diffusivity;
  auto const n = o.components.size() - 1;
  int const given = !d.value.empty() + d.table.has_value() + d.spline.has_value() + !d.intrinsic.empty() +
                    !d.tracer.empty() + !o.phases.empty();
  if (given != 1 && o.mode == Mode::forward) {
    where.mistake("diffusivity", given == 0 ? "is needed: an expression, table, spline, intrinsic or tracer; or phases"
                                            : "give one of value, table, spline, intrinsic, tracer, or phases");
  }
  if (!d.value.empty()) {
    bool square = d.value.size() == n;
    for (auto const& row : d.value) square = square && row.size() == n;
    if (!square) where.mistake("diffusivity", fmt::format("needs {0} x {0} coefficients for {1} components", n, n + 1));
  }
  if (n > 1 && (d.table || d.spline || !d.intrinsic.empty() || !o.phases.empty()))
    where.mistake("diffusivity", "three or more components need a matrix or tracer coefficients");
  check_per_component(o, keys_of(d.intrinsic), "diffusivity.intrinsic", where);
  check_per_component(o, keys_of(d.tracer), "diffusivity.tracer", where);
  check_per_component(o, keys_of(o.molar_volume), "molar_volume", where);
  if (n > 1 && (!o.molar_volume.empty() || !o.excess_volume.empty() || o.volume))
    where.mistake("molar_volume", "three or more components are taken to have equal molar volumes");
  if (!o.excess_volume.empty() && o.molar_volume.empty()) where.mistake("excess_volume", "needs molar_volume");
  if (o.volume && !o.molar_volume.empty()) where.mistake("volume", "stands instead of molar_volume: give one of them");
}

double lowest(PhaseOptions const& phase) { return phase.at.value_or(phase.range ? phase.range->low : 0.0); }
double highest(PhaseOptions const& phase) { return phase.at.value_or(phase.range ? phase.range->high : 0.0); }

/// What a simulation needs and the other modes find.
void check_coefficients(Options const& o, deck::Where const& where) {
  for (std::size_t k = 0; k < o.phases.size(); ++k) {
    auto const& phase = o.phases[k];
    if (phase.range && !phase.diffusivity)
      where.mistake(fmt::format("phases.{}.diffusivity", k), "is needed for a phase with a range");
    if (phase.at && !phase.integrated)
      where.mistake(fmt::format("phases.{}.integrated", k), "is needed for a line compound");
  }
}

void check_phases(Options const& o, deck::Where const& where) {
  if (o.mode == Mode::forward) check_coefficients(o, where);
  for (std::size_t k = 1; k < o.phases.size(); ++k) {
    auto const &before = o.phases[k - 1], &phase = o.phases[k];
    if (lowest(phase) <= highest(before)) {
      where.mistake(fmt::format("phases.{}", k),
                    fmt::format("{} begins at {}, which is not above the end of {} at {}: phases stand in order of "
                                "composition and do not overlap",
                                phase.name, lowest(phase), before.name, highest(before)));
    }
  }
}

/// Who depends on temperature needs one.
void check_temperature(Options const& o, deck::Where const& where) {
  if (o.anneal.temperature || o.mode != Mode::forward) return;
  auto const& d = o.diffusivity;
  auto const needs = [&](deck::Function const& f, std::string const& key) {
    if (f.uses("T")) where.mistake(key, "depends on T: give anneal.temperature");
  };
  for (auto const& row : d.value) {
    for (auto const& f : row) needs(f, "diffusivity");
  }
  for (auto const* map : {&d.intrinsic, &d.tracer}) {
    for (auto const& [name, f] : *map) needs(f, "diffusivity");
  }
  for (std::size_t k = 0; k < o.phases.size(); ++k) {
    if (auto const& own = o.phases[k].diffusivity; own && own->value)
      needs(*own->value, fmt::format("phases.{}.diffusivity", k));
  }
  if (d.excess_gibbs) where.mistake("diffusivity.excess_gibbs", "needs anneal.temperature");
  if (!d.activation_energy.is_constant() || d.activation_energy({0.5}) != 0)
    where.mistake("diffusivity.activation_energy", "needs anneal.temperature");
}

}  // namespace

void check_end(EndOptions const& o, deck::Where const& where) {
  bool const takes = o.kind == EndKind::fixed || o.kind == EndKind::flux || o.kind == EndKind::robin;
  if (takes && o.value.empty()) where.mistake("value", "is needed for this kind of end");
  if (!takes && !o.value.empty()) where.mistake("value", "this kind of end has none");
  if (o.kind == EndKind::robin && o.coefficient <= 0) where.mistake("coefficient", "must be > 0 [m/s] for robin");
}

void check_spline(SplineOptions const& o, deck::Where const& where) {
  if (o.c.size() < 2) where.mistake("c", "needs two points or more");
  if (o.c.size() != o.D.size())
    where.mistake("D", fmt::format("has {} values for the {} points of c", o.D.size(), o.c.size()));
  if (std::adjacent_find(o.c.begin(), o.c.end(), std::greater_equal<>{}) != o.c.end())
    where.mistake("c", "must rise from point to point");
}

void check_diffusivity(DiffusivityOptions const& o, deck::Where const& where) {
  if (o.tracer.empty() && o.thermodynamic_factor) where.mistake("thermodynamic_factor", "belongs to tracer");
  if (o.tracer.empty() && o.excess_gibbs) where.mistake("excess_gibbs", "belongs to tracer");
  if (o.tracer.empty() && o.vacancy_wind != Crystal::none) where.mistake("vacancy_wind", "belongs to tracer");
  if (o.thermodynamic_factor && o.excess_gibbs)
    where.mistake("excess_gibbs", "stands instead of thermodynamic_factor: give one of them");
}

void check_phase(PhaseOptions const& o, deck::Where const& where) {
  if (o.range.has_value() == o.at.has_value()) return where.mistake("", "give `range`, or `at` for a line compound");
  if (o.range && o.integrated) where.mistake("integrated", "belongs to a line compound, given by `at`");
  if (o.at && o.diffusivity) where.mistake("diffusivity", "a line compound has `integrated` instead");
}

void check_options(Options const& o, deck::Where const& where) {
  auto const before = where.mistakes();
  check_components(o, where);
  if (where.mistakes() != before) return;
  check_end_member(o, o.couple.left, "couple.left", where);
  check_end_member(o, o.couple.right, "couple.right", where);
  check_geometry(o, where);
  if (o.mode == Mode::effective) check_effective(o, where);
  check_law(o, where);
  check_phases(o, where);
  check_temperature(o, where);
}

}  // namespace kroma::diffusion_couple
