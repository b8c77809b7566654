#include "problems/chromatography/discretisation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {
namespace {

/// x with column.hold_up(x) = share of the whole, by bisection.
double position_at(Column const& column, double share) {
  if (column.flow.closure == Closure::constant) return share * column.length;
  double low = 0, high = column.length;
  double const target = share * column.hold_up(column.length);
  for (int turn = 0; turn < 60; ++turn) {
    double const middle = 0.5 * (low + high);
    (column.hold_up(middle) < target ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// (components, bound): q_0 = Lambda - sum nu q, so a bound amount also takes nu from what is bound of component 0.
std::vector<double> carried_amounts(Sorption const& sorption, int components) {
  auto const nb = sorption.component.size();
  std::vector<double> carried(static_cast<std::size_t>(components) * nb, 0.0);
  for (std::size_t b = 0; b < nb; ++b) {
    carried[static_cast<std::size_t>(sorption.component[b]) * nb + b] = 1;
    if (!sorption.salt_exchange.empty()) carried[b] -= sorption.salt_exchange[b];
  }
  return carried;
}

}  // namespace

Discretisation::Discretisation(Column const& column, Sorption sorption, Resolution const& resolution)
    : sorption_{std::move(sorption)} {
  layout_.components = static_cast<int>(column.count());
  layout_.bound = sorption_.bound();
  layout_.particles = column.has_particles();
  carried_ = carried_amounts(sorption_, layout_.components);
  make_grid(column, resolution);
  for (double dispersion : column.dispersion) {
    auto const first = std::find(column.dispersion.begin(), column.dispersion.end(), dispersion);
    auto const same = static_cast<std::size_t>(first - column.dispersion.begin());
    if (same == operator_of_.size()) {
      operator_of_.push_back(operators_.size());
      make_operator(column, dispersion);
    } else {
      operator_of_.push_back(operator_of_[same]);
    }
  }
  if (layout_.particles) {
    make_kinds(column, resolution);
  } else {
    phase_ratio_ = {column.phase_ratio};
    place_volume_ = {1.0};
  }
  inlet_velocity_ = column.velocity(0);
  outlet_velocity_ = column.velocity(column.length);
}

void Discretisation::make_grid(Column const& column, Resolution const& resolution) {
  layout_.elements = resolution.elements;
  layout_.nodes = resolution.degree + 1;
  layout_.packs = (resolution.elements + kWidth - 1) / kWidth;
  auto const nodes = lobatto_nodes(layout_.nodes);
  Table unit = nodes;
  for (Real& x : unit) x = (1 + x) / 2;
  for (Real w : quadrature_weights(unit, 0)) lobatto_weights_.push_back(static_cast<double>(2 * w));
  for (Real d : differentiation_matrix(nodes)) derivative_.push_back(static_cast<double>(d));
  for (int k = 0; k <= resolution.elements; ++k) {
    edges_.push_back(k == resolution.elements ? column.length : position_at(column, k / double(resolution.elements)));
  }
  edges_.front() = 0;
  for (int k = 0; k < resolution.elements; ++k) {
    auto const e = static_cast<std::size_t>(k);
    for (Real x : unit) positions_.push_back(edges_[e] + static_cast<double>(x) * (edges_[e + 1] - edges_[e]));
  }
  auto const packs = static_cast<std::size_t>(layout_.packs);
  active_.assign(packs, Pack(0.0));
  next_.assign(packs, Pack(0.0));
  before_.assign(packs, Pack(0.0));
  for (int k = 0; k < resolution.elements; ++k) active_[static_cast<std::size_t>(k / kWidth)][k % kWidth] = 1;
}

Pack Discretisation::exists(std::size_t group) const {
  return layout_.paired() ? joined(active_[0], active_[0]) : active_[group / static_cast<std::size_t>(layout_.nodes)];
}

void Discretisation::make_operator(Column const& column, double dispersion) {
  auto const n = static_cast<std::size_t>(layout_.nodes), last = n - 1, packs = static_cast<std::size_t>(layout_.packs);
  AxialOperator op{std::vector<Pack>(packs * n * n, Pack(0.0)), std::vector<Pack>(packs * n, Pack(0.0)),
                   std::vector<Pack>(packs * n, Pack(0.0)), 0};
  auto at = [](std::vector<Pack>& list, std::size_t element, std::size_t size, std::size_t k) -> double& {
    return list[element / kWidth * size + k][static_cast<int>(element % kWidth)];
  };
  std::vector<double> gradient(n * n), flux(n * n), behind(n);
  double behind_right = 0;  // factor of an element's first node in the flux that leaves its left neighbour
  auto const elements = static_cast<std::size_t>(layout_.elements);
  for (std::size_t e = 0; e < elements; ++e) {
    double const scale = 2 / (edges_[e + 1] - edges_[e]), gain = scale / lobatto_weights_[0];
    double const lift = scale / lobatto_weights_[last];
    bool const is_last = e + 1 == elements;
    for (std::size_t j = 0; j < n * n; ++j) gradient[j] = scale * derivative_[j];
    if (!is_last) gradient[last * n + last] -= lift;
    for (std::size_t j = 0; j < n; ++j) {
      double const x = positions_[e * n + j], u = column.velocity(x), d = dispersion * column.relative_velocity(x);
      for (std::size_t m = 0; m < n; ++m) flux[j * n + m] = (j == m ? u : 0.0) - d * gradient[j * n + m];
      if (is_last && j == last) {
        for (std::size_t m = 0; m < n; ++m) at(op.own, e, n * n, last * n + m) -= lift * d * gradient[last * n + m];
      }
    }
    double const d_last = dispersion * column.relative_velocity(edges_[e + 1]);
    double const right = is_last ? 0.0 : -d_last * lift;
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t m = 0; m < n; ++m) {
        double sum = 0;
        for (std::size_t l = 0; l < n; ++l) sum += derivative_[j * n + l] * flux[l * n + m];
        at(op.own, e, n * n, j * n + m) -= scale * sum;
      }
      at(op.own, e, n * n, j) -= gain * flux[j];
      at(op.right, e, n, j) = -scale * derivative_[j * n + last] * right;
      if (e > 0) at(op.push, e - 1, n, j) = gain * behind[j];
    }
    if (e == 0) op.inlet = gain * column.velocity(0);
    at(op.own, e, n * n, 0) += gain * behind_right;
    std::copy_n(flux.begin() + static_cast<long>(last * n), n, behind.begin());
    behind_right = right;
  }
  operators_.push_back(std::move(op));
}

void Discretisation::make_kinds(Column const& column, Resolution const& resolution) {
  int place = 0;
  double const outside = (1 - column.bed_porosity) / column.bed_porosity;
  for (auto const& particle : column.particles) {
    ParticleKind kind;
    kind.first = place;
    kind.points = column.model == ColumnModel::general_rate ? resolution.points : 1;
    kind.basis = make_particle_basis(kind.points, particle.shape_factor());
    double const r = particle.radius, share = particle.shape_factor() * outside * particle.fraction;
    bool const on_surface = std::any_of(particle.surface_diffusion.begin(), particle.surface_diffusion.end(),
                                        [](double d) { return d > 0; });
    for (std::size_t i = 0; i < column.count(); ++i) {
      double const film = particle.film_coefficient[i];
      kind.sink.push_back(share * film / r);
      kind.supply.push_back(film / (particle.porosity * r * kind.basis.weight.back()));
      kind.diffusion.push_back(kind.points > 1 ? particle.pore_diffusion[i] / (r * r) : 0.0);
      if (on_surface && kind.points > 1) {
        kind.surface.push_back(particle.phase_ratio() * particle.surface_diffusion[i] / (r * r));
      }
    }
    for (double w : kind.basis.weight) {
      phase_ratio_.push_back(particle.phase_ratio());
      place_volume_.push_back(share * particle.porosity * w);
    }
    place += kind.points;
    kinds_.push_back(std::move(kind));
  }
  layout_.places = place;
}

void Discretisation::to_totals(Pack const* y, Pack* totals) const {
  int const nc = layout_.components, nb = layout_.bound, width = layout_.width();
  for (std::size_t p = 0; p < layout_.points(); ++p, y += width, totals += width) {
    if (layout_.particles) std::copy_n(y, nc, totals);
    for (int k = 0; k < layout_.places; ++k) {
      int const at = layout_.place(k);
      for (int i = 0; i < nc; ++i) {
        Pack sum = y[at + i];
        for (int b = 0; b < nb; ++b) {
          double const share = carried_[static_cast<std::size_t>(i * nb + b)];
          if (share != 0) sum += Pack(phase_ratio(k) * share) * y[at + nc + b];
        }
        totals[at + i] = sum;
      }
      for (int b = 0; b < nb; ++b) totals[at + nc + b] = sorption_.holds(b) ? y[at + nc + b] : Pack(0.0);
    }
  }
}

std::vector<double> Discretisation::content(Pack const* y) const {
  int const nc = layout_.components, nb = layout_.bound;
  std::vector<double> sum(static_cast<std::size_t>(nc), 0.0);
  for (int e = 0; e < layout_.elements; ++e) {
    double const half = 0.5 * (edges_[static_cast<std::size_t>(e) + 1] - edges_[static_cast<std::size_t>(e)]);
    for (int j = 0; j < layout_.nodes; ++j) {
      Pack const* here = y + layout_.at(e / kWidth, j);
      double const weight = half * lobatto_weights_[static_cast<std::size_t>(j)];
      int const l = e % kWidth;
      for (int i = 0; i < nc; ++i) {
        double amount = layout_.particles ? here[i][l] : 0.0;
        for (int k = 0; k < layout_.places; ++k) {
          Pack const* place = here + layout_.place(k);
          double total = place[i][l];
          for (int b = 0; b < nb; ++b) {
            total += phase_ratio(k) * carried_[static_cast<std::size_t>(i * nb + b)] * place[nc + b][l];
          }
          amount += place_volume_[static_cast<std::size_t>(k)] * total;
        }
        sum[static_cast<std::size_t>(i)] += weight * amount;
      }
    }
  }
  return sum;
}

Discretisation::Point Discretisation::locate(double x) const {
  auto const above = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, x);
  auto const e = static_cast<std::size_t>(above - edges_.begin()) - 1;
  Point point{static_cast<int>(e), {}};
  auto const values = lagrange(lobatto_nodes(layout_.nodes), 2 * (x - edges_[e]) / (edges_[e + 1] - edges_[e]) - 1);
  for (Real v : values) point.share.push_back(static_cast<double>(v));
  return point;
}

double Discretisation::concentration(Pack const* y, Point const& point, int component) const {
  double sum = 0;
  for (int j = 0; j < layout_.nodes; ++j) {
    sum += point.share[static_cast<std::size_t>(j)] *
           y[layout_.at(point.element / kWidth, j) + static_cast<std::size_t>(component)][point.element % kWidth];
  }
  return sum;
}

double Discretisation::adsorbed(Pack const* y, Point const& point, int component) const {
  double sum = 0, volume = 0;
  for (int k = 0; k < layout_.places; ++k) {
    double const solid = place_volume_[static_cast<std::size_t>(k)] * phase_ratio(k);
    volume += solid;
    for (int b = 0; b < layout_.bound; ++b) {
      if (sorption_.component[static_cast<std::size_t>(b)] != component) continue;
      for (int j = 0; j < layout_.nodes; ++j) {
        Pack const* here = y + layout_.at(point.element / kWidth, j);
        sum += solid * point.share[static_cast<std::size_t>(j)] *
               here[layout_.place(k) + layout_.components + b][point.element % kWidth];
      }
    }
  }
  return volume > 0 ? sum / volume : 0.0;
}

double Discretisation::outlet(Pack const* y, int component) const {
  int const e = layout_.elements - 1;
  return y[layout_.at(e / kWidth, layout_.nodes - 1) + static_cast<std::size_t>(component)][e % kWidth];
}

}  // namespace kroma::chromatography
