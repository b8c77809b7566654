// What to say about keys that are not known.
#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "deck/block.hpp"

namespace kroma::deck {
namespace {

/// Number of letters to insert, remove, replace or swap with their neighbour.
std::size_t edit_distance(std::string const& a, std::string const& b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

struct Place {
  std::string block, key;  // path of the block, "" for the top level
};

void collect(Block const& block, std::string const& path, Block const& without, std::vector<Place>& found) {
  for (auto const& key : block.keys()) {
    if (&block != &without) found.push_back({path, key->name});
    auto const* const inner = key->value->innermost_block();
    if (inner != nullptr) collect(*inner, join_path(path, key->name), without, found);
  }
}

std::vector<std::string> names_of(Block const& block) {
  std::vector<std::string> names;
  for (auto const& key : block.keys()) names.push_back(key->name);
  return names;
}

}  // namespace

std::string nearest(std::string const& word, std::vector<std::string> const& candidates) {
  constexpr std::size_t kLongest = 100;  // nobody mistypes a word that long
  if (word.size() > kLongest) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto const& candidate : candidates) {
    auto const distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size())
      std::tie(best, best_distance) = std::pair{candidate, distance};
  }
  return best;
}

std::string unknown_key(std::string const& key, Block const& block, Block const& root) {
  if (key == "<<") return "YAML merge keys are not read; write the keys out";
  if (auto const* const renamed = block.find_former(key))
    return fmt::format("is now called '{}'; rename it", renamed->name);
  std::vector<Place> elsewhere;
  collect(root, "", block, elsewhere);
  for (auto const& place : elsewhere) {
    if (place.key != key) continue;
    return place.block.empty() ? "unknown key here; it belongs at the top level"
                               : "unknown key here; it belongs in " + place.block;
  }
  auto const names = names_of(block);
  if (auto const near = nearest(key, names); !near.empty()) return fmt::format("unknown key; did you mean '{}'?", near);
  std::vector<std::string> far_names;
  for (auto const& place : elsewhere) far_names.push_back(place.key);
  if (auto const near = nearest(key, far_names); !near.empty()) {
    auto const place = std::find_if(elsewhere.begin(), elsewhere.end(), [&](Place const& p) { return p.key == near; });
    return fmt::format("unknown key; did you mean '{}'?", join_path(place->block, place->key));
  }
  return fmt::format("unknown key; known here: {}", fmt::join(names, ", "));
}

}  // namespace kroma::deck
