#pragma once

#include <memory>
#include <string>
#include <vector>

#include "problems/chromatography/integration.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/refinement.hpp"

namespace kroma::chromatography {

/// Why the numeric method cannot do this column with these options; "" if it can. Not collective.
std::string numeric_obstacle(Column const& column, NumericOptions const& options);

/// Saved times and others besides, at all of which outlets of different grids are compared.
std::vector<double> judged_times(std::vector<double> times, double end);

/// Solves one column by discretisation in space and time, on grids refined until the outlet has the accuracy asked
/// for. Components that do not see one another (linear sorption) are solved one by one, each with its own grid and
/// steps. Can be stopped after any step, saved, loaded and gone on with, bit for bit. Not collective.
class NumericSolver {
 public:
  /// `times` and `positions` rise; no positions: only the outlet is sampled. The outlet is differentiated in
  /// `directions`, on the last grid.
  NumericSolver(Column const& column, std::vector<double> const& times, std::vector<double> const& positions,
                double accuracy, NumericOptions const& options, std::vector<Direction> const& directions = {});
  ~NumericSolver();

  /// Goes on until done (true) or until `stop` says so (false). Throws solver_failed.
  bool run(Stop const& stop);
  Outlet const& outlet() const { return outlet_; }
  Inside const& inside() const { return inside_; }

  /// Accepted steps so far, of all grids.
  std::int64_t steps() const;
  /// "component 2 of 3  grid 2  t = 222 of 700 s  step 1480"
  std::string progress() const;

  std::vector<double> save() const;
  void load(std::vector<double> const& saved);

 private:
  void begin_part();
  void finish_part();
  void finish_gas();
  std::string describe(Level const& level) const;

  /// A component that is alone, or the column itself, with the directions in which it changes.
  struct Part {
    Column column;
    std::vector<Direction> directions;
    std::vector<std::size_t> number;  // of each direction
  };
  static Part make_part(Column column, std::vector<Direction> directions);

  std::vector<Part> parts_;
  std::vector<double> times_;
  Samples samples_;
  double accuracy_;
  NumericOptions options_;
  std::size_t components_, directions_, part_ = 0;
  bool follows_ = false, judged_ = false;  // derivatives are taken in this pass; it repeats a good one to take them
  std::unique_ptr<Refinement> refinement_;
  std::unique_ptr<Integration> pass_;
  Outlet outlet_;
  Inside inside_;
};

}  // namespace kroma::chromatography
