#include "grid/turn.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "grid/device_messages.hpp"

namespace kroma::grid {
namespace {

using Teams = Kokkos::TeamPolicy<Space>;

/// A tensor as (left, rows, columns, right), where over one side of the process grid either rows or columns are shared
/// out. `map` is that of the other of the two, which is cut into one message per rank.
struct Cut {
  int left, rows, columns, right;
  BlockMap map;
};

/// Message of each rank: its columns of all local rows, one after the other.
template <class T>
void pack_columns(Space const& space, Cut const& cut, VectorOf<T const> tensor, VectorOf<T> messages) {
  auto const c = cut;
  Kokkos::parallel_for(
      "grid::pack_columns", Teams(space, c.left * c.rows, Kokkos::AUTO), KOKKOS_LAMBDA(Teams::member_type const& team) {
        std::int64_t const row = team.league_rank();
        for (int rank = 0; rank < c.map.ranks; ++rank) {
          int const begin = c.map.begin(rank), width = c.map.count(rank) * c.right;
          auto const from = (row * c.columns + begin) * c.right;
          auto const to = static_cast<std::int64_t>(begin) * c.right * c.left * c.rows + row * width;
          Kokkos::parallel_for(Kokkos::TeamThreadRange(team, width),
                               [&](int const i) { messages(to + i) = tensor(from + i); });
        }
      });
}

/// The inverse, onto or added to the tensor.
template <class T>
void unpack_columns(Space const& space, Cut const& cut, VectorOf<T const> messages, bool add, VectorOf<T> tensor) {
  auto const c = cut;
  Kokkos::parallel_for(
      "grid::unpack_columns", Teams(space, c.left * c.rows, Kokkos::AUTO),
      KOKKOS_LAMBDA(Teams::member_type const& team) {
        std::int64_t const row = team.league_rank();
        for (int rank = 0; rank < c.map.ranks; ++rank) {
          int const begin = c.map.begin(rank), width = c.map.count(rank) * c.right;
          auto const to = (row * c.columns + begin) * c.right;
          auto const from = static_cast<std::int64_t>(begin) * c.right * c.left * c.rows + row * width;
          Kokkos::parallel_for(Kokkos::TeamThreadRange(team, width), [&](int const i) {
            tensor(to + i) = messages(from + i) + (add ? tensor(to + i) : T{0});
          });
        }
      });
}

/// Between a tensor with all rows and the messages of the ranks that have `map`'s blocks of them: into the messages if
/// `pack`, out of them otherwise.
template <class T>
void move_rows(Space const& space, Cut const& cut, bool pack, VectorOf<T> tensor, VectorOf<T> messages) {
  auto const c = cut;
  Kokkos::parallel_for(
      "grid::move_rows", Teams(space, c.left * c.rows, Kokkos::AUTO), KOKKOS_LAMBDA(Teams::member_type const& team) {
        int const l = team.league_rank() / c.rows, row = team.league_rank() % c.rows;
        int const rank = c.map.owner(row), begin = c.map.begin(rank), count = c.map.count(rank);
        int const width = c.columns * c.right;
        auto const inside = static_cast<std::int64_t>(team.league_rank()) * width;
        auto const outside = (static_cast<std::int64_t>(c.left) * begin + l * count + (row - begin)) * width;
        Kokkos::parallel_for(Kokkos::TeamThreadRange(team, width), [&](int const i) {
          if (pack) {
            messages(outside + i) = tensor(inside + i);
          } else {
            tensor(inside + i) = messages(outside + i);
          }
        });
      });
}

template <class T, class View>
VectorOf<T> flat(View const& tensor) {
  return VectorOf<T>(tensor.data(), tensor.size());
}

int extents_before(Extents const& n, int axis) {
  int product = 1;
  for (int d = 0; d < axis; ++d) product *= n[static_cast<std::size_t>(d)];
  return product;
}

int extents_after(Extents const& n, int axis) {
  int product = 1;
  for (int d = axis + 1; d < 3; ++d) product *= n[static_cast<std::size_t>(d)];
  return product;
}

}  // namespace

Traffic& Traffic::operator+=(Traffic const& other) {
  exchanges += other.exchanges;
  messages += other.messages;
  bytes += other.bytes;
  seconds += other.seconds;
  return *this;
}

template <class T>
Turn<T>::Turn(Layout const& from, int side, std::shared_ptr<Workspace> workspace, Path path)
    : from_{from},
      to_{from.moved(side, from.split()[static_cast<std::size_t>(side)] + 1)},
      workspace_{std::move(workspace)},
      staged_{path == Path::staged || (path == Path::automatic && !mpi_reads_kernel_memory())} {
  auto const s = static_cast<std::size_t>(side);
  int const axis = from.split()[s], ranks = from.processes().ranks[s];
  require(from.local_size() <= std::numeric_limits<int>::max() && to_.local_size() <= std::numeric_limits<int>::max(),
          "a rank's part of a transposed tensor fits MPI's int counts (use more ranks)");
  place_ = from.processes().place[s];
  MPI_Comm_split(from.comm(), from.processes().place[1 - s], place_, &side_comm_);
  rows_ = {from.extents()[static_cast<std::size_t>(axis)], ranks};
  columns_ = {from.extents()[static_cast<std::size_t>(axis + 1)], ranks};
  left_ = extents_before(from.local(), axis);
  right_ = extents_after(from.local(), axis + 1);
  for (int rank = 0; rank < ranks; ++rank) {
    from_counts_.counts.push_back(left_ * rows_.count(place_) * columns_.count(rank) * right_);
    from_counts_.starts.push_back(left_ * rows_.count(place_) * columns_.begin(rank) * right_);
    to_counts_.counts.push_back(left_ * rows_.count(rank) * columns_.count(place_) * right_);
    to_counts_.starts.push_back(left_ * rows_.begin(rank) * columns_.count(place_) * right_);
  }
  workspace_->reserve(footprint(from, side));
}

template <class T>
Turn<T>::~Turn() {
  MPI_Comm_free(&side_comm_);
}

template <class T>
std::size_t Turn<T>::footprint(Layout const& from, int side) {
  int const axis = from.split()[static_cast<std::size_t>(side)];
  auto bytes = Workspace::footprint<T>(static_cast<std::size_t>(from.local_size()));
  // Where nothing lies before the two axes, messages arrive in the memory order of the tensor: no second buffer.
  if (extents_before(from.local(), axis) > 1) {
    bytes += Workspace::footprint<T>(static_cast<std::size_t>(from.moved(side, axis + 1).local_size()));
  }
  return bytes;
}

template <class T>
Traffic Turn<T>::planned(Layout const& from, int side) {
  auto const s = static_cast<std::size_t>(side);
  int const axis = from.split()[s], place = from.processes().place[s];
  BlockMap const columns{from.extents()[static_cast<std::size_t>(axis + 1)], from.processes().ranks[s]};
  auto const local = from.local();
  auto const rest = static_cast<std::int64_t>(sizeof(T)) * extents_before(local, axis + 1) *
                    extents_after(local, axis + 1);  // bytes of a column
  Traffic traffic;
  traffic.exchanges = 1;
  for (int rank = 0; rank < columns.ranks; ++rank) {
    if (rank == place || columns.count(rank) * rest == 0) continue;
    ++traffic.messages;
    traffic.bytes += columns.count(rank) * rest;
  }
  return traffic;
}

template <class T>
void Turn<T>::exchange(VectorOf<T> send, Counts const& sent, VectorOf<T> receive, Counts const& received) {
  auto const type = std::is_same_v<T, double> ? MPI_DOUBLE : MPI_FLOAT;
  auto const call = [&](T const* from, T* to) {
    MPI_Alltoallv(from, sent.counts.data(), sent.starts.data(), type, to, received.counts.data(),
                  received.starts.data(), type, side_comm_);
  };
  if (staged_) {
    auto const from = Kokkos::create_mirror(Kokkos::HostSpace{}, send);
    auto const to = Kokkos::create_mirror(Kokkos::HostSpace{}, receive);
    Kokkos::deep_copy(from, send);
    call(from.data(), to.data());
    Kokkos::deep_copy(receive, to);
  } else {
    call(send.data(), receive.data());
  }
  ++traffic_.exchanges;
  for (int rank = 0; rank < rows_.ranks; ++rank) {
    int const count = sent.counts[static_cast<std::size_t>(rank)];
    if (rank == place_ || count == 0) continue;
    ++traffic_.messages;
    traffic_.bytes += static_cast<std::int64_t>(sizeof(T)) * count;
  }
}

template <class T>
void Turn<T>::forward(Space const& space, TensorOf<T const> from, TensorOf<T> to) {
  space.fence();
  double const start = MPI_Wtime();
  Workspace::Use use{*workspace_};
  auto const sent = use.take<T>(from.size());
  auto const received = left_ > 1 ? use.take<T>(to.size()) : flat<T>(to);
  pack_columns<T>(space, {left_, rows_.count(place_), columns_.size, right_, columns_}, flat<T const>(from), sent);
  space.fence();
  exchange(sent, from_counts_, received, to_counts_);
  if (left_ > 1) {
    move_rows<T>(space, {left_, rows_.size, columns_.count(place_), right_, rows_}, false, flat<T>(to), received);
    space.fence();
  }
  traffic_.seconds += MPI_Wtime() - start;
}

template <class T>
void Turn<T>::backward(Space const& space, TensorOf<T const> to, TensorOf<T> from, bool add) {
  space.fence();
  double const start = MPI_Wtime();
  Workspace::Use use{*workspace_};
  auto const received = use.take<T>(from.size());
  // MPI and move_rows do not write what they send.
  VectorOf<T> const whole(const_cast<T*>(to.data()), to.size());
  auto const sent = left_ > 1 ? use.take<T>(to.size()) : whole;
  if (left_ > 1) {
    move_rows<T>(space, {left_, rows_.size, columns_.count(place_), right_, rows_}, true, whole, sent);
    space.fence();
  }
  exchange(sent, to_counts_, received, from_counts_);
  unpack_columns<T>(space, {left_, rows_.count(place_), columns_.size, right_, columns_}, received, add, flat<T>(from));
  space.fence();
  traffic_.seconds += MPI_Wtime() - start;
}

template class Turn<double>;
template class Turn<float>;

Tensor with_whole_axis(Space const& space, Layout const& kept, Tensor values, int axis) {
  auto layout = kept;
  for (int side = 1; side >= 0; --side) {  // from the last side on, so that no axis is shared out twice
    if (axis > layout.split()[static_cast<std::size_t>(side)]) break;
    auto const next = layout.moved(side, side + 1);
    if (layout.processes().ranks[static_cast<std::size_t>(side)] > 1) {
      Turn<double> turn{layout, side};
      auto const n = next.local();
      Tensor const turned{"grid::turned", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                          static_cast<std::size_t>(n[2])};
      turn.forward(space, values, turned);
      values = turned;
    }
    layout = next;
  }
  return values;
}

}  // namespace kroma::grid
