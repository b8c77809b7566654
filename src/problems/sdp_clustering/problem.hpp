#pragma once

#include "problems/problem.hpp"
#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/options.hpp"

namespace kroma {

/// Clustering by semidefinite relaxations of K-means (Peng and Wei 2007) and of the labelled Gaussian likelihood
/// (Zhuang, Chen and Yang 2023), with proofs of optimality where they can be had, and k-means and EM beside them.
class SdpClustering : public Problem {
 public:
  SdpClustering(sdp_clustering::Options options, sdp_clustering::Solver solver, sdp_clustering::Output output);

  /// Throws bad_input if the method needs more memory than a rank has.
  Plan plan(int ranks) const override;
  /// Reads the points and finds what is wrong with them.
  void prepare(MPI_Comm comm) override;
  void solve(Run& run) override;

 private:
  sdp_clustering::Options options_;
  sdp_clustering::Solver solver_;
  sdp_clustering::Output output_;
  sdp_clustering::Data data_;
};

}  // namespace kroma
