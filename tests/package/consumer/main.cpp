// Runs a deck from another program and looks at the metrics of its results.
#include <cstdio>

#include "app/run.hpp"
#include "core/runtime.hpp"
#include "io/status.hpp"

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  kroma::RunRequest request;
  request.deck = argc > 1 ? argv[1] : "";
  request.sets = {"output.folder=out"};
  request.earlier = kroma::Earlier::overwrite;
  if (kroma::run(MPI_COMM_WORLD, request) != kroma::Exit::done) return 1;
  for (auto const& [name, value] : kroma::io::read_status("out/results.h5").metrics) {
    if (name == "relative_l2") return std::get<double>(value) < 1e-9 ? 0 : 2;
  }
  return 3;
}
