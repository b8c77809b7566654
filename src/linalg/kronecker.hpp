#pragma once

#include <array>
#include <memory>
#include <vector>

#include "grid/slab.hpp"

namespace kroma::linalg {

/// coefficient * A0 (x) A1 (x) A2; a factor without data stands for the identity.
struct KroneckerTerm {
  double coefficient = 1.0;
  std::array<Matrix, 3> factors;
};

/// A sum of Kronecker products that acts on tensors shared out along axis 0:
///   Y = sum_t c_t (A0_t (x) A1_t (x) A2_t) X.
/// Factors are replicated on all ranks and must be bit-identical there. Products with a factor that several terms
/// share (by identity of the array, not of the numbers) are done once, and only terms with a factor on axis 0 are
/// sent between ranks: one tensor per distinct factor there, and one back.
class KroneckerSum {
 public:
  /// `in`, `out`: global extents of X and Y. Allocates the workspace. Throws internal_error if shapes disagree.
  KroneckerSum(MPI_Comm comm, grid::Extents in, grid::Extents out, std::vector<KroneckerTerm> terms);

  grid::Layout const& input() const { return input_; }
  grid::Layout const& output() const { return output_; }

  /// y (m0_local, m1, m2) = sum of terms applied to x (n0_local, n1, n2). Collective.
  void apply(Space const& space, ConstTensor x, Tensor y);

  /// Floating-point operations (a multiplication and an addition count as two) of all applications on this rank.
  double flops() const { return flops_; }
  std::int64_t bytes_sent() const { return turn_in_ ? turn_in_->bytes_sent() + turn_out_->bytes_sent() : 0; }

 private:
  /// The terms that share a factor on one axis, as pairs (index into the next axis's list, coefficient).
  struct Group {
    Matrix factor;
    struct Part {
      std::size_t index;
      double coefficient;
    };
    std::vector<Part> parts;
  };

  void plan(std::vector<KroneckerTerm> const& terms);
  void multiply(Space const& space, double alpha, Matrix const& a, ConstTensor x, int mode, double beta, Tensor y);
  ConstTensor last_axis(ConstTensor x, std::size_t index) const;
  void middle_axis(Space const& space, ConstTensor x, Group const& group, double coefficient, double beta, Tensor y);
  void first_axis(Space const& space, ConstTensor sum, Group const& group, bool first, Tensor y);

  grid::Layout input_, output_;
  std::vector<Matrix> last_factors_;   // distinct factors of axis 2
  std::vector<Group> middle_, first_;  // groups of axis 1 (parts: last_factors_) and axis 0 (parts: middle_)
  std::vector<Tensor> last_products_;  // X A2^T for each distinct factor, (n0_local, n1, m2)
  Tensor combined_, middle_sum_, turned_in_, turned_out_;
  std::unique_ptr<grid::Turn> turn_in_, turn_out_;
  double flops_ = 0;
};

/// The tensor of a layout's local extents, zero.
Tensor make_tensor(char const* name, grid::Layout const& layout);

}  // namespace kroma::linalg
