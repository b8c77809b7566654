// Sorption laws of CADET-Core in the words of a deck of chromatography.
#include "app/cadet_binding.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kroma {
namespace {

/// Reads parameters of one law.
class Law {
 public:
  Law(CadetInput& input, std::string const& path, std::vector<double> const& bound, CadetBinding& to)
      : input_{input}, path_{path}, bound_{bound}, to_{to} {}

  std::size_t count() const { return bound_.size(); }
  bool is_bound(std::size_t i) const { return bound_[i] > 0; }
  std::string at(std::string const& name) const { return path_ + "/" + name; }
  bool has(std::string const& name) const { return input_.has(at(name)); }
  double number(std::string const& name, double otherwise) { return input_.number(at(name), otherwise); }
  /// One value for each component; those that are not bound may be left out, and have `otherwise`.
  std::vector<double> values(std::string const& name, double otherwise = 0) {
    auto const given = input_.numbers(at(name));
    std::vector<double> all(count(), otherwise);
    bool const each = given.size() == count();
    auto const states =
        static_cast<std::size_t>(std::count_if(bound_.begin(), bound_.end(), [](double b) { return b > 0; }));
    if (given.size() != 1 && !each && given.size() != states) {
      lose(fmt::format("{}: {} values for {} components", at(name), given.size(), count()));
      return all;
    }
    for (std::size_t i = 0, k = 0; i < count(); ++i) {
      if (is_bound(i)) all[i] = given.size() == 1 ? given[0] : given[each ? i : k++];
    }
    return all;
  }
  /// Of one state of each component, where all components have as many.
  std::vector<double> state(std::string const& name, std::size_t number) {
    auto const given = input_.numbers(at(name));
    if (given.size() != 2 * count())
      lose(fmt::format("{}: {} values for two states of {} components", at(name), given.size(), count()));
    std::vector<double> values(count(), 0.0);
    for (std::size_t i = 0; i < count() && number * count() + i < given.size(); ++i)
      values[i] = given[number * count() + i];
    return values;
  }
  void line(std::string const& key, std::vector<double> const& values, std::string const& names) {
    to_.lines.push_back({fmt::format("{}: {}", key, in_deck(values)), path_ + "/" + names});
  }
  void lose(std::string what) { to_.lost.push_back(std::move(what)); }

 private:
  CadetInput& input_;
  std::string path_;
  std::vector<double> const& bound_;
  CadetBinding& to_;
};

/// a / b for bound components; a rate of desorption of zero has no affinity.
std::vector<double> ratio(Law& law, std::vector<double> const& a, std::vector<double> const& b) {
  std::vector<double> result(a.size(), 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    if (!(b[i] > 0)) law.lose(law.at("") + ": a rate of desorption of 0 (irreversible adsorption)");
    if (b[i] > 0) result[i] = a[i] / b[i];
  }
  return result;
}

std::vector<double> positive(std::vector<double> values) {
  for (double& v : values) v = v > 0 ? v : 1.0;  // of components that are not bound, which no law looks at
  return values;
}

void linear(Law& law) {
  auto const ka = law.values("LIN_KA"), kd = law.values("LIN_KD", 1);
  ratio(law, ka, kd);
  law.line("adsorption_rate", ka, "LIN_KA");
  law.line("desorption_rate", positive(kd), "LIN_KD");
}

/// k_a c q_max (1 - sum) - k_d q, with k_a = b k_d.
void langmuir(Law& law, std::string const& prefix) {
  auto const ka = law.values(prefix + "_KA"), kd = law.values(prefix + "_KD", 1);
  law.line("affinity", ratio(law, ka, kd), prefix + "_KA / " + prefix + "_KD");
  law.line("desorption_rate", positive(kd), prefix + "_KD");
  law.line("capacity", law.values(prefix + "_QMAX"), prefix + "_QMAX");
}

/// Two kinds of sites, state by state; a deck has one rate of desorption for both.
void bi_langmuir(Law& law) {
  std::vector<std::vector<double>> affinity, desorption, capacity;
  for (std::size_t state = 0; state < 2; ++state) {
    auto const ka = law.state("MCBL_KA", state), kd = law.state("MCBL_KD", state);
    affinity.push_back(ratio(law, ka, kd));
    desorption.push_back(kd);
    capacity.push_back(law.state("MCBL_QMAX", state));
  }
  if (desorption[0] != desorption[1]) law.lose(law.at("MCBL_KD") + ": two rates of desorption");
  law.line("affinity", affinity[0], "MCBL_KA / MCBL_KD");
  law.line("capacity", capacity[0], "MCBL_QMAX");
  law.line("second_affinity", affinity[1], "MCBL_KA / MCBL_KD, second state");
  law.line("second_capacity", capacity[1], "MCBL_QMAX, second state");
  law.line("desorption_rate", positive(desorption[0]), "MCBL_KD");
}

void driving_force(Law& law) {
  law.line("rate", positive(law.values("MCLLDF_KKIN", 1)), "MCLLDF_KKIN");
  law.line("affinity", law.values("MCLLDF_KEQ"), "MCLLDF_KEQ");
  law.line("capacity", law.values("MCLLDF_QMAX"), "MCLLDF_QMAX");
  std::vector<double> const none(law.count(), 0.0);
  law.line("second_affinity", none, "(one kind of sites)");
  law.line("second_capacity", none, "(one kind of sites)");
}

void freundlich(Law& law) {
  law.line("rate", positive(law.values("FLDF_KKIN", 1)), "FLDF_KKIN");
  law.line("capacity", law.values("FLDF_KF"), "FLDF_KF");
  auto exponent = law.values("FLDF_N", 1);
  for (double& n : exponent) {
    if (n < 1) law.lose(law.at("FLDF_N") + ": below 1");
    n = 1 / n;
  }
  law.line("exponent", exponent, "1 / FLDF_N");
}

void modulated(Law& law) {
  langmuir(law, "MPM");
  law.line("salting", law.values("MPM_GAMMA"), "MPM_GAMMA");
  law.line("elution", law.values("MPM_BETA"), "MPM_BETA");
}

/// Both references become that of the liquid: (q / q_ref)^nu = (q / c_ref)^nu (c_ref / q_ref)^nu.
void steric_mass_action(Law& law) {
  double const c_ref = law.number("SMA_REFC0", 1), q_ref = law.number("SMA_REFQ", 1);
  auto ka = law.values("SMA_KA");
  auto const kd = law.values("SMA_KD", 1);
  auto nu = law.values("SMA_NU");
  for (std::size_t i = 1; i < ka.size(); ++i) {
    ka[i] *= std::pow(c_ref / q_ref, nu[i]);
    if (!law.is_bound(i)) nu[i] = 1;
  }
  ka[0] = 0;
  ratio(law, ka, kd);
  law.line("ionic_capacity", {law.number("SMA_LAMBDA", 0)}, "SMA_LAMBDA");
  law.line("adsorption_rate", ka, c_ref == q_ref ? "SMA_KA" : "SMA_KA (SMA_REFC0 / SMA_REFQ)^SMA_NU");
  law.line("desorption_rate", positive(kd), "SMA_KD");
  law.line("charge", nu, "SMA_NU");
  law.line("shielding", law.values("SMA_SIGMA"), "SMA_SIGMA");
  if (c_ref != 1) law.line("reference_concentration", {c_ref}, "SMA_REFC0");
  if (!law.is_bound(0)) law.lose(law.at("") + ": a salt without bound state");
}

void none(Law& law) {
  law.line("adsorption_rate", {0}, "(nothing is adsorbed)");
  law.line("desorption_rate", {1}, "(nothing is adsorbed)");
}

struct Translation {
  std::string model;
  std::function<void(Law&)> translate;
  int states = 1;  // of each component that is adsorbed
};

std::map<std::string, Translation> const& translations() {
  static std::map<std::string, Translation> const all{
      {"NONE", {"linear", none}},
      {"LINEAR", {"linear", linear}},
      {"MULTI_COMPONENT_LANGMUIR", {"langmuir", [](Law& law) { langmuir(law, "MCL"); }}},
      {"MULTI_COMPONENT_LANGMUIR_LDF", {"dual_site_langmuir", driving_force}},
      {"MULTI_COMPONENT_BILANGMUIR", {"bi_langmuir", bi_langmuir, 2}},
      {"FREUNDLICH_LDF", {"freundlich", freundlich}},
      {"MOBILE_PHASE_MODULATOR", {"mobile_phase_modulator", modulated}},
      {"STERIC_MASS_ACTION", {"steric_mass_action", steric_mass_action}}};
  return all;
}

}  // namespace

std::string in_deck(std::vector<double> const& values) {
  bool const same =
      !values.empty() && std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
  return same ? fmt::format("{}", values.front()) : fmt::format("[{}]", fmt::join(values, ", "));
}

CadetBinding cadet_binding(CadetInput& input, std::string const& model, std::string const& path,
                           std::vector<double> const& bound) {
  CadetBinding binding;
  Law law{input, path, bound, binding};
  auto found = translations().find(model);
  if (found == translations().end()) {
    binding.lost.push_back(fmt::format("{}: the binding model {}", path, model));
    found = translations().find("NONE");
  }
  int const states = found->second.states;
  if (std::any_of(bound.begin(), bound.end(), [&](double b) { return b > 0 && b != states; })) {
    binding.lost.push_back(fmt::format("{}: a component whose bound states are not {}", path, states));
  }
  bool const any = std::any_of(bound.begin(), bound.end(), [](double b) { return b > 0; });
  if (!any) found = translations().find("NONE");
  binding.lines.push_back({"model: " + found->second.model, model});
  auto const kinetic = input.numbers(path + "/IS_KINETIC");
  if (any && !kinetic.empty()) {
    auto const [low, high] = std::minmax_element(kinetic.begin(), kinetic.end());
    if (*low != *high) law.lose(path + "/IS_KINETIC: kinetic for some and not for other states");
    if (*high == 0) binding.lines.push_back({"kinetic: false", path + "/IS_KINETIC"});
  }
  found->second.translate(law);
  return binding;
}

}  // namespace kroma
