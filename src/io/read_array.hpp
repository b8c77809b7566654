#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/data.hpp"

namespace kroma::io {

/// A whole array of numbers, row-major.
struct Array {
  Shape shape;
  std::vector<double> values;
};

/// Arrays of a file by their paths, row-major, without their shapes.
struct Arrays {
  std::map<std::string, std::vector<double>> numbers;
  std::map<std::string, std::vector<std::string>> texts;
};

/// Every array of numbers or texts in the HDF5 file at `path`, read by this process alone; for files of settings. Not
/// collective, and needs no started Runtime. Throws bad_input.
Arrays read_arrays(std::string const& path);

/// The array `name` of the HDF5 file at `path`, read by this process alone, integers as well as reals; for data small
/// enough that every rank can have all of it. Not collective, and needs no started Runtime. Throws bad_input with path
/// and reason where there is no such file or array.
Array read_array(std::string const& path, std::string const& name);

}  // namespace kroma::io
