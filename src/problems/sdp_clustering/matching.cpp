#include "problems/sdp_clustering/matching.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace kroma::sdp_clustering {

std::vector<int> assign(HostMatrix cost) {
  int const n = cost.extent_int(0), m = cost.extent_int(1);
  require(n <= m, "an assignment has at least as many columns as rows");
  // Shortest augmenting paths: u, v are dual prices, way the path's predecessors; row and column 0 are sentinels.
  auto const size = static_cast<std::size_t>(m) + 1;
  std::vector<double> u(static_cast<std::size_t>(n) + 1, 0.0), v(size, 0.0);
  std::vector<int> row_of_column(size, 0), way(size, 0);
  for (int i = 1; i <= n; ++i) {
    std::vector<double> least(size, std::numeric_limits<double>::infinity());
    std::vector<char> used(size, 0);
    row_of_column[0] = i;
    std::size_t column = 0;
    do {
      used[column] = 1;
      int const row = row_of_column[column];
      double step = std::numeric_limits<double>::infinity();
      std::size_t next = 0;
      for (std::size_t j = 1; j < size; ++j) {
        if (used[j]) continue;
        double const reduced = cost(static_cast<std::size_t>(row) - 1, j - 1) - u[static_cast<std::size_t>(row)] - v[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          way[j] = static_cast<int>(column);
        }
        if (least[j] < step) {
          step = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j < size; ++j) {
        if (used[j]) {
          u[static_cast<std::size_t>(row_of_column[j])] += step;
          v[j] -= step;
        } else {
          least[j] -= step;
        }
      }
      column = next;
    } while (row_of_column[column] != 0);
    while (column != 0) {
      auto const before = static_cast<std::size_t>(way[column]);
      row_of_column[column] = row_of_column[before];
      column = before;
    }
  }
  std::vector<int> column_of_row(static_cast<std::size_t>(n), -1);
  for (std::size_t j = 1; j < size; ++j) {
    if (row_of_column[j] > 0) column_of_row[static_cast<std::size_t>(row_of_column[j]) - 1] = static_cast<int>(j) - 1;
  }
  return column_of_row;
}

Confusion compare(Points const& points, Labels found, int clusters, std::vector<int> const& truth, int known) {
  Confusion confusion;
  confusion.count =
      HostMatrix{"sdp_clustering::confusion", static_cast<std::size_t>(clusters), static_cast<std::size_t>(known)};
  auto const labels = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, found);
  for (std::size_t i = 0; i < truth.size(); ++i)
    ++confusion.count(static_cast<std::size_t>(labels(i)), static_cast<std::size_t>(truth[i]));
  sum_over_ranks(points.comm, confusion.count.data(), confusion.count.size());
  auto const most = static_cast<std::size_t>(std::max(clusters, known));
  HostMatrix cost{"sdp_clustering::cost", most, most};
  for (std::size_t k = 0; k < confusion.count.extent(0); ++k) {
    for (std::size_t l = 0; l < confusion.count.extent(1); ++l) cost(k, l) = -confusion.count(k, l);
  }
  auto const column = assign(cost);
  double right = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(clusters); ++k) {
    bool const known_label = column[k] < known;
    confusion.match.push_back(known_label ? column[k] : -1);
    if (known_label) right += confusion.count(k, static_cast<std::size_t>(column[k]));
  }
  confusion.misclustering = 1.0 - right / static_cast<double>(points.count);
  return confusion;
}

}  // namespace kroma::sdp_clustering
