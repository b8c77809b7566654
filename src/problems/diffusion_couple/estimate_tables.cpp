#include "problems/diffusion_couple/estimate_tables.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {

void InterdiffusionTable::add(int of_couple, std::string const& by, double c, double value, double error) {
  double const factor = std::exp(kBand * error / value);
  add(of_couple, by, c, value, error, value / factor, value * factor);
}

void InterdiffusionTable::add(int of_couple, std::string const& by, double c, double value, double error,
                              double low_end, double high_end) {
  if (!std::isfinite(value)) return;  // the method says nothing here
  couple.push_back(of_couple);
  method.push_back(by);
  composition.push_back(c);
  d.push_back(value);
  standard_error.push_back(error);
  low.push_back(low_end);
  high.push_back(high_end);
  determined.push_back(high_end < 2 * value && low_end > 0.5 * value);
}

void InterdiffusionTable::write(Run& run) const {
  run.results.table("/tables/interdiffusion",
                    {{"method", "1", method},
                     {"composition", "1", composition},
                     {"D", "m^2/s", d},
                     {"standard_error", "m^2/s", standard_error},
                     {"low", "m^2/s", low},
                     {"high", "m^2/s", high},
                     {"determined", "1", determined},
                     {"couple", "1", couple}},
                    "interdiffusion coefficient with 95 % band; not determined where the band exceeds a factor 2");
}

void QuantityTable::add(int of_couple, std::string const& quantity, std::string const& unit, double v, double error,
                        double c) {
  couple.push_back(of_couple);
  name.push_back(quantity);
  units.push_back(unit);
  value.push_back(v);
  standard_error.push_back(error);
  composition.push_back(c);
}

void QuantityTable::write(Run& run, std::string const& path, std::string const& first_column,
                          std::string const& long_name) const {
  if (name.empty()) return;
  run.results.table(path,
                    {{first_column, "1", name},
                     {"value", "1", value},
                     {"standard_error", "1", standard_error},
                     {"unit", "1", units},
                     {"composition", "1", composition},
                     {"couple", "1", couple}},
                    long_name);
}

void write_profile(Run& run, int couple, MeasuredProfile const& profile, std::vector<double> const& fitted) {
  auto const folder = fmt::format("/profiles/{}", couple);
  auto const scale = folder + "/position";
  run.results.coordinate(scale, profile.x, "m", "position");
  auto const count = static_cast<std::int64_t>(profile.x.size());
  run.results.replicated(folder + "/measured", profile.composition(), {{scale, count}}, "1", "measured mole fraction");
  if (fitted.empty()) return;
  auto residual = profile.composition();
  for (std::size_t i = 0; i < residual.size(); ++i) residual[i] -= fitted[i];
  run.results.replicated(folder + "/fitted", fitted, {{scale, count}}, "1", "fitted mole fraction");
  run.results.replicated(folder + "/residual", residual, {{scale, count}}, "1", "measured - fitted mole fraction");
}

std::string name_of(Method method) {
  switch (method) {
    case Method::boltzmann_matano:
      return "boltzmann_matano";
    case Method::sauer_freise:
      return "sauer_freise";
    case Method::den_broeder:
      return "den_broeder";
    case Method::wagner:
      return "wagner";
    case Method::hall:
      return "hall";
  }
  throw internal_error("unknown method of interdiffusion");
}

}  // namespace kroma::diffusion_couple
