#include "deck/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv_line.hpp"

namespace kroma::deck {
namespace {

/// Which fields of a line are wanted.
class Selection {
 public:
  Selection(CsvFields const& first, std::vector<std::string> const& columns, std::string const& path) {
    has_names_ = csv_has_names(first);
    if (columns.empty()) {
      for (std::size_t i = 0; i < first.size(); ++i) indices_.push_back(i);
    }
    for (auto const& column : columns) indices_.push_back(find(first, column, path));
  }
  bool has_names() const { return has_names_; }
  std::vector<std::size_t> const& indices() const { return indices_; }

 private:
  std::size_t find(CsvFields const& first, std::string const& column, std::string const& path) const {
    if (has_names_) {
      auto const found = std::find(first.begin(), first.end(), column);
      if (found != first.end()) return static_cast<std::size_t>(found - first.begin());
    }
    std::size_t number = 0;
    auto const [end, error] = std::from_chars(column.data(), column.data() + column.size(), number);
    bool const counts = error == std::errc{} && end == column.data() + column.size();
    if (counts && number >= 1 && number <= first.size()) return number - 1;
    if (has_names_)
      throw bad_input(fmt::format("{}: has no column '{}'; its columns are {}", path, column, fmt::join(first, ", ")));
    throw bad_input(fmt::format("{}: has no column '{}'; its {} columns have no names, count them from 1", path, column,
                                first.size()));
  }

  bool has_names_ = false;
  std::vector<std::size_t> indices_;
};

std::ifstream open_text(std::string const& path) {
  std::error_code ignored;
  std::ifstream in{path};
  if (!in || !std::filesystem::is_regular_file(path, ignored)) throw bad_input(path + ": cannot be read as a file");
  return in;
}

}  // namespace

std::vector<std::vector<double>> read_csv(std::string const& path, std::vector<std::string> const& columns) {
  auto in = open_text(path);
  std::vector<std::vector<double>> result;
  std::optional<Selection> selection;
  char separator = ' ';
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (csv_is_skipped(line)) continue;
    if (!selection) separator = csv_separator(line);
    auto const fields = csv_split(line, separator);
    if (!selection) {
      selection.emplace(fields, columns, path);
      result.resize(selection->indices().size());
      if (selection->has_names()) continue;
    }
    for (std::size_t i = 0; i < result.size(); ++i) {
      auto const index = selection->indices()[i];
      if (index >= fields.size())
        throw bad_input(
            fmt::format("{}:{}: has {} fields, expected {} or more", path, number, fields.size(), index + 1));
      auto const value = csv_number(fields[index]);
      if (!value || !std::isfinite(*value))
        throw bad_input(fmt::format("{}:{}: expected a finite number, got '{}'", path, number, fields[index]));
      result[i].push_back(*value);
    }
  }
  if (result.empty() || result.front().empty()) throw bad_input(path + ": holds no numbers");
  return result;
}

std::vector<std::map<std::string, std::string>> read_records(std::string const& path) {
  auto in = open_text(path);
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> names;
  char separator = ' ';
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (csv_is_skipped(line)) continue;
    if (names.empty()) separator = csv_separator(line);
    auto const fields = csv_split(line, separator);
    if (names.empty()) {
      names.assign(fields.begin(), fields.end());
      continue;
    }
    if (fields.size() != names.size()) {
      throw bad_input(fmt::format("{}:{}: has {} fields under {} names", path, number, fields.size(), names.size()));
    }
    auto& row = rows.emplace_back();
    for (std::size_t k = 0; k < names.size(); ++k) row[names[k]] = fields[k];
  }
  if (rows.empty()) throw bad_input(path + ": holds no rows under a line of names");
  return rows;
}

}  // namespace kroma::deck
