#include "io/checkpoints.hpp"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/mix.hpp"
#include "io/shared_file.hpp"
#include "io/status.hpp"

namespace kroma::io {
namespace {

namespace fs = std::filesystem;

constexpr auto kState = "/state";
constexpr auto kDeck = "/deck/resolved";
constexpr auto kChecksum = "checksum";
constexpr std::size_t kKept = 2;

std::string name_of(std::int64_t number) { return fmt::format("{:06}.h5", number); }

/// N of "00000N.h5", or 0 for any other name.
std::int64_t number_of(fs::path const& path) {
  auto const stem = path.stem().string();
  bool const digits = !stem.empty() && stem.size() <= 15 && stem.find_first_not_of("0123456789") == std::string::npos;
  auto const number = digits ? std::stoll(stem) : 0;
  return path.filename() == name_of(number) ? number : 0;
}

/// Numbers of the checkpoints in a folder, newest first; none if there is no folder.
std::vector<std::int64_t> list(fs::path const& folder) {
  std::vector<std::int64_t> found;
  std::error_code error;
  for (auto const& entry : fs::directory_iterator{folder, error}) {
    if (auto const number = number_of(entry.path()); number > 0) found.push_back(number);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

/// Removes all but the newest complete ones, so that a damaged file never pushes out a good one.
void prune(fs::path const& folder) {
  std::size_t kept = 0;
  for (auto const number : list(folder)) {
    auto const path = folder / name_of(number);
    if (kept < kKept && read_status(path.string()).complete) {
      ++kept;
      continue;
    }
    std::error_code ignored;  // a file that cannot be removed does no harm
    fs::remove(path, ignored);
  }
}

/// What `work` returns on rank 0, on every rank: folders look different to ranks on other nodes. Collective.
template <class Work>
std::int64_t from_first(MPI_Comm comm, Work&& work) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  auto number = agreed(comm, [&] { return rank == 0 ? work() : std::int64_t{0}; });
  MPI_Bcast(&number, 1, MPI_INT64_T, 0, comm);
  return number;
}

/// Checksum of a distributed array, the same however it is shared out: the sum over all elements of a hash of value and
/// place. The blocks must not overlap. Collective.
std::int64_t checksum(MPI_Comm comm, std::span<double const> mine, Block const& block, Shape const& shape) {
  std::uint64_t sum = 0;
  Shape index(shape.size(), 0);
  for (double const value : mine) {
    std::uint64_t place = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      place = place * static_cast<std::uint64_t>(shape[d]) + static_cast<std::uint64_t>(block.offset[d] + index[d]);
    }
    sum += mix(std::bit_cast<std::uint64_t>(value) ^ mix(place));
    for (std::size_t d = shape.size(); d-- > 0 && ++index[d] == block.count[d];) index[d] = 0;
  }
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm);
  return static_cast<std::int64_t>(sum);
}

/// Over which ranks the blocks make up the array once: all of them, each by itself, or MPI_COMM_NULL where only parts
/// are read. Collective.
MPI_Comm holders(MPI_Comm comm, std::span<double const> mine, Shape const& shape) {
  auto const held = static_cast<std::int64_t>(mine.size());
  std::int64_t all = 0, least = 0;
  MPI_Allreduce(&held, &all, 1, MPI_INT64_T, MPI_SUM, comm);
  MPI_Allreduce(&held, &least, 1, MPI_INT64_T, MPI_MIN, comm);
  if (all == elements(shape)) return comm;
  return least == elements(shape) ? MPI_COMM_SELF : MPI_COMM_NULL;
}

/// Checksum of the numbers, texts and the deck of a checkpoint.
std::int64_t checksum_of_values(h5::File const& file) {
  std::uint64_t sum = 0;
  auto const add = [&sum](std::string const& text) {
    auto state = mix(text.size());
    for (unsigned char const c : text) state = mix(state ^ c);
    sum += state;
  };
  for (auto const& [name, value] : file.attributes(kState)) {
    auto const text = std::visit([](auto const& held) { return fmt::format("{}", held); }, value);
    add(fmt::format("{}={}", name, text));
  }
  add(read_text(file, kDeck));
  return static_cast<std::int64_t>(sum);
}

/// What is wrong with a checkpoint that says it is complete; "" if nothing is.
std::string damage_of(std::string const& path) {
  try {
    auto const file = h5::File::open_alone(path);
    auto const root = file.attributes("/");
    auto const same = [sum = checksum_of_values(file)](auto const& attribute) {
      return attribute.first == kChecksum && attribute.second == Value{sum};
    };
    return std::any_of(root.begin(), root.end(), same) ? "" : "its values are damaged";
  } catch (h5::Failure const& failure) {
    return failure.what();
  }
}

/// Number of the newest checkpoint that is complete and sound, 0 if there is none; warns of those it passes over.
std::int64_t find_sound(fs::path const& folder, Log const& log) {
  for (auto const number : list(folder)) {
    auto const path = (folder / name_of(number)).string();
    auto const status = read_status(path);
    auto const trouble = status.complete ? damage_of(path) : status.trouble;
    if (status.complete && trouble.empty()) return number;
    log.warning(fmt::format("checkpoint {} is skipped: {}", path,
                            trouble.empty() ? "the run was stopped while writing it" : trouble));
  }
  return 0;
}

std::string under_state(std::string const& name) { return fmt::format("{}/{}", kState, name); }

}  // namespace

struct Checkpoint::State {
  SharedFile shared;
  std::int64_t step;
};

Checkpoint::Checkpoint(std::unique_ptr<State> state) : state_{std::move(state)} {}
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint& Checkpoint::operator=(Checkpoint&&) noexcept = default;
Checkpoint::~Checkpoint() = default;

std::string const& Checkpoint::path() const { return state_->shared.path(); }

std::int64_t Checkpoint::step() const { return state_->step; }

std::string Checkpoint::deck() const { return state_->shared.text(kDeck); }

void Checkpoint::write(std::string const& name, Value const& value) { state_->shared.attribute(kState, name, value); }

void Checkpoint::write(std::string const& name, std::span<double const> mine, Block const& block, Shape const& shape) {
  auto& shared = state_->shared;
  shared.write_blocks(under_state(name), mine, block, shape);
  shared.attribute(under_state(name), kChecksum, checksum(shared.comm(), mine, block, shape));
}

void Checkpoint::complete() {
  auto& shared = state_->shared;
  auto const sum = shared.together("read what was written", [&] { return checksum_of_values(shared.file()); });
  shared.attribute("/", kChecksum, sum);
  shared.complete();
  agreed(shared.comm(), [&] {
    if (shared.rank() == 0) prune(fs::path{shared.path()}.parent_path());
  });
}

Value Checkpoint::find(std::string const& name) const {
  auto const& shared = state_->shared;
  auto const values = shared.together("read " + name, [&] { return shared.file().attributes(kState); });
  for (auto const& [key, value] : values) {
    if (key == name) return value;
  }
  throw_missing(name);
}

void Checkpoint::throw_missing(std::string const& name) const {
  throw bad_input(fmt::format("{}: holds no '{}'", path(), name), "It was written by another problem or version.");
}

Shape Checkpoint::shape(std::string const& name) const {
  auto const& shared = state_->shared;
  return shared.together("read " + name, [&] { return h5::Dataset::open(shared.file(), under_state(name)).shape(); });
}

void Checkpoint::read(std::string const& name, std::span<double> mine, Block const& block) const {
  auto const& shared = state_->shared;
  auto const extents = shape(name);
  check_block(shared.comm(), path() + ": " + name, mine.size(), block, extents);
  shared.read(under_state(name), mine, block);
  auto const whole = holders(shared.comm(), mine, extents);
  if (whole == MPI_COMM_NULL) return;
  auto const found = checksum(whole, mine, block, extents);
  auto const known = shared.together("read " + name, [&] { return shared.file().attributes(under_state(name)); });
  auto const same = [&](auto const& attribute) {
    return attribute.first == kChecksum && attribute.second == Value{found};
  };
  agreed(shared.comm(), [&] {
    if (std::any_of(known.begin(), known.end(), same)) return;
    throw bad_input(fmt::format("{}: '{}' is damaged: its checksum is not the one that was written", path(), name),
                    "Remove this file, then --resume goes on from the one before; or start again with --overwrite.");
  });
}

CheckpointStore::CheckpointStore(MPI_Comm comm, std::string folder)
    : comm_{comm}, folder_{(fs::path{std::move(folder)} / "checkpoints").string()} {}

Checkpoint CheckpointStore::create(std::int64_t step, std::string const& resolved_deck) const {
  auto const number = from_first(comm_, [&] {
    auto const existing = list(folder_);
    return existing.empty() ? 1 : existing.front() + 1;
  });
  auto shared = SharedFile::create(comm_, fmt::format("{}/{}", folder_, name_of(number)));
  shared.attribute(kState, "step", step);
  shared.text(kDeck, resolved_deck);
  return Checkpoint{std::make_unique<Checkpoint::State>(Checkpoint::State{std::move(shared), step})};
}

std::optional<Checkpoint> CheckpointStore::newest() const {
  auto const number = from_first(comm_, [&] { return find_sound(folder_, Log{MPI_COMM_SELF}); });
  if (number == 0) return std::nullopt;
  auto shared = SharedFile::open(comm_, fmt::format("{}/{}", folder_, name_of(number)));
  Checkpoint checkpoint{std::make_unique<Checkpoint::State>(Checkpoint::State{std::move(shared), 0})};
  checkpoint.state_->step = checkpoint.value<std::int64_t>("step");
  return checkpoint;
}

}  // namespace kroma::io
