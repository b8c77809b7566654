#include "problems/diffusion_couple/line_couple.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/output.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Abscissae and weights of Gauss's rule with three points on [0, 1].
constexpr std::array<std::array<double, 2>, 3> kGauss{
    {{0.1127016653792583, 5.0 / 18}, {0.5, 8.0 / 18}, {0.8872983346207417, 5.0 / 18}}};

double cell_average(deck::Function const& f, double from, double to) {
  double sum = 0;
  for (auto const& [at, weight] : kGauss) sum += weight * f({from + (to - from) * at, 0.0, 0.0});
  return sum;
}

/// Fractions that the ends may bring in, at times over the whole anneal.
void widen(double& low, double& high, EndOptions const& end, double duration) {
  if (end.kind == EndKind::flux) {
    low = 0;
    high = 1;
  }
  if (end.kind != EndKind::fixed && end.kind != EndKind::robin) return;
  for (int i = 0; i <= 200; ++i) {
    double const value = end.value[0]({duration * i / 200});
    low = std::min(low, value);
    high = std::max(high, value);
  }
}

}  // namespace

std::array<double, 2> composition_range(Options const& o, double low, double high) {
  widen(low, high, o.left_end, o.anneal.time);
  widen(low, high, o.right_end, o.anneal.time);
  if (low < 0 || high > 1) {
    throw bad_input(
        fmt::format("diffusion_couple: mole fractions from {} to {} occur at the start or at the ends", low, high),
        "They must lie between 0 and 1: look at initial and at the values of the ends.");
  }
  return {low, std::max(high, low + 1e-6)};
}

double temperature_at(AnnealOptions const& anneal, double t) {
  if (!anneal.temperature) return 0;
  double const temperature = (*anneal.temperature)({t});
  if (temperature > 0 && std::isfinite(temperature)) return temperature;
  throw bad_input(fmt::format("diffusion_couple.anneal.temperature: is {} K at t = {} s", temperature, t),
                  "It must be above 0 through the whole anneal.");
}

LineCouple::LineCouple(MPI_Comm comm, Deck const& deck, LineMesh mesh)
    : comm_{comm},
      deck_{deck},
      mesh_{std::move(mesh)},
      fractions_{deck.options.components.size() - 1},
      volume_{deck.options},
      reference_{volume_(deck.options.couple.left[0])},
      control_{deck.solver.tolerance, tableau(deck.solver.scheme).order - 1} {
  set_initial();
  make_line();
  first_balance_ = line_->balance(y_);
  slopes_.assign(static_cast<std::size_t>(tableau(deck.solver.scheme).stages), y_);
  result_ = known_ = y_;
  for (auto const& marker : deck.options.markers) markers_.push_back(marker.position);
}

void LineCouple::set_initial() {
  auto const& o = deck_.options;
  for (std::size_t i = 0; i < mesh_.cells(); ++i) {
    auto const& member = i < mesh_.contact ? o.couple.left : o.couple.right;
    if (o.initial) {
      y_.push_back(cell_average(*o.initial, mesh_.edges[i], mesh_.edges[i + 1]));
    } else {
      y_.insert(y_.end(), member.begin(), member.end());
    }
  }
  y_.insert(y_.end(), fractions_, 0.0);
}

void LineCouple::make_line() {
  auto const& o = deck_.options;
  if (fractions_ == 1) {
    auto const [low, high] = std::minmax_element(y_.begin(), y_.end() - 1);
    auto const [bottom, top] = composition_range(o, *low, *high);
    binary_.emplace(o, volume_);
    auto const coefficient = [this](double c, double temperature) {
      return binary_->interdiffusion(c, temperature) * std::pow(reference_ / volume_(c), 2);
    };
    law_ = std::make_unique<BinaryFace>(coefficient, bottom, top, binary_->uses_temperature(),
                                        binary_->only_scaled_by_temperature());
  } else {
    matrix_.emplace(o);
    law_ = std::make_unique<MatrixFace>(*matrix_);
  }
  Line::Setup setup;
  molar_edges_.assign(mesh_.edges.size(), 0.0);
  for (std::size_t i = 0; i < mesh_.cells(); ++i) {
    double const ratio = fractions_ == 1 ? reference_ / volume_(y_[i]) : 1.0;
    setup.widths.push_back((mesh_.edges[i + 1] - mesh_.edges[i]) * ratio);
    molar_edges_[i + 1] = molar_edges_[i] + setup.widths[i];
  }
  double const contact = molar_edges_[mesh_.contact];
  for (auto& edge : molar_edges_) edge -= contact;
  setup.left = o.left_end;
  setup.right = o.right_end;
  setup.temperature = [this](double t) { return temperature_at(deck_.options.anneal, t); };
  if (o.source) {
    setup.source = [this](std::size_t i, double t) {
      return (*deck_.options.source)({0.5 * (mesh_.edges[i] + mesh_.edges[i + 1]), 0.0, 0.0, t});
    };
  }
  setup.newton_tolerance = deck_.solver.newton_tolerance;
  line_ = std::make_unique<Line>(std::move(setup), *law_);
  law_->set_temperature(temperature_at(o.anneal, 0));
}

void LineCouple::step(double until) {
  auto const& scheme = tableau(deck_.solver.scheme);
  double const end = deck_.options.anneal.time;
  for (auto const& marker : deck_.options.markers) {
    if (marker.released > time_) until = std::min(until, marker.released);
  }
  auto const before = markers_.empty() ? MarkerField{} : marker_field();
  auto const acceptable = [&](Line::State const& y) -> std::string {
    auto const lowest = *std::min_element(y.begin(), y.end() - static_cast<std::ptrdiff_t>(fractions_));
    return lowest < -std::max(1e-6, 100 * deck_.solver.tolerance) ? "mole fractions become negative" : "";
  };
  time_ = accepted_step(*line_, scheme, control_, time_, until, end, y_, result_, known_, slopes_, acceptable,
                        "A component that is absent may not be driven by the others: look at the matrix of "
                        "diffusivities.");
  if (!markers_.empty()) move_markers(before);
}

std::string LineCouple::progress() const {
  return fmt::format("step {}  dt {:.3g} s  rejected {}  newton {}", control_.accepted, control_.next,
                     control_.rejected, line_->iterations());
}

std::vector<double> LineCouple::places() const {
  std::vector<double> x{0.0};
  for (std::size_t i = 0; i < mesh_.cells(); ++i) {
    double const ratio = fractions_ == 1 ? volume_(y_[i]) / reference_ : 1.0;
    x.push_back(x.back() + (molar_edges_[i + 1] - molar_edges_[i]) * ratio);
  }
  return x;
}

double LineCouple::place_of(double m) const {
  auto const x = places();
  auto const after = std::upper_bound(molar_edges_.begin() + 1, molar_edges_.end() - 1, m);
  auto const i = static_cast<std::size_t>(after - molar_edges_.begin()) - 1;
  double const share = (m - molar_edges_[i]) / (molar_edges_[i + 1] - molar_edges_[i]);
  return x[i] + share * (x[i + 1] - x[i]);
}

double LineCouple::composition_at(double m) const {
  auto const centre = [&](std::size_t i) { return 0.5 * (molar_edges_[i] + molar_edges_[i + 1]); };
  std::size_t i = 0;
  while (i + 2 < mesh_.cells() && centre(i + 1) < m) ++i;
  double const share = std::clamp((m - centre(i)) / (centre(i + 1) - centre(i)), 0.0, 1.0);
  return (1 - share) * y_[i] + share * y_[i + 1];
}

MarkerField LineCouple::marker_field() const {
  MarkerField field;
  field.time = time_;
  double const temperature = temperature_at(deck_.options.anneal, time_);
  for (std::size_t i = 1; i < mesh_.cells(); ++i) {
    double const h = 0.5 * (molar_edges_[i + 1] - molar_edges_[i - 1]);
    double const below = molar_edges_[i] - molar_edges_[i - 1];
    double const c = y_[i - 1] + (y_[i] - y_[i - 1]) * 0.5 * below / h;
    field.m.push_back(molar_edges_[i]);
    field.velocity.push_back(binary_->marker_mobility(c, temperature, reference_) * (y_[i] - y_[i - 1]) / h);
  }
  return field;
}

void LineCouple::move_markers(MarkerField const& before) {
  auto const after = marker_field();
  for (std::size_t k = 0; k < markers_.size(); ++k) {
    if (deck_.options.markers[k].released < time_) markers_[k] = move_marker(markers_[k], before, after);
  }
}

void LineCouple::save(io::Checkpoint& checkpoint) const {
  save_all(checkpoint, comm_, "state", y_);
  save_all(checkpoint, comm_, "markers", markers_);
  save_all(checkpoint, comm_, "balance", first_balance_);
  checkpoint.write("time", time_);
  control_.save(checkpoint);
}

void LineCouple::load(io::Checkpoint const& checkpoint) {
  load_all(checkpoint, "state", y_);
  load_all(checkpoint, "markers", markers_);
  load_all(checkpoint, "balance", first_balance_);
  time_ = checkpoint.value<double>("time");
  control_.load(checkpoint);
}

}  // namespace kroma::diffusion_couple
