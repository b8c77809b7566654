#pragma once

#include "deck/schema.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

/// Rules between the keys of a deck: what each model needs and what it must not have, one value per component, inlet
/// times that rise, pressures that fall. After this make_column() succeeds.
void check_column(Options const& options, deck::Where const& where);

/// The same for parts of a deck: names, what an inlet gives, a state at the start. `where` has the keys components,
/// inlet, initial.
void check_components(Options const& options, deck::Where const& where);
void check_feed(std::vector<SectionOptions> const& inlet, std::size_t components, deck::Where const& where);
void check_initial(InitialOptions const& initial, std::size_t components, deck::Where const& where);

/// A list with a value for each of n components: nothing stands for zeros, one value for all.
std::vector<double> per_component(std::vector<double> const& values, std::size_t n);
std::vector<Section> make_sections(std::vector<SectionOptions> const& inlet, std::size_t components);

/// The column that checked options describe.
Column make_column(Options const& options);

}  // namespace kroma::chromatography
