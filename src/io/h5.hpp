#pragma once

// Private to this room: HDF5's C interface behind owning types. h5.cpp is the only file that sees hdf5.h.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <mpi.h>

#include "io/data.hpp"

namespace kroma::io::h5 {

/// HDF5's own reason for a call that failed (the innermost entry of its error stack, which is never printed).
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Owns one HDF5 identifier of any kind.
class Handle {
 public:
  using Id = std::int64_t;  // hid_t; h5.cpp holds the compiler to it

  Handle() = default;
  explicit Handle(Id id) : id_{id} {}
  Handle(Handle&& other) noexcept : id_{std::exchange(other.id_, kNone)} {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;
  ~Handle();

  Id get() const { return id_; }
  bool empty() const { return id_ == kNone; }
  Id release() { return std::exchange(id_, kNone); }

 private:
  static constexpr Id kNone = -1;
  Id id_ = kNone;
};

/// Type of the elements of a dataset, in memory and in the file.
class Type {
 public:
  struct Member;

  static Type real();
  static Type integer();
  static Type text(std::size_t bytes);  // UTF-8, padded with zeros; at least one byte
  static Type compound(std::vector<Member> const& members);

  Handle::Id id() const { return handle_.get(); }
  std::size_t bytes() const;

 private:
  friend class Dataset;
  explicit Type(Handle handle) : handle_{std::move(handle)} {}
  Handle handle_;
};

/// A column of a compound type; columns follow each other without gaps.
struct Type::Member {
  std::string name;
  Type type;
};

/// An open file. Opened with a communicator, everything done to it is collective: all ranks make the same calls.
class File {
 public:
  static File create(MPI_Comm comm, std::string const& path);  // replaces what is there
  static File open(MPI_Comm comm, std::string const& path);    // to read
  static File open_alone(std::string const& path);             // to read, by this process only
  static File reopen(MPI_Comm comm, std::string const& path);  // to go on writing

  void flush();  // to the disk
  /// Closes now, to see whether that worked; the destructor cannot say. Nothing of the file may still be open.
  void close();
  /// Gives the file up without closing it, then or ever: see any_abandoned().
  void abandon();
  bool is_open() const { return !handle_.empty(); }

  bool contains(std::string const& path) const;
  /// Paths of all arrays, without the leading slash.
  std::vector<std::string> datasets() const;
  /// Takes away the object at `path`, with all that is below it.
  void remove(std::string const& path);
  /// Of these, the arrays whose first axis may grow.
  std::vector<std::string> growing() const;
  /// Writes or replaces an attribute of the object at `object`; makes a group there if there is nothing.
  void set_attribute(std::string const& object, std::string const& name, Value const& value);
  void set_attribute(std::string const& object, std::string const& name, std::vector<std::string> const& values);
  /// All attributes of `object` that are one number or one text.
  Attributes attributes(std::string const& object) const;
  /// Opens every object once, so that a damaged header is found. Throws Failure.
  void check_objects() const;

  Handle::Id id() const { return handle_.get(); }
  bool shared() const { return shared_; }

 private:
  File(Handle handle, bool shared) : handle_{std::move(handle)}, shared_{shared} {}
  Handle handle_;
  bool shared_ = false;
};

/// An array in a file. Reading and writing are collective in a shared file: every rank calls, with its own block.
class Dataset {
 public:
  /// How the array is laid out: contiguous without `chunk`; the first axis may grow if `grows` (then it needs chunks).
  struct Layout {
    Shape shape, chunk;
    bool grows = false;
  };

  /// Groups on the way are made. A new array is not filled: every element must be written.
  static Dataset create(File const& file, std::string const& path, Type const& type, Layout const& layout);
  static Dataset open(File const& file, std::string const& path);

  Shape shape() const;
  bool grows() const;
  Type type() const;
  void extend(Shape const& shape);
  void write(Type const& type, void const* mine, Block const& block);
  void read(Type const& type, void* mine, Block const& block) const;
  /// Whether the elements are texts, of fixed or variable length.
  bool is_text() const;
  /// This rank's block of texts. Throws Failure if they are none.
  std::vector<std::string> read_texts(Block const& block) const;
  void make_scale(std::string const& name);
  void attach_scale(Dataset const& scale, int axis);

 private:
  Dataset(Handle handle, bool shared) : handle_{std::move(handle)}, shared_{shared} {}
  Handle handle_;
  bool shared_;
};

/// Whether this process gave up a file. HDF5 will try to close it when MPI ends, and may wait for other ranks for ever.
bool any_abandoned();

/// "1.10.8": the version of the library that is running.
std::string version();

}  // namespace kroma::io::h5
