#pragma once

#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

// Row kernels on tiles. None is collective; all return before the work is done on a device unless they return a value.

/// distance(i) = |x_i|^2 of the coordinates (all features but the last).
void squared_norms(Space const& space, ConstMatrix features, Vector distance);

/// Moves each row to its lowest score: label(i) = argmin_k score(i,k), member(i,k) = 1 there and 0 elsewhere,
/// lowest(i) that score. Returns how many labels changed.
///   score, member (rows, K); label, lowest (rows)
std::int64_t assign_lowest(Space const& space, ConstMatrix score, Matrix member, Labels label, Vector lowest);

/// member(i,k) = 1 where label(i) = k, else 0.
void indicate(Space const& space, VectorOn<Space, int const> label, Matrix member);

/// gain(i,c) = min(nearest(i), max(score(i,c) + norm(i), 0)): what is left to the nearest mean if candidate c is added.
void lower_to_candidates(Space const& space, ConstVector nearest, ConstVector norm, Matrix score);

/// The winner of a race of exponential clocks with rates `weight` (rows), for draws with these probabilities whatever
/// the number of ranks: the row with the lowest -log(u) / weight, and that time. Row -1 if all weights are 0.
struct Winner {
  double time = 0;
  std::int64_t row = -1;
};
Winner race(Space const& space, ConstVector weight, std::int64_t offset, std::uint64_t seed, std::uint64_t stream);

/// to(i,j) = from(i,j) * factor(i,column).
void scale_rows(Space const& space, ConstMatrix from, ConstMatrix factor, int column, Matrix to);

/// score(i,column) = constant - |residual(i,:)|^2 / 2.
void log_density(Space const& space, ConstMatrix residual, double constant, Matrix score, int column);

/// Log densities become responsibilities, in place; returns the sum of the log-likelihoods of the rows.
double responsibilities(Space const& space, Matrix score);

/// Log densities become indicators of the largest, and label(i) its number; returns the sum of the largest, and adds
/// the number of changed labels to `changed`.
double classify(Space const& space, Matrix score, Labels label, std::int64_t& changed);

/// The best single move (Hartigan 1975): largest decrease of the within sum of squares from moving one row to another
/// cluster, when sizes and means change with it.
///   score (rows, K): squared distances to the means; size (K)
struct Move {
  double gain = 0;
  std::int64_t row = -1;
};
Move best_move(Space const& space, ConstMatrix score, ConstVector norm, ConstVector size,
               VectorOn<Space, int const> label);

/// Best cluster to move one row to: used on one row. Host only.
int destination(std::vector<double> const& distance, std::vector<double> const& size, int from);

}  // namespace kroma::sdp_clustering
