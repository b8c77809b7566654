#pragma once

#include <map>
#include <optional>
#include <string>

#include <mpi.h>

#include "app/run.hpp"
#include "io/status.hpp"

namespace kroma {

/// Keeps other processes from writing into the same folder while this one lives; the system lets go of it when the
/// process dies. On a file system without locks it keeps nobody out.
class FolderLock {
 public:
  /// Throws Error(bad_input) if another process holds it, or if the folder cannot be written.
  explicit FolderLock(std::string const& folder);
  ~FolderLock();
  FolderLock(FolderLock const&) = delete;
  FolderLock& operator=(FolderLock const&) = delete;

  /// Whether a process, on this or another node, holds it now.
  static bool is_held(std::string const& folder);

 private:
  int file_;
};

/// What an output folder tells about its run.
struct FolderStatus {
  enum class State { empty, running, done, resumable, failed };
  State state = State::empty;
  io::ResultStatus results;
  std::string checkpoint;  // path of the newest complete one, or empty
};
/// Reads a folder, without MPI. Throws Error(bad_input) if there is no such folder.
FolderStatus folder_status(std::string const& folder);

/// How many of the cases below the folder of a study are in each state.
std::map<FolderStatus::State, int> case_states(std::string const& folder);

std::string results_path(std::string const& folder);
/// Where a run says how far it is (core/progress.hpp).
std::string progress_path(std::string const& folder);

/// Whether there are files of checkpoints, sound or not.
bool has_checkpoints(std::string const& folder);

/// What a run does in its folder.
enum class Start { fresh, resume, nothing };

/// Makes the folder and locks it for as long as `lock` lives. Throws Error(bad_input) on all ranks if the folder cannot
/// be had. Collective; rank 0 does it.
void lock_folder(MPI_Comm comm, std::string const& folder, std::optional<FolderLock>& lock);

/// Makes the folder, locks it for as long as `lock` lives, and removes what `earlier` says is to be replaced.
/// Start::nothing: it is done already. Throws Error(bad_input) on all ranks if the folder cannot be had. Collective;
/// rank 0 does it.
Start claim_folder(MPI_Comm comm, std::string const& folder, Earlier earlier, std::optional<FolderLock>& lock);

/// Removes results and checkpoints of a folder, nothing else in it.
void remove_results(std::string const& folder);

}  // namespace kroma
