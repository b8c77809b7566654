#include "core/timers.hpp"

#include <algorithm>

#include <Kokkos_Core.hpp>
#include <petsclog.h>

namespace kroma {
namespace {

/// PETSc keeps stages for the life of the process: a second run in it (tests, studies) finds its own again.
PetscLogStage petsc_stage(std::string const& name) {
  PetscLogStage stage = -1;
  PetscLogStageGetId(name.c_str(), &stage);
  if (stage < 0) PetscLogStageRegister(name.c_str(), &stage);
  return stage;
}

}  // namespace

std::size_t Timers::find(std::string const& name) {
  auto const found = std::find_if(stages_.begin(), stages_.end(), [&](Stage const& s) { return s.name == name; });
  if (found != stages_.end()) return static_cast<std::size_t>(found - stages_.begin());
  stages_.push_back({name});
  return stages_.size() - 1;
}

double Timers::seconds(std::string const& name) const {
  auto const found = std::find_if(stages_.begin(), stages_.end(), [&](Stage const& s) { return s.name == name; });
  return found != stages_.end() ? found->seconds : 0.0;
}

Timed::Timed(Timers& timers, std::string const& name)
    : timers_{timers}, stage_{timers.find(name)}, start_{MPI_Wtime()} {
  PetscLogStagePush(petsc_stage(name));
  Kokkos::Profiling::pushRegion(name);
}

Timed::~Timed() {
  Kokkos::fence();
  Kokkos::Profiling::popRegion();
  PetscLogStagePop();
  auto& stage = timers_.stages_[stage_];
  stage.seconds += MPI_Wtime() - start_;
  stage.calls += 1;
}

}  // namespace kroma
