#pragma once

#include <deque>
#include <memory>
#include <variant>
#include <vector>

#include "problems/chromatography/colloidal.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/hydrophobic.hpp"
#include "problems/chromatography/iast.hpp"
#include "problems/chromatography/ion_exchange.hpp"
#include "problems/chromatography/isotherms.hpp"

namespace kroma::chromatography {

template <class Pure>
using IdealMixture = DrivingForce<IdealAdsorbedSolution<Pure>>;
template <class Curve>
using PureDrivingForce = DrivingForce<PureIsotherm<Curve>>;
template <class Isotherm>
using WarmDrivingForce = DrivingForce<WarmIsotherm<Isotherm>>;

/// All kinds of laws that kernels know.
using AnyLaw =
    std::variant<LinearKinetics, LangmuirKinetics, ModulatedKinetics, SipsKinetics, SaskaKinetics,
                 SelfAssociationKinetics, SpreadingKinetics, TitrationKinetics, StericMassAction,
                 MultiStateStericMassAction, GeneralisedIonExchange, ColloidalKinetics, WaterOnSurface,
                 ConstantWaterActivity, UnifiedHydrophobic, DrivingForce<LangmuirIsotherm>, DrivingForce<SipsIsotherm>,
                 DrivingForce<CompetitiveFreundlich>, PureDrivingForce<FreundlichCurve>, PureDrivingForce<TothCurve>,
                 PureDrivingForce<QuadraticCurve>, PureDrivingForce<BetCurve>, PureDrivingForce<DubininAstakhovCurve>,
                 PureDrivingForce<TemkinCurve>, LangmuirLiquidDrivingForce, LiquidDrivingForce<VirialCurve>,
                 IdealMixture<LangmuirPure>, IdealMixture<SipsPure>, IdealMixture<TothPure>,
                 IdealMixture<FreundlichPure>, IdealMixture<QuadraticPure>, WarmDrivingForce<SipsIsotherm>,
                 WarmDrivingForce<PureIsotherm<TothCurve>>, WarmDrivingForce<IdealAdsorbedSolution<LangmuirPure>>>;

/// A law with its parameters, which live as long as any copy of this does.
struct Sorption {
  AnyLaw law;
  bool kinetic = true;                // dq/dt = r; otherwise r = 0 at all times
  bool linear = false;                // rates are linear in c and q: one Newton step is exact
  std::vector<int> component;         // of each bound state
  std::vector<double> salt_exchange;  // per bound state: moles of component 0 that one mole sets free; empty: none
  int neutral = -1;                   // a bound state for which r = 0 at all times, whatever `kinetic` says; -1: none

  /// Whether dq/dt of a bound state is r; otherwise r = 0.
  bool holds(int state) const { return kinetic && state != neutral; }
  bool all_hold() const { return kinetic && neutral < 0; }

  int bound() const { return static_cast<int>(component.size()); }

  /// Keeps a list of parameters and hands out where it lies.
  double const* keep(std::vector<double> values);
  int const* keep(std::vector<int> values);

 private:
  std::shared_ptr<std::deque<std::vector<double>>> numbers_ = std::make_shared<std::deque<std::vector<double>>>();
  std::shared_ptr<std::deque<std::vector<int>>> indices_ = std::make_shared<std::deque<std::vector<int>>>();
};

/// The law of a column's binding. With a temperature, the law takes it in K behind the concentrations, as one more
/// variable of the liquid: affinities change by their heats of adsorption. Throws Error(bad_input) if a law does not
/// do that, or cannot be made. Not collective.
Sorption make_sorption(Column const& column, bool with_temperature = false);

/// Calls `work` with the law itself. Unlike std::visit it is inlined into the caller, whatever the number of laws.
template <class Work, std::size_t K = 0>
KOKKOS_FORCEINLINE_FUNCTION void with_law(AnyLaw const& law, Work&& work) {
  if constexpr (K < std::variant_size_v<AnyLaw>) {
    if (law.index() == K) {
      work(*std::get_if<K>(&law));
    } else {
      with_law<Work, K + 1>(law, std::forward<Work>(work));
    }
  }
}

}  // namespace kroma::chromatography
