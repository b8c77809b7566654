#pragma once

#include <optional>

#include "deck/schema.hpp"
#include "problems/gp_pde/posterior.hpp"

namespace kroma::gp_pde {

struct UncertaintyOptions {
  std::optional<double> noise;
  VarianceMethod method = VarianceMethod::automatic;
  int samples = 64, keep = 0;
  std::int64_t seed = 1;
};
deck::Schema<UncertaintyOptions> uncertainty_schema();

}  // namespace kroma::gp_pde
