#include "core/error.hpp"
#include "problems/diffusion_couple/modes.hpp"

namespace kroma::diffusion_couple {

std::unique_ptr<Problem> make_invert(Deck) {
  throw bad_input("diffusion_couple.mode: invert is not built yet", "Use mode forward.");
}

}  // namespace kroma::diffusion_couple
