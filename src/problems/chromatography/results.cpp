#include "problems/chromatography/results.hpp"

namespace kroma::chromatography {
namespace {

void write_outlet(Run& run, Column const& column, std::vector<double> const& times, Outlet const& outlet) {
  auto const n = column.count();
  for (std::size_t k = 0; k < times.size(); ++k) {
    run.results.next_time(times[k]);
    run.results.series("/series/outlet", {outlet.concentration.data() + k * n, n},
                       {{"", static_cast<std::int64_t>(n)}}, "mol/m^3", "concentration at the outlet");
  }
}

}  // namespace

void write_results(Run& run, Column const& column, Output const& /*output*/, std::vector<double> const& times,
                   Outlet const& outlet) {
  run.results.table("/tables/components", {{"name", "1", column.components}}, "components, in the order of the series");
  write_outlet(run, column, times, outlet);
  run.metrics.set("method", outlet.method);
  run.metrics.set("error_estimate", outlet.error_estimate);
  run.metrics.set("mass_balance_error", outlet.mass_balance_error);
  run.metrics.set("steps", outlet.steps);
  run.metrics.set("rejected_steps", outlet.rejected_steps);
}

}  // namespace kroma::chromatography
