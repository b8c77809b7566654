#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deck/function.hpp"
#include "deck/schema.hpp"

namespace kroma::gp_pde {

enum class ConditionName { dirichlet, neumann, robin, clamped, supported, none };

/// What is given on one face, or on all.
struct FaceOptions {
  ConditionName condition = ConditionName::dirichlet;
  std::optional<deck::Function> value, slope, curvature;
  double factor = 0;  // of u in a Robin condition

  bool is_none() const {
    return condition == ConditionName::none || (value && value->is_word() && value->text() == "none");
  }
};

struct BoundaryOptions {
  std::optional<FaceOptions> all;
  std::optional<FaceOptions> x_low, x_high, y_low, y_high, z_low, z_high, t_low, t_high;
  std::vector<std::string> periodic;
  bool overdetermined = false;

  /// What one face alone is given; `axis` is its name, `side` 0 low or 1 high.
  std::optional<FaceOptions> const& face(std::string const& axis, int side) const {
    std::array const low_high{&x_low, &x_high, &y_low, &y_high, &z_low, &z_high, &t_low, &t_high};
    return *low_high[2 * std::string_view{"xyzt"}.find(axis) + static_cast<std::size_t>(side)];
  }
};

deck::Schema<BoundaryOptions> boundary_schema();

}  // namespace kroma::gp_pde
