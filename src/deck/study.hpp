#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deck/deck.hpp"
#include "deck/mistakes.hpp"

namespace kroma::deck {

/// One run of a study.
struct Case {
  int number;                     // from 1
  std::string name;               // "case_0003": its folder
  std::string parent;             // folder of the study; empty: the deck's output.folder
  std::vector<std::string> sets;  // "key.path=value", as Deck::set takes them
};

/// A list of changes to a deck:
///
///   deck: ../breakthrough.yaml
///   vary: {chromatography.flow.velocity: [0.2 mm/s, 1 mm/s], chromatography.column.cells: [100, 400]}
///   combine: product         # every value with every other, the last key fastest; or together: the first values,
///                            # the second values, ...; or latin_hypercube, sobol: `samples` random points between
///                            # [low, high], [low, high, log] or [low, high, integer]
///   samples: 100             # latin_hypercube and sobol only
///   seed: 1
///   folder: runs/velocity    # where the cases go; if not given, the deck's output.folder
///   ranks_per_case: 1        # of `kroma run STUDY`, which runs all cases
///
/// Case numbers are stable: they depend on this text alone. Random numbers are a function of the seed, the key and the
/// index of the sample.
class Study {
 public:
  enum class Combine { product, together, latin_hypercube, sobol };

  static Study from_deck(Deck const& deck, Mistakes& mistakes);

  /// Path of the deck to change, ready to be opened.
  std::string deck_path() const { return deck_path_; }
  std::vector<Case> cases() const;
  int ranks_per_case() const { return ranks_per_case_; }
  std::string const& title() const { return title_; }
  std::string const& source() const { return source_; }  // the text byte for byte

 private:
  struct Axis {
    std::string key;
    std::vector<std::string> values;  // as YAML; of random samples: none
    double low = 0, high = 0;         // of random samples, in SI
    std::string scale;                // "", log, integer
  };
  struct Options;
  struct Rules;

  static std::string sample(Axis const& axis, double unit);
  std::string value(Axis const& axis, std::size_t stride, int index) const;

  std::string deck_path_, title_, source_, folder_;
  int ranks_per_case_ = 1;
  std::vector<Axis> axes_;
  Combine combine_ = Combine::product;
  int count_ = 0;
  std::int64_t seed_ = 0;
};

}  // namespace kroma::deck
