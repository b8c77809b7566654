#pragma once

#include <memory>
#include <string>
#include <vector>

#include <mpi.h>

#include "io/data.hpp"

namespace kroma::io {

/// An HDF5 file of somebody else's, to be read in parallel: every rank its own rows. Whatever is wrong with the file is
/// bad_input, with path and reason, the same on every rank.
class InputFile {
 public:
  /// Collective.
  static InputFile open(MPI_Comm comm, std::string const& path);
  InputFile(InputFile&&) noexcept;
  ~InputFile();  // closes; collective

  /// Extents of the array `name`. Throws bad_input if there is none, naming those that are there. Collective.
  Shape shape(std::string const& name) const;
  /// Whether the elements are texts, of fixed or variable length. Collective.
  bool is_text(std::string const& name) const;
  /// This rank's block of numbers of any type, as doubles. Collective.
  std::vector<double> numbers(std::string const& name, Block const& block) const;
  /// This rank's block of texts. Collective.
  std::vector<std::string> texts(std::string const& name, Block const& block) const;

 private:
  struct State;
  explicit InputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Extents of the array `name` in the file at `path`, read by this process alone. Throws bad_input.
Shape shape_in_file(std::string const& path, std::string const& name);

}  // namespace kroma::io
