#include "problems/gp_pde/regression_options.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/gp_pde/observations.hpp"
#include "problems/gp_pde/options.hpp"

namespace kroma::gp_pde {

deck::Schema<ObservationOptions> observation_schema(std::vector<std::string> const& axes) {
  deck::Schema<ObservationOptions> s{
      "Values of u on a tensor set of points: regression in place of an equation; source and boundary are then left "
      "out"};
  s.add("file", &ObservationOptions::file, "Text file of columns, or HDF5 file (.h5, .hdf5)");
  s.add(
      "columns", &ObservationOptions::columns,
      "Of a text file: names or numbers of the columns of the coordinates, in the order of the axes, and of u; without "
      "it the first ones. Rows may come in any order, but must fill a tensor set of points");
  s.add("dataset", &ObservationOptions::dataset, "Of an HDF5 file: path of the array of u, an extent for each axis");
  s.add("coordinates", &ObservationOptions::coordinates,
        "Of an HDF5 file: paths of the coordinates of each axis; without it /grid/AXIS")
      .keys(axes);
  s.add("sample", &ObservationOptions::sample,
        "In place of a file: so many random coordinates of each axis, at which u is the exact solution")
      .keys(axes)
      .between(2, 8192);
  s.add("seed", &ObservationOptions::seed, "Of the random coordinates and of added noise").at_least(0);
  s.add("noise", &ObservationOptions::noise, "Standard deviation of the values; without it, it is learned").above(0.0);
  s.add("added_noise", &ObservationOptions::added_noise, "Standard deviation of noise to be added to a sample")
      .at_least(0.0);
  s.check([](ObservationOptions const& o, deck::Where const& where) {
    bool const has_file = !o.file.path.empty(), text = has_file && !is_hdf5(o.file.path);
    if (has_file == !o.sample.empty()) where.mistake("file", "give either a file or a sample of the exact solution");
    if (!o.columns.empty() && !text) where.mistake("columns", "only a text file has columns");
    if (!o.dataset.empty() && (text || !has_file)) where.mistake("dataset", "only an HDF5 file has datasets");
    if (has_file && !text && o.dataset.empty()) where.mistake("file", "an HDF5 file needs the key dataset");
    if (!o.coordinates.empty() && (text || !has_file)) where.mistake("coordinates", "only an HDF5 file has them so");
    if (o.added_noise > 0 && has_file) where.mistake("added_noise", "values of a file are taken as they are");
  });
  return s;
}

deck::Schema<ConservationOptions> conservation_schema(std::vector<std::string> const& axes) {
  deck::Schema<ConservationOptions> s{
      "A conserved total, the integral of u along one axis, as exact knowledge that the regression is updated with"};
  s.add("along", &ConservationOptions::along, "Axis that is integrated over, by the trapezoidal rule on the grid")
      .one_of(axes)
      .required();
  s.add("total", &ConservationOptions::total, "The integral, a function of the other axis").names(axes).required();
  s.add("update", &ConservationOptions::update,
        "What the errors of the regression are taken for: joint, its whole covariance; diagonal, its variances; "
        "uniform, "
        "the same everywhere")
      .choices({{"joint", ConservationUpdate::joint},
                {"diagonal", ConservationUpdate::diagonal},
                {"uniform", ConservationUpdate::uniform}});
  s.add("noise", &ConservationOptions::noise,
        "Standard deviation of the total, that of the trapezoidal rule say; 0 makes it exact")
      .at_least(0.0);
  s.add("tolerance", &ConservationOptions::tolerance,
        "joint: variances of the total below this times the largest count as none, since it is certain there")
      .between(1e-15, 1e-1);
  return s;
}

namespace {

void check_covariance(CovarianceOptions const& c, ObservationOptions const& o, deck::Where const& where) {
  if (c.spectrum == Spectrum::band) {
    where.mistake("covariance", "observations need a mixture: squared_exponential, matern52, gaussian or student_t");
  } else if (c.learning() != Learn::none && c.learning() != Learn::evidence) {
    where.mistake("covariance.learn", "of observations, evidence or none");
  } else if (c.learning() == Learn::none && !o.noise) {
    where.mistake("observations", "learn: none needs the noise of the observations");
  }
}

void check_conservation(Options const& o, deck::Where const& where) {
  auto const& c = *o.conservation;
  if (o.domain.size() != 2) where.mistake("conservation", "needs a domain of two axes, space and time say");
  if (!o.domain.contains(c.along))
    where.mistake("conservation.along", fmt::format("the domain has no axis {}", c.along));
  if (c.total.uses(c.along)) where.mistake("conservation.total", "is a function of the other axis alone");
}

}  // namespace

void check_regression(Options const& o, deck::Where const& where) {
  auto const before = where.mistakes();
  if (o.source) where.mistake("source", "observations take the place of an equation: leave this out");
  if (o.equation.given_name || !o.equation.linear.empty())
    where.mistake("equation", "observations take the place of an equation: leave this out");
  check_covariance(o.covariance, *o.observations, where);
  if (o.conservation) check_conservation(o, where);
  if (!o.observations->sample.empty() && !o.exact)
    where.mistake("observations.sample", "a sample of the exact solution needs the key exact");
  for (auto const& [axis, count] : o.observations->sample) {
    if (!o.domain.contains(axis)) where.mistake("observations.sample", fmt::format("the domain has no axis {}", axis));
  }
  if (!o.observations->sample.empty() && o.observations->sample.size() < o.domain.size())
    where.mistake("observations.sample", "give a number for every axis");
  if (where.mistakes() != before || o.observations->file.path.empty()) return;
  try {
    read_observations(o);
  } catch (Error const& e) {
    where.mistake("observations.file", e.advice().empty() ? e.what() : fmt::format("{}. {}", e.what(), e.advice()));
  }
}

}  // namespace kroma::gp_pde
