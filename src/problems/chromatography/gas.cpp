#include "problems/chromatography/gas.hpp"

#include <cctype>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::chromatography {
namespace {

struct CarrierData {
  double viscosity, exponent, slope;  // Pa s, 1, 1
  double molar_mass, diffusion_volume;
};

CarrierData data_of(Carrier carrier) {
  switch (carrier) {
    case Carrier::helium:
      return {18.63e-6, 0.6958, -0.0071, 4.002602, 2.67};
    case Carrier::hydrogen:
      return {8.382e-6, 0.6892, 0.005, 2.01588, 6.12};
    case Carrier::nitrogen:
      return {16.62e-6, 0.7665, -0.0378, 28.0134, 18.5};
    default:
      return {21.04e-6, 0.8131, -0.0426, 39.948, 16.2};
  }
}

}  // namespace

double viscosity(Carrier carrier, double temperature) {
  auto const d = data_of(carrier);
  return d.viscosity * std::pow(temperature / 273.15, d.exponent + d.slope * (temperature - 273.15) / 273.15);
}

Molecule molecule(std::string const& formula, int rings) {
  std::map<char, std::pair<double, double>> const atoms{
      {'C', {12.011, 15.9}}, {'H', {1.008, 2.31}}, {'O', {15.999, 6.11}}, {'N', {14.007, 4.54}}};
  Molecule m;
  for (std::size_t k = 0; k < formula.size();) {
    auto const atom = atoms.find(formula[k++]);
    if (atom == atoms.end()) throw bad_input(fmt::format("'{}' is no formula of C, H, O and N, such as C7H8", formula));
    int count = 0;
    while (k < formula.size() && std::isdigit(static_cast<unsigned char>(formula[k])) != 0 && count < 10000)
      count = 10 * count + (formula[k++] - '0');
    if (count == 0) count = 1;
    m.molar_mass += count * atom->second.first;
    m.diffusion_volume += count * atom->second.second;
  }
  m.diffusion_volume -= 18.3 * rings;
  if (!(m.diffusion_volume > 0)) throw bad_input(fmt::format("'{}' with {} rings has no volume", formula, rings));
  return m;
}

double diffusivity_times_pressure(Carrier carrier, Molecule const& molecule, double temperature) {
  auto const d = data_of(carrier);
  double const size = std::cbrt(d.diffusion_volume) + std::cbrt(molecule.diffusion_volume);
  return 101300 * 1e-7 * std::pow(temperature, 1.75) * std::sqrt(1 / molecule.molar_mass + 1 / d.molar_mass) /
         (size * size);
}

double plate_height(double radius, double film, double retention, double velocity, double diffusivity) {
  double const m = 1 / (1 + retention), d = 2 * radius;
  return 2 * diffusivity / velocity + d * d / 96 * (6 * m * m - 16 * m + 11) * velocity / diffusivity +
         2.0 / 3 * film * film * m * (1 - m) * velocity / (diffusivity / 1e4);
}

}  // namespace kroma::chromatography
