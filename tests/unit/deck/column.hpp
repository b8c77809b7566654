#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"

// A small problem with a key of every type, for the tests of reading, writing and describing.

namespace column {

using kroma::deck::Function;
using kroma::deck::Interval;
using kroma::deck::Schema;
using kroma::deck::Where;

enum class Scheme { upwind, weno };

struct Inlet {
  double until = 0;
  std::vector<double> concentration;
};

struct Binding {
  std::string model = "linear";
  double capacity = 1;
};

struct Fit {
  std::string data;
  int rounds = 10;
};

struct Bed {
  double length = 0.1;
  double porosity = 0.37;
  int cells = 200;
  Scheme scheme = Scheme::weno;
};

struct Options {
  std::vector<std::string> components{"A"};
  Bed bed{.cells = 100};
  Binding binding;
  std::vector<Inlet> inlet;
  std::map<std::string, Interval> domain;
  std::map<std::string, Function> boundary;
  std::map<std::string, std::vector<Binding>> layers;
  std::vector<std::vector<Function>> mobility;
  Function source;
  Function diffusivity = Function::constant(1e-9, {"c"});
  std::optional<Fit> fit;
  std::optional<double> temperature;
  std::int64_t seed = 1;
  bool verbose = false;
};

struct Solver {
  double rtol = 1e-6;
  int steps = 1000;
  std::map<std::string, std::string> petsc;
};

struct DeckOptions {
  std::string problem, title, notes;
  Options column;
  Solver solver;
};

inline Schema<Bed> bed_schema() {
  Schema<Bed> s{"Packed bed"};
  s.add("length", &Bed::length, "Bed length").unit("m").above(0).required().example("25 cm");
  s.add("porosity", &Bed::porosity, "Void fraction").between(0, 1);
  s.add("cells", &Bed::cells, "Cells along the bed").at_least(3).was("ncells");
  s.add("scheme", &Bed::scheme, "Of advection").choices({{"upwind", Scheme::upwind}, {"weno", Scheme::weno}});
  s.check([](Bed const& bed, Where const& where) {
    if (bed.length / bed.cells < 1e-6) where.mistake("cells", "cells would be thinner than 1 um");
  });
  return s;
}

inline Schema<Binding> binding_schema() {
  Schema<Binding> s{"Adsorption"};
  s.add("model", &Binding::model, "Isotherm").one_of({"linear", "langmuir"});
  s.add("capacity", &Binding::capacity, "Most that is adsorbed").unit("mol/m^3").above(0);
  s.shorthand("model");
  return s;
}

inline Schema<DeckOptions> schema() {
  Schema<Inlet> inlet{"A piece of the inlet profile"};
  inlet.add("until", &Inlet::until, "End of the piece").unit("s").required();
  inlet.add("concentration", &Inlet::concentration, "Per component").unit("mol/m^3").at_least(0).required();

  Schema<Fit> fit{"Fit to data"};
  fit.add("data", &Fit::data, "Chromatogram").required();
  fit.add("rounds", &Fit::rounds, "At most");

  Schema<Options> o{"A column"};
  o.add("components", &Options::components, "Names").size(1);
  o.section("bed", &Options::bed, bed_schema());
  o.section("binding", &Options::binding, binding_schema());
  o.section("inlet", &Options::inlet, inlet);
  o.add("domain", &Options::domain, "Axes").unit("m").names({"x", "y"});
  o.add("boundary", &Options::boundary, "Values at faces").names({"x", "t"}).keys({"x_low", "x_high"});
  o.section("layers", &Options::layers, binding_schema());
  o.add("mobility", &Options::mobility, "One, or a matrix").names({"c"}).or_single();
  o.add("source", &Options::source, "Of mass").names({"x"}).one_of({"from_exact"});
  o.add("diffusivity", &Options::diffusivity, "Of the solute").unit("m^2/s").names({"c"});
  o.section("fit", &Options::fit, fit);
  o.add("temperature", &Options::temperature, "Of the bed").unit("K").above(0);
  o.add("seed", &Options::seed, "Of random numbers");
  o.add("verbose", &Options::verbose, "Say more");

  Schema<Solver> solver{"How the equations are solved"};
  solver.add("rtol", &Solver::rtol, "Relative tolerance").above(0).below(1);
  solver.add("steps", &Solver::steps, "At most").at_least(1);
  solver.add("petsc", &Solver::petsc, "Options of PETSc");

  Schema<DeckOptions> s{"A deck of the column"};
  s.add("problem", &DeckOptions::problem, "Family").required();
  s.add("title", &DeckOptions::title, "Of the run");
  s.add("notes", &DeckOptions::notes, "Anything");
  s.section("column", &DeckOptions::column, o);
  s.section("solver", &DeckOptions::solver, solver);
  return s;
}

}  // namespace column
