#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <mpi.h>

#include "deck/deck.hpp"
#include "deck/study.hpp"
#include "problems/registry.hpp"

namespace kroma {

/// Reads the deck or study at a path; throws Error(bad_input).
using DeckReader = std::function<deck::Deck(std::string const& path)>;

/// A reader for all ranks of `comm`: rank 0 reads, the others get the text. Collective, as are its calls.
DeckReader shared_reader(MPI_Comm comm);

/// What stands at the path given on the command line.
struct Input {
  deck::Deck deck;                   // the deck, or the one that the study changes
  std::optional<deck::Study> study;  // nothing if the path is a deck
};
/// Throws Error(bad_input) with all mistakes of a study.
Input load_input(std::string const& path, DeckReader const& read);

/// A deck that is ready to be run.
struct Job {
  deck::Deck deck;  // all changes applied
  ProblemType const* type;
  ReadDeck read;
  std::string folder;     // where its results go: output.folder, and under it a folder for each case
  std::string case_name;  // "" outside a study
};
/// Applies the changes of the case, then `sets`, and reads. Throws Error(bad_input) with all mistakes of the deck.
Job prepare(deck::Deck deck, std::optional<deck::Case> const& one, std::vector<std::string> const& sets,
            Registry const& families);

/// Case `number` of the study; nothing for a deck without a number. Throws Error(bad_input) if the two do not go
/// together, or if the study has no such case.
std::optional<deck::Case> choose_case(Input const& input, std::optional<int> number);

/// The family called `name`. Throws Error(bad_input).
ProblemType const& find_family(std::string const& name, Registry const& families);

}  // namespace kroma
