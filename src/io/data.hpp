#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kroma::io {

/// Extents of an array, slowest axis first; arrays are row-major.
using Shape = std::vector<std::int64_t>;

/// This rank's part of a distributed array: a box. A rank may have none (a count of 0).
struct Block {
  Shape offset, count;
};

/// One axis of an array. `scale` is the path of the dimension scale that holds its coordinates, e.g. "/grid/x", or
/// empty when the axis has none (a plain index).
struct Dimension {
  std::string scale;
  std::int64_t size = 0;
};

/// What an attribute holds.
using Value = std::variant<std::string, double, std::int64_t>;
using Attributes = std::vector<std::pair<std::string, Value>>;

/// One column of a table; all columns of a table have the same number of rows. `units` is "1" where there is none.
struct Column {
  std::string name, units;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// Number of elements: the product of the extents, 1 for a scalar.
inline std::int64_t elements(Shape const& shape) {
  std::int64_t product = 1;
  for (auto const extent : shape) product *= extent;
  return product;
}

}  // namespace kroma::io
