#include "io/input_file.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "io/h5.hpp"
#include "io/shared_file.hpp"

namespace kroma::io {
namespace {

/// Extents of an array, or bad_input that names the arrays there are.
Shape shape_of(h5::File const& file, std::string const& path, std::string const& name) {
  if (!file.contains(name)) {
    throw bad_input(fmt::format("{}: holds no array '{}'; it holds {}", path, name, fmt::join(file.datasets(), ", ")));
  }
  return h5::Dataset::open(file, name).shape();
}

}  // namespace

struct InputFile::State {
  SharedFile shared;

  /// Runs `work` on every rank; a failure is the file's fault.
  template <class Work>
  auto attempt(std::string const& name, Work&& work) const {
    return agreed(shared.comm(), [&] {
      try {
        return work();
      } catch (h5::Failure const& failure) {
        throw bad_input(fmt::format("{}: cannot read '{}': {}", shared.path(), name, failure.what()));
      }
    });
  }
};

InputFile::InputFile(std::unique_ptr<State> state) : state_{std::move(state)} {}
InputFile::InputFile(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

InputFile InputFile::open(MPI_Comm comm, std::string const& path) {
  return InputFile{std::make_unique<State>(State{SharedFile::open(comm, path)})};
}

Shape InputFile::shape(std::string const& name) const {
  return state_->attempt(name, [&] { return shape_of(state_->shared.file(), state_->shared.path(), name); });
}

bool InputFile::is_text(std::string const& name) const {
  return state_->attempt(name, [&] { return h5::Dataset::open(state_->shared.file(), name).is_text(); });
}

std::vector<double> InputFile::numbers(std::string const& name, Block const& block) const {
  return state_->attempt(name, [&] {
    std::vector<double> values(static_cast<std::size_t>(elements(block.count)));
    h5::Dataset::open(state_->shared.file(), name).read(h5::Type::real(), values.data(), block);
    return values;
  });
}

std::vector<std::string> InputFile::texts(std::string const& name, Block const& block) const {
  return state_->attempt(name, [&] { return h5::Dataset::open(state_->shared.file(), name).read_texts(block); });
}

Shape shape_in_file(std::string const& path, std::string const& name) {
  try {
    return shape_of(h5::File::open_alone(path), path, name);
  } catch (h5::Failure const& failure) {
    throw bad_input(fmt::format("{}: cannot read: {}", path, failure.what()));
  }
}

}  // namespace kroma::io
