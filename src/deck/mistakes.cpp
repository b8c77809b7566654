#include "deck/mistakes.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace kroma::deck {

std::string to_string(Mark const& mark) {
  return mark.line == 0 ? mark.source : fmt::format("{}:{}:{}", mark.source, mark.line, mark.column);
}

void Mistakes::add(Mark const& mark, std::string key_path, std::string text) {
  found_.push_back({mark, std::move(key_path), std::move(text)});
}

std::vector<std::string> Mistakes::lines() const {
  auto sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](Found const& a, Found const& b) {
    auto const place = [](Mark const& m) { return std::tuple{m.line == 0, m.line, m.column}; };
    return place(a.mark) < place(b.mark);
  });
  std::vector<std::string> lines;
  lines.reserve(sorted.size());
  for (auto const& [mark, path, text] : sorted) {
    lines.push_back(to_string(mark) + ": " + (path.empty() ? "" : path + ": ") + text);
  }
  return lines;
}

Error Mistakes::error(std::string const& hint) const {
  constexpr std::size_t kMostLines = 100;
  auto const all = lines();
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kMostLines); ++i) text += all[i] + "\n";
  if (all.size() > kMostLines) text += fmt::format("... and {} more\n", all.size() - kMostLines);
  text += fmt::format("{} mistake{}; nothing was run.", all.size(), all.size() == 1 ? "" : "s");
  return bad_input(hint.empty() ? text : text + " " + hint);
}

}  // namespace kroma::deck
