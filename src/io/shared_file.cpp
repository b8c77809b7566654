#include "io/shared_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include <fmt/ranges.h>

namespace kroma::io {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kReserve = 1 << 20;  // bytes for HDF5's own headers, until the next array

std::string folder_of(std::string const& path) {
  auto const folder = fs::path{path}.parent_path();
  return folder.empty() ? "." : folder.string();
}

/// Bytes free in the folder of `path`, or the largest number if the system does not say.
std::int64_t free_bytes(std::string const& path) {
  std::error_code error;
  auto const space = fs::space(folder_of(path), error);
  auto const most = static_cast<std::uintmax_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(error ? most : std::min(space.available, most));
}

/// Sets `bytes` on the disk aside beyond the end of the file, or says why that is impossible. Where the file system
/// cannot, compares with the space that is free.
std::string reserve_on_disk(std::string const& path, std::int64_t bytes) {
  int const file = ::open(path.c_str(), O_WRONLY);
  if (file < 0) return std::strerror(errno);
  auto const end = static_cast<std::int64_t>(::lseek(file, 0, SEEK_END));
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  int trouble = 0;
  if (limit.rlim_cur != RLIM_INFINITY && static_cast<std::int64_t>(limit.rlim_cur) < end + bytes) {
    trouble = EFBIG;
  } else if (::fallocate(file, FALLOC_FL_KEEP_SIZE, end, bytes) != 0) {
    trouble = errno;
    if (trouble == EOPNOTSUPP || trouble == ENOSYS || trouble == EINTR) {
      trouble = free_bytes(path) < bytes ? ENOSPC : 0;
    }
  }
  ::close(file);
  return trouble == 0 ? "" : std::strerror(trouble);
}

/// Frees what was set aside beyond the end of the file and not used.
void give_back(std::string const& path) {
  std::error_code ignored;
  auto const size = fs::file_size(path, ignored);
  if (!ignored) fs::resize_file(path, size, ignored);
}

Error cannot_create(std::string const& path, std::string const& why) {
  return bad_input(fmt::format("{}: cannot create: {}", path, why), "Choose an output.folder that can be written to.");
}

/// Makes the folder and an empty file with plain system calls, whose errors are clear: MPI's are not.
void prepare(std::string const& path) {
  std::error_code error;
  fs::create_directories(folder_of(path), error);
  if (error) throw cannot_create(path, fmt::format("folder {}: {}", folder_of(path), error.message()));
  int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0) throw cannot_create(path, std::strerror(errno));
  ::close(file);
}

}  // namespace

SharedFile SharedFile::create(MPI_Comm comm, std::string path) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  agreed(comm, [&] {
    if (rank == 0) prepare(path);
  });
  // A folder that only some nodes see would leave them waiting for each other inside MPI.
  agreed(comm, [&] {
    if (::access(path.c_str(), W_OK) != 0) {
      throw cannot_create(path, fmt::format("rank {} does not see it: {}", rank, std::strerror(errno)));
    }
  });
  auto file = agreed(comm, [&] {
    try {
      return h5::File::create(comm, path);
    } catch (h5::Failure const& failure) {
      throw cannot_create(path, failure.what());
    }
  });
  SharedFile shared{comm, std::move(path), std::move(file), State::written};
  shared.reserve(0);
  shared.attribute("/", "complete", std::int64_t{0});
  shared.flush();
  return shared;
}

SharedFile SharedFile::open_as(MPI_Comm comm, std::string path, State state) {
  int const rights = state == State::written ? R_OK | W_OK : R_OK;
  agreed(comm, [&] {
    if (::access(path.c_str(), rights) != 0) {
      throw bad_input(fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
    }
  });
  auto file = agreed(comm, [&] {
    try {
      return state == State::written ? h5::File::reopen(comm, path) : h5::File::open(comm, path);
    } catch (h5::Failure const& failure) {
      throw bad_input(fmt::format("{}: cannot open: {}", path, failure.what()));
    }
  });
  return SharedFile{comm, std::move(path), std::move(file), state};
}

SharedFile SharedFile::open(MPI_Comm comm, std::string path) { return open_as(comm, std::move(path), State::read); }

SharedFile SharedFile::reopen(MPI_Comm comm, std::string path) {
  auto shared = open_as(comm, std::move(path), State::written);
  shared.reserve(0);
  shared.attribute("/", "complete", std::int64_t{0});
  shared.flush();
  return shared;
}

int SharedFile::rank() const {
  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
  return rank;
}

std::string SharedFile::advice() const {
  return fmt::format("{:.1f} MB are free in {}; look at quotas and limits on file sizes, too.",
                     static_cast<double>(free_bytes(path_)) / 1e6, folder_of(path_));
}

void SharedFile::reserve(std::int64_t bytes) const {
  agreed(comm_, [&] {
    if (rank() != 0) return;
    auto const why = reserve_on_disk(path_, bytes + kReserve);
    if (why.empty()) return;
    throw solver_failed(
        fmt::format("{}: cannot write {:.1f} MB more: {}", path_, static_cast<double>(bytes + kReserve) / 1e6, why),
        advice());
  });
}

void SharedFile::attribute(std::string const& object, std::string const& name, Value const& value) {
  together(fmt::format("write attribute {} of {}", name, object), [&] { file_.set_attribute(object, name, value); });
}

void SharedFile::text(std::string const& path, std::string const& value) {
  write_from_first(path, h5::Type::text(value.size()), value.data(), {});
}

std::string SharedFile::text(std::string const& path) const {
  return together("read " + path, [&] { return read_text(file_, path); });
}

std::string read_text(h5::File const& file, std::string const& path) {
  auto const dataset = h5::Dataset::open(file, path);
  auto const type = dataset.type();
  std::string value(type.bytes(), '\0');
  dataset.read(type, value.data(), {});
  value.erase(value.find_last_not_of('\0') + 1);
  return value;
}

void SharedFile::create_array(std::string const& path, h5::Type const& type, h5::Dataset::Layout const& layout) {
  reserve(elements(layout.shape) * static_cast<std::int64_t>(type.bytes()));
  together("create " + path, [&] {
    if (file_.contains(path)) file_.remove(path);
    h5::Dataset::create(file_, path, type, layout);
  });
}

bool SharedFile::holds(std::string const& path, Shape const& shape) const {
  return together("look for " + path,
                  [&] { return file_.contains(path) && h5::Dataset::open(file_, path).shape() == shape; });
}

bool SharedFile::write_blocks(std::string const& path, std::span<double const> mine, Block const& block,
                              Shape const& shape) {
  check_blocks(comm_, path, mine.size(), block, shape);
  auto const chunk = elements(shape) == 0 ? Shape{} : chunk_for(comm_, block.count);
  bool const fresh = !holds(path, shape);
  if (fresh) create_array(path, h5::Type::real(), {.shape = shape, .chunk = chunk});
  write(path, mine, block);
  return fresh;
}

void SharedFile::write(std::string const& path, std::span<double const> mine, Block const& block) {
  together("write " + path, [&] { h5::Dataset::open(file_, path).write(h5::Type::real(), mine.data(), block); });
}

void SharedFile::read(std::string const& path, std::span<double> mine, Block const& block) const {
  together("read " + path, [&] { h5::Dataset::open(file_, path).read(h5::Type::real(), mine.data(), block); });
}

void SharedFile::write_from_first(std::string const& path, h5::Type const& type, void const* data, Shape const& shape) {
  create_array(path, type, {.shape = shape, .chunk = {}});
  together("write " + path, [&] { h5::Dataset::open(file_, path).write(type, data, whole_on_first(shape)); });
}

bool SharedFile::write_numbers(std::string const& path, std::span<double const> values, Shape const& shape) {
  bool const fresh = !holds(path, shape);
  if (fresh) create_array(path, h5::Type::real(), {.shape = shape, .chunk = {}});
  write(path, values, whole_on_first(shape));
  return fresh;
}

Block SharedFile::whole_on_first(Shape const& shape) const {
  if (rank() == 0) return {Shape(shape.size(), 0), shape};
  return {{0}, {0}};
}

void SharedFile::flush() {
  together("write to the disk", [&] { file_.flush(); });
}

void SharedFile::abandon() const {
  file_.abandon();
  state_ = State::abandoned;
}

void SharedFile::complete() {
  flush();
  attribute("/", "complete", std::int64_t{1});
  flush();
  together("close", [&] { file_.close(); });
  state_ = State::closed;
  agreed(comm_, [&] {
    if (rank() == 0) give_back(path_);
  });
}

Shape chunk_for(MPI_Comm comm, Shape const& count) {
  constexpr std::int64_t most = (std::int64_t{512} << 20) / static_cast<std::int64_t>(sizeof(double));
  Shape chunk(count.size());
  MPI_Allreduce(count.data(), chunk.data(), static_cast<int>(count.size()), MPI_INT64_T, MPI_MAX, comm);
  for (auto& extent : chunk) extent = std::max<std::int64_t>(extent, 1);
  for (auto& extent : chunk) {
    while (extent > 1 && elements(chunk) > most) extent = (extent + 1) / 2;
  }
  return chunk;
}

void check_block(MPI_Comm comm, std::string const& path, std::size_t mine, Block const& block, Shape const& shape) {
  agreed(comm, [&] {
    bool inside = block.offset.size() == shape.size() && block.count.size() == shape.size();
    for (std::size_t axis = 0; inside && axis < shape.size(); ++axis) {
      auto const offset = block.offset[axis], count = block.count[axis];
      inside = offset >= 0 && count >= 0 && offset <= shape[axis] - count;
    }
    if (!inside || static_cast<std::int64_t>(mine) != elements(block.count)) {
      throw internal_error(fmt::format("{}: {} values for the block of {} at {} in an array of {}", path, mine,
                                       block.count, block.offset, shape));
    }
  });
}

void check_blocks(MPI_Comm comm, std::string const& path, std::size_t mine, Block const& block, Shape const& shape) {
  check_block(comm, path, mine, block, shape);
  auto const count = static_cast<std::int64_t>(mine);
  std::int64_t sum = 0;
  MPI_Allreduce(&count, &sum, 1, MPI_INT64_T, MPI_SUM, comm);
  if (sum != elements(shape)) {
    throw internal_error(fmt::format("{}: the blocks have {} values, the array {}", path, sum, elements(shape)));
  }
}

}  // namespace kroma::io
