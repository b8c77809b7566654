#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"

namespace kroma::diffusion_couple {

enum class CompositionUnit { by_name, mole_fraction, atomic_percent, mass_fraction, mass_percent };
enum class Smoothing { probit, none };
enum class Ends { infinite, finite };

/// A measured profile, and what is known of its couple.
struct ProfileOptions {
  deck::FilePath file;
  std::string position, deviation;       // names of columns
  std::vector<std::string> composition;  // a column for each component but the first
  CompositionUnit unit = CompositionUnit::by_name;
  double time = 0;                              // s; 0: that of the anneal
  std::vector<double> left, right;              // end members; none: fitted
  std::optional<double> contact, kirkendall;    // m, in the profile's positions
  double kirkendall_deviation = 0.5e-6;         // m
  std::optional<double> left_face, right_face;  // m, where a finite couple ends
};

/// How noise is taken out before the classical methods.
struct SmoothingOptions {
  Smoothing method = Smoothing::probit;
  int knots = 30;
  double penalty = 0;  // 0: by generalised cross-validation
};

/// What is fitted in mode invert, and how.
struct FitOptions {
  Ends ends = Ends::infinite;
  int knots = 7;
  double penalty = 0;  // 0: from the data
  bool offset = true;
  int bootstrap = 0;
  int seed = 1;
  int cells = 300, steps = 60;  // of a finite couple
};

deck::Schema<ProfileOptions> profile_schema();
deck::Schema<SmoothingOptions> smoothing_schema();
deck::Schema<FitOptions> fit_schema();

}  // namespace kroma::diffusion_couple
