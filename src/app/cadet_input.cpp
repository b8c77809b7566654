#include "app/cadet_input.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/node.hpp"
#include "io/read_array.hpp"

namespace kroma {
namespace {

/// All scalars of a list, lists in it written out one behind the other.
void flatten(deck::Node const& node, std::vector<std::string>& to) {
  if (node.is_scalar()) to.push_back(node.text());
  for (auto const& item : node.items()) flatten(item, to);
}

std::optional<std::vector<double>> as_numbers(std::vector<std::string> const& words) {
  std::vector<double> values;
  for (auto const& word : words) {
    double value = word == "true" ? 1 : 0;
    auto const end = std::from_chars(word.data(), word.data() + word.size(), value);
    bool const is_truth = word == "true" || word == "false";
    if (!is_truth && (end.ec != std::errc{} || end.ptr != word.data() + word.size())) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

void walk(deck::Node const& node, std::string const& path, io::Arrays& to) {
  for (auto const& entry : node.entries()) {
    auto const here = path.empty() ? entry.key : path + "/" + entry.key;
    if (entry.value.is_map()) {
      walk(entry.value, here, to);
      continue;
    }
    std::vector<std::string> words;
    flatten(entry.value, words);
    if (auto numbers = as_numbers(words)) {
      to.numbers[here] = std::move(*numbers);
    } else {
      to.texts[here] = std::move(words);
    }
  }
}

io::Arrays read_json(std::string const& path) {
  std::ifstream file{path};
  if (!file) throw bad_input(fmt::format("{}: cannot be read", path));
  std::string const text{std::istreambuf_iterator<char>{file}, {}};
  io::Arrays arrays;
  auto const root = deck::parse_yaml(text, path);
  walk(root, root.find("input") == nullptr ? "input" : "", arrays);  // the group's own name may be left out
  return arrays;
}

}  // namespace

CadetInput CadetInput::from_file(std::string const& path) {
  auto arrays = path.ends_with(".json") ? read_json(path) : io::read_arrays(path);
  CadetInput input;
  input.numbers_ = std::move(arrays.numbers);
  input.texts_ = std::move(arrays.texts);
  if (!input.has_group("input/model")) {
    throw bad_input(fmt::format("{}: holds no group input/model", path), "Give an input file of CADET-Core.");
  }
  return input;
}

bool CadetInput::has_group(std::string const& path) const {
  auto const inside = [&](auto const& map) {
    auto const first = map.lower_bound(path + "/");
    return first != map.end() && first->first.starts_with(path + "/");
  };
  return inside(numbers_) || inside(texts_);
}

std::vector<double> CadetInput::numbers(std::string const& path) {
  asked_.insert(path);
  auto const found = numbers_.find(path);
  return found == numbers_.end() ? std::vector<double>{} : found->second;
}

double CadetInput::number(std::string const& path) {
  auto const values = numbers(path);
  if (values.empty()) throw bad_input(fmt::format("{}: missing in this input of CADET", path));
  return values.front();
}

double CadetInput::number(std::string const& path, double otherwise) {
  auto const values = numbers(path);
  return values.empty() ? otherwise : values.front();
}

std::string CadetInput::text(std::string const& path, std::string const& otherwise) {
  asked_.insert(path);
  auto const found = texts_.find(path);
  return found == texts_.end() || found->second.empty() ? otherwise : found->second.front();
}

std::vector<std::pair<std::string, double>> CadetInput::unread() const {
  std::vector<std::pair<std::string, double>> left;
  for (auto const& [path, values] : numbers_) {
    double largest = 0;
    for (double v : values) largest = std::max(largest, std::abs(v));
    if (!asked_.contains(path)) left.emplace_back(path, largest);
  }
  for (auto const& [path, values] : texts_) {
    if (!asked_.contains(path)) left.emplace_back(path, std::numeric_limits<double>::quiet_NaN());
  }
  return left;
}

}  // namespace kroma
