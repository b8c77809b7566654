#pragma once

// Private to this room: what results and checkpoints have in common, a file that all ranks write or read together
// and whose failures all ranks learn of.

#include <span>
#include <string>

#include <fmt/format.h>
#include <mpi.h>

#include "core/error.hpp"
#include "io/data.hpp"
#include "io/h5.hpp"

namespace kroma::io {

/// One HDF5 file, opened by all ranks of a communicator. Everything is collective and throws the same Error, with
/// path and reason, on every rank. `action` completes "cannot ...", e.g. "write /fields/solution".
class SharedFile {
 public:
  /// Makes missing folders and replaces what is at `path`; @complete is 0 on the disk when this returns.
  /// Throws bad_input if that is not possible.
  static SharedFile create(MPI_Comm comm, std::string path);
  /// To read. Throws bad_input.
  static SharedFile open(MPI_Comm comm, std::string path);

  /// To go on writing: @complete is 0 on the disk when this returns. Throws bad_input.
  static SharedFile reopen(MPI_Comm comm, std::string path);

  MPI_Comm comm() const { return comm_; }
  std::string const& path() const { return path_; }
  h5::File& file() { return file_; }
  h5::File const& file() const { return file_; }

  /// Runs `work` on every rank and agrees on the outcome. One call should hold at most one step that moves data:
  /// a rank that failed must not leave others waiting inside the next one. A file that is written is abandoned when it
  /// fails: nothing more can be done to it.
  template <class Work>
  auto together(std::string const& action, Work&& work) const {
    try {
      return agreed(comm_, [&] {
        require(state_ != State::closed, "a file is not used after complete()");
        if (state_ == State::abandoned)
          throw solver_failed(path_ + ": given up when an earlier write failed", advice());
        try {
          return work();
        } catch (h5::Failure const& failure) {
          throw solver_failed(fmt::format("{}: cannot {}: {}", path_, action, failure.what()), advice());
        }
      });
    } catch (Error const& error) {
      if (state_ == State::written && error.kind() == Exit::solver_failed) abandon();
      throw;
    }
  }

  void attribute(std::string const& object, std::string const& name, Value const& value);
  /// A text of any length as a scalar dataset, byte for byte.
  void text(std::string const& path, std::string const& value);
  std::string text(std::string const& path) const;

  /// Sets disk space for `bytes` more aside, and throws if there is none. MPI-IO is no help here: Open MPI's collective
  /// write returns success on a full disk, and then waits for ever when the file is closed.
  void reserve(std::int64_t bytes) const;

  /// Creates an array, in place of what is at `path`; `chunk` empty means contiguous.
  void create_array(std::string const& path, h5::Type const& type, h5::Dataset::Layout const& layout);
  /// An array of doubles, of which every rank writes its block; the blocks must fill it. Returns whether it is new: one
  /// of this shape that is there is overwritten.
  bool write_blocks(std::string const& path, std::span<double const> mine, Block const& block, Shape const& shape);
  /// Writes this rank's block of doubles into the array at `path`.
  void write(std::string const& path, std::span<double const> mine, Block const& block);
  void read(std::string const& path, std::span<double> mine, Block const& block) const;
  /// Writes an array from rank 0: for small things that every rank has.
  void write_from_first(std::string const& path, h5::Type const& type, void const* data, Shape const& shape);
  /// The same for doubles; as write_blocks(), returns whether the array is new.
  bool write_numbers(std::string const& path, std::span<double const> values, Shape const& shape);

  void flush();
  /// Everything written so far goes to the disk, then @complete = 1, then the file is closed.
  void complete();

  /// The box of all of `shape` on rank 0, nothing elsewhere.
  Block whole_on_first(Shape const& shape) const;
  int rank() const;

 private:
  enum class State { read, written, closed, abandoned };

  SharedFile(MPI_Comm comm, std::string path, h5::File file, State state)
      : comm_{comm}, path_{std::move(path)}, file_{std::move(file)}, state_{state} {}
  /// Never closed: ranks that disagree on what is left to write would wait for each other for ever.
  void abandon() const;
  bool holds(std::string const& path, Shape const& shape) const;
  static SharedFile open_as(MPI_Comm comm, std::string path, State state);
  /// What the user can do when a write fails: names the space left if that is little.
  std::string advice() const;

  MPI_Comm comm_;
  std::string path_;
  mutable h5::File file_;  // a read or write that fails may lose it
  mutable State state_;
};

/// The text in a scalar dataset, without the zeros that pad it. Throws h5::Failure. Collective in a shared file.
std::string read_text(h5::File const& file, std::string const& path);

/// The largest block of any rank, at least one element, halved along the slowest axes to at most 512 MiB of doubles:
/// the chunk of a distributed array. Collective.
Shape chunk_for(MPI_Comm comm, Shape const& count);

/// Throws internal_error on every rank unless each rank's block lies in `shape` and has as many elements as `mine`.
/// Collective.
void check_block(MPI_Comm comm, std::string const& path, std::size_t mine, Block const& block, Shape const& shape);
/// And unless the blocks together have as many elements as `shape`. Collective.
void check_blocks(MPI_Comm comm, std::string const& path, std::size_t mine, Block const& block, Shape const& shape);

}  // namespace kroma::io
