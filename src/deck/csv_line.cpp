#include "deck/csv_line.hpp"

#include <algorithm>
#include <charconv>

namespace kroma::deck {

std::string_view csv_trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t\r\"");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1);
}

char csv_separator(std::string_view line) {
  for (char const candidate : {',', ';', '\t'}) {
    if (line.find(candidate) != std::string_view::npos) return candidate;
  }
  return ' ';
}

CsvFields csv_split(std::string_view line, char separator) {
  CsvFields fields;
  for (line = csv_trimmed(line);;) {
    auto const end = line.find_first_of(separator == ' ' ? std::string_view{" \t"} : std::string_view{&separator, 1});
    fields.push_back(csv_trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line = line.substr(end + 1);
    if (separator == ' ') line = csv_trimmed(line);
  }
}

std::optional<double> csv_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool csv_is_skipped(std::string_view line) {
  auto const text = csv_trimmed(line);
  return text.empty() || text.starts_with('#');
}

bool csv_has_names(CsvFields const& first) {
  return std::none_of(first.begin(), first.end(), [](std::string_view field) { return csv_number(field).has_value(); });
}

}  // namespace kroma::deck
