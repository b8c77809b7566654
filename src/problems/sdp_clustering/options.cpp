#include "problems/sdp_clustering/options.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kroma::sdp_clustering {
namespace {

deck::Schema<MixtureOptions> mixture_schema() {
  deck::Schema<MixtureOptions> s{
      "Points drawn from a mixture of Gaussians, for trials and timings: its labels are known"};
  s.add("points", &MixtureOptions::points, "Number of points").at_least(3).required();
  s.add("dimension", &MixtureOptions::dimension, "Coordinates of a point").at_least(1);
  s.add("separation", &MixtureOptions::separation,
        "Distance between any two means; between neighbours on a circle where there are more clusters than dimensions")
      .at_least(0.0);
  s.add(
       "shape", &MixtureOptions::shape,
       "Covariances. iso: identity; scale: 1/4, 1, 4, ... times identity; shape: randomly turned, eigenvalues from 0.1 "
       "to 4; cross: 0.05, and 4 along another axis for each cluster")
      .choices({{"iso", Shape::iso}, {"scale", Shape::scale}, {"shape", Shape::shape}, {"cross", Shape::cross}});
  s.add("weights", &MixtureOptions::weights, "Relative sizes of the clusters; none: equal").above(0.0);
  s.add("seed", &MixtureOptions::seed, "Seed of the points");
  return s;
}

deck::Schema<DataOptions> data_schema() {
  deck::Schema<DataOptions> s{"The points: from a file, or drawn from a mixture"};
  s.add("file", &DataOptions::file,
        "Text file of columns (comma, semicolon, tab or blanks; with or without a line of names), or HDF5 file (.h5)")
      .example("points.csv");
  s.add("dataset", &DataOptions::dataset, "HDF5: the array of points, (points, coordinates)");
  s.add("columns", &DataOptions::columns,
        "Which coordinates: names of columns, or numbers from 1; none: all but the label");
  s.add("label", &DataOptions::label,
        "Known labels, integers or texts: a column of the text file, an array of the HDF5 file. Only scored against");
  s.add("standardize", &DataOptions::standardize, "Divide each column by its standard deviation");
  std::vector<std::pair<std::string, Treatment>> const treatments{{"refuse", Treatment::refuse},
                                                                  {"drop", Treatment::drop}};
  s.add("missing", &DataOptions::missing, "Points with missing values (empty, NA, NaN): refuse the data, or drop them")
      .choices(treatments);
  s.add("constant", &DataOptions::constant, "Columns with one value only: refuse the data, or drop them")
      .choices(treatments);
  s.section("mixture", &DataOptions::mixture, mixture_schema());
  s.check([](DataOptions const& o, deck::Where const& where) {
    if (o.file.has_value() == o.mixture.has_value()) where.mistake("", "give either `file` or `mixture`");
    if (o.mixture && !o.label.empty()) where.mistake("label", "a mixture knows its own labels");
    if (o.mixture && !o.columns.empty()) where.mistake("columns", "belongs to `file`");
  });
  return s;
}

deck::Schema<CovarianceOptions> covariance_schema() {
  deck::Schema<CovarianceOptions> s{"Covariances of the clusters: given for la_sdp, estimated by ila_sdp and em"};
  s.shorthand("kind");
  s.add("kind", &CovarianceOptions::kind,
        "common_isotropic: one variance for all; common: one matrix for all; spherical: a variance for each cluster; "
        "diagonal, full: a matrix for each")
      .choices({{"common_isotropic", Kind::common_isotropic},
                {"common", Kind::common},
                {"spherical", Kind::spherical},
                {"diagonal", Kind::diagonal},
                {"full", Kind::full}});
  s.add("values", &CovarianceOptions::values,
        "la_sdp: for each cluster (one for common kinds) a variance, a list of variances or a matrix, in the units of "
        "the data; a mixture knows its own")
      .or_single()
      .example("[0.25, 1, 4]");
  s.add("weights", &CovarianceOptions::weights,
        "Whether clusters may differ in size: mixing weights in the likelihood");
  s.add("floor", &CovarianceOptions::floor,
        "Smallest eigenvalue of an estimated covariance, relative to the mean variance of the data; 0: 1e-3, or 0.05 "
        "where there are fewer than 5 d points for a cluster")
      .between(0.0, 1.0);
  return s;
}

deck::Schema<SketchOptions> sketch_schema() {
  deck::Schema<SketchOptions> s{"sketch_and_lift: the sample that is solved"};
  s.shorthand("points");
  s.add("points", &SketchOptions::points, "Points in the sample").at_least(4);
  s.add("corrected", &SketchOptions::corrected,
        "Lift with the bias of the sample's own means removed, each sampled point left out of its mean");
  return s;
}

void check_clusters(Options const& o, deck::Where const& where) {
  if (o.clusters.empty()) where.mistake("clusters", "needs a number of clusters, or several to choose among");
  if (std::find(o.clusters.begin(), o.clusters.end(), 1) != o.clusters.end()) {
    where.mistake("clusters", "one cluster is no clustering: at least 2");
  }
  if (o.data.mixture && !o.data.mixture->weights.empty() && o.clusters.size() == 1 &&
      o.data.mixture->weights.size() != static_cast<std::size_t>(o.clusters.front())) {
    where.mistake("data.mixture.weights",
                  fmt::format("has {} weights for {} clusters", o.data.mixture->weights.size(), o.clusters.front()));
  }
  if (o.data.mixture && o.clusters.size() > 1 && o.data.mixture->weights.empty()) {
    where.mistake("data.mixture", "with several numbers of clusters, weights must say how many the mixture has");
  }
}

void check_covariances(Options const& o, deck::Where const& where) {
  bool const given = !o.covariance.values.empty();
  if (given && o.method != Method::la_sdp) where.mistake("covariance.values", "only la_sdp takes given covariances");
  if (o.method != Method::la_sdp) return;
  if (o.clusters.size() > 1) where.mistake("clusters", "la_sdp has as many clusters as covariances: one number");
  if (!given && !o.data.mixture) where.mistake("covariance.values", "la_sdp needs the covariances; ila_sdp finds them");
  bool const common = o.covariance.kind == Kind::common || o.covariance.kind == Kind::common_isotropic;
  auto const needed = common ? 1u : static_cast<std::size_t>(o.clusters.empty() ? 0 : o.clusters.front());
  if (given && o.covariance.values.size() != needed) {
    where.mistake("covariance.values",
                  fmt::format("has {} covariances, expected {}", o.covariance.values.size(), needed));
  }
}

}  // namespace

deck::Schema<Options> schema() {
  deck::Schema<Options> s{"Clustering by semidefinite programming, with k-means and Gaussian mixtures beside it"};
  s.section("data", &Options::data, data_schema()).required();
  s.add("clusters", &Options::clusters, "Number of clusters, or several, among which BIC and stability choose")
      .or_single()
      .between(1, 1000)
      .required()
      .example("3");
  s.add("method", &Options::method,
        "sdp: the K-means relaxation, dense, up to a few thousand points; low_rank: the same by nonnegative factors; "
        "sketch_and_lift: on a sample, carried over to all; la_sdp, ila_sdp: clusters of different shape with known or "
        "unknown covariances; k_means, em: the baselines alone")
      .choices({{"sdp", Method::sdp},
                {"low_rank", Method::low_rank},
                {"sketch_and_lift", Method::sketch_and_lift},
                {"la_sdp", Method::la_sdp},
                {"ila_sdp", Method::ila_sdp},
                {"k_means", Method::k_means},
                {"em", Method::em}});
  s.section("covariance", &Options::covariance, covariance_schema());
  s.section("sketch", &Options::sketch, sketch_schema());
  s.add("polish", &Options::polish,
        "la_sdp, ila_sdp: improve the rounded labels by classification EM (cem), hand them to EM (em), or leave them")
      .choices({{"none", Polish::none}, {"cem", Polish::cem}, {"em", Polish::em}});
  s.add("starts", &Options::starts, "Starts of the baselines and of ila_sdp, of which the best counts")
      .between(1, 1000);
  s.add("compare", &Options::compare, "Baselines that are run beside the method, from one start and from all")
      .choices({{"k_means", Baseline::k_means}, {"em", Baseline::em}});
  s.add("seed", &Options::seed, "Seed of all random choices; the same labels on any number of ranks");
  s.check([](Options const& o, deck::Where const& where) {
    check_clusters(o, where);
    check_covariances(o, where);
  });
  return s;
}

deck::Schema<Solver> solver_schema() {
  deck::Schema<Solver> s{"Tolerances and sizes of the semidefinite solvers"};
  s.add("tolerance", &Solver::tolerance, "Largest relative KKT residual of a solution").between(1e-12, 1e-1);
  s.add("gap", &Solver::gap, "Stop as soon as the rigorous relative gap is below this; 0: at the tolerance only")
      .between(0.0, 1.0);
  s.add("max_iterations", &Solver::max_iterations, "Most iterations of one semidefinite solve").at_least(1);
  s.add("rank", &Solver::rank, "Columns of the nonnegative factor; 0: twice the number of clusters").at_least(0);
  s.add("certify_first", &Solver::certify_first,
        "Try to prove the best k-means partition optimal first, in one pass; if that works, nothing is left to solve");
  s.add("dense_up_to", &Solver::dense_up_to,
        "la_sdp, ila_sdp: up to so many points the semidefinite program is solved densely, with a bound")
      .between(0, 5000);
  s.add("memory", &Solver::memory, "GiB that one rank may use; 0: the machine's memory shared by its ranks")
      .at_least(0.0);
  return s;
}

deck::Schema<Output> output_schema() {
  deck::Schema<Output> s{"What is written, and where"};
  s.add("fields", &Output::fields,
        "label; points: two principal coordinates of each; membership: the matrix Z, where it is dense")
      .choices({{"label", Field::label}, {"points", Field::points}, {"membership", Field::membership}});
  return s;
}

}  // namespace kroma::sdp_clustering
