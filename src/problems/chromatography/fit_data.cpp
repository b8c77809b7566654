// Measured chromatograms of a deck.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv.hpp"
#include "deck/units.hpp"
#include "problems/chromatography/fit.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/peaks.hpp"

namespace kroma::chromatography {
namespace {

void check_times(std::vector<double> const& times, double end, DataOptions const& o) {
  for (std::size_t k = 1; k < times.size(); ++k) {
    if (!(times[k] > times[k - 1])) {
      throw bad_input(fmt::format("{}: times must rise, but row {} has {} {} after {} {}", o.file.path, k + 1, times[k],
                                  "s", times[k - 1], "s"),
                      "Sort the file by time, and leave out repeated rows.");
    }
  }
  if (times.front() < 0 || times.back() > end) {
    throw bad_input(fmt::format("{}: times from {} s to {} s, but the run goes from 0 to {} s", o.file.path,
                                times.front(), times.back(), end),
                    "Are they in another unit? Give fit.data.time_unit, fit.data.window, or a longer inlet.");
  }
}

Measurement read(DataOptions const& o, std::size_t components, double end) {
  auto columns = deck::read_csv(o.file.path, o.columns);
  if (columns.size() != 2) {
    throw bad_input(fmt::format("{}: has {} columns; say which are time and signal", o.file.path, columns.size()),
                    "Give fit.data.columns, e.g. [time, signal].");
  }
  Measurement m;
  m.name = std::filesystem::path{o.file.path}.filename().string();
  double const unit = deck::parse_quantity("1 " + o.time_unit, "s");
  for (std::size_t k = 0; k < columns[0].size(); ++k) {
    double const t = columns[0][k] * unit;
    if (o.window && (t < o.window->low || t > o.window->high)) continue;
    m.times.push_back(t);
    m.signal.push_back(columns[1][k]);
  }
  if (m.times.size() < 8)
    throw bad_input(fmt::format("{}: {} rows are too few for a fit", o.file.path, m.times.size()));
  check_times(m.times, end, o);
  m.response = o.response.empty() ? std::vector<double>(components, 1.0) : o.response;
  if (m.response.size() == 1) m.response.assign(components, m.response.front());
  if (m.response.size() != components) {
    throw bad_input(
        fmt::format("chromatography.fit.data.response: {} values for {} components", m.response.size(), components));
  }
  m.baseline = o.baseline ? *o.baseline : find_baseline(m.signal).level;
  m.noise = o.noise.value_or(0);
  m.set = o.set;
  return m;
}

}  // namespace

std::vector<Measurement> read_measurements(Options const& options) {
  std::vector<Measurement> all;
  DeckParameters const parameters{options, options.fit->parameters, "chromatography.fit.parameters", true};
  std::vector<double> start;
  for (auto const& p : parameters.all()) start.push_back(p.value);
  for (auto const& o : options.fit->data) {
    auto const column = make_column(parameters.with(start, o.set));
    all.push_back(read(o, options.components.size(), column.end()));
  }
  if (all.empty()) throw bad_input("chromatography.fit.data: names no file");
  return all;
}

}  // namespace kroma::chromatography
