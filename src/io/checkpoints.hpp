#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include <mpi.h>

#include "io/data.hpp"

namespace kroma::io {

/// One saved state: named arrays, numbers and texts, and the resolved deck of the run that wrote it. Made by
/// CheckpointStore, either to be written or to be read. Everything is collective and fails with the same Error on
/// every rank.
class Checkpoint {
 public:
  Checkpoint(Checkpoint&&) noexcept;
  Checkpoint& operator=(Checkpoint&&) noexcept;
  ~Checkpoint();  // closes; collective

  std::string const& path() const;
  std::int64_t step() const;
  /// The resolved deck, to name what changed since.
  std::string deck() const;

  /// Writes a number or a text.
  void write(std::string const& name, Value const& value);
  /// Writes a distributed array: `mine` is this rank's block of `shape`, dense and row-major.
  void write(std::string const& name, std::span<double const> mine, Block const& block, Shape const& shape);
  /// The state is whole: marked complete on the disk as the last thing, then closed. Older checkpoints than the one
  /// before are removed.
  void complete();

  /// A number or text written under `name`; throws bad_input if there is none of type T (double, int64, string).
  template <class T>
  T value(std::string const& name) const {
    auto const found = find(name);
    if (auto const* value = std::get_if<T>(&found)) return *value;
    throw_missing(name);
  }
  Shape shape(std::string const& name) const;
  /// Reads this rank's block, which need not be the one it wrote: the rank count may have changed. Where the blocks of
  /// all ranks make up the array, its checksum is verified: throws bad_input if the data on the disk are damaged.
  void read(std::string const& name, std::span<double> mine, Block const& block) const;

 private:
  friend class CheckpointStore;
  struct State;
  explicit Checkpoint(std::unique_ptr<State> state);
  Value find(std::string const& name) const;
  [[noreturn]] void throw_missing(std::string const& name) const;
  std::unique_ptr<State> state_;
};

/// FOLDER/checkpoints/000001.h5, 000002.h5, ... The last two complete ones are kept. Nothing is renamed: a file counts
/// once its @complete is 1, which network file systems cannot reorder the way they do a rename.
class CheckpointStore {
 public:
  /// `folder` is the run's; nothing is touched yet.
  CheckpointStore(MPI_Comm comm, std::string folder);

  /// A new checkpoint, to be written and completed. Collective.
  Checkpoint create(std::int64_t step, std::string const& resolved_deck) const;
  /// The newest that is complete and sound, to be read; a newer one that is not is skipped with a warning that names
  /// it. Collective.
  std::optional<Checkpoint> newest() const;

 private:
  MPI_Comm comm_;
  std::string folder_;  // .../checkpoints
};

}  // namespace kroma::io
