#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/workspace.hpp"
#include "grid/turn.hpp"

namespace kroma::linalg {

/// coefficient * A0 (x) A1 (x) A2; a factor without data stands for the identity.
template <class T>
struct KroneckerTermOf {
  double coefficient = 1.0;
  std::array<MatrixOf<T>, 3> factors;
};
using KroneckerTerm = KroneckerTermOf<double>;

/// What has been done so far on this rank.
struct Work {
  double flops = 0;  // a multiplication and an addition count as two
  double bytes = 0;  // read and written by products and sums, each array once per operation; not by turns
  grid::Traffic turns;

  Work& operator+=(Work const& other);
};

/// In which order a sum of Kronecker products is taken, what its terms share, and the memory that needs: everything
/// that can be known without allocating. Products with a factor that several terms share (by identity of the array, not
/// of the numbers) are done once, and only terms with a factor on axis 0 go the way to where that axis is whole.
template <class T>
class KroneckerPlan {
 public:
  /// Throws internal_error if shapes disagree. Not collective.
  KroneckerPlan(grid::Layout const& in, grid::Extents const& out, std::vector<KroneckerTermOf<T>> const& terms);

  /// Bytes of workspace on this rank.
  std::size_t footprint() const;
  /// What this rank sends in one application, without its time; exact where extents divide by the ranks.
  grid::Traffic traffic() const;

  /// The terms that share a factor on one axis, as pairs (index into the next axis's list, coefficient).
  struct Group {
    MatrixOf<T> factor;
    struct Part {
      std::size_t index;
      double coefficient;
    };
    std::vector<Part> parts;
  };

  grid::Layout input, output;
  std::vector<MatrixOf<T>> last_factors;   // distinct factors of axis 2
  std::vector<Group> middle, first;        // groups of axis 1 (parts: last_factors) and axis 0 (parts: middle)
  grid::Layout last_kept, last_moved;      // of a product along axis 2: as tensors are kept; where axis 1 is whole
  grid::Layout middle_moved, first_whole;  // of a product along axis 1; the same where axis 0 is whole
  grid::Layout out_whole, out_moved;       // of the result on its way back
  bool sums_before_middle = false;         // whether terms are added before the product along axis 1
  bool reaches_first = false;              // whether any term has a factor on axis 0
  bool turns(int side) const;              // whether axes have to be moved over this side of the process grid
};

/// A sum of Kronecker products that acts on tensors shared out as slabs or pencils:
///   Y = sum_t c_t (A0_t (x) A1_t (x) A2_t) X.
/// Factors are replicated on all ranks and must be bit-identical there. T is double or float.
template <class T>
class KroneckerSumOf {
 public:
  /// `in`, `out`: global extents of X and Y. Operators that are not applied inside one another may share a workspace.
  /// Throws internal_error if shapes disagree. Collective.
  KroneckerSumOf(MPI_Comm comm, grid::Extents in, grid::Extents out, std::vector<KroneckerTermOf<T>> const& terms,
                 std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>());

  grid::Layout const& input() const { return plan_.input; }
  grid::Layout const& output() const { return plan_.output; }

  /// y (m0_local, m1_local, m2) = sum of terms applied to x (n0_local, n1_local, n2). Collective.
  void apply(Space const& space, TensorOf<T const> x, TensorOf<T> y);

  /// Of all applications on this rank.
  Work work() const;
  double flops() const { return work_.flops; }
  /// Bytes of workspace that an application takes.
  std::size_t footprint() const { return plan_.footprint(); }

 private:
  using Group = typename KroneckerPlan<T>::Group;
  using Input = TensorOf<T const>;

  void multiply(Space const& space, double alpha, MatrixOf<T> const& a, Input x, int mode, double beta, TensorOf<T> y);
  void combine(Space const& space, double alpha, Input x, double beta, TensorOf<T> y);
  std::vector<Input> last_products(Space const& space, Workspace::Use& use, Input x);
  void middle_product(Space const& space, std::vector<Input> const& last, Group const& group, double coefficient,
                      double beta, TensorOf<T> sum, TensorOf<T> y);

  KroneckerPlan<T> plan_;
  std::shared_ptr<Workspace> workspace_;
  using Turn = std::unique_ptr<grid::Turn<T>>;
  Turn to_middle_, to_first_, from_first_, from_middle_;
  Work work_;
};
using KroneckerSum = KroneckerSumOf<double>;

/// The tensor of a layout's local extents, zero.
template <class T>
TensorOf<T> make_tensor_of(std::string const& name, grid::Layout const& layout) {
  return TensorOf<T>{name, static_cast<std::size_t>(layout.count(0)), static_cast<std::size_t>(layout.count(1)),
                     static_cast<std::size_t>(layout.count(2))};
}
inline Tensor make_tensor(std::string const& name, grid::Layout const& layout) {
  return make_tensor_of<double>(name, layout);
}

}  // namespace kroma::linalg
