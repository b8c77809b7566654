#include "problems/gp_pde/results.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "linalg/kronecker.hpp"
#include "problems/gp_pde/core_output.hpp"
#include "problems/gp_pde/learning_results.hpp"

namespace kroma::gp_pde {
namespace {

void write_fields(Run& run, Model const& model, Output const& output, Solution const& solution) {
  Space const space;
  auto const nodes = model.nodes();
  for (auto const& axis : model.axes) run.results.coordinate("/grid/" + axis.name, axis.nodes, "1", axis.name);
  auto const wants = [&](Field field) {
    return std::find(output.fields.begin(), output.fields.end(), field) != output.fields.end();
  };
  bool const wants_error = wants(Field::error) && model.exact;
  if (wants(Field::solution) || wants_error) {
    auto const u = evaluate(run.comm, solution.bases, std::vector<Term>{Term{}}, nodes, solution.coefficients);
    if (wants(Field::solution)) write_field(run, model, "solution", "solution u", u);
    if (wants_error) {
      subtract_from(space, sample(*model.exact, "gp_pde.exact", nodes, run.comm), u);
      space.fence();
      write_field(run, model, "error", "exact solution - u", u);
    }
  }
  if (wants(Field::residual)) {
    auto residual = evaluate(run.comm, solution.bases, model.equation, nodes, solution.coefficients);
    subtract_from(space, sample(model.source, "gp_pde.source", nodes, run.comm), residual);
    space.fence();
    write_field(run, model, "residual", "residual f - L u - N(u)", residual);
  }
}

/// /spectrum/AXIS: what the data show, and the density that the prior gives each frequency.
void write_spectra(Run& run, Model const& model, Solution const& solution) {
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    auto const folder = "/spectrum/" + model.axes[d].name;
    auto const& features = solution.priors[d].features;
    run.results.coordinate(folder + "/prior_frequency", features.frequency, "1", "frequency, cycles per unit length");
    std::vector<double> density;
    double const step = 0.5 / model.axes[d].length();
    for (std::size_t j = 0; j < features.frequency.size(); ++j) {
      double const share = features.frequency[j] == 0.0 ? 1.0 : 2.0;
      density.push_back(features.deviation[j] * features.deviation[j] / (share * step));
    }
    auto const count = static_cast<std::int64_t>(density.size());
    run.results.replicated(folder + "/prior", density, {{folder + "/prior_frequency", count}}, "1",
                           "two-sided spectral density of the covariance");
    if (solution.support.empty()) continue;
    auto const& support = solution.support[d];
    run.results.coordinate(folder + "/frequency", support.frequency, "1", "frequency, cycles per unit length");
    run.results.replicated(folder + "/source", support.modulus,
                           {{folder + "/frequency", static_cast<std::int64_t>(support.modulus.size())}}, "1",
                           "modulus of the solution as the data show it, relative to the largest");
  }
}

void write_metrics(Run& run, Model const& model, Solution const& solution) {
  run.metrics.set("iterations", std::int64_t{solution.report.iterations});
  run.metrics.set("converged", std::int64_t{solution.report.converged ? 1 : 0});
  run.metrics.set("grid_residual", solution.report.grid_residual);
  run.metrics.set("off_grid_residual", solution.off_grid.equation);
  run.metrics.set("off_grid_boundary", solution.off_grid.boundary);
  if (solution.resonance_distance) run.metrics.set("resonance_distance", *solution.resonance_distance);
  std::int64_t unknowns = 1;
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    run.metrics.set("basis_functions_" + model.axes[d].name, std::int64_t{solution.bases[d].size()});
    unknowns *= solution.bases[d].size();
  }
  run.metrics.set("unknowns", unknowns);
  std::vector<std::int64_t> iteration;
  for (std::size_t i = 0; i < solution.report.history.size(); ++i) iteration.push_back(static_cast<std::int64_t>(i));
  run.results.table("/metrics/history", {{"iteration", "1", iteration}, {"residual", "1", solution.report.history}},
                    "norm of the scaled normal residual through all passes, relative to source and lift");
}

}  // namespace

void write_field(Run& run, Model const& model, std::string const& name, std::string const& long_name, Tensor values) {
  grid::Layout const layout{run.comm, extents_of(model.nodes())};
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, values);
  io::Block block;
  std::vector<io::Dimension> dimensions;
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    block.offset.push_back(layout.begin(static_cast<int>(d)));
    block.count.push_back(layout.count(static_cast<int>(d)));
    dimensions.push_back({"/grid/" + model.axes[d].name, layout.extents()[d]});
  }
  run.results.field("/fields/" + name, {host.data(), host.size()}, block, dimensions, "1", long_name);
}

void write_results(Run& run, Model const& model, Output const& output, Solution const& solution) {
  write_fields(run, model, output, solution);
  if (output.core) write_core(run, model, solution);
  write_spectrum_table(run, model.axes, solution.priors, solution.learned);
  write_spectra(run, model, solution);
  write_metrics(run, model, solution);
  if (!model.exact) return;
  auto const norms = measure_error(run.comm, solution.bases, *model.exact, solution.coefficients);
  run.metrics.set("relative_l2", norms.relative_l2);
  run.metrics.set("max_error", norms.largest);
  if (norms.relative_l2 > std::max(1e-6, 1e4 * solution.off_grid.worst())) {
    run.log.warning(
        fmt::format("the error {:.1e} against `exact` is far above the residual {:.1e}: either `exact` does not solve "
                    "this problem, or it has detail that falls between the points of the grid and of the check",
                    norms.relative_l2, solution.off_grid.worst()));
  }
}

}  // namespace kroma::gp_pde
