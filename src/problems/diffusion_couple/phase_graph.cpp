#include "problems/diffusion_couple/phase_graph.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::diffusion_couple {
namespace {

double total_potential(PhaseModel const& model) {
  double total = 0;
  for (auto const& phase : model.phases) {
    if (phase.is_compound()) {
      total += phase.integrated;
    } else {
      for (int i = 0; i < 100; ++i) {
        total +=
            phase.diffusivity(phase.low + (phase.high - phase.low) * (i + 0.5) / 100) * (phase.high - phase.low) / 100;
      }
    }
  }
  return total;
}

}  // namespace

PhaseGraph::PhaseGraph(PhaseModel const& model, double left, double right, double gap_drop, double compound_width) {
  double const bottom = std::min(left, right), top = std::max(left, right), total = total_potential(model);
  double W = 0, reached = bottom;
  int below = model.phase_of(bottom);
  auto const add = [&](double rise, double low, double high, KirchhoffTable<Host> table) {
    pieces_.push_back({W, rise, low, high, std::move(table), {}});
    if (!pieces_.back().line()) pieces_.back().index();
    W += rise;
    reached = high;
  };
  auto const add_gap = [&](double high, int phase) {
    gaps_.push_back({reached, high, below, phase});
    add(gap_drop * total, reached, high, {});
  };
  for (std::size_t k = 0; k < model.phases.size(); ++k) {
    auto const& phase = model.phases[k];
    int const index = static_cast<int>(k);
    double const half = phase.is_compound() ? 0.5 * compound_width : 0.0;
    if (phase.high < bottom || phase.low > top) continue;
    if (phase.low - half > reached) add_gap(phase.low - half, index);
    if (phase.is_compound()) {
      add(phase.integrated, std::max(phase.low - half, bottom), std::min(phase.low + half, top), {});
    } else {
      auto table = tabulate(phase.diffusivity, phase.low, phase.high, "diffusion_couple.phases: " + model.names[k]);
      auto const rise = table.potentials(table.potentials.extent(0) - 1);
      add(rise, phase.low, phase.high, std::move(table));
    }
    below = index;
  }
  if (reached < top) add_gap(top, -1);
  outer_slope_ = compound_width / total;
}

PhaseGraph::Value PhaseGraph::inside(Piece const& piece, double W) const {
  double const share = (W - piece.W) / piece.rise;
  if (piece.line()) {
    return {piece.low + share * (piece.high - piece.low), (piece.high - piece.low) / piece.rise};
  }
  // The table gives W(N): N is found in its interval, first as a cubic of W, then by Newton's method.
  double const wanted = W - piece.W;
  auto const i = piece.interval(wanted);
  auto const table = piece.table.pieces();
  double const from = table.potentials[i], rise = table.potentials[i + 1] - from;
  double const low = piece.low + static_cast<double>(i) * table.step, high = low + table.step;
  double const t = (wanted - from) / rise, u = 1 - t;
  double const a = rise / table.coefficients[i], b = rise / table.coefficients[i + 1];  // slopes by t
  double N = std::clamp(low + t * t * (3 - 2 * t) * table.step + t * u * (u * a - t * b), low, high);
  auto at = table(N);
  for (int k = 0; k < 20 && std::abs(at.potential - wanted) > 1e-14 * piece.rise; ++k) {
    double const next = std::clamp(N - (at.potential - wanted) / at.coefficient, low, high);
    if (next == N) break;  // the root is the end of the interval, but for rounding
    N = next;
    at = table(N);
  }
  return {N, 1 / at.coefficient};
}

/// The table's interval in which the potential, counted from the beginning of the piece, is `wanted`.
int PhaseGraph::Piece::interval(double wanted) const {
  auto const& potentials = table.potentials;
  int const last = potentials.extent_int(0) - 2;
  auto const bucket = static_cast<std::ptrdiff_t>(wanted / rise * static_cast<double>(starts.size()));
  int i = starts[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(bucket, 0, std::ssize(starts) - 1))];
  while (i < last && potentials(i + 1) <= wanted) ++i;
  return i;
}

/// For equal parts of the potential the interval of the table in which each begins.
void PhaseGraph::Piece::index() {
  int const intervals = table.potentials.extent_int(0) - 1;
  for (int k = 0, i = 0; k < intervals; ++k) {
    while (i + 1 < intervals && table.potentials(i + 1) <= rise * k / intervals) ++i;
    starts.push_back(i);
  }
}

PhaseGraph::Value PhaseGraph::operator()(double W) const {
  auto const& last = pieces_.back();
  if (W <= 0) return {pieces_.front().low + outer_slope_ * W, outer_slope_};
  double const excess = W - last.W - last.rise;
  if (excess >= 0) return {last.high + outer_slope_ * excess, outer_slope_};
  auto const after = std::upper_bound(pieces_.begin() + 1, pieces_.end(), W,
                                      [](double value, Piece const& piece) { return value < piece.W; });
  return inside(*(after - 1), W);
}

double PhaseGraph::potential(double N) const {
  for (auto const& piece : pieces_) {
    if (N > piece.high) continue;
    if (!piece.line()) return piece.W + piece.table(N).potential;
    return piece.W + piece.rise * std::clamp((N - piece.low) / (piece.high - piece.low), 0.0, 1.0);
  }
  return pieces_.back().W + pieces_.back().rise;
}

}  // namespace kroma::diffusion_couple
