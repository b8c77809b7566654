#pragma once

#include <string>
#include <vector>

#include "problems/diffusion_couple/measured_profile.hpp"
#include "problems/diffusion_couple/smooth_profile.hpp"
#include "problems/problem.hpp"

namespace kroma::diffusion_couple {

/// Factor of a standard error on either side of a 95 % band.
inline constexpr double kBand = 1.959964;

/// Rows of /tables/interdiffusion: D in m^2/s with its 95 % band, taken as normal in ln D. `determined` is 0 where the
/// band spans more than a factor 2 to either side.
struct InterdiffusionTable {
  std::vector<std::int64_t> couple, determined;
  std::vector<std::string> method;
  std::vector<double> composition, d, standard_error, low, high;

  void add(int of_couple, std::string const& by, double c, double value, double error);
  void add(int of_couple, std::string const& by, double c, double value, double error, double low_end, double high_end);
  void write(Run& run) const;
};

/// Rows of a table of named quantities with standard errors.
struct QuantityTable {
  std::vector<std::int64_t> couple;
  std::vector<std::string> name, units;
  std::vector<double> value, standard_error, composition;

  void add(int of_couple, std::string const& quantity, std::string const& unit, double v, double error, double c);
  void write(Run& run, std::string const& path, std::string const& first_column, std::string const& long_name) const;
};

/// /profiles/K: position, measured, fitted and residual of the second component.
void write_profile(Run& run, int couple, MeasuredProfile const& profile, std::vector<double> const& fitted);

/// "wagner", as decks write it.
std::string name_of(Method method);

}  // namespace kroma::diffusion_couple
