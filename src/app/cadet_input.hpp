#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kroma {

/// An input file of the simulator CADET-Core, HDF5 or JSON: arrays by path, "input/model/unit_000/COL_LENGTH".
/// Remembers which of them were asked for.
class CadetInput {
 public:
  /// Throws Error(bad_input) where the file cannot be read. By its name, *.json is JSON and anything else HDF5.
  static CadetInput from_file(std::string const& path);

  bool has(std::string const& path) const { return numbers_.contains(path) || texts_.contains(path); }
  /// Whether there is anything in a group.
  bool has_group(std::string const& path) const;
  /// Numbers at a path, without any if it is not there.
  std::vector<double> numbers(std::string const& path);
  /// The one number there; throws Error(bad_input) if there is none.
  double number(std::string const& path);
  double number(std::string const& path, double otherwise);
  std::string text(std::string const& path, std::string const& otherwise = {});
  /// Forgets about what is there: it does not matter.
  void ignore(std::string const& path) { asked_.insert(path); }

  /// Paths that nobody asked for, with the largest modulus of their numbers (texts: not a number).
  std::vector<std::pair<std::string, double>> unread() const;

 private:
  std::map<std::string, std::vector<double>> numbers_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::set<std::string> asked_;
};

}  // namespace kroma
