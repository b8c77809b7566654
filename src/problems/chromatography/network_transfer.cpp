#include "problems/chromatography/network_transfer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/inlet_image.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/network_system.hpp"
#include "problems/chromatography/transform.hpp"

namespace kroma::chromatography {
namespace {

using Complex = Kokkos::complex<double>;

constexpr double kPeriods = 3, kOtherPeriods = 4.3;  // of the contour, and of the one that judges it

/// Images of what some units give off, for invert_images(): rows are (shown unit, component).
class UnitImages {
 public:
  using Rows = Kokkos::View<Complex***, Kokkos::LayoutRight, Space>;

  UnitImages(Network const& network, std::vector<std::size_t> shown, bool integrated)
      : shown_{std::move(shown)},
        components_{network.count()},
        system_{make_network_system(network)},
        integrated_{integrated} {
    for (std::size_t u = 0; u < network.units.size(); ++u) {
      if (network.units[u].kind != UnitKind::inlet) continue;
      Column fed;
      fed.components = network.components;
      fed.sections = network.units[u].feed;
      feeds_.emplace_back(static_cast<int>(u), make_inlet(fed));
    }
  }

  std::size_t rows() const { return shown_.size() * components_; }

  void operator()(Contour const& contour, int first, Images const& image, Matrix const& doubt) const {
    int const nodes = image.extent_int(1), n = system_.units;
    Rows const rows{"rows", static_cast<std::size_t>(nodes), static_cast<std::size_t>(n),
                    static_cast<std::size_t>(n) + 1};
    Kokkos::deep_copy(doubt, 0.0);
    for (std::size_t i = 0; i < components_; ++i) {
      fill(contour, first, static_cast<int>(i), rows);
      for (std::size_t j = 0; j < shown_.size(); ++j) {
        int const row = static_cast<int>(j * components_ + i), unit = static_cast<int>(shown_[j]);
        bool const integrated = integrated_;
        Kokkos::parallel_for(
            "chromatography::shown_images", Kokkos::RangePolicy<Space>(0, nodes), KOKKOS_LAMBDA(int const k) {
              Complex const s{contour.sigma, contour.step * (first + k)};
              image(row, k) = integrated ? rows(k, unit, n) / s : rows(k, unit, n);
            });
      }
    }
    Kokkos::fence();
  }

  /// rows (node, unit, units + 1), the last of which is what the unit gives off.
  void fill(Contour const& contour, int first, int i, Rows const& rows) const {
    auto const system = system_;
    int const nodes = rows.extent_int(0), n = system.units;
    Kokkos::parallel_for(
        "chromatography::unit_rows", Kokkos::RangePolicy<Space>(0, nodes), KOKKOS_LAMBDA(int const k) {
          Complex const s{contour.sigma, contour.step * (first + k)};
          auto const row = Kokkos::subview(rows, k, Kokkos::ALL, Kokkos::ALL);
          fill_rows(n, Kokkos::subview(system.transfer, i, Kokkos::ALL), system.share, s, row);
        });
    for (auto const& [unit, feed] : feeds_) {
      int const u = unit;
      auto const inlet = feed;
      Kokkos::parallel_for(
          "chromatography::feed_images", Kokkos::RangePolicy<Space>(0, nodes), KOKKOS_LAMBDA(int const k) {
            rows(k, u, n) = inlet_image(inlet, i, Complex{contour.sigma, contour.step * (first + k)});
          });
    }
    Kokkos::parallel_for(
        "chromatography::solve_rows", Kokkos::RangePolicy<Space>(0, nodes), KOKKOS_LAMBDA(int const k) {
          auto const row = Kokkos::subview(rows, k, Kokkos::ALL, Kokkos::ALL);
          solve_rows(n, row);
        });
  }

 private:
  std::vector<std::size_t> shown_;
  std::size_t components_;
  NetworkSystem system_;
  bool integrated_;
  std::vector<std::pair<int, Inlet>> feeds_;
};

/// Units other than inlets whose response to impulses has decayed where a contour ends at the latest.
std::vector<std::size_t> decaying(Network const& network) {
  auto const contour = Contour::up_to(network.end(), kPeriods);
  Complex const s{contour.sigma, contour.step * kMostNodes};
  std::vector<double> largest(network.units.size(), 0.0);
  for (std::size_t i = 0; i < network.count(); ++i) {
    auto const response = solve_on_host<Complex>(network, i, s, Complex{1.0});
    for (std::size_t u = 0; u < largest.size(); ++u) largest[u] = std::max(largest[u], Kokkos::abs(response[u]));
  }
  std::vector<std::size_t> units;
  for (std::size_t u = 0; u < largest.size(); ++u) {
    if (network.units[u].kind != UnitKind::inlet && largest[u] <= 1e-15) units.push_back(u);
  }
  return units;
}

bool is_zero(std::vector<double> const& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

/// Why a unit has no transfer function.
std::string unit_obstacle(Network const& network, std::size_t u) {
  auto const& unit = network.units[u];
  auto const& c = network.schedule.front();
  if (unit.kind == UnitKind::tank) {
    if (!is_zero(unit.initial_concentration)) return "the tank is not empty";
    if (c.outflow[u] <= 0 || std::abs(c.inflow[u] - c.outflow[u]) > 1e-9 * c.inflow[u]) return "its volume changes";
  }
  if (unit.kind == UnitKind::column)
    return c.inflow[u] > 0 ? semi_analytic_obstacle(flowing_column(network, u)) : "nothing flows through it";
  return "";
}

/// The network, after whose end nothing enters for `time` more.
Network stopped_for(Network network, double time) {
  double const end = network.end();
  std::vector<double> const none(network.count(), 0.0);
  for (auto& unit : network.units) {
    if (unit.kind != UnitKind::inlet) continue;
    auto const later =
        std::find_if(unit.feed.begin(), unit.feed.end(), [&](Section const& s) { return s.begin >= end; });
    unit.feed.erase(later, unit.feed.end());
    unit.feed.back().end = end;
    unit.feed.push_back({end, end + time, none, none});
  }
  network.schedule.back().end = end + time;
  return network;
}

double entered(Network const& network, std::size_t i, double until) {
  double sum = 0;
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    for (auto s : network.units[u].feed) {
      if (s.begin >= until) continue;
      s.end = std::min(s.end, until);
      sum += network.schedule.front().outflow[u] * s.amount(i);
    }
  }
  return sum;
}

/// |what flowed into outlets / what entered - 1| when all has left, by a quadrature of the outlets. `nodes` of the
/// contour resolve them, and so do as many times.
double mass_balance(Network const& network, int nodes) {
  double last = 0;
  for (auto const& r : network_moments(network)) {
    last = std::max(
        last, r.moments.mean + 12 * std::sqrt(r.moments.variance) + 40 * 0.5 * r.moments.third / r.moments.variance);
  }
  auto const longer = stopped_for(network, last);
  int const steps = std::max(4096, nodes);
  std::vector<double> times;
  for (int k = 0; k <= steps; ++k) times.push_back(longer.end() * k / steps);
  std::vector<std::size_t> outlets;
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    if (network.units[u].kind == UnitKind::outlet) outlets.push_back(u);
  }
  auto const n = network.count();
  UnitImages const images{longer, outlets, false};
  auto const values = invert_images(images.rows(), images, times).values;
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double out = 0;
    for (std::size_t at = i; at < values.size(); at += n) {
      out += network.schedule.front().inflow[outlets[at / n % outlets.size()]] * values[at] * longer.end() / steps;
    }
    double const in = entered(network, i, network.end());
    if (in != 0) largest = std::max(largest, std::abs(out / in - 1));
  }
  return largest;
}

/// Largest difference to another contour, at about 60 of the times.
double compare(Network const& network, std::vector<std::size_t> const& shown, std::vector<double> const& times,
               std::vector<double> const& values) {
  UnitImages const images{network, shown, false};
  auto const n = network.count(), stride = std::max<std::size_t>(1, times.size() / 60);
  std::vector<double> some;
  for (std::size_t k = stride - 1; k < times.size(); k += stride) some.push_back(times[k]);
  auto const other = invert_images(images.rows(), images, some, Contour::up_to(network.end(), kOtherPeriods)).values;
  auto const scales = network.scales();
  double largest = 0;
  for (std::size_t at = 0; at < other.size(); ++at) {
    auto const k = at / images.rows(), row = at % images.rows();
    largest =
        std::max(largest, std::abs(other[at] - values[((k + 1) * stride - 1) * images.rows() + row]) / scales[row % n]);
  }
  return largest;
}

/// What has flowed into the outlets by the end, mol: (units, components).
std::vector<double> amounts(Network const& network) {
  std::vector<std::size_t> outlets;
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    if (network.units[u].kind == UnitKind::outlet) outlets.push_back(u);
  }
  UnitImages const images{network, outlets, true};
  auto const values =
      invert_images(images.rows(), images, {network.end()}, Contour::up_to(network.end(), kPeriods)).values;
  auto const n = network.count();
  std::vector<double> collected(network.units.size() * n, 0.0);
  for (std::size_t at = 0; at < values.size(); ++at) {
    auto const u = outlets[at / n];
    collected[u * n + at % n] = network.schedule.front().inflow[u] * values[at];
  }
  return collected;
}

}  // namespace

std::string network_obstacle(Network const& network) {
  if (auto const why = network_moments_obstacle(network); !why.empty()) return why;
  auto const shown = decaying(network);
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    auto const kind = network.units[u].kind;
    bool const needed = kind == UnitKind::column || kind == UnitKind::outlet;
    if (needed && std::find(shown.begin(), shown.end(), u) == shown.end()) {
      return fmt::format("the transform of '{}' does not decay", network.units[u].name);
    }
  }
  return "";
}

NetworkResult solve_network_by_transform(Network const& network, std::vector<double> const& times) {
  auto const shown = decaying(network);
  auto const n = network.count(), row = network.units.size() * n;
  UnitImages const images{network, shown, false};
  auto const inverse = invert_images(images.rows(), images, times);
  if (inverse.nodes == 0) {
    throw solver_failed(fmt::format("the transform has not decayed after {} nodes", kMostNodes),
                        "Ask for method: numeric.");
  }
  NetworkResult result;
  auto& o = result.outlet;
  o.method = "semi_analytic";
  o.description = fmt::format("inverse Laplace transform of the network, {} nodes", inverse.nodes);
  o.concentration.assign(times.size() * row, 0.0);
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (std::size_t u = 0; u < network.units.size(); ++u) {
      auto const j = static_cast<std::size_t>(std::find(shown.begin(), shown.end(), u) - shown.begin());
      for (std::size_t i = 0; i < n; ++i) {
        auto& value = o.concentration[k * row + u * n + i];
        if (network.units[u].kind == UnitKind::inlet) {
          auto const& feed = network.units[u].feed;
          auto const now = std::find_if(feed.begin(), feed.end(), [&](Section const& s) { return times[k] <= s.end; });
          value = now == feed.end() ? feed.back().at(i, times[k]) : now->at(i, times[k]);
        } else {
          value = j < shown.size() ? inverse.values[(k * shown.size() + j) * n + i]
                                   : std::numeric_limits<double>::quiet_NaN();
        }
      }
    }
  }
  o.unknowns = inverse.nodes * static_cast<std::int64_t>(images.rows());
  o.error_estimate = compare(network, shown, times, inverse.values);
  o.mass_balance_error = mass_balance(network, inverse.nodes);
  result.collected = amounts(network);
  return result;
}

std::string network_moments_obstacle(Network const& network) {
  if (network.schedule.size() > 1) return "the connections change in time";
  if (network.units.size() > kMostUnits) return "there are too many units";
  if (network.main_outlet() == network.units.size()) return "there is no outlet";
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    if (auto const why = unit_obstacle(network, u); !why.empty())
      return fmt::format("unit '{}': {}", network.units[u].name, why);
  }
  return "";
}

std::vector<Response> network_moments(Network const& network) {
  std::vector<Response> all;
  auto const& c = network.schedule.front();
  for (std::size_t from = 0; from < network.units.size(); ++from) {
    if (network.units[from].kind != UnitKind::inlet || c.outflow[from] == 0) continue;
    for (std::size_t i = 0; i < network.count(); ++i) {
      auto const response = solve_on_host<PowerSeries>(network, i, PowerSeries::variable(), PowerSeries{{1}}, from);
      for (std::size_t u = 0; u < network.units.size(); ++u) {
        if (network.units[u].kind != UnitKind::outlet || !(response[u].c[0] > 0)) continue;
        auto const g = log(response[u]).c;
        all.push_back(
            {from, u, i, response[u].c[0] * c.inflow[u] / c.outflow[from], {-g[1], 2 * g[2], -6 * g[3], 24 * g[4]}});
      }
    }
  }
  return all;
}

void write_network_moments(Run& run, Network const& network) {
  std::vector<std::string> inlet, outlet, component;
  std::vector<double> share, mean, variance, third;
  for (auto const& r : network_moments(network)) {
    inlet.push_back(network.units[r.inlet].name);
    outlet.push_back(network.units[r.unit].name);
    component.push_back(network.components[r.component]);
    share.push_back(r.share);
    mean.push_back(r.moments.mean);
    variance.push_back(r.moments.variance);
    third.push_back(r.moments.third);
  }
  if (inlet.empty()) return;
  run.results.table(
      "/tables/moments",
      {{"inlet", "1", inlet},
       {"outlet", "1", outlet},
       {"component", "1", component},
       {"share", "1", share},
       {"mean", "s", mean},
       {"variance", "s^2", variance},
       {"third", "s^3", third}},
      "response of each outlet to an impulse in an inlet: share of it that comes there, mean, variance and "
      "third central moment of when");
}

}  // namespace kroma::chromatography
