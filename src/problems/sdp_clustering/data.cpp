#include "problems/sdp_clustering/data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/broadcast.hpp"
#include "core/error.hpp"
#include "problems/sdp_clustering/generator.hpp"
#include "problems/sdp_clustering/table.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr std::size_t kMostLabels = 10000;

std::int64_t sum(MPI_Comm comm, std::int64_t value) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_SUM, comm);
  return value;
}

std::int64_t sum_before(MPI_Comm comm, std::int64_t value) {
  std::int64_t before = 0;
  MPI_Exscan(&value, &before, 1, MPI_INT64_T, MPI_SUM, comm);
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank == 0 ? 0 : before;
}

/// Rows with a missing value leave, or are refused.
void treat_missing(MPI_Comm comm, DataOptions const& options, Table& table, Data& data) {
  auto const width = table.names.size(), rows = table.rows();
  std::size_t kept = 0;
  std::vector<std::int64_t> missing(width, 0);
  for (std::size_t i = 0; i < rows; ++i) {
    bool whole = true;
    for (std::size_t j = 0; j < width; ++j) {
      bool const finite = std::isfinite(table.values[i * width + j]);
      missing[j] += finite ? 0 : 1;
      whole = whole && finite;
    }
    if (!whole) continue;
    std::copy_n(table.values.begin() + static_cast<long>(i * width), width,
                table.values.begin() + static_cast<long>(kept * width));
    if (!table.labels.empty()) table.labels[kept] = table.labels[i];
    ++kept;
  }
  data.dropped = sum(comm, static_cast<std::int64_t>(rows - kept));
  MPI_Allreduce(MPI_IN_PLACE, missing.data(), static_cast<int>(width), MPI_INT64_T, MPI_SUM, comm);
  if (data.dropped > 0 && options.missing == Treatment::refuse) {
    auto const worst = std::max_element(missing.begin(), missing.end()) - missing.begin();
    throw bad_input(fmt::format("{}: {} points have missing values or NaN, most in column '{}' ({})",
                                options.file->path, data.dropped, table.names[static_cast<std::size_t>(worst)],
                                missing[static_cast<std::size_t>(worst)]),
                    "Leave them out with data.missing: drop, or the column with data.columns.");
  }
  table.values.resize(kept * width);
  if (!table.labels.empty()) table.labels.resize(kept);
}

/// Sum and extremes of each column over all ranks.
struct ColumnFacts {
  std::vector<double> low, high, mean, deviation;
  std::int64_t rows = 0;
};

ColumnFacts facts_of(MPI_Comm comm, std::vector<double> const& values, std::size_t width) {
  auto const most = std::numeric_limits<double>::max();
  ColumnFacts f{std::vector<double>(width, most), std::vector<double>(width, -most), std::vector<double>(width, 0.0),
                std::vector<double>(width, 0.0)};
  auto const rows = width == 0 ? 0 : values.size() / width;
  f.rows = sum(comm, static_cast<std::int64_t>(rows));
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto const j = i % width;
    f.low[j] = std::min(f.low[j], values[i]);
    f.high[j] = std::max(f.high[j], values[i]);
    f.mean[j] += values[i];
  }
  auto const n = static_cast<int>(width);
  MPI_Allreduce(MPI_IN_PLACE, f.low.data(), n, MPI_DOUBLE, MPI_MIN, comm);
  MPI_Allreduce(MPI_IN_PLACE, f.high.data(), n, MPI_DOUBLE, MPI_MAX, comm);
  sum_over_ranks(comm, f.mean.data(), width);
  for (auto& mean : f.mean) mean /= static_cast<double>(std::max<std::int64_t>(f.rows, 1));
  for (std::size_t i = 0; i < values.size(); ++i) {
    double const difference = values[i] - f.mean[i % width];
    f.deviation[i % width] += difference * difference;
  }
  sum_over_ranks(comm, f.deviation.data(), width);
  for (auto& d : f.deviation) d = std::sqrt(d / static_cast<double>(std::max<std::int64_t>(f.rows, 1)));
  return f;
}

/// Columns of one value leave, or are refused.
void treat_constant(DataOptions const& options, ColumnFacts const& facts, Table& table, Data& data) {
  std::vector<std::size_t> kept;
  auto const width = table.names.size();
  for (std::size_t j = 0; j < width; ++j) {
    if (facts.low[j] < facts.high[j]) {
      kept.push_back(j);
    } else {
      data.left_out.push_back(table.names[j]);
    }
  }
  if (kept.empty()) throw bad_input("all points are the same: there is nothing to cluster");
  if (data.left_out.empty()) return;
  if (options.constant == Treatment::refuse) {
    throw bad_input(
        fmt::format("columns with one value only say nothing about clusters: {}", fmt::join(data.left_out, ", ")),
        "Leave them out with data.constant: drop, or choose others with data.columns.");
  }
  Table narrow;
  for (auto const j : kept) narrow.names.push_back(table.names[j]);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    for (auto const j : kept) narrow.values.push_back(table.values[i * width + j]);
  }
  narrow.labels = std::move(table.labels);
  table = std::move(narrow);
}

/// The distinct texts of all ranks, sorted. Collective.
std::vector<std::string> distinct_texts(MPI_Comm comm, std::vector<std::string> const& mine) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  std::set<std::string> const own{mine.begin(), mine.end()};
  agreed(comm, [&] {
    if (own.size() > kMostLabels)
      throw bad_input(fmt::format("data.label: has more than {} different values", kMostLabels));
  });
  std::set<std::string> all;
  for (int r = 0; r < ranks; ++r) {
    auto const text = broadcast(comm, r, fmt::format("{}", fmt::join(own, "\n")));
    for (std::size_t begin = 0; begin < text.size();) {
      auto const end = std::min(text.find('\n', begin), text.size());
      all.insert(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return {all.begin(), all.end()};
}

/// A label is an integer or a text, not a measured number.
void check_label(std::string const& label) {
  double value = 0;
  char* end = nullptr;
  value = std::strtod(label.c_str(), &end);
  bool const number = !label.empty() && *end == '\0';
  if (label.empty() || (number && !(std::isfinite(value) && value == std::round(value)))) {
    throw bad_input(fmt::format("data.label: labels are integers or texts, got '{}'", label),
                    "Name another column; data.label is only scored against and may be left out.");
  }
}

void encode_labels(MPI_Comm comm, std::vector<std::string> const& labels, Data& data) {
  data.label_names = distinct_texts(comm, labels);
  for (auto const& name : data.label_names) check_label(name);
  for (auto const& label : labels) {
    auto const at = std::lower_bound(data.label_names.begin(), data.label_names.end(), label);
    data.truth.push_back(static_cast<int>(at - data.label_names.begin()));
  }
}

/// Points from rows: centred, scaled, with a feature of ones.
void make_points(MPI_Comm comm, DataOptions const& options, Table const& table, ColumnFacts const& facts, Data& data) {
  auto const width = table.names.size(), rows = table.rows();
  data.names = table.names;
  data.centre = facts.mean;
  data.scale = options.standardize ? facts.deviation : std::vector<double>(width, 1.0);
  HostMatrix features{"sdp_clustering::features", rows, width + 1};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < width; ++j) {
      features(i, j) = (table.values[i * width + j] - data.centre[j]) / data.scale[j];
    }
    features(i, width) = 1.0;
  }
  data.points = {comm, facts.rows, sum_before(comm, static_cast<std::int64_t>(rows)), {}};
  data.points.features = Matrix{"sdp_clustering::features", rows, width + 1};
  Kokkos::deep_copy(data.points.features, features);
}

}  // namespace

Data load(MPI_Comm comm, Options const& options) {
  Data data;
  auto const& from = options.data;
  auto table = from.mixture ? draw_mixture(comm, *from.mixture, options.clusters, data) : read_table(comm, from);
  treat_missing(comm, from, table, data);
  treat_constant(from, facts_of(comm, table.values, table.names.size()), table, data);
  auto const facts = facts_of(comm, table.values, table.names.size());
  auto const most = *std::max_element(options.clusters.begin(), options.clusters.end());
  if (facts.rows < most) throw bad_input(fmt::format("{} points are fewer than {} clusters", facts.rows, most));
  make_points(comm, from, table, facts, data);
  if (!from.label.empty()) encode_labels(comm, table.labels, data);
  for (auto& covariance : data.covariances) {
    for (std::size_t i = 0; i < covariance.extent(0); ++i) {
      for (std::size_t j = 0; j < covariance.extent(1); ++j) covariance(i, j) /= data.scale[i] * data.scale[j];
    }
  }
  return data;
}

DataSize size_of(DataOptions const& options) {
  if (options.mixture) return {options.mixture->points, options.mixture->dimension};
  auto const size = size_of_table(options);
  return {size.rows, size.columns};
}

}  // namespace kroma::sdp_clustering
