#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"

namespace kroma::chromatography {

enum class Nuisance { baseline, slope, amplitude };

/// One measured chromatogram.
struct DataOptions {
  deck::FilePath file;
  std::vector<std::string> columns;
  std::string time_unit = "s";
  std::vector<double> response;
  std::optional<double> baseline, noise;
  std::optional<deck::Interval> window;
  std::map<std::string, double> set;
};

/// The block `fit` of a deck.
struct FitOptions {
  std::vector<DataOptions> data;
  std::vector<std::string> parameters;
  std::vector<Nuisance> nuisance{Nuisance::baseline};
  bool start_from_moments = true;
  int max_iterations = 50;
  int starts = 1;
  double spread = 3;  // of the start values, a factor
  std::int64_t seed = 1;
};

deck::Schema<FitOptions> fit_schema();

}  // namespace kroma::chromatography
