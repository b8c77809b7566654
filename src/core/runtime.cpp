#include "core/runtime.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <Kokkos_Core.hpp>
#include <mpi.h>
#include <petscsys.h>

#include "core/error.hpp"

// OpenBLAS's own switch, if that is the BLAS linked in: the default parallelism on CPUs is MPI ranks, and a BLAS
// that also starts a thread per core on every rank makes all of them slow.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int count);

namespace kroma {
namespace {

void one_blas_thread_unless_asked() {
  for (char const* name : {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}) {
    if (std::getenv(name) != nullptr) return;
  }
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
}

std::string g_own_folder;  // of Open MPI's files, to be removed at the end; empty: none

/// While MPI starts in a process that no launcher started: Open MPI's settings for one that stays alone, where the user
/// has not given them. Otherwise it starts a daemon, in case that others are to be added, and looks for networks, which
/// takes most of half a second. Such processes all take the same name, and each would remove the folder of that name in
/// which the others keep their files: each gets a folder of its own. Other MPI libraries do not read any of this.
class AloneUnlessLaunched {
 public:
  AloneUnlessLaunched() {
    for (char const* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID", "ALPS_APP_PE"}) {
      if (std::getenv(name) != nullptr) return;
    }
    for (auto const& [name, value] : {std::pair{"OMPI_MCA_ess_singleton_isolated", "1"},
                                      std::pair{"OMPI_MCA_pml", "ob1"}, std::pair{"OMPI_MCA_btl", "self"}}) {
      if (std::getenv(name) != nullptr) continue;
      setenv(name, value, 0);
      set_.push_back(name);
    }
    give_folder();
  }
  ~AloneUnlessLaunched() {  // programs that this one starts are not meant
    for (auto const* name : set_) unsetenv(name);
  }
  AloneUnlessLaunched(AloneUnlessLaunched const&) = delete;
  AloneUnlessLaunched& operator=(AloneUnlessLaunched const&) = delete;

 private:
  void give_folder() {
    constexpr auto name = "OMPI_MCA_orte_tmpdir_base";
    std::error_code ignored;
    auto path = (std::filesystem::temp_directory_path(ignored) / "kroma-XXXXXX").string();
    if (std::getenv(name) != nullptr || mkdtemp(path.data()) == nullptr) return;
    g_own_folder = path;
    setenv(name, path.c_str(), 0);
    set_.push_back(name);
  }

  std::vector<char const*> set_;
};

void start_mpi(int* count, char*** arguments) {
  AloneUnlessLaunched const settings;
  MPI_Init(count, arguments);
}

}  // namespace

Runtime::Runtime(std::vector<std::string> library_options) {
  library_options.insert(library_options.begin(), "kroma");
  std::vector<char*> words;
  words.reserve(library_options.size() + 1);
  for (auto& word : library_options) words.push_back(word.data());
  words.push_back(nullptr);
  int count = static_cast<int>(library_options.size());
  char** arguments = words.data();

  one_blas_thread_unless_asked();
  start_mpi(&count, &arguments);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
  Kokkos::initialize(count, arguments);
  // Our own handlers answer SIGTERM and SIGUSR1; PETSc's would abort.
  PetscOptionsSetValue(nullptr, "-no_signal_handler", "true");
  if (PetscInitialize(&count, &arguments, nullptr, nullptr) != 0) throw internal_error("PETSc did not start");
  PetscPushErrorHandler(PetscReturnErrorHandler, nullptr);
}

Runtime::~Runtime() {
  PetscPopErrorHandler();
  PetscFinalize();
  Kokkos::finalize();
  MPI_Finalize();
  std::error_code ignored;
  if (!g_own_folder.empty()) std::filesystem::remove_all(g_own_folder, ignored);
}

}  // namespace kroma
