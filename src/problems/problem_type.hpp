#pragma once

#include <memory>
#include <string>
#include <utility>

#include "problems/problem.hpp"

namespace kroma {

/// A whole deck of one family. The sections' own options are the family's.
template <class Options, class Solver, class Output>
struct DeckOptions {
  std::string problem, title, notes;
  Options family;
  Solver solver;
  Output output;
};

/// What a whole deck of family `name` may say: the family's three schemas, and the keys that every family has.
template <class Options, class Solver, class Output>
deck::Schema<DeckOptions<Options, Solver, Output>> deck_schema(std::string const& name, std::string const& summary,
                                                               deck::Schema<Options> family,
                                                               deck::Schema<Solver> solver,
                                                               deck::Schema<Output> output) {
  using Whole = DeckOptions<Options, Solver, Output>;
  solver.add("petsc", &Solver::petsc, "Options of PETSc without prefix, e.g. {ksp_monitor: true}");
  output.add("folder", &Output::folder, "Where results go, relative to where the command is started").required();
  output.add("checkpoint_every", &Output::checkpoint_every, "Wall time between checkpoints; 0: only when stopped early")
      .unit("s")
      .at_least(0.0);

  deck::Schema<Whole> whole{summary};
  whole.add("problem", &Whole::problem, "Problem family").one_of({name}).required();
  whole.add("title", &Whole::title, "One line for plots and tables");
  whole.add("notes", &Whole::notes, "Anything worth remembering");
  whole.section(name, &Whole::family, family);
  whole.section("solver", &Whole::solver, solver);
  whole.section("output", &Whole::output, output);
  return whole;
}

/// The registry's row of a family:
///
///   ProblemType const& gp_pde_type() {
///     static auto const type = problem_type<GpPde>("gp_pde", "...", schema(), solver_schema(), output_schema());
///     return type;
///   }
///
/// Family derives from Problem and is made as Family{options, solver, output} from what was read without mistakes; it
/// may still throw Error(bad_input). Solver derives from SolverOptions and Output from OutputOptions.
template <class Family, class Options, class Solver, class Output>
ProblemType problem_type(std::string const& name, std::string const& summary, deck::Schema<Options> family,
                         deck::Schema<Solver> solver, deck::Schema<Output> output) {
  auto const schema = deck_schema(name, summary, family, solver, output);
  auto read = [schema](deck::Deck const& source, deck::Mistakes& mistakes) {
    auto const before = mistakes.size();
    auto options = schema.read(source.root(), "", mistakes, {source.folder()});
    ReadDeck result;
    if (mistakes.size() != before) return result;
    result.resolved = deck::to_yaml(schema.write(options));
    result.title = options.title;
    result.output = options.output;
    result.petsc = options.solver.petsc;
    result.problem =
        std::make_unique<Family>(std::move(options.family), std::move(options.solver), std::move(options.output));
    return result;
  };
  return {name, summary, schema.describe(), std::move(read)};
}

}  // namespace kroma
