#include "app/cadet_import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cadet_units.hpp"
#include "core/error.hpp"

namespace kroma {
namespace {

/// Columns of the table of connections, as far as the input has them.
std::size_t table_width(CadetInput& input, std::string const& connections) {
  bool const ports = input.number(connections + "/CONNECTIONS_INCLUDE_PORTS", 0) != 0;
  bool const changing = input.number(connections + "/CONNECTIONS_INCLUDE_DYNAMIC_FLOW", 0) != 0;
  return 5 + (ports ? 2 : 0) + (changing ? 3 : 0);
}

/// The pipes of one switch. In the table: from, to, ports if any, components, flow rate and its polynomial if any.
std::vector<CadetSwitch::Pipe> read_pipes(std::vector<double> const& table, std::size_t width, std::string const& path,
                                          DeckText& deck) {
  if (table.size() % width != 0)
    throw bad_input(fmt::format("{}: {} numbers are no rows of {}", path, table.size(), width));
  bool const ports = width == 7 || width == 10;
  std::vector<CadetSwitch::Pipe> pipes;
  for (std::size_t row = 0; row < table.size(); row += width) {
    auto const* const at = table.data() + row;
    auto const* const component = at + (ports ? 4 : 2);
    if (component[0] != -1 || component[1] != -1) deck.lose(path + ": a pipe for one component alone");
    for (std::size_t k = ports ? 7 : 5; k < width; ++k) {
      if (at[k] != 0) deck.lose(path + ": a flow rate that changes in time");
    }
    if (component[2] < 0) deck.lose(path + ": a negative flow rate");
    if (component[2] > 0) pipes.push_back({static_cast<int>(at[0]), static_cast<int>(at[1]), component[2]});
  }
  return pipes;
}

std::vector<CadetSwitch> read_switches(CadetInput& input, std::size_t sections, DeckText& deck) {
  std::string const group = "input/model/connections";
  auto const width = table_width(input, group);
  int const count = static_cast<int>(input.number(group + "/NSWITCHES"));
  std::vector<CadetSwitch> switches;
  for (int k = 0; k < count; ++k) {
    auto const path = fmt::format("{}/switch_{:03}", group, k);
    CadetSwitch s;
    s.first = static_cast<std::size_t>(input.number(path + "/SECTION"));
    s.pipes = read_pipes(input.numbers(path + "/CONNECTIONS"), width, path + "/CONNECTIONS", deck);
    if (!switches.empty()) switches.back().last = s.first;
    s.last = sections;
    switches.push_back(std::move(s));
  }
  if (switches.empty() || switches.front().first != 0) throw bad_input(group + ": no switch at the beginning");
  return switches;
}

std::string product_of(int column) { return fmt::format("waste_of_{}", cadet_unit(column)); }

/// Outlets for what flows out of columns into nothing: (column, flow in each switch).
std::map<int, std::vector<double>> loose_ends(std::vector<int> const& columns,
                                              std::vector<CadetSwitch> const& switches) {
  std::map<int, std::vector<double>> ends;
  for (int const column : columns) {
    std::vector<double> flows;
    for (auto const& s : switches) {
      double const rest = s.inflow(column) - s.outflow(column);
      flows.push_back(rest > 1e-9 * s.inflow(column) ? rest : 0.0);
    }
    if (std::any_of(flows.begin(), flows.end(), [](double f) { return f > 0; })) ends[column] = flows;
  }
  return ends;
}

class Import {
 public:
  explicit Import(std::string const& path)
      : input_{CadetInput::from_file(path)}, name_{std::filesystem::path{path}.stem().string()} {}

  ImportedDeck run() {
    times_ = input_.numbers("input/solver/sections/SECTION_TIMES");
    if (times_.size() < 2) throw bad_input("input/solver/sections/SECTION_TIMES: missing in this input of CADET");
    double const begin = times_.front();
    for (double& t : times_) t -= begin;
    switches_ = read_switches(input_, times_.size() - 1, deck_);
    components_ = static_cast<std::size_t>(input_.number("input/model/unit_000/NCOMP"));
    deck_.line(0, fmt::format("# {}, an input of CADET-Core. Behind each value stands where it came from.", name_));
    deck_.line(0, "problem: chromatography");
    deck_.line(0, "chromatography:");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < components_; ++i) names.push_back(fmt::format("component_{}", i));
    deck_.line(2, fmt::format("components: [{}]", fmt::join(names, ", ")), "input/model/unit_000/NCOMP");
    write_units();
    write_sections();
    write_output(begin);
    return finish();
  }

 private:
  void write_units() {
    deck_.line(2, "units:");
    int const count = static_cast<int>(input_.number("input/model/NUNITS"));
    for (int u = 0; u < count; ++u) {
      auto const path = "input/model/" + cadet_unit(u);
      auto const type = input_.text(path + "/UNIT_TYPE");
      if (input_.number(path + "/NCOMP") != static_cast<double>(components_))
        deck_.lose(path + "/NCOMP: not the same in all units");
      deck_.line(4, cadet_unit(u) + ":");
      write_unit(u, path, type);
    }
    ends_ = loose_ends(columns_, switches_);
    for (auto const& [column, flows] : ends_) {
      deck_.line(4, product_of(column) + ": {outlet: true}", "what is connected to nothing");
    }
  }

  void write_unit(int u, std::string const& path, std::string const& type) {
    static std::set<std::string> const columns{"LUMPED_RATE_MODEL_WITHOUT_PORES", "LUMPED_RATE_MODEL_WITH_PORES",
                                               "GENERAL_RATE_MODEL", "COLUMN_MODEL_1D"};
    if (columns.contains(type)) {
      auto const reversed = write_cadet_column(input_, u, components_, switches_, deck_);
      columns_.push_back(u);
      for (std::size_t k = 0; k < reversed.size(); ++k) {
        if (reversed[k]) reversed_[k].push_back(cadet_unit(u));
      }
    } else if (type == "CSTR") {
      write_cadet_tank(input_, u, components_, deck_);
    } else if (type == "INLET") {
      write_cadet_inlet(input_, u, components_, times_, deck_);
    } else {
      if (type != "OUTLET") deck_.lose(fmt::format("{}/UNIT_TYPE: {}", path, type));
      write_cadet_outlet(input_, u, deck_);
    }
  }

  void write_sections() {
    deck_.line(2, "sections:");
    for (std::size_t k = 0; k < switches_.size(); ++k) {
      auto const& s = switches_[k];
      deck_.line(4, fmt::format("- until: {} s", times_[s.last]),
                 fmt::format("input/model/connections/switch_{:03}", k));
      if (!reversed_[k].empty())
        deck_.line(6, fmt::format("reversed: [{}]", fmt::join(reversed_[k], ", ")), "VELOCITY < 0");
      deck_.line(6, "connections:");
      for (auto const& p : s.pipes) {
        deck_.line(8,
                   fmt::format("- {{from: {}, to: {}, flow: {} m^3/s}}", cadet_unit(p.from), cadet_unit(p.to), p.flow));
      }
      for (auto const& [column, flows] : ends_) {
        if (flows[k] > 0)
          deck_.line(8, fmt::format("- {{from: {}, to: {}, flow: {} m^3/s}}", cadet_unit(column), product_of(column),
                                    flows[k]));
      }
    }
  }

  void write_output(double begin) {
    deck_.line(0, fmt::format("output:"));
    deck_.line(2, fmt::format("folder: runs/{}", name_));
    auto times = input_.numbers("input/solver/USER_SOLUTION_TIMES");
    std::vector<double> kept;
    for (double t : times) {
      t -= begin;
      if (t >= 0 && t <= times_.back() && (kept.empty() || t > kept.back())) kept.push_back(t);
    }
    if (kept.empty()) return;
    double const step = kept.size() > 1 ? kept[1] - kept[0] : 0;
    bool even = kept.size() > 1 && kept.front() == 0;
    for (std::size_t j = 0; j < kept.size(); ++j)
      even = even && std::abs(kept[j] - step * static_cast<double>(j)) <= 1e-9 * kept.back();
    if (even) {
      deck_.line(2, fmt::format("save_every: {} s", step), "input/solver/USER_SOLUTION_TIMES");
    } else {
      deck_.line(2, fmt::format("times: [{}]", fmt::join(kept, ", ")), "input/solver/USER_SOLUTION_TIMES");
    }
  }

  /// What nobody has asked for is lost, unless it has no part in the answer or does nothing.
  ImportedDeck finish() {
    static std::map<std::string, double> const neutral{
        {"PAR_CORERADIUS", 0},     {"FLOWRATE_FILTER", 0},   {"CONST_SOLID_VOLUME", 0},
        {"NREAC_LIQUID", 0},       {"NREAC_CROSS_PHASE", 0}, {"NREAC_SOLID", 0},
        {"PORE_ACCESSIBILITY", 1}, {"POROSITY", 1},          {"SURFACE_DIFFUSION", 0},
        {"PAR_SURFDIFFUSION", 0},  {"INIT_CS", 0},           {"INIT_Q", 0}};
    static std::array const solvers{"/discretization/", "USE_ANALYTIC_JACOBIAN", "input/model/solver/",
                                    "_MULTIPLEX",       "SMA_LINEAR_THRESHOLD",  "_PARTYPE_DEPENDENT",
                                    "/REACTION_MODEL"};
    ImportedDeck result;
    for (auto const& [path, largest] : input_.unread()) {
      auto const name = path.substr(path.rfind('/') + 1);
      if (path.starts_with("input/sensitivity/") && name == "NSENS" && largest > 0)
        result.notes.push_back("sensitivities are not carried: give chromatography.sensitivities");
      bool const numeric = std::any_of(solvers.begin(), solvers.end(),
                                       [&](auto const* part) { return path.find(part) != std::string::npos; });
      auto const known = neutral.find(name);
      if (!path.starts_with("input/model/") || numeric || (known != neutral.end() && known->second == largest))
        continue;
      deck_.lose(path);
    }
    result.notes.push_back("grids and tolerances are not carried: kroma finds its own for chromatography.accuracy");
    result.text = deck_.text();
    result.lost = deck_.lost();
    return result;
  }

  CadetInput input_;
  std::string name_;
  DeckText deck_;
  std::vector<double> times_;
  std::vector<CadetSwitch> switches_;
  std::size_t components_ = 0;
  std::vector<int> columns_;
  std::map<std::size_t, std::vector<std::string>> reversed_;  // of each switch
  std::map<int, std::vector<double>> ends_;
};

}  // namespace

ImportedDeck import_cadet(std::string const& path) { return Import{path}.run(); }

}  // namespace kroma
