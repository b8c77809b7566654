#include "problems/chromatography/gas_model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv.hpp"
#include "problems/chromatography/quadrature.hpp"

namespace kroma::chromatography {
namespace {

using Record = std::map<std::string, std::string>;

double number(Record const& row, std::string const& column, std::string const& path) {
  auto const found = row.find(column);
  if (found == row.end()) throw bad_input(fmt::format("{}: has no column '{}'", path, column));
  auto const& text = found->second;
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    throw bad_input(fmt::format("{}: '{}' in column {} is no number", path, text, column));
  }
  return value;
}

std::string text(Record const& row, std::string const& column) {
  auto const found = row.find(column);
  return found == row.end() ? "" : found->second;
}

RetentionOptions from_record(Record const& row, std::string const& path) {
  RetentionOptions o;
  o.characteristic_temperature = number(row, "characteristic_temperature_degC", path) + 273.15;
  o.theta = number(row, "theta_K", path);
  o.heat_capacity = number(row, "heat_capacity_J_per_mol_K", path);
  o.film_ratio = number(row, "film_ratio", path);
  o.formula = text(row, "formula");
  o.rings = static_cast<int>(number(row, "rings", path));
  return o;
}

/// Rows of the database for each component; the phase may be left out where only one is there.
std::vector<RetentionOptions> from_database(Options const& o) {
  auto const& path = o.gas->database.path;
  auto const rows = deck::read_records(path);
  std::vector<RetentionOptions> laws;
  for (auto const& component : o.components) {
    std::vector<RetentionOptions> found;
    for (auto const& row : rows) {
      bool const phase = o.gas->phase.empty() || text(row, "phase") == o.gas->phase;
      if (text(row, "name") == component && phase) found.push_back(from_record(row, path));
    }
    auto const on = o.gas->phase.empty() ? "" : " on phase " + o.gas->phase;
    if (found.empty()) throw bad_input(fmt::format("{} has no retention law of {}{}", path, component, on));
    if (found.size() > 1)
      throw bad_input(fmt::format("{} has {} laws of {}; name a phase", path, found.size(), component));
    laws.push_back(found.front());
  }
  return laws;
}

RetentionLaw make_law(RetentionOptions const& o, double film_ratio) {
  double const ratio = o.film_ratio > 0 ? film_ratio / o.film_ratio : 1;
  RetentionLaw law;
  if (o.theta) {
    law = RetentionLaw::characteristic(*o.characteristic_temperature, *o.theta, o.heat_capacity, ratio);
  } else if (o.enthalpy) {
    law = RetentionLaw::thermodynamic(*o.enthalpy, *o.entropy, o.heat_capacity, *o.reference, ratio);
  } else {
    law = {*o.a + std::log(ratio), *o.b, *o.c};
  }
  law.lowest = o.range.low;
  law.highest = o.range.high;
  return law;
}

/// Samples of the run's time at which programmes are checked.
std::vector<double> checked_times(Options const& o) {
  std::vector<double> times;
  for (int k = 0; k <= 2000; ++k) times.push_back(o.inlet.back().until * k / 2000);
  return times;
}

void check_analytes(Options const& o, deck::Where const& where) {
  auto const times = checked_times(o);
  for (double const t : times) {
    double const temperature = o.gas->temperature({t});
    if (!(temperature > 0)) return where.mistake("gas.temperature", fmt::format("is {} K at {} s", temperature, t));
  }
  for (auto const& analyte : make_analytes(o)) {
    auto const& law = analyte.retention;
    auto const outside = std::find_if(times.begin(), times.end(), [&](double t) {
      double const temperature = o.gas->temperature({t});
      return temperature < law.lowest || temperature > law.highest;
    });
    if (outside == times.end()) continue;
    where.mistake("gas.retention",
                  fmt::format("{} has no retention law at {} K, the temperature at {} s: its law is for {} to {} K",
                              analyte.name, o.gas->temperature({*outside}), *outside, law.lowest, law.highest));
  }
}

void check_pressures(Options const& o, deck::Where const& where) {
  auto const column = make_gas_column(o);
  for (double const t : checked_times(o)) {
    double const in = column.inlet_pressure(t), out = column.outlet_pressure(t);
    if (in > out && out > 0) continue;
    return where.mistake("gas",
                         fmt::format("nothing flows at {} s: {} Pa at the inlet, {} Pa at the outlet", t, in, out));
  }
}

/// Amount of substance per area and velocity, mean and variance in time of what enters of component i.
struct Injection {
  double amount = 0, mean = 0, variance = 0;
};

Injection injection_of(Column const& column, std::size_t i) {
  double m0 = 0, m1 = 0, m2 = 0;
  auto const rule = composite_rule({}, 1.0, 1.0);
  for (auto const& s : column.sections) {
    double const d = s.end - s.begin;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      double const t = s.begin + d * rule.nodes[k];
      double const c = rule.weights[k] * d * (s.concentration[i] + s.slope[i] * (t - s.begin));
      m0 += c;
      m1 += c * t;
      m2 += c * t * t;
    }
  }
  if (m0 == 0) return {};
  double const mean = m1 / m0;
  return {m0, mean, std::max(m2 / m0 - mean * mean, 0.0)};
}

/// A component at the outlet: amount * u_0 / u(L, t) times a normal law.
struct Band {
  double amount = 0, mean = 0, deviation = 1;

  double at(GasColumn const& column, double t) const {
    double const z = (t - mean) / deviation;
    double const law = std::exp(-0.5 * z * z) / (deviation * std::sqrt(2 * std::numbers::pi));
    return amount / carrier_velocity(column, column.length, t) * law;
  }
};

Band make_band(GasColumn const& column, Analyte const& analyte, Injection const& in, double end, double tolerance) {
  if (in.amount == 0) return {};
  auto const out = migrate(column, analyte, in.mean, end, tolerance);
  // the width of the injection is stretched by as much as later starts leave later
  double const h = 1e-2 * (out.retention - in.mean);
  double const later = migrate(column, analyte, in.mean + h, end + h, tolerance).retention;
  double const stretch = (later - out.retention) / h;
  return {in.amount * carrier_velocity(column, 0, in.mean), out.retention,
          std::sqrt(out.deviation * out.deviation + in.variance * stretch * stretch)};
}

/// |outlet amount / inlet amount - 1| over all time.
double amount_error(GasColumn const& column, Band const& band) {
  double const reach = 10 * band.deviation, begin = band.mean - reach;
  auto const rule = composite_rule({}, 2 * reach, band.deviation);
  double out = 0;
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    double const t = begin + rule.nodes[k];
    out += rule.weights[k] * band.at(column, t) * carrier_velocity(column, column.length, t);
  }
  return std::abs(out / band.amount - 1);
}

}  // namespace

std::vector<Analyte> make_analytes(Options const& o) {
  auto const laws = o.gas->database.path.empty() ? o.gas->retention : from_database(o);
  double const film_ratio = *o.column->film_thickness / (2 * *o.column->radius);
  std::vector<Analyte> analytes;
  for (std::size_t i = 0; i < o.components.size(); ++i) {
    analytes.push_back({o.components[i], make_law(laws[i], film_ratio), molecule(laws[i].formula, laws[i].rings)});
  }
  return analytes;
}

GasColumn make_gas_column(Options const& o) {
  auto const function = [](std::optional<deck::Function> const& f, std::optional<double> const& constant) {
    return [f, value = constant.value_or(0)](double t) { return f ? (*f)({t}) : value; };
  };
  GasColumn column{o.column->length,
                   *o.column->radius,
                   *o.column->film_thickness,
                   o.gas->carrier,
                   [f = o.gas->temperature](double t) { return f({t}); },
                   function(o.gas->inlet_pressure, o.flow.inlet_pressure),
                   function(o.gas->outlet_pressure, o.flow.outlet_pressure)};
  if (o.gas->flow) {
    column.inlet_pressure = [f = *o.gas->flow, column](double t) {
      return inlet_pressure_for_flow(column, f({t}), column.temperature(t), column.outlet_pressure(t));
    };
  }
  return column;
}

void check_gas(Options const& o, deck::Where const& where) {
  auto const before = where.mistakes();
  if (o.column->model != ColumnModel::capillary) where.mistake("gas", "belongs to capillaries only");
  if (o.flow.closure != Closure::compressible) where.mistake("flow.closure", "must be compressible with gas");
  if (o.flow.velocity || o.flow.viscosity) where.mistake("flow", "velocity and viscosity follow from gas");
  if (!o.dispersion.empty()) where.mistake("dispersion", "follows from gas");
  if (!o.binding.adsorption_rate.empty()) where.mistake("binding", "follows from gas");
  if (o.gas->flow && o.flow.inlet_pressure) where.mistake("flow.inlet_pressure", "follows from gas.flow");
  if (!o.gas->retention.empty() && o.gas->retention.size() != o.components.size()) {
    where.mistake("gas.retention",
                  fmt::format("{} laws for {} components", o.gas->retention.size(), o.components.size()));
  }
  if (!o.column->radius || !o.column->film_thickness || o.inlet.empty() || where.mistakes() != before) return;
  try {
    check_analytes(o, where);
    check_pressures(o, where);
  } catch (Error const& e) {
    where.mistake("gas", e.what());
  }
}

void apply_gas(Options const& o, Column& c) {
  auto const column = make_gas_column(o);
  auto const analytes = make_analytes(o);
  double const temperature = column.temperature(0), u = carrier_velocity(column, 0, 0);
  c.flow.velocity = u;
  c.flow.inlet_pressure = column.inlet_pressure(0);
  c.flow.outlet_pressure = column.outlet_pressure(0);
  c.binding.kinetic = false;
  for (std::size_t i = 0; i < analytes.size(); ++i) {
    double const k = analytes[i].retention.factor(temperature);
    double const d =
        diffusivity_times_pressure(column.carrier, analytes[i].molecule, temperature) / c.flow.inlet_pressure;
    c.binding.adsorption_rate[i] = k / c.phase_ratio;
    c.binding.desorption_rate[i] = 1;
    c.dispersion[i] = 0.5 * u * plate_height(column.radius, column.film, k, u, d);
  }
}

Outlet solve_programme(Options const& o, Column const& column, std::vector<double> const& times) {
  auto const gas = make_gas_column(o);
  auto const analytes = make_analytes(o);
  auto const scales = column.scales();
  std::size_t const n = analytes.size();
  Outlet outlet;
  outlet.method = "programme";
  outlet.description = "migration through the programme, peaks as normal laws";
  outlet.concentration.resize(times.size() * n);
  for (std::size_t i = 0; i < n; ++i) {
    auto const injection = injection_of(column, i);
    auto const band = make_band(gas, analytes[i], injection, column.end(), 1e-10);
    auto const rough = make_band(gas, analytes[i], injection, column.end(), 1e-7);
    for (std::size_t k = 0; k < times.size(); ++k) {
      double const c = band.at(gas, times[k]);
      outlet.concentration[k * n + i] = c;
      outlet.error_estimate = std::max(outlet.error_estimate, std::abs(c - rough.at(gas, times[k])) / scales[i]);
    }
    if (injection.amount > 0) outlet.mass_balance_error = std::max(outlet.mass_balance_error, amount_error(gas, band));
  }
  return outlet;
}

}  // namespace kroma::chromatography
