#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/sorption.hpp"
#include "unit/chromatography/dual.hpp"

namespace kroma::chromatography {
namespace {

int const kComponent[] = {1, 2, 1, 2};
int const kSite[] = {0, 0, 1, 1};
int const kOneSite[] = {0, 0, 0, 0};
double const kFast[] = {3.0, 2.0, 1.5, 0.7};
double const kSlow[] = {0.4, 0.6, 0.3, 0.9};
double const kFull[] = {5.0, 4.0, 3.0, 2.0};
double const kWeight[] = {1 / 5.0, -1 / 4.0, 1 / 3.0, 1 / 2.0};
double const kRoot[] = {0.5, 0.8, 1.0, 0.4};
double const kCharge[] = {4.7, 1.0, 2.3, 3.1};
double const kSteric[] = {6.1, 2.2, 3.3, 4.4};
double const kCapacity[] = {30.0, 30.0, 40.0, 40.0};
double const kMix[] = {0.1, 1.0, 0.3, 0.0, 0.2, 1.0, 0.1, 1.0, 0.2, 0.0, 0.5, 1.0};

States states(int bound) { return {3, bound, kComponent}; }

template <class Check>
void ion_exchange(Check check, int const* twice) {
  double const turn[] = {0, 0.3, 0, 0, 0.2, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0.1, 0}, same[] = {30.0, 30.0, 30.0, 30.0};
  check("multi-state SMA",
        MultiStateStericMassAction{{3, 4, twice}, kFast, kSlow, kCharge, kSteric, same, turn, 1.3, 20.0, kOneSite});
  int const with_salt[] = {0, 2, 2, 2};
  double const small[] = {0.0, 0.02, -0.03, 0.01};
  GeneralisedIonExchange ion{{3, 4, with_salt}, {}, {}};
  ion.adsorption = {kFast, small, small, kSlow, small};
  ion.desorption = {kSlow, small, small, small, small};
  ion.charge = kCharge;
  ion.charge_linear = ion.charge_quadratic = small;
  ion.shielding = kFast;
  ion.capacity = 40;
  ion.salt_reference = 1.3;
  ion.bound_reference = 20;
  check("generalised ion exchange", ion);
  double const radius[] = {0.05, 0.06};
  ColloidalKinetics colloids{
      {3, 2, kComponent + 1}, kFast, radius, {kFast, small, kSlow, small, kSlow}, {kSlow, kRoot, kFast, small, kRoot}};
  colloids.lattice = 2.0;
  colloids.debye_factor = 0.7;
  colloids.debye_power = -0.5;
  colloids.debye_constant = 0.1;
  check("colloidal", colloids);
  colloids.modulated = true;
  check("colloidal with a modulator", colloids);
}

template <class Check>
void hydrophobic(Check check) {
  double const ligands[] = {2.5, 1.0, 3.0, 1.7};
  HydrophobicStates const shared{states(4), kFast, kSlow, kWeight, ligands, 0.3, 0.02, kOneSite};
  check("water on hydrophobic surfaces", WaterOnSurface{shared, 2.0});
  check("constant water activity", ConstantWaterActivity{shared});
  double const small[] = {0.01, 0.02, -0.03, 0.01};
  check("unified", UnifiedHydrophobic{shared, true, 0.2, 0.1, 0.01, small, kRoot, small, kRoot});
  check("titrated by pH", TitrationKinetics{states(4), kFast, kSlow, kWeight, kRoot, kFast, kSlow, kSlow, kOneSite});
  check("titrated by ions",
        TitrationKinetics{states(4), kFast, kSlow, kWeight, kRoot, kFast, kSlow, kSlow, kOneSite, false});
}

/// Affinities that change with the last of the liquid's variables as with a temperature.
template <class Check>
void warm(Check check) {
  double const energy[] = {0.3, -0.2, 0.4, 0.1};
  VantHoff const heat{energy, 0, 2.5};
  check("dual-site Langmuir with heat", DrivingForce<LangmuirIsotherm>{{states(2), 2, kFull, kFast, heat}, kFast});
  int const second[] = {1, 1};
  SipsIsotherm const sips{{2, 2, second}, kFull, kFast, kRoot, 1e-3};
  VantHoff const last{energy, 2, 2.5};
  check("Sips with heat", WarmDrivingForce<SipsIsotherm>{{{3, 2, second}, sips, last}, kFast});
}

/// Calls `check(name, law)` with one law of every kind, three components and two or four bound states.
template <class Check>
void for_each_law(Check check) {
  check("linear", LinearKinetics{states(2), kFast, kSlow});
  check("bi-Langmuir with a component that promotes", LangmuirKinetics{states(4), kFast, kSlow, kFull, kWeight, kSite});
  double const beta[] = {1.5, 0.0, 2.0, 1.0};
  check("modulated", ModulatedKinetics{states(4), kFast, kSlow, kFull, kWeight, kSlow, beta, kOneSite});
  check("Sips kinetics", SipsKinetics{states(4), kFast, kSlow, kWeight, kRoot, 0.7, 1e-3, kSite});
  check("Saska", SaskaKinetics{states(4), kFast, kSlow, kMix});
  check("self-association", SelfAssociationKinetics{states(4), kFast, kRoot, kSlow, kFull, kWeight, kSite});
  int const twice[] = {1, 1, 2, 2};
  check("spreading", SpreadingKinetics{{3, 4, twice}, kFast, kSlow, kFull, kWeight, kRoot, kOneSite});
  check("bi-SMA", StericMassAction{states(4), kFast, kSlow, kCharge, kSteric, kCapacity, 1.3, 20.0, kSite});
  check("SMA with association",
        StericMassAction{states(4), kFast, kSlow, kCharge, kSteric, kCapacity, 1.3, 20.0, kSite, kRoot});
  ion_exchange(check, twice);
  hydrophobic(check);

  auto driven = [&](char const* name, auto isotherm) {
    check(name, DrivingForce<decltype(isotherm)>{isotherm, kFast});
  };
  auto alone = [&](char const* name, auto curve) { driven(name, PureIsotherm<decltype(curve)>{states(4), curve}); };
  driven("dual-site Langmuir", LangmuirIsotherm{states(2), 2, kFull, kFast});
  driven("Sips", SipsIsotherm{states(2), kFull, kFast, kRoot, 1e-3});
  driven("competitive Freundlich", CompetitiveFreundlich{states(4), kFast, kRoot, kMix, 1e-2});
  alone("Freundlich", FreundlichCurve{kFast, kRoot, 1e-3});
  alone("Toth", TothCurve{kFull, kFast, kRoot, 1e-3});
  alone("quadratic", QuadraticCurve{kFull, kFast, kRoot});
  alone("BET", BetCurve{kFull, kFast, kSlow});
  double const far[] = {9.0, 8.0, 7.0, 6.0}, steep[] = {0.3, 0.4, 0.5, 0.6}, square[] = {2.0, 1.0, 3.0, 1.5};
  alone("Dubinin-Astakhov", DubininAstakhovCurve{kFull, far, steep, square, 1e-2});
  alone("Temkin", TemkinCurve{kFull, kFast, kRoot});
  check("liquid driving force, Langmuir", LangmuirLiquidDrivingForce{states(4), kFast, kFull, kFast});
  check("liquid driving force, virial", LiquidDrivingForce<VirialCurve>{states(4), {kFast, kSlow, kRoot}, kFast});
}

/// dr of one law along the direction of argument `k` of (c, q), by automatic differentiation.
template <class Law>
std::vector<Dual> differentiated(Law const& law, std::vector<double> const& c, std::vector<double> const& q,
                                 std::size_t k) {
  std::vector<Dual> dc(c.begin(), c.end()), dq(q.begin(), q.end()), r(q.size());
  (k < c.size() ? dc[k] : dq[k - c.size()]).slope = 1;
  law(dc.data(), dq.data(), r.data());
  return r;
}

template <class Law>
void expect_jacobian(std::string const& name, Law const& law, int bound, std::vector<double> const& c,
                     std::vector<double> q) {
  q.resize(static_cast<std::size_t>(bound));
  auto const nc = c.size(), nb = q.size();
  std::vector<double> by_c(nb * nc, 0.0), by_q(nb * nb, 0.0);
  law.jacobian(c.data(), q.data(), by_c.data(), by_q.data());
  for (std::size_t k = 0; k < nc + nb; ++k) {
    auto const expected = differentiated(law, c, q, k);
    for (std::size_t b = 0; b < nb; ++b) {
      double const got = k < nc ? by_c[b * nc + k] : by_q[b * nb + k - nc];
      EXPECT_TRUE(std::isfinite(expected[b].value)) << name << ", rate " << b;
      EXPECT_NEAR(got, expected[b].slope, 1e-12 * (1 + std::abs(expected[b].slope)))
          << name << ", rate " << b << " by argument " << k;
    }
  }
}

template <class Law>
int bound_of(Law const& law) {
  if constexpr (requires { law.isotherm; }) {
    return law.isotherm.bound;
  } else {
    return law.bound;
  }
}

// Verifies: analytic Jacobians are those of the rates, by automatic differentiation, also where arguments are at zero,
// below zero, below the thresholds of the powers, and above saturation.
TEST(SorptionLaws, JacobiansAreThoseOfTheRates) {
  std::vector<std::vector<double>> const liquids = {
      {2.0, 0.7, 1.1}, {0.0, 0.0, 0.0}, {-1e-3, -1e-6, 0.4}, {1e-5, 1e-5, 2e-4}, {50.0, 8.0, 9.0}};
  std::vector<std::vector<double>> const solids = {
      {0.9, 0.3, 0.5, 0.2}, {0.0, 0.0, 0.0, 0.0}, {-1e-4, 0.1, -1e-7, 0.0}, {6.0, 5.0, 4.0, 3.0}};
  for_each_law([&](char const* name, auto const& law) {
    for (auto const& c : liquids) {
      for (auto const& q : solids) expect_jacobian(name, law, bound_of(law), c, q);
    }
  });
  warm([&](char const* name, auto const& law) {
    for (auto const& q : solids) expect_jacobian(name, law, bound_of(law), {2.0, 0.7, 1.1}, q);
  });
}

// Verifies: lanes give what single numbers give.
TEST(SorptionLaws, LanesAgreeWithNumbers) {
  for_each_law([&](char const* name, auto const& law) {
    int const bound = bound_of(law);
    std::vector<Lanes<4>> c(3), q(4), r(4);
    for (int l = 0; l < 4; ++l) {
      for (std::size_t i = 0; i < 3; ++i) c[i][l] = 0.3 * l - 0.1 + 0.2 * static_cast<double>(i);
      for (std::size_t b = 0; b < 4; ++b) q[b][l] = 0.1 * l + 0.05 * static_cast<double>(b);
    }
    law(c.data(), q.data(), r.data());
    for (int l = 0; l < 4; ++l) {
      double const cs[] = {c[0][l], c[1][l], c[2][l]}, qs[] = {q[0][l], q[1][l], q[2][l], q[3][l]};
      double rs[4];
      law(cs, qs, rs);
      for (int b = 0; b < bound; ++b) {
        EXPECT_NEAR(r[static_cast<std::size_t>(b)][l], rs[b], 1e-13 * (1 + std::abs(rs[b]))) << name;
      }
    }
  });
}

// Verifies: exponentials and logarithms of lanes to rounding over the range of normal numbers, and what is not a
// number.
TEST(Lanes, ExponentialAndLogarithm) {
  for (int k = -7000; k <= 7000; ++k) {
    double const x = 0.1 * k;
    EXPECT_NEAR(exponential(Lanes<2>(x))[1] / std::exp(x), 1.0, 5e-16) << x;
    double const y = std::exp(x) * (1 + 0.3 * std::sin(k));
    EXPECT_NEAR(logarithm(Lanes<2>(y))[0], std::log(y), 4e-16 * std::max(1.0, std::abs(x))) << y;
  }
  EXPECT_TRUE(std::isnan(exponential(Lanes<2>(NAN))[0]));
  EXPECT_TRUE(std::isnan(logarithm(Lanes<2>(NAN))[0]));
}

IdealAdsorbedSolution<LangmuirPure> mixture() { return {states(2), {2, 2, kFull, kFast}, 1e-12}; }

// Verifies: a single component's mixture is its pure isotherm, and equal capacities on one site give the extended
// Langmuir isotherm, which is where the theory is known in closed form.
TEST(IdealAdsorbedSolution, ReducesToKnownIsotherms) {
  double const full[] = {4.0, 4.0}, affinity[] = {3.0, 0.2};
  IdealAdsorbedSolution<LangmuirPure> const equal{states(2), {1, 2, full, affinity}, 1e-12};
  double const c[] = {0.0, 0.7, 5.0};
  double q[2];
  equal(c, q);
  double const sum = 1 + 3.0 * 0.7 + 0.2 * 5.0;
  EXPECT_NEAR(q[0], 4.0 * 3.0 * 0.7 / sum, 1e-13);
  EXPECT_NEAR(q[1], 4.0 * 0.2 * 5.0 / sum, 1e-13);

  double const lone[] = {0.0, 0.7, 0.0};
  mixture()(lone, q);
  EXPECT_NEAR(q[0], LangmuirPure({2, 2, kFull, kFast})(0, 0.7).loading, 1e-10);
  EXPECT_NEAR(q[1], 0.0, 1e-10);
}

template <class Solution>
void expect_slopes(Solution const& iast, std::vector<double> c) {
  double by_c[6] = {};
  iast.jacobian(c.data(), by_c);
  for (std::size_t j = 1; j < 3; ++j) {
    double const step = 1e-4 * std::max(c[j], 1e-3);  // fourth-order differences: error about 1e-12 relative
    double q[4][2];
    double const at[] = {-2, -1, 1, 2};
    for (int k = 0; k < 4; ++k) {
      auto moved = c;
      moved[j] += at[k] * step;
      iast(moved.data(), q[k]);
    }
    for (std::size_t b = 0; b < 2; ++b) {
      double const slope = (q[0][b] - 8 * q[1][b] + 8 * q[2][b] - q[3][b]) / (12 * step);
      EXPECT_NEAR(by_c[b * 3 + j], slope, 1e-8 * (1 + std::abs(slope)));
    }
  }
}

// Verifies: the implicit derivatives of every pure isotherm's mixture, by differences.
TEST(IdealAdsorbedSolution, ImplicitDerivatives) {
  for (auto const& c : std::vector<std::vector<double>>{{0, 0.7, 1.1}, {0, 0.01, 3.0}, {0, 40.0, 0.2}}) {
    expect_slopes(mixture(), c);
    expect_slopes(IdealAdsorbedSolution<SipsPure>{states(2), {kFull, kFast, kRoot}, 1e-12}, c);
    expect_slopes(IdealAdsorbedSolution<TothPure>{states(2), {kFull, kFast, kRoot}, 1e-12}, c);
    expect_slopes(IdealAdsorbedSolution<FreundlichPure>{states(2), {kFast, kRoot}, 1e-12}, c);
    expect_slopes(IdealAdsorbedSolution<QuadraticPure>{states(2), {kFull, kFast, kSlow}, 1e-12}, c);
  }
}

// Verifies: loadings stay finite and go through zero where concentrations do.
TEST(IdealAdsorbedSolution, FiniteBelowZero) {
  double const c[] = {0.0, -1e-6, 0.5};
  double q[2], by_c[6] = {};
  mixture()(c, q);
  mixture().jacobian(c, by_c);
  for (double x : by_c) EXPECT_TRUE(std::isfinite(x));
  EXPECT_LT(q[0], 0.0);
  EXPECT_GT(q[1], 0.0);
}

}  // namespace
}  // namespace kroma::chromatography
