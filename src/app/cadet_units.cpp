// Units of an input of CADET-Core as units of a deck. Older inputs name the three column models and keep what belongs
// to particles beside the column; newer ones have one model whose particles say which of the three it is.
#include "app/cadet_units.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma {
namespace {

enum class Model { lumped, pores, general };

char const* key_of(Model model) {
  return model == Model::lumped ? "lumped_rate" : model == Model::pores ? "lumped_rate_with_pores" : "general_rate";
}

/// A column's arrays, wherever the age of the input puts them.
class Column {
 public:
  /// `kind`: of particles, which only newer inputs have several of here.
  Column(CadetInput& input, int index, std::size_t components, DeckText& deck, int kind = 0)
      : input_{input}, unit_{"input/model/" + cadet_unit(index)}, components_{components}, deck_{deck} {
    auto const type = input.text(at("UNIT_TYPE"));
    newer_ = type == "COLUMN_MODEL_1D";
    particle_ = newer_ ? fmt::format("{}/particle_type_{:03}", unit_, kind) : unit_;
    kinds_ = static_cast<int>(input.number(at("NPARTYPE"), newer_ ? 0 : 1));
    if (kinds_ > 1 && !newer_) deck.lose(fmt::format("{}: {} types of particles", unit_, kinds_));
    bare_ = kinds_ == 0;
    bool const film = input.number(particle_ + "/HAS_FILM_DIFFUSION", 1) != 0;
    bool const pore = input.number(particle_ + "/HAS_PORE_DIFFUSION", 1) != 0;
    if (!newer_ && type == "LUMPED_RATE_MODEL_WITHOUT_PORES") model_ = Model::lumped;
    if (!newer_ && type == "LUMPED_RATE_MODEL_WITH_PORES") model_ = Model::pores;
    if (newer_) model_ = bare_ || !film ? Model::lumped : pore ? Model::general : Model::pores;
    auto const geometry = input.text(particle_ + "/PAR_GEOM", "SPHERE");
    if (model_ != Model::lumped && geometry != "SPHERE") geometry_ = geometry;
  }

  std::string at(std::string const& name) const { return unit_ + "/" + name; }
  std::string in_particle(std::string const& name) const { return particle_ + "/" + name; }
  std::string const& unit() const { return unit_; }
  std::string const& particle() const { return particle_; }
  Model model() const { return model_; }
  /// Kinds of particles, as far as they can be told apart.
  int kinds() const { return newer_ ? kinds_ : 1; }
  std::vector<double> fractions() { return input_.numbers(at("PAR_TYPE_VOLFRAC")); }

  std::string const& geometry() const { return geometry_; }
  std::string total_porosity() const {
    return input_.has(at("TOTAL_POROSITY")) ? at("TOTAL_POROSITY") : at("COL_POROSITY");
  }
  double porosity() const { return input_.number(model_ == Model::lumped ? total_porosity() : at("COL_POROSITY")); }

  /// One value for each component, the same in all sections; names an older and a newer input may use.
  std::vector<double> values(std::vector<std::string> const& paths) {
    for (auto const& path : paths) {
      if (!input_.has(path)) continue;
      auto all = input_.numbers(path);
      auto const mode = static_cast<int>(input_.number(path + "_MULTIPLEX", -1));
      std::size_t const period = all.size() == 1 ? 1 : mode == 2 ? 1 : components_;
      for (std::size_t k = period; k < all.size(); ++k) {
        if (all[k] == all[k % period]) continue;
        deck_.lose(path + ": different from section to section, or of more kinds than components");
        break;
      }
      if (all.size() > period) all.resize(period);
      return all;
    }
    return {};
  }

  /// Keys of particles that the model does not have.
  void ignore_what_does_not_matter() {
    static std::vector<std::string> const particles{"PAR_RADIUS",         "PAR_POROSITY",      "PAR_CORERADIUS",
                                                    "FILM_DIFFUSION",     "INIT_CP",           "PAR_GEOM",
                                                    "HAS_FILM_DIFFUSION", "HAS_PORE_DIFFUSION"};
    static std::vector<std::string> const diffusion{"PORE_DIFFUSION", "PAR_DIFFUSION", "SURFACE_DIFFUSION",
                                                    "PAR_SURFDIFFUSION", "HAS_SURFACE_DIFFUSION"};
    auto ignore = [&](std::vector<std::string> const& names) {
      for (auto const& name : names) input_.ignore(in_particle(name));
    };
    if (model_ == Model::lumped) ignore(particles);
    if (model_ != Model::general) ignore(diffusion);
    if (model_ == Model::lumped && input_.has(at("TOTAL_POROSITY"))) input_.ignore(at("COL_POROSITY"));
    if (newer_) input_.ignore(in_particle("PAR_TYPE_VOLFRAC"));
  }

  CadetBinding binding() {
    if (bare_) return cadet_binding(input_, "NONE", unit_ + "/adsorption", std::vector<double>(components_, 0.0));
    auto const model = input_.text(in_particle("ADSORPTION_MODEL"), "NONE");
    auto path = in_particle("adsorption");
    if (!input_.has_group(path)) path = in_particle("adsorption_000");
    return cadet_binding(input_, model, path, bound());
  }

  /// Number of bound states of each component.
  std::vector<double> bound() {
    for (auto const& path : {in_particle("NBOUND"), at("discretization/NBOUND")}) {
      if (input_.has(path)) return input_.numbers(path);
    }
    return std::vector<double>(components_, 0.0);
  }

  std::string bound_at_start() const {
    for (auto const& path : {in_particle("INIT_CS"), in_particle("INIT_Q"), at("INIT_CS"), at("INIT_Q")}) {
      if (input_.has(path)) return path;
    }
    return "";
  }

 private:
  CadetInput& input_;
  std::string unit_, particle_, geometry_;
  std::size_t components_;
  DeckText& deck_;
  bool newer_ = false, bare_ = false;
  int kinds_ = 1;
  Model model_ = Model::general;
};

/// Cross-section of the column, from its own key or from a velocity that goes with a constant flow; and whether each
/// switch reverses the column.
std::vector<bool> write_flow(CadetInput& input, Column& column, int index, std::vector<CadetSwitch> const& switches,
                             DeckText& deck) {
  auto const velocity = input.numbers(column.at("VELOCITY"));
  auto in_section = [&](std::size_t k) {
    return velocity.size() > 1 ? velocity[std::min(k, velocity.size() - 1)] : velocity.empty() ? 1.0 : velocity[0];
  };
  std::vector<bool> reversed;
  double section = input.number(column.at("CROSS_SECTION_AREA"), 0);
  bool const given = section > 0;
  for (auto const& s : switches) {
    reversed.push_back(in_section(s.first) < 0);
    for (std::size_t k = s.first; k < s.last; ++k) {
      if ((in_section(k) < 0) != reversed.back())
        deck.lose(column.at("VELOCITY") + ": turns round between two switches");
    }
    if (given || velocity.empty() || s.inflow(index) == 0) continue;
    double const this_one = s.inflow(index) / (std::abs(in_section(s.first)) * column.porosity());
    if (section > 0 && std::abs(this_one - section) > 1e-9 * section) {
      deck.lose(column.at("VELOCITY") + ": does not go with the flow rates, and no CROSS_SECTION_AREA is given");
    }
    section = this_one;
  }
  if (!(section > 0)) section = 1;
  deck.line(8, fmt::format("cross_section: {} m^2", section),
            given ? column.at("CROSS_SECTION_AREA") : "flow rate / (VELOCITY porosity)");
  return reversed;
}

std::string with_unit(std::vector<double> const& values, char const* unit) {
  auto const text = in_deck(values);
  return text.front() == '[' || *unit == '\0' ? text : fmt::format("{} {}", text, unit);
}

/// Keys of a kind of particle in the words of `particles`; where they stand beside a column's own, some have a prefix.
std::vector<DeckLine> particle_lines(CadetInput& input, Column& column, std::string const& prefix) {
  std::vector<DeckLine> lines;
  auto add = [&](std::string const& key, std::vector<double> const& values, char const* unit, std::string const& name) {
    lines.push_back({fmt::format("{}: {}", key, with_unit(values, unit)), column.in_particle(name)});
  };
  add(prefix + "porosity", {input.number(column.in_particle("PAR_POROSITY"))}, "", "PAR_POROSITY");
  add(prefix + "radius", {input.number(column.in_particle("PAR_RADIUS"))}, "m", "PAR_RADIUS");
  if (column.geometry() == "CYLINDER") lines.push_back({prefix + "geometry: cylinder", column.in_particle("PAR_GEOM")});
  if (column.geometry() == "SLAB") lines.push_back({prefix + "geometry: slab", column.in_particle("PAR_GEOM")});
  add("film_coefficient", column.values({column.in_particle("FILM_DIFFUSION")}), "m/s", "FILM_DIFFUSION");
  if (column.model() != Model::general) return lines;
  auto const newer = input.has(column.in_particle("PORE_DIFFUSION"));
  add("pore_diffusion", column.values({column.in_particle("PORE_DIFFUSION"), column.in_particle("PAR_DIFFUSION")}),
      "m^2/s", newer ? "PORE_DIFFUSION" : "PAR_DIFFUSION");
  bool const on_surface = input.number(column.in_particle("HAS_SURFACE_DIFFUSION"), 1) != 0;
  auto const surface =
      column.values({column.in_particle("SURFACE_DIFFUSION"), column.in_particle("PAR_SURFDIFFUSION")});
  if (on_surface && std::any_of(surface.begin(), surface.end(), [](double d) { return d != 0; })) {
    add("surface_diffusion", surface, "m^2/s", newer ? "SURFACE_DIFFUSION" : "PAR_SURFDIFFUSION");
  }
  return lines;
}

/// What two kinds of particles have to have in common.
bool is_like(Column& a, Column& b) {
  auto const one = a.binding().lines, other = b.binding().lines;
  return a.model() == b.model() && std::equal(one.begin(), one.end(), other.begin(), other.end(),
                                              [](DeckLine const& x, DeckLine const& y) { return x.text == y.text; });
}

void write_particles(CadetInput& input, Column& column, int index, std::size_t components, DeckText& deck) {
  deck.line(8, fmt::format("bed_porosity: {}", input.number(column.at("COL_POROSITY"))), column.at("COL_POROSITY"));
  if (column.kinds() == 1) return deck.lines(8, particle_lines(input, column, "particle_"));
  auto const fractions = column.fractions();
  deck.line(8, "particles:");
  for (int k = 0; k < column.kinds(); ++k) {
    Column kind{input, index, components, deck, k};
    kind.ignore_what_does_not_matter();
    if (!is_like(column, kind)) deck.lose(kind.particle() + ": another binding or transport than the first kind's");
    if (input.has(kind.bound_at_start()) &&
        input.numbers(kind.bound_at_start()) != input.numbers(column.bound_at_start())) {
      deck.lose(kind.bound_at_start() + ": other amounts than in the first kind");
    }
    if (input.numbers(kind.in_particle("INIT_CP")) != input.numbers(column.in_particle("INIT_CP"))) {
      deck.lose(kind.in_particle("INIT_CP") + ": other concentrations than in the first kind");
    }
    auto const own = static_cast<std::size_t>(k);
    deck.line(10, fmt::format("- fraction: {}", own < fractions.size() ? fractions[own] : 1.0),
              column.at("PAR_TYPE_VOLFRAC"));
    deck.lines(12, particle_lines(input, kind, ""));
  }
}

void write_initial(CadetInput& input, Column& column, std::size_t components, bool salt, DeckText& deck) {
  auto const c = input.numbers(column.at("INIT_C"));
  for (auto const& path : {column.in_particle("INIT_CP"), column.at("INIT_CP")}) {
    auto const pores = input.numbers(path);
    if (!pores.empty() && pores != c) deck.lose(path + ": other concentrations in pores than between particles");
  }
  auto const path = column.bound_at_start();
  auto const given = path.empty() ? std::vector<double>{} : input.numbers(path);
  auto const bound = column.bound();
  std::vector<double> adsorbed(components, 0.0);
  for (std::size_t i = 0, k = 0; i < components && i < bound.size(); ++i) {
    if (bound[i] > 0 && k < given.size()) adsorbed[i] = given[k];
    k += bound[i] > 0 ? 1 : 0;
  }
  if (salt) adsorbed[0] = 0;  // follows from electroneutrality
  auto some = [](std::vector<double> const& list) {
    return std::any_of(list.begin(), list.end(), [](double x) { return x != 0; });
  };
  if (!some(c) && !some(adsorbed)) return;
  deck.line(6, "initial:");
  if (some(c)) deck.line(8, "concentration: " + in_deck(c), column.at("INIT_C"));
  if (some(adsorbed)) deck.line(8, "adsorbed: " + in_deck(adsorbed), path);
}

}  // namespace

double CadetSwitch::inflow(int unit) const {
  double sum = 0;
  for (auto const& p : pipes) sum += p.to == unit ? p.flow : 0;
  return sum;
}

double CadetSwitch::outflow(int unit) const {
  double sum = 0;
  for (auto const& p : pipes) sum += p.from == unit ? p.flow : 0;
  return sum;
}

void DeckText::line(int indent, std::string const& text, std::string const& source) {
  auto whole = std::string(static_cast<std::size_t>(indent), ' ') + text;
  if (!source.empty()) whole += (whole.size() < 58 ? std::string(58 - whole.size(), ' ') : " ") + " # " + source;
  text_ += whole + "\n";
}

std::string cadet_unit(int index) { return fmt::format("unit_{:03}", index); }

std::vector<bool> write_cadet_column(CadetInput& input, int index, std::size_t components,
                                     std::vector<CadetSwitch> const& switches, DeckText& deck) {
  Column column{input, index, components, deck};
  deck.line(6, "column:", input.text(column.at("UNIT_TYPE")));
  deck.line(8, fmt::format("model: {}", key_of(column.model())));
  deck.line(8, fmt::format("length: {} m", input.number(column.at("COL_LENGTH"))), column.at("COL_LENGTH"));
  auto const reversed = write_flow(input, column, index, switches, deck);
  if (column.model() == Model::lumped) {
    if (column.porosity() >= 1) deck.lose(column.total_porosity() + ": a porosity of 1 (an empty tube)");
    deck.line(8, fmt::format("total_porosity: {}", column.porosity()), column.total_porosity());
  } else {
    write_particles(input, column, index, components, deck);
  }
  deck.line(6, "dispersion: " + in_deck(column.values({column.at("COL_DISPERSION")})), column.at("COL_DISPERSION"));
  column.ignore_what_does_not_matter();
  if (column.kinds() == 1) input.ignore(column.at("PAR_TYPE_VOLFRAC"));
  auto const binding = column.binding();
  deck.line(6, "binding:");
  deck.lines(8, binding.lines);
  deck.lose(binding.lost);
  write_initial(input, column, components, binding.lines.front().source == "STERIC_MASS_ACTION", deck);
  return reversed;
}

void write_cadet_tank(CadetInput& input, int index, std::size_t components, DeckText& deck) {
  auto const unit = "input/model/" + cadet_unit(index);
  auto const volume = unit + (input.has(unit + "/INIT_LIQUID_VOLUME") ? "/INIT_LIQUID_VOLUME" : "/INIT_VOLUME");
  deck.line(6, fmt::format("cstr: {{volume: {} m^3}}", input.number(volume, 0)), volume);
  auto const c = input.numbers(unit + "/INIT_C");
  if (c.size() == components) deck.line(6, fmt::format("initial: {{concentration: {}}}", in_deck(c)), unit + "/INIT_C");
  auto const bound = input.numbers(unit + "/NBOUND");
  bool const adsorbs = std::any_of(bound.begin(), bound.end(), [](double b) { return b > 0; });
  if (adsorbs) deck.lose(unit + ": adsorption in a tank");
  if (!adsorbs && input.text(unit + "/ADSORPTION_MODEL", "NONE") == "NONE") input.ignore(unit + "/POROSITY");
}

void write_cadet_inlet(CadetInput& input, int index, std::size_t components, std::vector<double> const& times,
                       DeckText& deck) {
  auto const unit = "input/model/" + cadet_unit(index);
  auto const type = input.text(unit + "/INLET_TYPE", "PIECEWISE_CUBIC_POLY");
  if (type != "PIECEWISE_CUBIC_POLY") deck.lose(unit + "/INLET_TYPE: " + type);
  deck.line(6, "inlet:", unit);
  for (std::size_t k = 0; k + 1 < times.size(); ++k) {
    auto const section = unit + fmt::format("/sec_{:03}/", k);
    std::string keys = fmt::format("until: {} s", times[k + 1]);
    for (auto const& [key, name] : {std::pair{"concentration", "CONST_COEFF"},
                                    {"slope", "LIN_COEFF"},
                                    {"quadratic", "QUAD_COEFF"},
                                    {"cubic", "CUBE_COEFF"}}) {
      auto values = input.numbers(section + name);
      bool const zero = std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
      if (zero && key != std::string{"concentration"}) continue;
      if (values.empty()) values = {0};
      if (values.size() != 1 && values.size() != components)
        deck.lose(section + name + ": not one value for each component");
      keys += fmt::format(", {}: {}", key, in_deck(values));
    }
    deck.line(8, fmt::format("- {{{}}}", keys), fmt::format("sec_{:03}", k));
  }
}

void write_cadet_outlet(CadetInput& input, int index, DeckText& deck) {
  deck.line(6, "outlet: true", input.text("input/model/" + cadet_unit(index) + "/UNIT_TYPE"));
}

}  // namespace kroma
