#pragma once

#include <cstddef>
#include <vector>

namespace kroma::linalg {

/// A square matrix with entries near the diagonal only, and its factors with row exchanges, by LAPACK on the host.
/// T is double or std::complex<double>. Not collective.
template <class T>
class BandMatrix {
 public:
  /// (size, size), with `lower` diagonals below and `upper` above the main one; zero.
  BandMatrix(int size, int lower, int upper);

  int size() const { return size_; }
  int lower() const { return lower_; }
  int upper() const { return upper_; }
  void set_zero();
  /// Entry of the band: -upper <= row - column <= lower.
  T& operator()(int row, int column) { return band_[place(row, column)]; }
  T operator()(int row, int column) const { return band_[place(row, column)]; }
  /// Replaces the entries by those of the factors; false where the matrix is singular, or has entries that are not
  /// finite.
  bool factor();
  /// x <- A^-1 x after factor().
  void solve(T* x) const;

 private:
  /// Column by column, with room above for what row exchanges fill in.
  std::size_t place(int row, int column) const {
    return static_cast<std::size_t>(lower_ + upper_ + row - column) +
           static_cast<std::size_t>(column) * static_cast<std::size_t>(2 * lower_ + upper_ + 1);
  }

  int size_, lower_, upper_;
  std::vector<T> band_;
  std::vector<int> exchanges_;
};

}  // namespace kroma::linalg
