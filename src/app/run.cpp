#include "app/run.hpp"

#include "app/job.hpp"
#include "app/one_run.hpp"
#include "app/study_run.hpp"

namespace kroma {

Exit run(MPI_Comm comm, RunRequest const& request, Registry const& families) {
  StopRequest const stop{request.stop_after};
  auto const input = load_input(request.deck, shared_reader(comm));
  if (input.study && !request.case_number) return run_study(comm, request, input, stop, families);

  Log const log{comm, request.verbosity};
  auto job = agreed(
      comm, [&] { return prepare(input.deck, choose_case(input, request.case_number), request.sets, families); });
  return run_job(comm, {request.earlier, log, stop, request.command_line}, job);
}

}  // namespace kroma
