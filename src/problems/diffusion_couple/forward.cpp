#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/box_couple.hpp"
#include "problems/diffusion_couple/grains.hpp"
#include "problems/diffusion_couple/layer_couple.hpp"
#include "problems/diffusion_couple/line_couple.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/diffusion_couple/similarity_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kBeyondEnds = 1e-6;  // mole fraction beyond the ends below which a couple counts as infinite

[[noreturn]] void refuse(std::string const& what, std::string const& advice) {
  throw bad_input("diffusion_couple: " + what, advice);
}

/// What couples of two and three dimensions cannot do yet.
void check_box(Deck const& deck) {
  auto const& o = deck.options;
  std::string const along = "Leave out couple.y and couple.z: the couple then varies along x alone.";
  if (!o.phases.empty()) refuse("several phases need a couple of one dimension", along);
  if (!o.molar_volume.empty() || o.volume) {
    refuse("couples of two and three dimensions are taken to have equal molar volumes",
           "Leave out molar_volume, excess_volume and volume, or couple.y and couple.z.");
  }
  check_grains(o);
  if (o.left_end.kind == EndKind::robin || o.right_end.kind == EndKind::robin)
    refuse("robin ends need a couple of one dimension", "Give fixed ends, or a flux.");
  if (deck.solver.steps > 0)
    refuse("solver.steps belongs to couples of several phases", "Leave it out: solver.tolerance chooses the steps.");
}

/// What couples of one dimension do not have.
void check_line(Deck const& deck) {
  if (deck.solver.matrix == Matrix::free)
    refuse("solver.matrix: a couple of one dimension is solved directly", "Leave matrix out, or give couple.y.");
}

void check_forward(Deck const& deck) {
  auto const& o = deck.options;
  o.couple.y > 0 ? check_box(deck) : check_line(deck);
  if (deck.solver.technique == Technique::similarity && !has_similarity(o)) {
    refuse(
        "solver.technique: similarity needs a binary couple of two different bodies at one temperature, with sealed "
        "ends and no initial or source",
        "Give technique: finite_volume.");
  }
  auto const simple = [](EndOptions const& end) { return end.kind == EndKind::sealed || end.kind == EndKind::fixed; };
  if (!o.phases.empty() && !(simple(o.left_end) && simple(o.right_end)))
    refuse("the ends of a couple of several phases are sealed or fixed", "Change left_end or right_end.");
  if (!o.phases.empty() && (o.initial || o.source)) refuse("a couple of several phases starts as two bodies", "");
  if (!o.markers.empty() &&
      (o.components.size() > 2 || (o.diffusivity.intrinsic.empty() && o.diffusivity.tracer.empty())))
    refuse("markers need intrinsic or tracer coefficients of two components", "Give diffusivity.intrinsic.");
  bool const robin = o.left_end.kind == EndKind::robin || o.right_end.kind == EndKind::robin;
  if (robin && o.components.size() > 2) refuse("robin ends need two components", "Give fixed ends.");
  for (auto const* end : {&o.left_end, &o.right_end}) {
    if (!end->value.empty() && end->value.size() != o.components.size() - 1)
      refuse(fmt::format("an end needs {} values, one for each component but the first", o.components.size() - 1), "");
  }
}

/// Mode forward: a couple that is simulated.
class Forward final : public Problem {
 public:
  /// Throws Error(bad_input) for what the techniques cannot do.
  explicit Forward(Deck deck) : deck_{std::move(deck)} { check_forward(deck_); }

  Plan plan(int ranks) const override;
  void prepare(MPI_Comm comm) override { make_evolution(comm); }
  void solve(Run& run) override;

 private:
  std::unique_ptr<Evolution> make_evolution(MPI_Comm comm) const;
  /// Several phases in an infinite couple take the similarity profile unless the deck says otherwise.
  bool uses_similarity() const {
    auto const technique = deck_.solver.technique;
    return technique == Technique::similarity || (technique == Technique::automatic && !deck_.options.phases.empty() &&
                                                  deck_.options.markers.empty() && has_similarity(deck_.options));
  }

  Deck deck_;
};

Plan Forward::plan(int ranks) const {
  auto const& o = deck_.options;
  if (o.couple.y > 0) return plan_box(deck_, ranks);
  Plan plan;
  auto const fractions = static_cast<std::int64_t>(o.components.size()) - 1;
  plan.unknowns = static_cast<std::int64_t>(o.couple.cells[0]) * fractions;
  plan.summary = fmt::format("Diffusion couple of {} components, {} s", o.components.size(), o.anneal.time);
  plan.sizes = {{"cells", fmt::format("{}", o.couple.cells[0])}};
  plan.bytes_per_rank = 8.0 * static_cast<double>(plan.unknowns * (20 + 6 * fractions));
  return plan;
}

std::unique_ptr<Evolution> Forward::make_evolution(MPI_Comm comm) const {
  if (deck_.options.couple.y > 0) return std::make_unique<BoxCouple>(comm, deck_);
  return agreed(comm, [&]() -> std::unique_ptr<Evolution> {
    auto const& o = deck_.options;
    auto const mesh = make_mesh(o.couple);
    if (uses_similarity()) {
      auto couple = std::make_unique<SimilarityCouple>(deck_, mesh);
      if (couple->beyond_ends() <= kBeyondEnds || deck_.solver.technique == Technique::similarity) return couple;
    }
    if (!o.phases.empty()) return std::make_unique<LayerCouple>(comm, deck_, mesh);
    return std::make_unique<LineCouple>(comm, deck_, mesh);
  });
}

void Forward::solve(Run& run) {
  std::unique_ptr<Evolution> couple;
  {
    Timed const timed{run.timers, "setup"};
    couple = make_evolution(run.comm);
  }
  Timed const timed{run.timers, "solve"};
  if (march(run, *couple, deck_.options.anneal.time, deck_.output)) couple->finish(run);
}

}  // namespace

std::unique_ptr<Problem> make_forward(Deck deck) { return std::make_unique<Forward>(std::move(deck)); }

}  // namespace kroma::diffusion_couple
