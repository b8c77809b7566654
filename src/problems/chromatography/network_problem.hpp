#pragma once

#include <vector>

#include "problems/chromatography/network.hpp"
#include "problems/chromatography/network_numeric.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// Columns, tanks, inlets and outlets in a network (README of this folder).
class ChromatographyNetwork : public Problem {
 public:
  /// Throws Error(bad_input) where the method asked for cannot do the network, or times do not fit the run.
  ChromatographyNetwork(chromatography::Options const& options, chromatography::Solver solver,
                        chromatography::Output output);

  Plan plan(int ranks) const override;
  void solve(Run& run) override;

 private:
  void write(Run& run, chromatography::NetworkResult const& result) const;

  chromatography::Network network_;
  chromatography::Solver solver_;
  chromatography::Output output_;
  double accuracy_;
  std::vector<double> times_;
  bool numeric_ = true;
};

}  // namespace kroma
