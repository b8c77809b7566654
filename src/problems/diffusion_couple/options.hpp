#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/function.hpp"
#include "deck/schema.hpp"
#include "problems/diffusion_couple/profile_options.hpp"
#include "problems/problem.hpp"

namespace kroma::diffusion_couple {

enum class Mode { forward, effective, estimate, invert };
enum class Method { boltzmann_matano, sauer_freise, den_broeder, wagner, hall };
enum class EndKind { sealed, fixed, flux, robin, periodic };
enum class Crystal { none, simple_cubic, bcc, fcc, diamond };
enum class Technique { automatic, similarity, finite_volume };
enum class Scheme { sdirk2, sdirk3 };
enum class Matrix { assembled, free };

/// Names that functions of composition and temperature may use: c and c2 are the mole fraction of the second
/// component, c1, c3, ... those of the others.
std::vector<std::string> const& composition_names();

/// The bodies before the anneal. Compositions are mole fractions of all components but the first.
struct CoupleOptions {
  std::vector<double> left{0.0}, right{1.0};
  double length = 1e-3;             // m
  std::optional<double> interface;  // m, from the left end; half of the length unless given
  double y = 0, z = 0;              // m; 0: the couple has no such axis
  std::vector<int> cells{400};
  double grading = 1;  // largest cell over the smallest, which lies at the contact plane
};

/// An end of the couple. `value` is per component as in CoupleOptions.
struct EndOptions {
  EndKind kind = EndKind::sealed;
  std::vector<deck::Function> value;  // of t; composition (fixed, robin) or m/s (flux)
  double coefficient = 0;             // m/s, robin
};

/// ln D as a natural cubic spline through points.
struct SplineOptions {
  std::vector<double> c, D;
};

struct DiffusivityOptions {
  std::vector<std::vector<deck::Function>> value;  // (1, 1), or square over all components but the first
  std::optional<deck::Function> table;
  std::optional<SplineOptions> spline;
  std::map<std::string, deck::Function> intrinsic, tracer;
  std::optional<deck::Function> thermodynamic_factor;
  Crystal vacancy_wind = Crystal::none;
  deck::Function activation_energy;            // J/mol
  std::optional<deck::Function> position;      // factor, of x, y, z
  std::vector<double> anisotropy;              // factors along the axes, or a symmetric tensor
  std::optional<deck::Function> excess_gibbs;  // J/mol, of composition and T
};

/// The coefficient of a phase: one of them.
struct PhaseDiffusivity {
  std::optional<deck::Function> value, table;  // m^2/s, of composition and T; of c
};

struct PhaseOptions {
  std::string name;
  std::optional<deck::Interval> range;
  std::optional<double> at;
  std::optional<PhaseDiffusivity> diffusivity;
  std::optional<double> integrated;  // m^2/s
  std::optional<deck::Function> molar_volume;
  std::optional<deck::Interval> layer;  // m, measured
};

struct AnnealOptions {
  double time = 3600;                         // s
  std::optional<deck::Function> temperature;  // K, of t
};

struct MarkerOptions {
  double position = 0;  // m from the contact plane
  double released = 0;  // s
};

struct GrainOptions {
  int number = 0;
  int seed = 1;
  deck::FilePath file;
  std::string dataset = "/grain";
  double width = 0.5e-9;              // m
  double ratio = 1;                   // D of the boundary over D of the grain
  std::optional<double> segregation;  // factor
  double smear = 2;                   // cells
};

/// The block `diffusion_couple` of a deck.
struct Options {
  Mode mode = Mode::forward;
  std::vector<std::string> components;
  CoupleOptions couple;
  EndOptions left_end, right_end;
  bool periodic_sides = false;
  std::optional<deck::Function> initial, source, exact;  // of x, y, z (and t)
  DiffusivityOptions diffusivity;
  std::vector<PhaseOptions> phases;
  std::map<std::string, double> molar_volume;  // m^3/mol of the pure components
  std::vector<double> excess_volume;           // m^3/mol, Redlich-Kister
  std::optional<deck::Function> volume;        // m^3/mol, of c
  AnnealOptions anneal;
  std::vector<MarkerOptions> markers;
  std::optional<GrainOptions> grains;
  std::vector<ProfileOptions> profile;
  std::map<std::string, double> molar_mass;  // kg/mol
  SmoothingOptions smoothing;
  FitOptions fit;
  std::vector<Method> methods;
};

struct Solver : SolverOptions {
  Technique technique = Technique::automatic;
  Scheme scheme = Scheme::sdirk3;
  double tolerance = 1e-8;
  int points = 2000;
  int steps = 0;
  double compound_width = 1e-6;
  double gap_drop = 1e-4;
  double newton_tolerance = 1e-11;
  double rtol = 1e-8;
  int max_iterations = 200;
  Matrix matrix = Matrix::assembled;
};

struct Output : OutputOptions {
  std::vector<double> times;
  double save_every = 0;
};

deck::Schema<Options> schema();
deck::Schema<Solver> solver_schema();
deck::Schema<Output> output_schema();

}  // namespace kroma::diffusion_couple
