#include "problems/diffusion_couple/profile_options.hpp"

namespace kroma::diffusion_couple {

deck::Schema<ProfileOptions> profile_schema() {
  deck::Schema<ProfileOptions> s{"A measured composition profile"};
  s.add("file", &ProfileOptions::file, "Text file of numbers with a line of names, relative to the deck")
      .required()
      .example("ni_pd.csv");
  s.add("position", &ProfileOptions::position, "Column of positions; its name ends with the unit: _m, _mm, _um or _nm")
      .required()
      .example("x_um");
  s.add("composition", &ProfileOptions::composition,
        "Column of the second component; a list of columns, of all components but the first, for three or more")
      .or_single()
      .required()
      .example("X");
  s.add("unit", &ProfileOptions::unit,
        "Unit of the compositions; by_name takes it from the columns' names: X or X_..., or an ending in "
        "_mole_fraction, _at_percent, _mass_fraction or _wt_percent")
      .choices({{"by_name", CompositionUnit::by_name},
                {"mole_fraction", CompositionUnit::mole_fraction},
                {"atomic_percent", CompositionUnit::atomic_percent},
                {"mass_fraction", CompositionUnit::mass_fraction},
                {"mass_percent", CompositionUnit::mass_percent}});
  s.add("deviation", &ProfileOptions::deviation, "Column of the compositions' standard deviations, in the same unit");
  s.add("time", &ProfileOptions::time, "Duration of this couple's anneal; 0: anneal.time").unit("s").at_least(0.0);
  s.add("left", &ProfileOptions::left, "Known mole fractions of the left end member; fitted unless given")
      .or_single()
      .between(0.0, 1.0);
  s.add("right", &ProfileOptions::right, "Known mole fractions of the right end member; fitted unless given")
      .or_single()
      .between(0.0, 1.0);
  s.add("contact", &ProfileOptions::contact, "Where the contact plane was, if known").unit("m");
  s.add("kirkendall", &ProfileOptions::kirkendall, "Where the markers are that lay in the contact plane").unit("m");
  s.add("kirkendall_deviation", &ProfileOptions::kirkendall_deviation, "Standard deviation of the markers' place")
      .unit("m")
      .at_least(0.0);
  s.add("left_face", &ProfileOptions::left_face, "Left end of a finite couple; the first position unless given")
      .unit("m");
  s.add("right_face", &ProfileOptions::right_face, "Right end of a finite couple; the last position unless given")
      .unit("m");
  return s;
}

deck::Schema<SmoothingOptions> smoothing_schema() {
  deck::Schema<SmoothingOptions> s{"How noise is taken out before the classical methods; a word alone is the method"};
  s.shorthand("method");
  s.add("method", &SmoothingOptions::method,
        "probit: penalised spline of the normal deviate of the normalised composition, whose tails are Gaussian; none: "
        "cubic spline through all points, for data without noise")
      .choices({{"probit", Smoothing::probit}, {"none", Smoothing::none}});
  s.add("knots", &SmoothingOptions::knots, "Breakpoints of the probit spline").between(4, 200);
  s.add("penalty", &SmoothingOptions::penalty, "Weight of its roughness; 0: by generalised cross-validation")
      .at_least(0.0);
  return s;
}

deck::Schema<FitOptions> fit_schema() {
  deck::Schema<FitOptions> s{"What mode invert fits"};
  s.add("ends", &FitOptions::ends,
        "infinite: the profile ends in plateaus, and one temperature; finite: the faces of the couple are sealed and "
        "may have been reached, and the temperature may change with time")
      .choices({{"infinite", Ends::infinite}, {"finite", Ends::finite}});
  s.add("knots", &FitOptions::knots, "Breakpoints of the spline of ln D over composition").between(2, 60);
  s.add("penalty", &FitOptions::penalty, "Weight of its roughness; 0: chosen so that it and the noise agree")
      .at_least(0.0);
  s.add("offset", &FitOptions::offset, "Whether the place of the contact plane is fitted where it is not given");
  s.add("bootstrap", &FitOptions::bootstrap,
        "Replicates for bands by resampled residuals, shared out over ranks; 0: none")
      .between(0, 100000);
  s.add("seed", &FitOptions::seed, "Number that the resampling follows from");
  s.add("cells", &FitOptions::cells, "Finite volumes of a finite couple").between(20, 100000);
  s.add("steps", &FitOptions::steps, "Time steps of a finite couple").between(5, 100000);
  return s;
}

}  // namespace kroma::diffusion_couple
