#include "problems/chromatography/sorption.hpp"

#include <utility>

#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {

double const* Sorption::keep(std::vector<double> values) { return numbers_->emplace_back(std::move(values)).data(); }
int const* Sorption::keep(std::vector<int> values) { return indices_->emplace_back(std::move(values)).data(); }

Sorption make_sorption(Column const& column, bool with_temperature) {
  LawBuilder builder{column, with_temperature};
  return entry_of(column.binding.law).make(builder);
}

}  // namespace kroma::chromatography
