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
    pieces_.push_back({W, rise, low, high, std::move(table)});
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
  // The table gives W(N): its interval by bisection, then Newton's method inside it.
  auto const& potentials = piece.table.potentials;
  double const wanted = W - piece.W;
  auto const* const first = potentials.data();
  auto const* const found = std::upper_bound(first + 1, first + potentials.extent(0) - 1, wanted);
  auto const i = static_cast<double>(found - first - 1);
  double const low = piece.low + i * piece.table.step, high = low + piece.table.step;
  double N = low + piece.table.step * (wanted - *(found - 1)) / (*found - *(found - 1));
  auto at = piece.table(N);
  for (int k = 0; k < 20 && std::abs(at.potential - wanted) > 1e-14 * piece.rise; ++k) {
    double const next = std::clamp(N - (at.potential - wanted) / at.coefficient, low, high);
    if (next == N) break;  // the root is the end of the interval, but for rounding
    N = next;
    at = piece.table(N);
  }
  return {N, 1 / at.coefficient};
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
