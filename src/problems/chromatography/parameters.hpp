#pragma once

#include <map>
#include <string>
#include <vector>

#include "deck/node.hpp"
#include "deck/schema.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

/// A number somewhere in the block `chromatography` of a deck.
struct Parameter {
  std::string key;        // "binding.desorption_rate"
  std::string component;  // "" where the key has one value for all
  std::size_t index = 0;  // of the component
  double value = 0;       // in the deck, SI
  std::string unit;       // of the value; "1" where it has none

  /// "binding.desorption_rate.benzene"
  std::string name() const { return component.empty() ? key : key + "." + component; }
};

/// Options whose numbers can be changed by the names that a deck gives them; what comes out has passed the same checks.
class DeckParameters {
 public:
  /// `keys`: numbers or lists of numbers of `options`, "a.b" or, for one item, "a.b.COMPONENT" or "a.b.NUMBER", which
  /// `owner`, a key of the deck, lists. Throws Error(bad_input) for what is no number, is 0 (`positive`: is not
  /// positive), or is named twice.
  DeckParameters(Options const& options, std::vector<std::string> const& keys, std::string owner, bool positive);

  std::vector<Parameter> const& all() const { return parameters_; }
  std::vector<double> values() const;
  /// Index of the parameter `key` of component `index`, or all().size().
  std::size_t find(std::string const& key, std::size_t index) const;
  /// The options with other values of all parameters, and of the keys in `set` whatever they are. Throws
  /// Error(bad_input) where a rule of the deck forbids that.
  Options with(std::vector<double> const& values, std::map<std::string, double> const& set = {}) const;

 private:
  void add(std::string const& key, std::string const& component, std::size_t index, std::string path);
  deck::Schema<Options> schema_;
  std::string owner_;
  bool positive_;
  deck::Node base_;
  std::vector<Parameter> parameters_;
  std::vector<std::string> paths_;  // of each parameter in base_
};

}  // namespace kroma::chromatography
