#include "io/read_array.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/h5.hpp"

namespace kroma::io {

Arrays read_arrays(std::string const& path) {
  try {
    auto const file = h5::File::open_alone(path);
    Arrays arrays;
    for (auto const& name : file.datasets()) {
      auto const dataset = h5::Dataset::open(file, name);
      auto const shape = dataset.shape();
      Block const all{Shape(shape.size(), 0), shape};
      if (dataset.is_text()) {
        arrays.texts[name] = dataset.read_texts(all);
        continue;
      }
      auto& values = arrays.numbers[name];
      values.resize(static_cast<std::size_t>(elements(shape)));
      dataset.read(h5::Type::real(), values.data(), all);
    }
    return arrays;
  } catch (h5::Failure const& failure) {
    throw bad_input(fmt::format("{}: cannot be read: {}", path, failure.what()));
  }
}

Array read_array(std::string const& path, std::string const& name) {
  try {
    auto const file = h5::File::open_alone(path);
    if (!file.contains(name)) {
      throw bad_input(fmt::format("{}: holds no array '{}'", path, name), "`h5ls -r FILE` lists the arrays of a file.");
    }
    auto const dataset = h5::Dataset::open(file, name);
    Array array{dataset.shape(), {}};
    array.values.resize(static_cast<std::size_t>(elements(array.shape)));
    dataset.read(h5::Type::real(), array.values.data(), {Shape(array.shape.size(), 0), array.shape});
    return array;
  } catch (h5::Failure const& failure) {
    throw bad_input(fmt::format("{}: cannot read '{}': {}", path, name, failure.what()));
  }
}

}  // namespace kroma::io
