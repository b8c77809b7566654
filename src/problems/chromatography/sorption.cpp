#include "problems/chromatography/sorption.hpp"

#include <utility>

namespace kroma::chromatography {

double const* Sorption::keep(std::vector<double> values) { return numbers_->emplace_back(std::move(values)).data(); }
int const* Sorption::keep(std::vector<int> values) { return indices_->emplace_back(std::move(values)).data(); }

}  // namespace kroma::chromatography
