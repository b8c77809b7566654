#include "problems/problem.hpp"

namespace kroma {

bool Run::should_stop(std::int64_t step, Save const& save) {
  enum { go_on, write, write_and_stop };
  int wish = !stop.reason().empty() ? write_and_stop : until_checkpoint.is_over() ? write : go_on;
  MPI_Allreduce(MPI_IN_PLACE, &wish, 1, MPI_INT, MPI_MAX, comm);
  if (wish == go_on) return false;
  auto checkpoint = checkpoints.create(step, resolved_deck);
  save(checkpoint);
  checkpoint.complete();
  until_checkpoint.restart();
  return stopped = wish == write_and_stop;
}

}  // namespace kroma
