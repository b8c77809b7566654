#include "app/output_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma {
namespace {

namespace fs = std::filesystem;

std::string lock_path(std::string const& folder) { return folder + "/.lock"; }
std::string checkpoints_path(std::string const& folder) { return folder + "/checkpoints"; }

std::string newest_checkpoint(std::string const& folder) {
  std::string newest;
  std::error_code none;
  for (auto const& entry : fs::directory_iterator{checkpoints_path(folder), none}) {
    auto const path = entry.path().string();
    if (path > newest && io::read_status(path).complete) newest = path;
  }
  return newest;
}

bool has_failed(io::ResultStatus const& results) {
  auto const& metrics = results.metrics;
  return std::any_of(metrics.begin(), metrics.end(), [](auto const& metric) { return metric.first == "failure"; });
}

FolderStatus::State state_of(std::string const& folder, FolderStatus const& status) {
  using State = FolderStatus::State;
  if (FolderLock::is_held(folder)) return State::running;
  if (status.results.complete) return State::done;
  if (has_failed(status.results)) return State::failed;
  if (!status.checkpoint.empty()) return State::resumable;
  return status.results.exists ? State::failed : State::empty;
}

/// On one rank: may this run have the folder, and what is it to do there?
Start decide(std::string const& folder, Earlier earlier) {
  if (!fs::exists(results_path(folder)) && !fs::exists(checkpoints_path(folder))) return Start::fresh;
  if (earlier == Earlier::refuse) {
    throw bad_input(fmt::format("{}: holds the results of an earlier run", folder),
                    "Replace them: --overwrite. Go on with them: --resume. Or choose another output.folder.");
  }
  if (earlier == Earlier::overwrite) {
    remove_results(folder);
    return Start::fresh;
  }
  if (io::read_status(results_path(folder)).complete) return Start::nothing;
  return newest_checkpoint(folder).empty() ? Start::fresh : Start::resume;
}

}  // namespace

FolderLock::FolderLock(std::string const& folder)
    : file_{open(lock_path(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)} {
  if (file_ < 0) {
    throw bad_input(fmt::format("{}: cannot write there: {}", folder, std::strerror(errno)),
                    "Choose another output.folder.");
  }
  if (flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(file_);
    throw bad_input(fmt::format("{}: another kroma is writing there now", folder),
                    "Wait until it is done, or choose another output.folder.");
  }
}

FolderLock::~FolderLock() { close(file_); }

bool FolderLock::is_held(std::string const& folder) {
  int const file = open(lock_path(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool const held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(file);
  return held;
}

std::string results_path(std::string const& folder) { return folder + "/results.h5"; }
bool has_checkpoints(std::string const& folder) {
  std::error_code none;
  return fs::directory_iterator{checkpoints_path(folder), none} != fs::directory_iterator{};
}

std::string progress_path(std::string const& folder) { return folder + "/.progress"; }

FolderStatus folder_status(std::string const& folder) {
  if (!fs::is_directory(folder)) throw bad_input(fmt::format("{}: no such folder", folder));
  FolderStatus status;
  status.results = io::read_status(results_path(folder));
  status.checkpoint = newest_checkpoint(folder);
  status.state = state_of(folder, status);
  return status;
}

std::map<FolderStatus::State, int> case_states(std::string const& folder) {
  std::map<FolderStatus::State, int> states;
  for (auto const& entry : fs::directory_iterator{folder}) {
    if (!entry.is_directory() || !entry.path().filename().string().starts_with("case_")) continue;
    ++states[folder_status(entry.path().string()).state];
  }
  return states;
}

void lock_folder(MPI_Comm comm, std::string const& folder, std::optional<FolderLock>& lock) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  agreed(comm, [&] {
    if (rank != 0) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
      throw bad_input(fmt::format("{}: cannot make this folder: {}", folder, error.message()),
                      "Choose another output.folder.");
    }
    lock.emplace(folder);
  });
}

Start claim_folder(MPI_Comm comm, std::string const& folder, Earlier earlier, std::optional<FolderLock>& lock) {
  lock_folder(comm, folder, lock);
  auto start = agreed(comm, [&] { return lock ? decide(folder, earlier) : Start::fresh; });  // rank 0 has the lock
  MPI_Bcast(&start, sizeof start, MPI_BYTE, 0, comm);
  return start;
}

void remove_results(std::string const& folder) {
  fs::remove(results_path(folder));
  fs::remove_all(checkpoints_path(folder));
}

}  // namespace kroma
