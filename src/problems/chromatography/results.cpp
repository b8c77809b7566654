#include "problems/chromatography/results.hpp"

namespace kroma::chromatography {
namespace {

void write_outlet(Run& run, Column const& column, std::vector<double> const& times, Outlet const& outlet) {
  run.results.coordinate("/time", times, "s", "time");
  run.results.replicated(
      "/series/outlet", outlet.concentration,
      {{"/time", static_cast<std::int64_t>(times.size())}, {"", static_cast<std::int64_t>(column.count())}}, "mol/m^3",
      "concentration at the outlet");
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
