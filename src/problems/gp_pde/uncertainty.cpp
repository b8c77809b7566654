#include "problems/gp_pde/uncertainty.hpp"

namespace kroma::gp_pde {

deck::Schema<UncertaintyOptions> uncertainty_schema() {
  deck::Schema<UncertaintyOptions> s{
      "Posterior of an equation's solution, for the field variance: the source at the nodes is taken as known up to "
      "independent noise, the boundary data as exact; a nonlinear equation counts as its tangent at the solution"};
  s.add("noise", &UncertaintyOptions::noise,
        "Standard deviation of the source's values at the nodes, in its unit; without it, what learn: evidence found")
      .above(0.0);
  s.add("method", &UncertaintyOptions::method,
        "exact: a Cholesky factor of the whole core; samples: mean square of posterior samples; automatic: exact up to "
        "3000 functions")
      .choices({{"automatic", VarianceMethod::automatic},
                {"exact", VarianceMethod::exact},
                {"samples", VarianceMethod::samples}});
  s.add("samples", &UncertaintyOptions::samples,
        "Samples of the method samples: the variance has a relative standard deviation of sqrt(2 / samples)")
      .between(2, 1000000);
  s.add("keep", &UncertaintyOptions::keep, "Posterior samples to be written as fields, sample_1 and so on")
      .between(0, 1000);
  s.add("seed", &UncertaintyOptions::seed, "Of the samples").at_least(0);
  return s;
}

}  // namespace kroma::gp_pde
