#include "io/read_array.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/h5.hpp"

namespace kroma::io {

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
