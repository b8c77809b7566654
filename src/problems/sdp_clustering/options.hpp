#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"
#include "problems/problem.hpp"

namespace kroma::sdp_clustering {

enum class Method { sdp, low_rank, sketch_and_lift, la_sdp, ila_sdp, k_means, em };
/// Shape of the clusters' covariances. common: one matrix for all; common_isotropic: one variance for all.
enum class Kind { common_isotropic, common, spherical, diagonal, full };
enum class Treatment { refuse, drop };
enum class Shape { iso, scale, shape, cross };
enum class Polish { none, cem, em };
enum class Baseline { k_means, em };
enum class Field { label, points, membership };

/// Points drawn from a mixture of Gaussians instead of read from a file.
struct MixtureOptions {
  std::int64_t points = 0;
  int dimension = 2;
  double separation = 5;  // distance of any two means (d >= K), or of neighbours on a circle (d < K)
  Shape shape = Shape::iso;
  std::vector<double> weights;  // relative sizes of the clusters; none: equal
  std::int64_t seed = 1;
};

struct DataOptions {
  std::optional<deck::FilePath> file;
  std::string dataset = "points";
  std::vector<std::string> columns;
  std::string label;
  bool standardize = false;
  Treatment missing = Treatment::refuse;
  Treatment constant = Treatment::refuse;
  std::optional<MixtureOptions> mixture;
};

struct CovarianceOptions {
  Kind kind = Kind::full;
  std::vector<std::vector<std::vector<double>>> values;  // (K), each 1 x 1, d x 1 or d x d
  bool weights = true;
  double floor = 0;  // relative to the mean variance of the data; 0: by the number of points
};

struct SketchOptions {
  std::int64_t points = 1000;
  bool corrected = true;
};

/// The block `sdp_clustering` of a deck.
struct Options {
  DataOptions data;
  std::vector<int> clusters;
  Method method = Method::low_rank;
  CovarianceOptions covariance;
  SketchOptions sketch;
  Polish polish = Polish::cem;
  int starts = 10;
  std::vector<Baseline> compare{Baseline::k_means, Baseline::em};
  std::int64_t seed = 1;

  /// Whether the covariances are the model's, or the identity.
  bool has_covariances() const { return method == Method::la_sdp || method == Method::ila_sdp || method == Method::em; }
};

struct Solver : SolverOptions {
  double tolerance = 1e-6;
  double gap = 0;
  int max_iterations = 20000;
  int rank = 0;
  bool certify_first = true;
  int dense_up_to = 300;
  double memory = 0;
};

struct Output : OutputOptions {
  std::vector<Field> fields{Field::label, Field::points, Field::membership};
};

deck::Schema<Options> schema();
deck::Schema<Solver> solver_schema();
deck::Schema<Output> output_schema();

}  // namespace kroma::sdp_clustering
