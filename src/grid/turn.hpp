#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/workspace.hpp"
#include "grid/layout.hpp"

namespace kroma::grid {

/// What a rank has sent to others.
struct Traffic {
  std::int64_t exchanges = 0, messages = 0, bytes = 0;
  double seconds = 0;  // packing, sending and unpacking

  Traffic& operator+=(Traffic const& other);
};

/// How values of kernels get into messages.
enum class Path {
  automatic,  // direct where MPI reads the memory of kernels, staged elsewhere
  direct,     // MPI gets the memory of kernels
  staged,     // through buffers on the host
};

/// Moves a tensor from a layout in which an axis is shared out over one side of the process grid to the one in which
/// its neighbour, the next axis, is, and back; so that each axis is whole on a rank in one of the layouts. Sizes need
/// not divide by the number of ranks. One MPI_Alltoallv among the ranks of that side. T is double or float.
template <class T>
class Turn {
 public:
  /// From layout `from` over side `side`; temporaries come from `workspace`. Throws internal_error if a rank's part has
  /// 2^31 values or more. Collective.
  Turn(Layout const& from, int side, std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>(),
       Path path = Path::automatic);
  ~Turn();
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;

  Layout const& from() const { return from_; }
  Layout const& to() const { return to_; }

  /// `to` in layout to() = `from` in layout from(). Collective.
  void forward(Space const& space, TensorOf<T const> from, TensorOf<T> to);
  /// `from` = `to`, or += if `add`. Collective.
  void backward(Space const& space, TensorOf<T const> to, TensorOf<T> from, bool add);

  Traffic const& traffic() const { return traffic_; }
  /// Bytes of workspace that a turn from `from` over `side` takes. Not collective.
  static std::size_t footprint(Layout const& from, int side);
  /// What one turn from `from` over `side` sends, without its time; a turn back sends what the other rank of each pair
  /// does there, the same up to uneven sizes. Not collective.
  static Traffic planned(Layout const& from, int side);

 private:
  struct Counts {
    std::vector<int> counts, starts;
  };
  void exchange(VectorOf<T> send, Counts const& sent, VectorOf<T> receive, Counts const& received);

  Layout from_, to_;
  MPI_Comm side_comm_ = MPI_COMM_NULL;
  BlockMap rows_, columns_;   // of the two axes over the side
  int place_ = 0;             // of this rank on the side
  int left_ = 1, right_ = 1;  // product of local extents before and after the two axes
  Counts from_counts_, to_counts_;
  std::shared_ptr<Workspace> workspace_;
  bool staged_ = false;
  Traffic traffic_;
};

/// `values` of a tensor kept as `kept`, in a layout in which `axis` is whole on every rank; the same array where it is
/// whole already. Collective.
Tensor with_whole_axis(Space const& space, Layout const& kept, Tensor values, int axis);

}  // namespace kroma::grid
