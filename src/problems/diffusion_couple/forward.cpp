#include "core/error.hpp"
#include "problems/diffusion_couple/modes.hpp"

namespace kroma::diffusion_couple {

std::unique_ptr<Problem> make_forward(Deck) {
  throw bad_input("diffusion_couple.mode: forward is not built yet", "It comes next.");
}

}  // namespace kroma::diffusion_couple
