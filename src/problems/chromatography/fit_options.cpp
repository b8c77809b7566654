#include "problems/chromatography/fit_options.hpp"

#include "core/error.hpp"
#include "deck/units.hpp"

namespace kroma::chromatography {
namespace {

deck::Schema<DataOptions> data_schema() {
  using O = DataOptions;
  deck::Schema<O> s{"A measured chromatogram; the name of its file alone is enough"};
  s.shorthand("file");
  s.add("file", &O::file, "Text file with columns of numbers, time first, relative to the deck").required();
  s.add("columns", &O::columns, "Names of the columns of time and signal in the file, or their numbers from 1")
      .size(2)
      .example("[time, signal]");
  s.add("time_unit", &O::time_unit, "Unit of the file's times");
  s.add("response", &O::response, "Signal per mol/m^3, per component; 1 by itself").or_single();
  s.add("baseline", &O::baseline, "Signal without any component; by itself found where there are no peaks");
  s.add("noise", &O::noise, "Standard deviation of the signal; by itself taken from the residuals").above(0.0);
  s.add("window", &O::window, "Only data between these times enter").unit("s");
  s.add("set", &O::set, "Keys of the column that have other values in this experiment, e.g. {flow.velocity: 0.3}");
  s.check([](O const& o, deck::Where const& where) {
    try {
      if (deck::parse_quantity("1 " + o.time_unit, "s") <= 0) where.mistake("time_unit", "must be positive");
    } catch (Error const& e) {
      where.mistake("time_unit", e.what());
    }
  });
  return s;
}

}  // namespace

deck::Schema<FitOptions> fit_schema() {
  using O = FitOptions;
  deck::Schema<O> s{"Least-squares fit of parameters to measured chromatograms"};
  s.section("data", &O::data, data_schema()).or_single().required();
  s.add("parameters", &O::parameters,
        "Keys of the block chromatography whose values are fitted, all components of a list or one: "
        "binding.desorption_rate, binding.desorption_rate.benzene, dispersion.0, inlet.0.until")
      .or_single()
      .required()
      .example("[binding.adsorption_rate, binding.desorption_rate]");
  s.add("nuisance", &O::nuisance,
        "Fitted besides, for each data set: baseline, its slope in time, amplitude (a common factor of all responses)")
      .choices({{"baseline", Nuisance::baseline}, {"slope", Nuisance::slope}, {"amplitude", Nuisance::amplitude}});
  s.add(
      "start_from_moments", &O::start_from_moments,
      "Rates start from the moments of as many peaks of the first data set as there are components, if they are found");
  s.add("max_iterations", &O::max_iterations, "Most iterations").at_least(1);
  s.add("starts", &O::starts, "Starts, of which the best fit is kept: the deck's values, and others around them")
      .between(1, 1000);
  s.add("spread", &O::spread, "Factor up to which those others are larger or smaller").above(1.0);
  s.add("seed", &O::seed, "Of their choice");
  return s;
}

}  // namespace kroma::chromatography
