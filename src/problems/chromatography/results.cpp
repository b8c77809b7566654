#include "problems/chromatography/results.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "problems/chromatography/breakthrough.hpp"
#include "problems/chromatography/peaks.hpp"

namespace kroma::chromatography {
namespace {

void write_outlet(Run& run, Column const& column, std::vector<double> const& times, Outlet const& outlet) {
  run.results.coordinate("/time", times, "s", "time");
  run.results.replicated(
      "/series/outlet", outlet.concentration,
      {{"/time", static_cast<std::int64_t>(times.size())}, {"", static_cast<std::int64_t>(column.count())}}, "mol/m^3",
      "concentration at the outlet");
  std::vector<io::Dimension> const axis{{"/time", static_cast<std::int64_t>(times.size())}};
  if (!outlet.velocity.empty()) {
    run.results.replicated("/series/outlet_velocity", outlet.velocity, axis, "m/s", "velocity at the outlet");
  }
  if (!outlet.temperature.empty()) {
    run.results.replicated("/series/outlet_temperature", outlet.temperature, axis, "K", "temperature at the outlet");
  }
}

/// A field as it is written.
struct Profile {
  char const *name, *unit, *words;
  std::vector<double> const* values;
  std::vector<io::Dimension> const* axes;
};

/// Outlet of component i of n at all times.
std::vector<double> component_of(Outlet const& outlet, std::size_t i, std::size_t n) {
  std::vector<double> values;
  for (std::size_t k = i; k < outlet.concentration.size(); k += n) values.push_back(outlet.concentration[k]);
  return values;
}

/// Peaks of each component's outlet, and what separates a peak from the next one in time.
void write_peaks(Run& run, Column const& column, std::vector<double> const& times, Outlet const& outlet) {
  auto const n = column.count();
  std::vector<std::pair<Peak, std::string>> peaks;
  for (std::size_t i = 0; i < n && times.size() > 2; ++i) {
    auto const values = component_of(outlet, i, n);
    auto const peak = measure_peak(times, values, 0, values.size());
    bool const front = breakthrough(column, i, times, values).has_value();
    if (peak.height > 0 && !front) peaks.emplace_back(peak, column.components[i]);
  }
  std::sort(peaks.begin(), peaks.end(),
            [](auto const& a, auto const& b) { return a.first.retention < b.first.retention; });
  std::vector<std::string> name;
  std::vector<double> retention, height, area, width, asymmetry, plates, separation;
  for (std::size_t k = 0; k < peaks.size(); ++k) {
    auto const& [peak, component] = peaks[k];
    name.push_back(component);
    retention.push_back(peak.retention);
    height.push_back(peak.height);
    area.push_back(peak.area);
    width.push_back(peak.width);
    asymmetry.push_back(peak.asymmetry);
    plates.push_back(peak.plates());
    separation.push_back(k + 1 < peaks.size() ? resolution(peak, peaks[k + 1].first)
                                              : std::numeric_limits<double>::quiet_NaN());
  }
  run.results.table("/tables/peaks",
                    {{"component", "1", name},
                     {"retention", "s", retention},
                     {"height", "mol/m^3", height},
                     {"area", "mol*s/m^3", area},
                     {"width", "s", width},
                     {"asymmetry", "1", asymmetry},
                     {"plates", "1", plates},
                     {"resolution", "1", separation}},
                    "peaks at the outlet in order of time: width at half the height, asymmetry at a tenth of it, "
                    "resolution to the next");
}

/// Breakthrough of the components with a constant feed, if there are any.
void write_breakthrough(Run& run, Column const& column, std::vector<double> const& times, Outlet const& outlet) {
  auto const n = column.count();
  std::vector<std::string> name;
  std::vector<double> stoichiometric, at_5, at_50, at_95, saturation, loading;
  for (std::size_t i = 0; i < n; ++i) {
    auto const b = breakthrough(column, i, times, component_of(outlet, i, n));
    if (!b) continue;
    name.push_back(column.components[i]);
    stoichiometric.push_back(b->stoichiometric_time);
    at_5.push_back(b->at_5);
    at_50.push_back(b->at_50);
    at_95.push_back(b->at_95);
    saturation.push_back(b->saturation);
    loading.push_back(b->loading);
  }
  if (name.empty()) return;
  run.results.table(
      "/tables/breakthrough",
      {{"component", "1", name},
       {"stoichiometric_time", "s", stoichiometric},
       {"time_5", "s", at_5},
       {"time_50", "s", at_50},
       {"time_95", "s", at_95},
       {"saturation", "1", saturation},
       {"loading", "mol/m^3", loading}},
      "constant feeds, times after their begin: stoichiometric, and where the outlet has 5, 50 and 95 % of "
      "the feed; outlet / feed and adsorbed per stationary volume at the end");
}

}  // namespace

void write_fit(Run& run, std::vector<Measurement> const& data, FitResult const& result) {
  std::vector<std::string> parameter, component;
  std::vector<double> start, value, error, lower, upper;
  for (auto const& e : result.estimates) {
    parameter.push_back(e.parameter);
    component.push_back(e.component);
    start.push_back(e.start);
    value.push_back(e.value);
    error.push_back(e.standard_error);
    lower.push_back(e.value - 1.959964 * e.standard_error);
    upper.push_back(e.value + 1.959964 * e.standard_error);
  }
  run.results.table("/tables/fit",
                    {{"parameter", "1", parameter},
                     {"component", "1", component},
                     {"start", "SI", start},
                     {"value", "SI", value},
                     {"standard_error", "SI", error},
                     {"lower", "SI", lower},
                     {"upper", "SI", upper}},
                    "fitted parameters and what follows from them, in the SI units of the deck's keys; lower and upper "
                    "enclose 95 %");
  auto const n = static_cast<std::int64_t>(result.correlation.extent(0));
  run.results.replicated("/fit/correlation", {result.correlation.data(), result.correlation.size()}, {{"", n}, {"", n}},
                         "1", "correlation of the logarithms of the first parameters of /tables/fit");
  for (std::size_t set = 0; set < data.size(); ++set) {
    auto const folder = fmt::format("/fit/{}", set + 1);
    auto const& m = data[set];
    std::vector<double> residual;
    for (std::size_t k = 0; k < m.times.size(); ++k) residual.push_back(m.signal[k] - result.model[set][k]);
    run.results.coordinate(folder + "/time", m.times, "s", "time");
    std::vector<io::Dimension> const axis{{folder + "/time", static_cast<std::int64_t>(m.times.size())}};
    run.results.replicated(folder + "/signal", m.signal, axis, "1", "measured signal");
    run.results.replicated(folder + "/model", result.model[set], axis, "1", "fitted signal");
    run.results.replicated(folder + "/residual", residual, axis, "1", "measured - fitted");
  }
  run.metrics.set("iterations", std::int64_t{result.iterations});
  run.metrics.set("converged", std::int64_t{result.converged ? 1 : 0});
  run.metrics.set("misfit", result.misfit);
  run.metrics.set("residual_variance", result.variance);
}

void write_results(Run& run, Column const& column, Output const& /*output*/, std::vector<double> const& times,
                   Outlet const& outlet) {
  run.results.table("/tables/components", {{"name", "1", column.components}}, "components, in the order of the series");
  write_outlet(run, column, times, outlet);
  write_peaks(run, column, times, outlet);
  write_breakthrough(run, column, times, outlet);
  run.metrics.set("method", outlet.method);
  run.metrics.set("error_estimate", outlet.error_estimate);
  run.metrics.set("mass_balance_error", outlet.mass_balance_error);
  if (column.flow.is_total_balance()) run.metrics.set("gas_balance_error", outlet.gas_balance_error);
  if (column.energy) run.metrics.set("energy_balance_error", outlet.energy_balance_error);
  run.metrics.set("steps", outlet.steps);
  run.metrics.set("rejected_steps", outlet.rejected_steps);
}

void write_sensitivities(Run& run, Column const& column, std::vector<Parameter> const& parameters,
                         std::vector<double> const& times, std::vector<double> const& slopes) {
  auto const n = column.count(), count = parameters.size();
  std::vector<io::Dimension> const axes{{"/time", static_cast<std::int64_t>(times.size())},
                                        {"", static_cast<std::int64_t>(n)}};
  for (std::size_t k = 0; k < count; ++k) {
    auto const& p = parameters[k];
    std::vector<double> values;
    for (std::size_t t = 0; t < times.size(); ++t) {
      for (std::size_t i = 0; i < n; ++i) values.push_back(slopes[(t * count + k) * n + i]);
    }
    run.results.replicated("/sensitivities/" + p.name(), values, axes, fmt::format("mol/m^3/({})", p.unit),
                           fmt::format("derivative of the outlet by {}", p.name()));
  }
}

void write_inside(Run& run, Column const& column, Output const& output, std::vector<double> const& times,
                  Inside const& inside) {
  if (output.fields.empty()) return;
  auto const positions = output.grid(column.length);
  run.results.coordinate("/grid/x", positions, "m", "distance from the inlet");
  std::vector<io::Dimension> const axes{{"/time", static_cast<std::int64_t>(times.size())},
                                        {"/grid/x", static_cast<std::int64_t>(positions.size())},
                                        {"", static_cast<std::int64_t>(column.count())}};
  std::vector<io::Dimension> const places{axes[0], axes[1]};
  for (auto const field : output.fields) {
    auto const [name, unit, words, values, dimensions] = [&]() -> Profile {
      switch (field) {
        case Field::concentration:
          return {"concentration", "mol/m^3", "concentration in the fluid", &inside.concentration, &axes};
        case Field::adsorbed:
          return {"adsorbed", "mol/m^3", "adsorbed amount per stationary phase", &inside.adsorbed, &axes};
        case Field::temperature:
          return {"temperature", "K", "temperature of the bed", &inside.temperature, &places};
        case Field::wall_temperature:
          return {"wall_temperature", "K", "temperature of the wall", &inside.wall_temperature, &places};
        case Field::pressure:
          return {"pressure", "Pa", "pressure", &inside.pressure, &places};
        default:
          return {"velocity", "m/s", "interstitial velocity", &inside.velocity, &places};
      }
    }();
    run.results.replicated(std::string{"/fields/"} + name, *values, *dimensions, unit, words);
  }
}

}  // namespace kroma::chromatography
