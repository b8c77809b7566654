#include "problems/gp_pde/covariance_options.hpp"

namespace kroma::gp_pde {
namespace {

deck::Schema<ComponentOptions> component_schema() {
  deck::Schema<ComponentOptions> s{
      "A component of a spectral mixture: weight * envelope(t / scale) * cos(2 pi frequency t)"};
  s.add("weight", &ComponentOptions::weight, "Prior variance").above(0.0);
  s.add("frequency", &ComponentOptions::frequency, "Centre, in cycles per unit length").at_least(0.0);
  s.add("scale", &ComponentOptions::scale, "Correlation length of the envelope").above(0.0);
  return s;
}

deck::Schema<JointOptions> joint_schema() {
  deck::Schema<JointOptions> s{
      "learn: joint, the published training of values and covariance together by Adam, kept for reproduction"};
  s.add("steps", &JointOptions::steps, "Steps of Adam").between(1, 100000000);
  s.add("components", &JointOptions::components, "Components for each axis").between(2, 1000);
  s.add("highest_frequency", &JointOptions::highest_frequency,
        "Components start at equal distances from 0 to this frequency, in cycles per unit length")
      .above(0.0);
  s.add("learning_rate", &JointOptions::learning_rate, "Step length of Adam, for every unknown").above(0.0);
  s.add("jitter", &JointOptions::jitter, "Added to the diagonal of every covariance matrix; part of the model")
      .between(1e-14, 1e-1);
  s.add("boundary_weight", &JointOptions::boundary_weight, "Factor of the boundary's log-likelihood").above(0.0);
  s.add("largest_log_precision", &JointOptions::largest_log_precision,
        "Cap of the log precisions of boundary and equation, without which the objective has no lower bound")
      .between(1.0, 60.0);
  return s;
}

void check_band(CovarianceOptions const& o, deck::Where const& where) {
  if (!o.components.empty()) where.mistake("components", "only spectral mixtures have components");
  if (o.learns_mixture())
    where.mistake("learn", "only the components of a mixture are learned so; give spectrum gaussian or student_t");
  if (o.learn == Learn::none && o.bands.empty()) where.mistake("learn", "none needs bands for every axis");
  if (o.learn == Learn::support && !o.bands.empty()) where.mistake("bands", "given bands exclude learn: support");
}

void check_mixture(CovarianceOptions const& o, deck::Where const& where) {
  if (!o.bands.empty()) where.mistake("bands", "only spectrum band has bands");
  if (o.learn == Learn::support) where.mistake("learn", "only the bands of spectrum band are found from the data");
  if (o.learn == Learn::none && o.components.empty()) where.mistake("learn", "none needs components for every axis");
  if (o.learn == Learn::joint && o.is_single())
    where.mistake("learn", "joint is the published training of a mixture; give spectrum gaussian or student_t");
  if (o.learn == Learn::joint && !o.components.empty())
    where.mistake("components", "learn: joint makes its own starting values; see the block joint");
  if (!o.is_single()) return;
  for (auto const& [axis, components] : o.components) {
    if (components.size() != 1 || components.front().frequency != 0) {
      where.mistake("components." + axis,
                    "matern52 and squared_exponential have one component of frequency 0; mixtures of them are "
                    "student_t and gaussian");
    }
  }
}

}  // namespace

deck::Schema<CovarianceOptions> covariance_schema(std::vector<std::string> const& axes) {
  deck::Schema<CovarianceOptions> s{"Prior covariance, a product over axes; the name of a spectrum alone is enough"};
  s.shorthand("spectrum");
  s.add("spectrum", &CovarianceOptions::spectrum,
        "band: equal density on bands of frequency; gaussian, student_t: spectral mixture of components; "
        "squared_exponential, matern52: one such component of frequency 0")
      .choices({{"band", Spectrum::band},
                {"gaussian", Spectrum::gaussian},
                {"student_t", Spectrum::student_t},
                {"matern52", Spectrum::matern52},
                {"squared_exponential", Spectrum::squared_exponential}});
  s.add("learn", &CovarianceOptions::learn,
        "support: find the bands in source and boundary data; none: take bands or components as given; evidence: "
        "components of largest marginal likelihood; whittle: the same by the periodogram of the source; joint: the "
        "published training, for comparison; by_spectrum: support for a band without bands, evidence for a mixture "
        "without components, none for all else")
      .choices({{"by_spectrum", Learn::by_spectrum},
                {"support", Learn::support},
                {"none", Learn::none},
                {"evidence", Learn::evidence},
                {"whittle", Learn::whittle},
                {"joint", Learn::joint}});
  s.add("support_tolerance", &CovarianceOptions::support_tolerance,
        "A frequency belongs to the support if its estimated modulus is above this times the largest")
      .between(1e-14, 1e-1);
  s.add("bands", &CovarianceOptions::bands, "For each axis, intervals of frequency in cycles per unit length")
      .keys(axes)
      .at_least(0.0);
  s.section("components", &CovarianceOptions::components, component_schema()).keys(axes);
  s.add("most_components", &CovarianceOptions::most_components,
        "Learning a mixture starts from the highest peaks that the data show, at most this many on each axis")
      .between(1, 100);
  s.add("learn_iterations", &CovarianceOptions::learn_iterations,
        "Most quasi-Newton iterations of evidence and whittle")
      .at_least(1);
  s.section("joint", &CovarianceOptions::joint, joint_schema());
  s.check([](CovarianceOptions const& o, deck::Where const& where) {
    o.spectrum == Spectrum::band ? check_band(o, where) : check_mixture(o, where);
  });
  return s;
}

}  // namespace kroma::gp_pde
