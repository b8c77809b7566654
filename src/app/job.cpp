#include "app/job.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/did_you_mean.hpp"
#include "core/broadcast.hpp"
#include "core/error.hpp"

namespace kroma {
namespace {

std::vector<std::string> names_of(Registry const& families) {
  std::vector<std::string> names;
  for (auto const* type : families) names.push_back(type->name);
  return names;
}

ProblemType const* find(std::string const& name, Registry const& families) {
  auto const found =
      std::find_if(families.begin(), families.end(), [&](auto const* type) { return type->name == name; });
  return found != families.end() ? *found : nullptr;
}

std::string unknown_family(std::string const& name, Registry const& families) {
  return fmt::format("unknown problem family '{}'{}", name, did_you_mean(name, names_of(families)));
}

/// The family that the deck names; throws all that is wrong with its `problem:`.
ProblemType const& family_of(deck::Deck const& deck, Registry const& families) {
  deck::Mistakes mistakes;
  auto const name = deck.problem(mistakes);
  auto const* const type = find(name, families);
  if (type != nullptr) return *type;
  if (mistakes.empty()) {
    auto const* const node = deck.root().find("problem");
    auto const text = node == nullptr ? "missing; the name of a problem family" : unknown_family(name, families);
    mistakes.add(node == nullptr ? deck.root().mark() : node->mark(), "problem", text);
  }
  throw mistakes.error("Problem families: kroma problems");
}

std::string case_folder(std::string const& folder, std::optional<deck::Case> const& one) {
  if (!one) return folder;
  return (one->parent.empty() ? folder : one->parent) + "/" + one->name;
}

}  // namespace

DeckReader shared_reader(MPI_Comm comm) {
  return [comm](std::string const& path) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    auto const first = agreed(comm, [&]() -> std::optional<deck::Deck> {
      if (rank != 0) return std::nullopt;
      return deck::Deck::from_file(path);
    });
    auto const text = broadcast(comm, 0, first ? first->source() : "");
    auto const name = broadcast(comm, 0, first ? first->name() : "");
    auto const folder = broadcast(comm, 0, first ? first->folder() : "");
    return first ? *first : deck::Deck::from_text(text, name, folder);
  };
}

Input load_input(std::string const& path, DeckReader const& read) {
  auto given = read(path);
  if (!given.is_study()) return {std::move(given), std::nullopt};
  deck::Mistakes mistakes;
  auto study = deck::Study::from_deck(given, mistakes);
  if (!mistakes.empty()) throw mistakes.error();
  return {read(study.deck_path()), std::move(study)};
}

Job prepare(deck::Deck deck, std::optional<deck::Case> const& one, std::vector<std::string> const& sets,
            Registry const& families) {
  if (one) {
    for (auto const& assignment : one->sets) deck.set(assignment);
  }
  for (auto const& assignment : sets) deck.set(assignment);
  auto const& type = family_of(deck, families);
  deck::Mistakes mistakes;
  auto read = type.read(deck, mistakes);
  if (!mistakes.empty()) throw mistakes.error("Every key of this problem: kroma problems " + type.name);
  auto const folder = case_folder(read.output.folder, one);
  return {std::move(deck), &type, std::move(read), folder, one ? one->name : ""};
}

std::optional<deck::Case> choose_case(Input const& input, std::optional<int> number) {
  if (!input.study) {
    if (number) throw bad_input("--case: this is a deck, not a study");
    return std::nullopt;
  }
  auto const cases = input.study->cases();
  auto const advice = "Its cases: kroma cases STUDY";
  if (!number) throw bad_input(fmt::format("this is a study of {} cases, not a deck", cases.size()), advice);
  for (auto const& one : cases) {
    if (one.number == *number) return one;
  }
  throw bad_input(fmt::format("--case {}: the study has {} cases, {} to {}", *number, cases.size(),
                              cases.front().number, cases.back().number),
                  advice);
}

ProblemType const& find_family(std::string const& name, Registry const& families) {
  auto const* const type = find(name, families);
  if (type == nullptr) throw bad_input(unknown_family(name, families), "Problem families: kroma problems");
  return *type;
}

}  // namespace kroma
