#pragma once

#include <map>
#include <string>
#include <vector>

#include "deck/schema.hpp"

namespace kroma::gp_pde {

enum class Spectrum { band, gaussian, student_t, matern52, squared_exponential };
enum class Learn { by_spectrum, support, none, evidence, whittle, joint };

struct ComponentOptions {
  double weight = 1, frequency = 0, scale = 1;
};

/// How `learn: joint` repeats the published training (Fang et al. 2024); the defaults are theirs.
struct JointOptions {
  int steps = 100000;
  int components = 30;
  double highest_frequency = 20;
  double learning_rate = 0.01;
  double jitter = 1e-6;
  double boundary_weight = 200;
  double largest_log_precision = 16;
};

struct CovarianceOptions {
  Spectrum spectrum = Spectrum::band;
  Learn learn = Learn::by_spectrum;
  double support_tolerance = 1e-8;
  std::map<std::string, std::vector<deck::Interval>> bands;
  std::map<std::string, std::vector<ComponentOptions>> components;
  int most_components = 8;
  int learn_iterations = 200;
  JointOptions joint;

  /// What `by_spectrum` stands for: a band without bands is found from the data, a mixture without components is
  /// learned by its evidence, all else is taken as given.
  Learn learning() const {
    if (learn != Learn::by_spectrum) return learn;
    if (spectrum == Spectrum::band) return bands.empty() ? Learn::support : Learn::none;
    return components.empty() ? Learn::evidence : Learn::none;
  }
  /// Whether hyper-parameters of a mixture are to be learned.
  bool learns_mixture() const {
    return learning() == Learn::evidence || learning() == Learn::whittle || learning() == Learn::joint;
  }
  /// One envelope without a cosine: matern52, squared_exponential.
  bool is_single() const { return spectrum == Spectrum::matern52 || spectrum == Spectrum::squared_exponential; }
};

/// `axes`: names that a domain may have.
deck::Schema<CovarianceOptions> covariance_schema(std::vector<std::string> const& axes);

}  // namespace kroma::gp_pde
