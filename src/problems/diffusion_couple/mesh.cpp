#include "problems/diffusion_couple/mesh.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::diffusion_couple {
namespace {

/// Distances of the faces of one body from the contact plane: n + 1 of them, lengths from h to grading * h.
std::vector<double> graded(double length, int n, double grading) {
  std::vector<double> distance{0.0};
  double const ratio = n > 1 ? std::pow(grading, 1.0 / (n - 1)) : 1.0;
  double step = 1;
  for (int i = 0; i < n; ++i) {
    distance.push_back(distance.back() + step);
    step *= ratio;
  }
  double const scale = length / distance.back();
  for (auto& d : distance) d *= scale;
  distance.back() = length;
  return distance;
}

LineMesh join(std::vector<double> const& left, std::vector<double> const& right) {
  LineMesh mesh;
  double const contact = left.back();
  for (std::size_t i = left.size(); i-- > 1;) mesh.edges.push_back(contact - left[i]);
  for (double const d : right) mesh.edges.push_back(contact + d);
  mesh.contact = left.size() - 1;
  return mesh;
}

std::vector<double> every_other(std::vector<double> const& distance) {
  std::vector<double> kept;
  for (std::size_t i = 0; i < distance.size(); i += 2) kept.push_back(distance[i]);
  if (distance.size() % 2 == 0) kept.push_back(distance.back());
  return kept;
}

}  // namespace

LineMesh make_mesh(CoupleOptions const& couple) {
  double const left = couple.interface.value_or(couple.length / 2), right = couple.length - left;
  int const n = couple.cells.front();
  int const n_left = std::clamp(static_cast<int>(std::lround(n * left / couple.length)), 1, n - 1);
  return join(graded(left, n_left, couple.grading), graded(right, n - n_left, couple.grading));
}

std::vector<double> middles(std::vector<double> const& edges) {
  std::vector<double> middle;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) middle.push_back(0.5 * (edges[i] + edges[i + 1]));
  return middle;
}

std::vector<double> average_onto(LineMesh const& coarse, LineMesh const& fine, std::vector<double> const& widths,
                                 std::vector<double> const& values, std::size_t m) {
  std::vector<double> mean(coarse.cells() * m, 0.0);
  std::size_t j = 0;
  for (std::size_t i = 0; i < coarse.cells(); ++i) {
    double width = 0;
    for (; j < fine.cells() && fine.edges[j] < coarse.edges[i + 1] * (1 - 1e-12); ++j) {
      width += widths[j];
      for (std::size_t k = 0; k < m; ++k) mean[i * m + k] += widths[j] * values[j * m + k];
    }
    for (std::size_t k = 0; k < m; ++k) mean[i * m + k] /= width;
  }
  return mean;
}

LineMesh coarsen(LineMesh const& mesh) {
  std::vector<double> left, right;
  for (std::size_t i = mesh.contact + 1; i-- > 0;) left.push_back(mesh.interface() - mesh.edges[i]);
  for (std::size_t i = mesh.contact; i < mesh.edges.size(); ++i) right.push_back(mesh.edges[i] - mesh.interface());
  return join(every_other(left), every_other(right));
}

}  // namespace kroma::diffusion_couple
