#include "app/case_queue.hpp"

#include <algorithm>

namespace kroma {

CaseQueue::CaseQueue(MPI_Comm comm, int count) : count_{count} {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Aint const bytes = rank == 0 ? kCounters * static_cast<MPI_Aint>(sizeof(std::int64_t)) : 0;
  std::int64_t* counters = nullptr;
  MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm, &counters, &window_);
  if (rank == 0) std::fill_n(counters, static_cast<int>(kCounters), 0);
  MPI_Barrier(comm);
  MPI_Win_lock_all(0, window_);
}

CaseQueue::~CaseQueue() {
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

std::int64_t CaseQueue::change(Counter counter, std::int64_t value, MPI_Op op) {
  std::int64_t before = 0;
  MPI_Fetch_and_op(&value, &before, MPI_INT64_T, 0, counter, op, window_);
  MPI_Win_flush(0, window_);
  return before;
}

int CaseQueue::next() { return static_cast<int>(std::min<std::int64_t>(count_, change(kNext, 1, MPI_SUM))); }

void CaseQueue::close() { change(kNext, count_, MPI_REPLACE); }

void CaseQueue::ended(bool failed) {
  change(kEnded, 1, MPI_SUM);
  if (failed) change(kFailed, 1, MPI_SUM);
}

CaseQueue::Tally CaseQueue::tally() { return {change(kEnded, 0, MPI_NO_OP), change(kFailed, 0, MPI_NO_OP)}; }

}  // namespace kroma
