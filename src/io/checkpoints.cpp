#include "io/checkpoints.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/log.hpp"
#include "io/shared_file.hpp"
#include "io/status.hpp"

namespace kroma::io {
namespace {

namespace fs = std::filesystem;

constexpr auto kState = "/state";
constexpr auto kDeck = "/deck/resolved";
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

/// Number of the newest checkpoint that is complete and sound, 0 if there is none; warns of those it passes over.
std::int64_t find_sound(fs::path const& folder, Log const& log) {
  for (auto const number : list(folder)) {
    auto const path = (folder / name_of(number)).string();
    auto const status = read_status(path);
    if (status.complete) return number;
    log.warning(fmt::format("checkpoint {} is skipped: {}", path,
                            status.trouble.empty() ? "the run was stopped while writing it" : status.trouble));
  }
  return 0;
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
  state_->shared.write_blocks(under_state(name), mine, block, shape);
}

void Checkpoint::complete() {
  auto& shared = state_->shared;
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
  check_block(state_->shared.comm(), path() + ": " + name, mine.size(), block, shape(name));
  state_->shared.read(under_state(name), mine, block);
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
