#pragma once

#include <string>
#include <vector>

#include "deck/syntax.hpp"

namespace kroma::deck {

/// The partial derivative of `term`, orders[i] times by argument i, found symbolically.
///
/// min, max, abs and ?: are differentiated piece by piece; of min, max and abs only once, because the second
/// derivative has a peak at the kink that no expression shows. Throws Error (bad_input) with a message that starts
/// "cannot be differentiated: " for jumps (heaviside, comparisons), for a kink, for constants beyond the range of
/// double, for more than 12 derivatives in all, and when the result has more than 20 000 parts.
syntax::TermPtr differentiate(syntax::TermPtr const& term, std::vector<int> const& orders,
                              std::vector<std::string> const& arguments);

}  // namespace kroma::deck
