#include "problems/gp_pde/observations.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "deck/csv.hpp"
#include "io/read_array.hpp"
#include "problems/gp_pde/model.hpp"

namespace kroma::gp_pde {
namespace {

Observations empty_tensor(std::vector<std::vector<double>> points) {
  std::size_t size = 1;
  for (auto const& p : points) size *= p.size();
  return {std::move(points), std::vector<double>(size, 0.0)};
}

void check_coordinates(std::vector<double> const& points, std::string const& axis, std::string const& path) {
  if (points.size() < 2) {
    throw bad_input(fmt::format("{}: one coordinate of axis {} only", path, axis),
                    "Observations need at least two on every axis.");
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!std::isfinite(points[i]) || (i > 0 && points[i] <= points[i - 1])) {
      throw bad_input(fmt::format("{}: coordinate {} of axis {} is {}", path, i, axis, points[i]),
                      "Coordinates are finite and rise.");
    }
  }
}

/// Rows of a text file, each a point, onto the tensor that their coordinates span.
Observations from_rows(std::vector<std::vector<double>> const& columns, std::vector<std::string> const& names,
                       std::string const& path) {
  std::vector<std::vector<double>> points(columns.begin(), columns.end() - 1);
  for (std::size_t d = 0; d < points.size(); ++d) {
    std::sort(points[d].begin(), points[d].end());
    points[d].erase(std::unique(points[d].begin(), points[d].end()), points[d].end());
    check_coordinates(points[d], names[d], path);
  }
  auto data = empty_tensor(points);
  std::vector<bool> seen(data.values.size(), false);
  auto const rows = columns.front().size();
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t at = 0;
    std::string where;
    for (std::size_t d = 0; d < points.size(); ++d) {
      double const coordinate = columns[d][row];
      auto const index = std::lower_bound(points[d].begin(), points[d].end(), coordinate) - points[d].begin();
      at = at * points[d].size() + static_cast<std::size_t>(index);
      where += fmt::format("{}{} = {}", d > 0 ? ", " : "", names[d], coordinate);
    }
    if (seen[at]) throw bad_input(fmt::format("{}: data row {} repeats the point {}", path, row + 1, where));
    seen[at] = true;
    data.values[at] = columns.back()[row];
  }
  if (rows < seen.size()) {
    std::vector<std::size_t> extents;
    for (auto const& p : points) extents.push_back(p.size());
    throw bad_input(fmt::format("{}: {} rows do not fill the {} points that their coordinates span", path, rows,
                                fmt::join(extents, " x ")),
                    "Regression needs a value at every combination of coordinates.");
  }
  return data;
}

Observations from_hdf5(ObservationOptions const& o, std::vector<std::string> const& names) {
  std::vector<std::vector<double>> points;
  for (auto const& name : names) {
    auto const given = o.coordinates.find(name);
    auto const array = io::read_array(o.file.path, given != o.coordinates.end() ? given->second : "/grid/" + name);
    check_coordinates(array.values, name, o.file.path);
    points.push_back(array.values);
  }
  auto data = empty_tensor(points);
  auto const array = io::read_array(o.file.path, o.dataset);
  io::Shape shape;
  for (auto const& p : points) shape.push_back(static_cast<std::int64_t>(p.size()));
  if (array.shape != shape) {
    throw bad_input(fmt::format("{}: '{}' has the extents {}, its coordinates {}", o.file.path, o.dataset,
                                fmt::join(array.shape, " x "), fmt::join(shape, " x ")));
  }
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (std::isfinite(array.values[i])) continue;
    auto const row = array.values.size() / array.shape.front();
    throw bad_input(fmt::format("{}: '{}' is {} in row {} (index {} of it)", o.file.path, o.dataset, array.values[i],
                                i / row, i % row),
                    "Leave out what was not measured, or fill it before.");
  }
  data.values = array.values;
  return data;
}

double uniform(std::mt19937_64& generator) { return static_cast<double>(generator() >> 11) * 0x1p-53; }

/// A standard normal number (Box and Muller 1958): the same on every machine, unlike the standard library's.
double normal(std::mt19937_64& generator) {
  double const radius = std::sqrt(-2 * std::log(1 - uniform(generator)));
  return radius * std::cos(2 * std::numbers::pi * uniform(generator));
}

Observations from_exact(Options const& options, std::vector<std::string> const& names) {
  auto const& o = *options.observations;
  std::mt19937_64 generator{static_cast<std::uint64_t>(o.seed)};
  std::vector<std::vector<double>> points;
  for (auto const& name : names) {
    auto const& interval = options.domain.at(name);
    points.emplace_back();
    for (int i = 0; i < o.sample.at(name); ++i) {
      points.back().push_back(interval.low + (interval.high - interval.low) * uniform(generator));
    }
    std::sort(points.back().begin(), points.back().end());
  }
  Observations data{points, sample_values(in_coordinates(options, *options.exact), "gp_pde.exact", points)};
  for (double& value : data.values) value += o.added_noise * normal(generator);
  return data;
}

}  // namespace

bool is_hdf5(std::string const& path) { return path.ends_with(".h5") || path.ends_with(".hdf5"); }

TensorData Observations::tensor() const {
  auto const n = extents_of(points);
  HostTensor tensor{"gp_pde::observations", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                    static_cast<std::size_t>(n[2])};
  std::copy(values.begin(), values.end(), tensor.data());
  return {points, tensor};
}

Observations read_observations(Options const& options) {
  auto const& o = *options.observations;
  auto const names = options.axis_names();
  if (!o.sample.empty()) return from_exact(options, names);
  if (is_hdf5(o.file.path)) return from_hdf5(o, names);
  auto columns = o.columns;
  for (std::size_t i = columns.size(); columns.size() < names.size() + 1 && o.columns.empty(); ++i) {
    columns.push_back(std::to_string(i + 1));
  }
  if (columns.size() != names.size() + 1) {
    throw bad_input(fmt::format("{} columns for {} axes", columns.size(), names.size()),
                    "Give a column for each axis and one for the values.");
  }
  return from_rows(deck::read_csv(o.file.path, columns), names, o.file.path);
}

}  // namespace kroma::gp_pde
