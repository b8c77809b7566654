#include "problems/chromatography/sorption.hpp"

#include <cmath>
#include <utility>

namespace kroma::chromatography {
namespace {

constexpr double kThreshold = 1e-10;  // of reduced concentrations below which a root is a quadratic

/// Fills a Sorption from a column's binding.
class Builder {
 public:
  explicit Builder(Column const& column) : column_{column}, b_{column.binding} { s_.kinetic = b_.kinetic; }

  Sorption build() {
    switch (b_.law) {
      case Law::linear:
        bind_all();
        s_.linear = true;
        s_.law = LinearKinetics{states(), list(b_.adsorption_rate), list(b_.desorption_rate)};
        break;
      case Law::langmuir:
      case Law::bi_langmuir:
        return langmuir();
      case Law::mobile_phase_modulator:
      case Law::self_association:
        return modulated();
      case Law::steric_mass_action:
        return steric();
      default:
        return driven();
    }
    return std::move(s_);
  }

 private:
  void bind_all() {
    for (std::size_t i = 0; i < column_.count(); ++i) s_.component.push_back(static_cast<int>(i));
  }
  /// Components that adsorb, from the `first` on.
  void bind_adsorbed(std::size_t first) {
    for (std::size_t i = first; i < column_.count(); ++i) {
      bool const second = !b_.second_capacity.empty() && b_.second_capacity[i] > 0;
      if (b_.capacity[i] > 0 || second) s_.component.push_back(static_cast<int>(i));
    }
  }
  States states() { return {static_cast<int>(column_.count()), s_.bound(), s_.keep(std::vector<int>(s_.component))}; }
  /// Values of the bound states' components; 1 where the deck leaves them out.
  std::vector<double> values(std::vector<double> const& of_components) const {
    std::vector<double> v;
    for (int i : s_.component) v.push_back(of_components.empty() ? 1.0 : of_components[static_cast<std::size_t>(i)]);
    return v;
  }
  double const* list(std::vector<double> const& of_components) { return s_.keep(values(of_components)); }
  template <class F>
  double const* mapped(std::vector<double> const& a, std::vector<double> const& b, F f) {
    auto x = values(a);
    auto const y = values(b);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = f(x[k], y[k]);
    return s_.keep(std::move(x));
  }
  int const* one_site() { return s_.keep(std::vector<int>(s_.component.size(), 0)); }

  Sorption langmuir() {
    bind_adsorbed(0);
    auto const once = s_.component;
    std::vector<double> capacity = values(b_.capacity), affinity = values(b_.affinity);
    std::vector<int> site(once.size(), 0);
    if (b_.law == Law::bi_langmuir) {
      for (double x : values(b_.second_capacity)) capacity.push_back(x);
      for (double x : values(b_.second_affinity)) affinity.push_back(x);
      s_.component.insert(s_.component.end(), once.begin(), once.end());
      site.resize(s_.component.size(), 1);
    }
    auto const desorption = values(b_.desorption_rate);
    std::vector<double> adsorption, weight;
    for (std::size_t k = 0; k < capacity.size(); ++k) {
      adsorption.push_back(affinity[k] * desorption[k]);
      weight.push_back(capacity[k] > 0 ? 1 / capacity[k] : 0.0);
    }
    s_.law = LangmuirKinetics{states(),          s_.keep(adsorption), s_.keep(desorption),
                              s_.keep(capacity), s_.keep(weight),     s_.keep(site)};
    return std::move(s_);
  }

  Sorption modulated() {
    bool const modulator = b_.law == Law::mobile_phase_modulator;
    bind_adsorbed(modulator ? 1 : 0);
    auto product = [](double x, double y) { return x * y; };
    auto const* adsorption = mapped(b_.affinity, b_.desorption_rate, product);
    auto const* weight = mapped(b_.capacity, {}, [](double x, double) { return 1 / x; });
    auto const* capacity = list(b_.capacity);
    if (!modulator) {
      std::vector<double> pairing = values(b_.pairing);
      for (std::size_t k = 0; k < pairing.size(); ++k) pairing[k] *= adsorption[k];
      auto const* desorption = list(b_.desorption_rate);
      s_.law =
          SelfAssociationKinetics{states(), adsorption, s_.keep(pairing), desorption, capacity, weight, one_site()};
      return std::move(s_);
    }
    // k_d (c_0 / c_ref)^beta as k_d' c_0^beta
    double const reference = b_.reference_concentration;
    auto const* desorption =
        mapped(b_.desorption_rate, b_.elution, [&](double k, double beta) { return k * std::pow(reference, -beta); });
    s_.law = ModulatedKinetics{states(), adsorption,       desorption,       capacity,
                               weight,   list(b_.salting), list(b_.elution), one_site()};
    return std::move(s_);
  }

  Sorption steric() {
    for (std::size_t i = 1; i < column_.count(); ++i) s_.component.push_back(static_cast<int>(i));
    s_.salt_exchange = values(b_.charge);
    auto const* steric = mapped(b_.charge, b_.shielding, [](double nu, double sigma) { return nu + sigma; });
    auto const* capacity = s_.keep(std::vector<double>(s_.component.size(), b_.ionic_capacity));
    s_.law = StericMassAction{states(), list(b_.adsorption_rate),   list(b_.desorption_rate),   list(b_.charge), steric,
                              capacity, b_.reference_concentration, b_.reference_concentration, one_site()};
    return std::move(s_);
  }

  template <class Isotherm>
  Sorption towards(Isotherm isotherm) {
    s_.law = DrivingForce<Isotherm>{isotherm, list(b_.rate)};
    return std::move(s_);
  }
  template <class Curve>
  Sorption alone(Curve curve) {
    return towards(PureIsotherm<Curve>{states(), curve});
  }

  /// Capacities or affinities of the first kind of sites, then of the second.
  double const* both(std::vector<double> const& first, std::vector<double> const& second) {
    auto v = values(first);
    auto const more = values(second);
    v.insert(v.end(), more.begin(), more.end());
    return s_.keep(std::move(v));
  }

  Sorption driven() {
    bind_adsorbed(0);
    int const nb = s_.bound(), sites = b_.second_capacity.empty() ? 1 : 2;
    auto const* capacity = list(b_.capacity);
    auto const* affinity = list(b_.affinity);
    auto const* exponent = list(b_.exponent);
    switch (b_.law) {
      case Law::sips:
        return towards(SipsIsotherm{states(), capacity, affinity, exponent, kThreshold});
      case Law::freundlich:
        return alone(FreundlichCurve{capacity, exponent, kThreshold});
      case Law::toth:
        return alone(TothCurve{capacity, affinity, exponent, kThreshold});
      case Law::bet:
        return alone(BetCurve{capacity, affinity, list(b_.second_affinity)});
      case Law::dubinin_astakhov:
        return alone(DubininAstakhovCurve{capacity, list(b_.saturation), list(b_.steepness), exponent, kThreshold});
      case Law::temkin:
        return alone(TemkinCurve{capacity, affinity, list(b_.interaction)});
      default:
        break;
    }
    auto const* capacities = both(b_.capacity, b_.second_capacity);
    auto const* affinities = both(b_.affinity, b_.second_affinity);
    if (b_.law == Law::iast) {
      return towards(IdealAdsorbedSolution<LangmuirPure>{states(), {sites, nb, capacities, affinities}, 1e-12});
    }
    return towards(LangmuirIsotherm{states(), sites, capacities, affinities});
  }

  Column const& column_;
  Binding const& b_;
  Sorption s_;
};

}  // namespace

double const* Sorption::keep(std::vector<double> values) { return numbers_->emplace_back(std::move(values)).data(); }
int const* Sorption::keep(std::vector<int> values) { return indices_->emplace_back(std::move(values)).data(); }

Sorption make_sorption(Column const& column) { return Builder{column}.build(); }

}  // namespace kroma::chromatography
