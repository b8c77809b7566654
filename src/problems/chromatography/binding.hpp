#pragma once

#include "deck/schema.hpp"
#include "problems/chromatography/column.hpp"

namespace kroma::chromatography {

deck::Schema<Binding> binding_schema();

/// Reports, at their place in the deck, parameters that a law lacks or does not take, and lists that do not have one
/// value per component. The schema has one key `binding` with this under it.
void check_binding(Binding const& binding, std::size_t components, deck::Where const& where);

/// With a value for each component where the deck gave a single one.
Binding complete(Binding binding, std::size_t components);

}  // namespace kroma::chromatography
