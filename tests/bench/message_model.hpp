#pragma once

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include <mpi.h>

#include "grid/turn.hpp"

namespace kroma::bench {

struct Seconds {
  double wall = 1e300, processor = 1e300;

  /// Processor time where kernels run in this process, wall time where they run on a device.
  double busy() const {
    return Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible ? processor : wall;
  }
};

/// Least wall and processor time of `repetitions` calls, after one to warm up.
inline Seconds best_of(int repetitions, std::function<void()> const& call) {
  Seconds best;
  call();
  for (int i = 0; i < repetitions; ++i) {
    double const wall = MPI_Wtime();
    auto const processor = std::clock();
    call();
    best.processor = std::min(best.processor, static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
    best.wall = std::min(best.wall, MPI_Wtime() - wall);
  }
  return best;
}

/// A message of b bytes takes latency + b * seconds_per_byte (Hockney 1994).
struct MessageModel {
  std::string name;
  double latency = 0, seconds_per_byte = 0;

  double seconds(grid::Traffic const& traffic) const {
    return latency * static_cast<double>(traffic.messages) + seconds_per_byte * static_cast<double>(traffic.bytes);
  }
};

/// Figures of a common interconnect between nodes, to set beside the memory of one machine.
inline MessageModel const kInterconnect{"an interconnect of 2 us and 25 GB/s per rank (assumed)", 2e-6, 1.0 / 25e9};

inline constexpr char kAssumptions[] =
    "model of one application of the core operator on more ranks. Assumed: products keep the rate of one rank, "
    "measured\n"
    "above; the fullest rank decides; it sends its messages one after the other, each latency + bytes / bandwidth, the "
    "same\n"
    "between any two ranks and undisturbed by others; nothing overlaps; two sums over all ranks per iteration cost\n"
    "log2(ranks) latencies each. Numbers and sizes of messages are those of the operator's plan, which tests hold "
    "against\n"
    "counted ones.\n";

/// Fits the model to round trips between ranks 0 and 1, least squares of relative errors. Collective over `comm`.
inline MessageModel fit_messages(MPI_Comm comm) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  MessageModel model{"messages between two ranks of this machine (fitted)", 0, 0};
  if (ranks < 2) return model;
  std::vector<char> buffer(1U << 23U);
  double s1 = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;  // weighted normal equations
  for (std::size_t bytes = 8; bytes <= buffer.size(); bytes *= 4) {
    auto const best = best_of(30, [&] {
      if (rank > 1) return;
      auto const count = static_cast<int>(bytes);
      if (rank == 0) MPI_Send(buffer.data(), count, MPI_CHAR, 1, 0, comm);
      MPI_Recv(buffer.data(), count, MPI_CHAR, 1 - rank, 0, comm, MPI_STATUS_IGNORE);
      if (rank == 1) MPI_Send(buffer.data(), count, MPI_CHAR, 0, 0, comm);
    });
    double const t = 0.5 * best.wall, x = static_cast<double>(bytes), weight = 1 / (t * t);
    s1 += weight;
    sx += weight * x;
    sxx += weight * x * x;
    sy += weight * t;
    sxy += weight * x * t;
  }
  model.seconds_per_byte = (s1 * sxy - sx * sy) / (s1 * sxx - sx * sx);
  model.latency = std::max(0.0, (sy - model.seconds_per_byte * sx) / s1);
  MPI_Bcast(&model.latency, 1, MPI_DOUBLE, 0, comm);
  MPI_Bcast(&model.seconds_per_byte, 1, MPI_DOUBLE, 0, comm);
  return model;
}

/// Packing and unpacking of a turn, from one on this rank alone, per byte of the tensor.
inline double turn_seconds_per_byte() {
  grid::Layout const layout = grid::Layout{MPI_COMM_SELF, {128, 128, 128}}.moved(1, 2);
  grid::Turn<double> turn{layout, 0};
  Tensor const from{"from", 128, 128, 128}, to{"to", 128, 128, 128};
  auto const best = best_of(5, [&] { turn.forward(Space{}, from, to); });
  return best.busy() / (8.0 * static_cast<double>(from.size()));
}

}  // namespace kroma::bench
