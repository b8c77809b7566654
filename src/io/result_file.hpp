#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <mpi.h>

#include "core/provenance.hpp"
#include "core/timers.hpp"
#include "io/data.hpp"

namespace kroma::io {

/// The one file a run leaves behind, self-describing: units, axes, deck and provenance are inside (README, "Results").
///
/// Every member is collective: all ranks call it, in the same order and with the same names, shapes and units. Values
/// are the same on all ranks except where a Block says which part is this rank's. A failure (no permission, disk full)
/// is an Error with path and reason, the same on every rank. Names are paths from the root; groups on the way are made.
/// `units` are SI symbols, "1" for a pure number; `long_name` is what a plot writes at the axis.
class ResultFile {
 public:
  /// Replaces what is at `path` and makes missing folders. On the disk the file is at once honest: @complete = 0.
  /// Throws bad_input (exit 2) if the file cannot be created.
  static ResultFile create(MPI_Comm comm, std::string const& path);
  /// Goes on with the file of a run that was stopped: what was saved at times stays, what the run wrote about itself is
  /// taken away. A file without saved times is made anew. Arrays and coordinates that are written again replace those
  /// of the same name. Throws bad_input if the file cannot be opened.
  static ResultFile reopen(MPI_Comm comm, std::string const& path);
  ResultFile(ResultFile&&) noexcept;
  ResultFile& operator=(ResultFile&&) noexcept;
  ~ResultFile();  // closes; collective

  /// Sets an attribute of the group or dataset at `object`; makes a group if there is nothing.
  void attribute(std::string const& object, std::string const& name, Value const& value);
  /// A text, byte for byte: /deck/source.
  void text(std::string const& path, std::string const& value);
  /// /provenance: `facts` (of core) and the version of HDF5.
  void provenance(std::vector<Fact> const& facts);
  /// /timing/<stage>: seconds of every rank.
  void timing(Timers const& timers);

  /// Coordinates of an axis, which fields then name as their scale.
  void coordinate(std::string const& path, std::span<double const> values, std::string const& units,
                  std::string const& long_name);
  /// A distributed array. `mine` holds this rank's block, dense and row-major; the blocks of all ranks fill the array.
  /// The scales must exist and have the length of their axis.
  void field(std::string const& path, std::span<double const> mine, Block const& block,
             std::vector<Dimension> const& dimensions, std::string const& units, std::string const& long_name);
  /// A small array that every rank has; rank 0 writes it.
  void replicated(std::string const& path, std::span<double const> values, std::vector<Dimension> const& dimensions,
                  std::string const& units, std::string const& long_name);
  /// A compound table, a row per element; attribute `units` lists the units of its columns.
  void table(std::string const& path, std::vector<Column> const& columns, std::string const& long_name = {});

  /// Begins a saved time, in s: appends it to /time. Each array written by frame() or series() must then be written
  /// once before the next.
  void next_time(double seconds);
  /// One more row, for the current time, of a distributed array with axes (time, dimensions...).
  void frame(std::string const& path, std::span<double const> mine, Block const& block,
             std::vector<Dimension> const& dimensions, std::string const& units, std::string const& long_name);
  /// The same for a small array that every rank has.
  void series(std::string const& path, std::span<double const> values, std::vector<Dimension> const& dimensions,
              std::string const& units, std::string const& long_name);

  /// Takes back the saved times after the first `times`; returns how many there are then, which is fewer where a file
  /// had to be made anew.
  std::int64_t rewind(std::int64_t times);

  /// Everything so far is on the disk when this returns: a job killed later leaves it readable. Call after each time.
  void flush();
  /// The run is done: @complete = 1 is written last, and the file is closed. Nothing may be written after.
  void complete();

 private:
  struct State;
  explicit ResultFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kroma::io
