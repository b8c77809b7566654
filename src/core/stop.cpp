#include "core/stop.hpp"

#include <csignal>

namespace kroma {
namespace {

volatile std::sig_atomic_t signal_caught = 0;  // the only thing a signal handler may touch

extern "C" void catch_signal(int number) { signal_caught = number; }

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // a read or write under way goes on
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);
}

}  // namespace

StopRequest::StopRequest(double limit_seconds) : limit_{limit_seconds} {
  signal_caught = 0;
  handle(catch_signal);
}

StopRequest::~StopRequest() { handle(SIG_DFL); }

std::string StopRequest::reason() const {
  if (signal_caught == SIGTERM) return "SIGTERM";
  if (signal_caught == SIGUSR1) return "SIGUSR1";
  if (limit_.is_over()) return "--stop-after";
  return "";
}

bool StopRequest::agreed(MPI_Comm comm) const {
  int const mine = reason().empty() ? 0 : 1;
  int any = 0;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, comm);
  return any != 0;
}

}  // namespace kroma
