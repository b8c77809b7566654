#pragma once

#include <memory>

#include "problems/diffusion_couple/options.hpp"
#include "problems/problem.hpp"

namespace kroma::diffusion_couple {

/// Everything a mode is made from.
struct Deck {
  Options options;
  Solver solver;
  Output output;
};

/// One function per mode; each may throw Error(bad_input).
std::unique_ptr<Problem> make_forward(Deck deck);
std::unique_ptr<Problem> make_effective(Deck deck);
std::unique_ptr<Problem> make_estimate(Deck deck);
std::unique_ptr<Problem> make_invert(Deck deck);

}  // namespace kroma::diffusion_couple
