#include "problems/diffusion_couple/options.hpp"

#include "problems/diffusion_couple/checks.hpp"

namespace kroma::diffusion_couple {

std::vector<std::string> const& composition_names() {
  static std::vector<std::string> const names{"c", "T", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"};
  return names;
}

namespace {

std::vector<std::string> const kPlace{"x", "y", "z"};
std::vector<std::string> const kPlaceAndTime{"x", "y", "z", "t"};

deck::Schema<CoupleOptions> couple_schema() {
  deck::Schema<CoupleOptions> s{"The two bodies before the anneal"};
  s.add("left", &CoupleOptions::left,
        "Mole fraction of the second component left of the contact plane; a list, "
        "of all components but the first, for three or more")
      .or_single()
      .between(0.0, 1.0)
      .example("0.0");
  s.add("right", &CoupleOptions::right, "The same right of the contact plane")
      .or_single()
      .between(0.0, 1.0)
      .example("1.0");
  s.add("length", &CoupleOptions::length, "Length of the couple, left and right body together").unit("m").above(0.0);
  s.add("interface", &CoupleOptions::interface,
        "Distance of the contact plane from the left end; half of the length unless given")
      .unit("m");
  s.add("y", &CoupleOptions::y, "Width of the couple; 0: no variation along y").unit("m").at_least(0.0);
  s.add("z", &CoupleOptions::z, "Depth of the couple; 0: no variation along z").unit("m").at_least(0.0);
  s.add("cells", &CoupleOptions::cells, "Finite volumes along x, or along each axis")
      .or_single()
      .between(4, 100000000)
      .example("[64, 64, 64]");
  s.add("grading", &CoupleOptions::grading,
        "Length of the cells at the ends over that at the contact plane (one dimension only)")
      .between(1.0, 1e6);
  return s;
}

deck::Schema<EndOptions> end_schema() {
  deck::Schema<EndOptions> s{"What happens at an end of the couple; a word alone is the kind"};
  s.shorthand("kind");
  s.add("kind", &EndOptions::kind,
        "sealed: no flux; fixed: composition `value`; flux: `value` enters the couple; robin: the flux that leaves is "
        "coefficient * (c - value); periodic: joined to the other end")
      .choices({{"sealed", EndKind::sealed},
                {"fixed", EndKind::fixed},
                {"flux", EndKind::flux},
                {"robin", EndKind::robin},
                {"periodic", EndKind::periodic}});
  s.add("value", &EndOptions::value,
        "Mole fraction (fixed, robin), or flux over concentration in m/s (flux), of each component but the first; "
        "functions of the time t in s")
      .names({"t"})
      .or_single();
  s.add("coefficient", &EndOptions::coefficient, "Transfer coefficient of robin").unit("m/s").at_least(0.0);
  s.check(check_end);
  return s;
}

deck::Schema<SplineOptions> spline_schema() {
  deck::Schema<SplineOptions> s{"ln D as a natural cubic spline through points"};
  s.add("c", &SplineOptions::c, "Mole fractions, rising").required().example("[0, 0.5, 1]");
  s.add("D", &SplineOptions::D, "Interdiffusion coefficients there")
      .unit("m^2/s")
      .above(0.0)
      .required()
      .example("[1e-15, 3e-15, 1e-14]");
  s.check(check_spline);
  return s;
}

deck::Schema<DiffusivityOptions> diffusivity_schema() {
  deck::Schema<DiffusivityOptions> s{
      "Interdiffusion coefficient in m^2/s; an expression alone, or a matrix of them, is the value, a table alone the "
      "table"};
  s.shorthand("value");
  s.add("value", &DiffusivityOptions::value,
        "Function of c and T; for three or more components a matrix over all but the first")
      .names(composition_names())
      .or_single()
      .example("\"1e-13*exp(3*c)\"");
  s.add("table", &DiffusivityOptions::table, "Instead: a table of c and D").names({"c"});
  s.section("spline", &DiffusivityOptions::spline, spline_schema());
  s.add("intrinsic", &DiffusivityOptions::intrinsic,
        "Instead: intrinsic coefficients of both components in m^2/s, which Darken's equation combines")
      .names(composition_names())
      .example("{Ni: 1e-14, Pd: 2e-14}");
  s.add("tracer", &DiffusivityOptions::tracer,
        "Instead: tracer coefficients of all components in m^2/s, which Darken's and Manning's equations combine")
      .names(composition_names())
      .example("{Ni: 1e-14, Pd: 2e-14}");
  s.add("thermodynamic_factor", &DiffusivityOptions::thermodynamic_factor,
        "With tracer, binary: d ln(activity) / d ln(mole fraction)")
      .names(composition_names());
  s.add("excess_gibbs", &DiffusivityOptions::excess_gibbs,
        "With tracer: excess Gibbs energy in J/mol, from which thermodynamic factors follow")
      .names(composition_names());
  s.add("vacancy_wind", &DiffusivityOptions::vacancy_wind,
        "With tracer: crystal structure whose geometric factor Manning's correction takes")
      .choices({{"none", Crystal::none},
                {"simple_cubic", Crystal::simple_cubic},
                {"bcc", Crystal::bcc},
                {"fcc", Crystal::fcc},
                {"diamond", Crystal::diamond}});
  s.add("activation_energy", &DiffusivityOptions::activation_energy,
        "Q(c) in J/mol: every coefficient is multiplied by exp(-Q / (R T))")
      .names({"c"});
  s.add("position", &DiffusivityOptions::position, "Factor that depends on the place (two and three dimensions)")
      .names(kPlace);
  s.add("anisotropy", &DiffusivityOptions::anisotropy,
        "Factors along the axes, or a symmetric tensor: xx, yy, xy in two dimensions, xx, yy, zz, xy, xz, yz in three");
  s.check(check_diffusivity);
  return s;
}

deck::Schema<PhaseDiffusivity> phase_diffusivity_schema() {
  deck::Schema<PhaseDiffusivity> s{
      "Interdiffusion coefficient in the range, m^2/s; an expression or a table alone is it"};
  s.shorthand("value");
  s.add("value", &PhaseDiffusivity::value, "Function of c and T").names(composition_names());
  s.add("table", &PhaseDiffusivity::table, "Instead: a table of c and D").names({"c"});
  s.check([](PhaseDiffusivity const& o, deck::Where const& where) {
    if (o.value.has_value() == o.table.has_value()) where.mistake("", "give `value` or `table`");
  });
  return s;
}

deck::Schema<PhaseOptions> phase_schema() {
  deck::Schema<PhaseOptions> s{"A phase of the couple: a range of composition, or a line compound"};
  s.add("name", &PhaseOptions::name, "Name of the phase").required();
  s.add("range", &PhaseOptions::range, "Lowest and highest mole fraction of the second component")
      .between(0.0, 1.0)
      .example("[0, 0.2]");
  s.add("at", &PhaseOptions::at, "Mole fraction of a line compound").between(0.0, 1.0);
  s.section("diffusivity", &PhaseOptions::diffusivity, phase_diffusivity_schema());
  s.add("integrated", &PhaseOptions::integrated, "Integrated interdiffusion coefficient of a line compound")
      .unit("m^2/s")
      .above(0.0);
  s.add("molar_volume", &PhaseOptions::molar_volume, "Volume per mole of atoms in this phase, m^3/mol").names({"c"});
  s.add("layer", &PhaseOptions::layer,
        "Mode estimate: where its layer begins and ends; half-way between points of different phases unless given")
      .unit("m")
      .example("[120 um, 135 um]");
  s.check(check_phase);
  return s;
}

deck::Schema<AnnealOptions> anneal_schema() {
  deck::Schema<AnnealOptions> s{"Time and temperature"};
  s.add("time", &AnnealOptions::time, "Duration of the anneal").unit("s").above(0.0).example("100 h");
  s.add("temperature", &AnnealOptions::temperature,
        "Absolute temperature: a number, a function of the time t in s, or a table of t and T")
      .names({"t"})
      .unit("K")
      .example("1273 K");
  return s;
}

deck::Schema<MarkerOptions> marker_schema() {
  deck::Schema<MarkerOptions> s{"An inert marker that moves with the lattice"};
  s.add("position", &MarkerOptions::position, "Where it is when released, from the contact plane").unit("m");
  s.add("released", &MarkerOptions::released, "When it is released").unit("s").at_least(0.0);
  return s;
}

deck::Schema<GrainOptions> grain_schema() {
  deck::Schema<GrainOptions> s{"Grain structure whose boundaries are fast paths (two and three dimensions)"};
  s.add("number", &GrainOptions::number,
        "Grains of a Voronoi structure about random points, periodic across ends and sides that are joined")
      .at_least(0);
  s.add("seed", &GrainOptions::seed, "Number that the random points follow from");
  s.add("file", &GrainOptions::file, "Instead: HDF5 file with the grain of each cell, relative to the deck");
  s.add("dataset", &GrainOptions::dataset, "Path of the array of grains in that file");
  s.add("width", &GrainOptions::width, "Width of a grain boundary").unit("m").above(0.0);
  s.add("ratio", &GrainOptions::ratio, "Diffusivity along a boundary over that of the grain").at_least(0.0);
  s.add("segregation", &GrainOptions::segregation, "Concentration in a boundary over that beside it").above(0.0);
  s.add("smear", &GrainOptions::smear, "Half width over which a boundary is spread, in cells").between(1.0, 10.0);
  s.check([](GrainOptions const& o, deck::Where const& where) {
    if (o.file.path.empty() == (o.number == 0)) where.mistake("", "give either `number` or `file`");
  });
  return s;
}

void add_model(deck::Schema<Options>& s) {
  s.section("couple", &Options::couple, couple_schema());
  s.section("left_end", &Options::left_end, end_schema());
  s.section("right_end", &Options::right_end, end_schema());
  s.add("periodic_sides", &Options::periodic_sides,
        "Whether the faces across y and z are joined, else they are sealed");
  s.add("initial", &Options::initial, "Mole fraction of the second component at the start, instead of two bodies")
      .names(kPlace);
  s.add("source", &Options::source, "Source of the second component per concentration, 1/s").names(kPlaceAndTime);
  s.add("exact", &Options::exact, "Exact mole fraction of the second component, if known: the error is measured")
      .names(kPlaceAndTime);
  s.section("diffusivity", &Options::diffusivity, diffusivity_schema());
  s.section("phases", &Options::phases, phase_schema());
  s.add("molar_volume", &Options::molar_volume, "Molar volume of each pure component; equal for all unless given")
      .unit("m^3/mol")
      .above(0.0)
      .example("{Ni: 6.59e-6, Pd: 8.85e-6}");
  s.add("excess_volume", &Options::excess_volume, "Redlich-Kister coefficients L0, L1, ... of the molar volume")
      .unit("m^3/mol");
  s.add("volume", &Options::volume, "Molar volume in m^3/mol of the second component's mole fraction c, instead")
      .names({"c"});
  s.section("anneal", &Options::anneal, anneal_schema());
  s.section("markers", &Options::markers, marker_schema());
  s.section("grains", &Options::grains, grain_schema());
}

}  // namespace

deck::Schema<Options> schema() {
  deck::Schema<Options> s{"Diffusion couples: simulated, and diffusion coefficients from measured profiles"};
  s.add("mode", &Options::mode,
        "forward: simulate; effective: mean diffusivity of a structure that repeats; estimate: classical methods on a "
        "measured profile; invert: fit coefficients to profiles")
      .choices({{"forward", Mode::forward},
                {"effective", Mode::effective},
                {"estimate", Mode::estimate},
                {"invert", Mode::invert}});
  s.add("components", &Options::components, "Names of the components; the first is the one not counted")
      .required()
      .example("[Ni, Pd]");
  add_model(s);
  s.section("profile", &Options::profile, profile_schema()).or_single();
  s.add("molar_mass", &Options::molar_mass, "Molar mass of each component, for compositions by mass")
      .unit("kg/mol")
      .above(0.0)
      .example("{Ni: 58.693 g/mol, Pd: 106.42 g/mol}");
  s.section("smoothing", &Options::smoothing, smoothing_schema());
  s.section("fit", &Options::fit, fit_schema());
  s.add("methods", &Options::methods, "Methods of mode estimate")
      .choices({{"boltzmann_matano", Method::boltzmann_matano},
                {"sauer_freise", Method::sauer_freise},
                {"den_broeder", Method::den_broeder},
                {"wagner", Method::wagner},
                {"hall", Method::hall}});
  s.check(check_options);
  return s;
}

deck::Schema<Solver> solver_schema() {
  deck::Schema<Solver> s{"How to solve"};
  s.add("technique", &Solver::technique,
        "similarity: the profile of an infinite isothermal couple as a function of x / sqrt(t); finite_volume: any "
        "couple; auto: similarity where it holds and several phases ask for it, else finite_volume")
      .choices({{"auto", Technique::automatic},
                {"similarity", Technique::similarity},
                {"finite_volume", Technique::finite_volume}});
  s.add("scheme", &Solver::scheme, "Implicit Runge-Kutta scheme: two stages of order 2, or three of order 3")
      .choices({{"sdirk2", Scheme::sdirk2}, {"sdirk3", Scheme::sdirk3}});
  s.add("tolerance", &Solver::tolerance, "Error of one time step, as a mole fraction").between(1e-14, 1e-1);
  s.add("points", &Solver::points, "Points of composition in each phase (similarity)").between(50, 1000000);
  s.add("steps", &Solver::steps,
        "Time steps of equal size in sqrt(t) instead of adaptive ones; 0: as tolerance asks; "
        "several phases take 200 unless given")
      .at_least(0);
  s.add("compound_width", &Solver::compound_width, "Width in mole fraction given to a line compound (finite_volume)")
      .between(1e-9, 1e-2);
  s.add("gap_drop", &Solver::gap_drop,
        "Kirchhoff potential given to a gap between phases, relative to that of all phases (finite_volume)")
      .between(1e-9, 1e-1);
  s.add("newton_tolerance", &Solver::newton_tolerance, "Largest change of a mole fraction in the last iteration")
      .between(1e-15, 1e-4);
  s.add("rtol", &Solver::rtol, "Relative tolerance of linear solves (two and three dimensions)").between(1e-14, 1e-2);
  s.add("max_iterations", &Solver::max_iterations, "Most iterations of one linear solve").at_least(1);
  s.add("matrix", &Solver::matrix, "assembled: algebraic multigrid; free: none is stored (two and three dimensions)")
      .choices({{"assembled", Matrix::assembled}, {"free", Matrix::free}});
  return s;
}

deck::Schema<Output> output_schema() {
  deck::Schema<Output> s{"What is written, and where"};
  s.add("times", &Output::times, "Times to save besides the first and the last").unit("s").above(0.0);
  s.add("save_every", &Output::save_every, "Time between saved times; 0: none but those asked for")
      .unit("s")
      .at_least(0.0);
  return s;
}

}  // namespace kroma::diffusion_couple
