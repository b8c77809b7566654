#include "core/suggest.hpp"

#include <algorithm>
#include <numeric>

namespace kroma {
namespace {

/// Letters to insert, delete or replace to get from `a` to `b`; two neighbours that changed places count once.
std::size_t edits(std::string const& a, std::string const& b) {
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last.back();
}

}  // namespace

std::string did_you_mean(std::string const& word, std::vector<std::string> const& known) {
  std::size_t const limit = 1 + word.size() / 4;
  std::string const* best = nullptr;
  std::size_t fewest = limit + 1;
  for (auto const& candidate : known) {
    if (candidate.size() > word.size() + limit || word.size() > candidate.size() + limit) continue;
    auto const count = edits(word, candidate);
    if (count < fewest) {
      fewest = count;
      best = &candidate;
    }
  }
  return best != nullptr ? "; did you mean '" + *best + "'?" : "";
}

}  // namespace kroma
