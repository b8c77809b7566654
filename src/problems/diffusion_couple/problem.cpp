#include "problems/diffusion_couple/problem.hpp"

#include <utility>

#include "core/error.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/problem_type.hpp"

namespace kroma {
namespace {

using namespace diffusion_couple;

std::unique_ptr<Problem> make_mode(diffusion_couple::Deck deck) {
  switch (deck.options.mode) {
    case Mode::forward:
      return make_forward(std::move(deck));
    case Mode::effective:
      return make_effective(std::move(deck));
    case Mode::estimate:
      return make_estimate(std::move(deck));
    case Mode::invert:
      return make_invert(std::move(deck));
  }
  throw internal_error("unknown mode of diffusion_couple");
}

}  // namespace

DiffusionCouple::DiffusionCouple(Options options, Solver solver, Output output)
    : mode_{make_mode({std::move(options), std::move(solver), std::move(output)})} {}

ProblemType const& diffusion_couple_type() {
  static auto const type = problem_type<DiffusionCouple>(
      "diffusion_couple", "Diffusion couples in one to three dimensions: forward, estimated and inverted",
      diffusion_couple::schema(), diffusion_couple::solver_schema(), diffusion_couple::output_schema());
  return type;
}

}  // namespace kroma
