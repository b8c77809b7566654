#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "problems/diffusion_couple/couple_model.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kPoints = 200;  // of composition in each phase; values are extrapolated from these and twice as many

/// Nodes of one phase in order of place, with the change of their places by each parameter.
struct Branch {
  std::vector<double> x, c, slope;
  std::vector<std::vector<double>> dx;  // (parameters, nodes)
  bool first = false, last = false;     // reaches the left, the right end member
};

/// Value of a branch at x, continued as a straight line; the derivative of c at x by a parameter is -c' dx.
struct BranchValue {
  double c, slope;
  std::size_t piece;
  double share;  // of the right node
};
BranchValue value_at(Branch const& b, double x) {
  if (x <= b.x.front()) return {b.c.front() + (x - b.x.front()) * b.slope.front(), b.slope.front(), 0, 0};
  auto const last = b.x.size() - 1;
  if (x >= b.x.back()) return {b.c.back() + (x - b.x.back()) * b.slope.back(), b.slope.back(), last - 1, 1};
  auto const i = static_cast<std::size_t>(std::upper_bound(b.x.begin(), b.x.end(), x) - b.x.begin()) - 1;
  double const h = b.x[i + 1] - b.x[i], t = (x - b.x[i]) / h, u = 1 - t;
  double const c = b.c[i] * u * u * (1 + 2 * t) + b.c[i + 1] * t * t * (1 + 2 * u) +
                   h * t * u * (u * b.slope[i] - t * b.slope[i + 1]);
  double const slope =
      6 * t * u * (b.c[i + 1] - b.c[i]) / h + b.slope[i] * u * (u - 2 * t) + b.slope[i + 1] * t * (t - 2 * u);
  return {c, slope, i, t};
}

class InfiniteCouple {
 public:
  InfiniteCouple(MeasuredProfile const& profile, std::vector<MeasuredLayer> layers, LogDiffusivity const& law,
                 Options const& options, VolumeLaw volume, double time)
      : profile_{profile},
        layers_{std::move(layers)},
        law_{law},
        options_{options},
        volume_{std::move(volume)},
        root_{std::sqrt(time)} {
    for (auto const& layer : layers_) layer_parts_.push_back(part_of(layer));
  }

  Prediction operator()(std::vector<double> const& parameters, CoupleState const& state, Wanted wanted) const {
    auto const phases = phases_of(parameters);
    SimilarityGrid const grid{state.left, state.right, phases, kPoints};
    auto const loads = similarity_loads(grid, phases);
    auto const solution = solve_similarity(grid, loads);
    auto better = solution;
    auto places = places_of(grid, solution);
    if (wanted != Wanted::differences) extrapolate(grid, phases, state, places, better.q);
    std::vector<std::vector<double>> changes;
    if (wanted == Wanted::tangents) {
      for (auto const& change : load_changes(grid, phases)) {
        changes.push_back(places_of(grid, similarity_tangent(grid, loads, solution, change)));
      }
    }
    return predict(grid, better, phases, places, changes, state);
  }

 private:
  /// Richardson's extrapolation of places and q, which have errors of second order, from the grid of twice the points.
  void extrapolate(SimilarityGrid const& grid, std::vector<Phase> const& phases, CoupleState const& state,
                   std::vector<double>& places, std::vector<double>& q) const {
    SimilarityGrid const twice{state.left, state.right, phases, 2 * kPoints};
    auto const fine = solve_similarity(twice, similarity_loads(twice, phases));
    auto const fine_places = places_of(twice, fine);
    std::size_t j = 0;
    for (std::size_t i = 0; i < q.size(); ++i) {
      // The outermost places stand for the tails and are no nodes of both grids.
      if (i > 0 && i + 1 < q.size()) places[i] = fine_places[j] + (fine_places[j] - places[i]) / 3;
      q[i] = fine.q[j] + (fine.q[j] - q[i]) / 3;
      if (i + 1 < q.size()) j += grid.phase()[i] < 0 ? 1 : 2;
    }
    places.front() = places[1] - (grid.compound()[1] >= 0 ? fine_places[1] - fine_places[0] : 0.0);
    places.back() = places[places.size() - 2];
  }

  /// Molar volume over the reference: of the deck's phase that holds c, where it has its own.
  double volume_ratio(double c) const {
    for (auto const& phase : options_.phases) {
      bool const mine = phase.at ? *phase.at == c : phase.range->low <= c && c <= phase.range->high;
      if (mine && phase.molar_volume) return (*phase.molar_volume)({c}) / kReference;
    }
    return volume_(c) / kReference;
  }

  /// Phases as the similarity solver takes them, in the molar coordinate.
  std::vector<Phase> phases_of(std::vector<double> const& parameters) const {
    std::vector<Phase> phases;
    for (std::size_t k = 0; k < law_.parts().size(); ++k) {
      auto const& part = law_.parts()[k];
      // A couple of one phase goes from one end member to the other, wherever a fit has put them.
      bool const alone = options_.phases.empty();
      phases.push_back({alone ? -1.0 : part.low, alone ? 2.0 : part.high,
                        [this, &parameters, k](double c) {
                          return law_.diffusivity(parameters, k, c) / std::pow(volume_ratio(c), 2);
                        },
                        part.basis ? 0.0 : std::exp(parameters[part.first]) / std::pow(volume_ratio(part.low), 2)});
    }
    return phases;
  }

  /// Derivatives of the loads by every parameter: Simpson's rule on each interval, as for the loads themselves.
  std::vector<SimilarityLoads> load_changes(SimilarityGrid const& grid, std::vector<Phase> const& phases) const {
    auto const& c = grid.c();
    std::vector<double> const none(c.size(), 0.0);
    std::vector<SimilarityLoads> changes(law_.size(), SimilarityLoads{none, none});
    for (std::size_t i = 0; i + 1 < c.size(); ++i) {
      if (grid.phase()[i] < 0) continue;
      auto const k = static_cast<std::size_t>(grid.phase()[i]);
      auto const& part = law_.parts()[k];
      double const h = grid.step(i);
      auto const add = [&](double at, double to_right, double to_left) {
        double const d =
            phases[k].diffusivity(at);  // and d times a spline's function is the derivative by its parameter
        auto const [first, value] = part.basis->at(at);
        for (std::size_t r = 0; r < 4; ++r) {
          auto& change = changes[part.first + static_cast<std::size_t>(first) + r];
          change.right[i] += h * to_right * d * value[r];
          change.left[i + 1] += h * to_left * d * value[r];
        }
      };
      add(c[i], 1.0 / 6, 0);
      add(0.5 * (c[i] + c[i + 1]), 1.0 / 3, 1.0 / 3);
      add(c[i + 1], 0, 1.0 / 6);
    }
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (grid.compound()[i] < 0) continue;
      auto const k = static_cast<std::size_t>(grid.compound()[i]);
      auto& change = changes[law_.parts()[k].first];
      change.left[i] = change.right[i] = 0.5 * phases[k].integrated;
    }
    return changes;
  }

  /// Places x / sqrt(t) of the nodes, of a compound its right side, the far left at rest; node 0 stands for the left
  /// side of node 1. Linear in lambda, so that it serves for tangents, too.
  std::vector<double> places_of(SimilarityGrid const& grid, SimilaritySolution const& s) const {
    auto const& c = grid.c();
    auto const n = c.size();
    std::vector<double> x(n, 0.0);
    x[0] = s.lambda_left[1] * volume_ratio(c[0]);
    x[1] = x[0] + width(grid, s, 1);
    for (std::size_t i = 1; i + 2 < n; ++i) {
      double const mean = grid.phase()[i] < 0 ? 0.0 : 0.5 * (volume_ratio(c[i]) + volume_ratio(c[i + 1]));
      x[i + 1] = x[i] + (s.lambda_left[i + 1] - s.lambda_right[i]) * mean + width(grid, s, i + 1);
    }
    x[n - 1] = x[n - 2];
    return x;
  }

  /// Width of a compound at a node, 0 elsewhere.
  double width(SimilarityGrid const& grid, SimilaritySolution const& s, std::size_t i) const {
    if (grid.compound()[i] < 0) return 0;
    return (s.lambda_right[i] - s.lambda_left[i]) * volume_ratio(grid.c()[i]);
  }

  Branch branch_of(SimilarityGrid const& grid, SimilaritySolution const& s, std::vector<Phase> const& phases,
                   std::vector<double> const& places, std::vector<std::vector<double>> const& changes,
                   std::size_t part) const {
    Branch b;
    b.dx.resize(changes.size());
    auto const& c = grid.c();
    double const sign = c.back() > c.front() ? 1 : -1;
    for (std::size_t i = 1; i + 1 < c.size(); ++i) {
      bool const before = grid.phase()[i - 1] == static_cast<int>(part),
                 after = grid.phase()[i] == static_cast<int>(part);
      if (!before && !after) continue;
      b.x.push_back(root_ * places[i]);
      b.c.push_back(c[i]);
      b.first = b.first || i == 1;
      b.last = b.last || i + 2 == c.size();
      b.slope.push_back(sign * s.q[i] / (phases[part].diffusivity(c[i]) * volume_ratio(c[i]) * root_));
      for (std::size_t j = 0; j < changes.size(); ++j) b.dx[j].push_back(root_ * changes[j][i]);
    }
    return b;
  }

  Prediction predict(SimilarityGrid const& grid, SimilaritySolution const& s, std::vector<Phase> const& phases,
                     std::vector<double> const& places, std::vector<std::vector<double>> const& changes,
                     CoupleState const& state) const {
    std::vector<Branch> branches;
    for (std::size_t k = 0; k < law_.parts().size(); ++k) {
      branches.push_back(law_.parts()[k].basis ? branch_of(grid, s, phases, places, changes, k) : Branch{});
    }
    auto const interfaces = interfaces_of(grid);
    auto const n = profile_.x.size(), extra = layers_.size() > 1 ? layers_.size() - 1 : 0;
    Prediction result{std::vector<double>(n + extra, 0.0), {}, {}};
    if (!changes.empty()) {
      result.tangent = HostMatrix{"tangent", n + extra, law_.size()};
      result.by_contact.assign(n, 0.0);
      result.by_contact.resize(n + extra, 1.0);
    }
    for (std::size_t i = 0; i < n; ++i) {
      auto const part = part_at(profile_.x[i]);
      if (!part || !law_.parts()[*part].basis || branches[*part].x.size() < 2) {
        result.value[i] = profile_.composition()[i];  // a compound's points say nothing of its coefficient
        continue;
      }
      auto const& branch = branches[*part];
      double const x = profile_.x[i] - state.contact;
      if ((branch.first && x < branch.x.front()) || (branch.last && x > branch.x.back())) {
        result.value[i] = x < branch.x.front() ? state.left : state.right;
        continue;
      }
      auto const at = value_at(branch, x);
      result.value[i] = at.c;
      if (!changes.empty()) result.by_contact[i] = -at.slope;
      for (std::size_t j = 0; j < changes.size(); ++j) {
        double const dx = (1 - at.share) * branch.dx[j][at.piece] + at.share * branch.dx[j][at.piece + 1];
        result.tangent(i, j) = -at.slope * dx;
      }
    }
    require(extra == 0 || interfaces.size() == extra, "as many interfaces in the model as in the profile");
    for (std::size_t k = 0; k < extra; ++k) {
      result.value[n + k] = state.contact + root_ * places[interfaces[k]];
      for (std::size_t j = 0; j < changes.size(); ++j) result.tangent(n + k, j) = root_ * changes[j][interfaces[k]];
    }
    return result;
  }

  std::optional<std::size_t> part_of(MeasuredLayer const& layer) const {
    auto const& phase = options_.phases[static_cast<std::size_t>(layer.phase)];
    for (std::size_t k = 0; k < law_.parts().size(); ++k) {
      auto const& part = law_.parts()[k];
      if (phase.at ? part.low == *phase.at && !part.basis
                   : part.basis && part.low >= phase.range->low && part.high <= phase.range->high)
        return k;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> part_at(double x) const {
    if (layers_.size() < 2) return 0;
    for (std::size_t k = 0; k < layers_.size(); ++k) {
      if (x >= layers_[k].low && x <= layers_[k].high) return layer_parts_[k];
    }
    return std::nullopt;
  }

  /// Nodes whose right side is an interface: a gap follows. Node 0 is the left side of node 1.
  static std::vector<std::size_t> interfaces_of(SimilarityGrid const& grid) {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i + 1 < grid.c().size(); ++i) {
      if (grid.phase()[i] < 0) result.push_back(i);
    }
    return result;
  }

  static constexpr double kReference = 1e-5;  // m^3/mol

  MeasuredProfile profile_;
  std::vector<MeasuredLayer> layers_;
  std::vector<std::optional<std::size_t>> layer_parts_;
  LogDiffusivity law_;
  Options options_;
  VolumeLaw volume_;
  double root_;
};

}  // namespace

CoupleModel infinite_couple(MeasuredProfile const& profile, std::vector<MeasuredLayer> const& layers,
                            LogDiffusivity const& law, Options const& options, VolumeLaw const& volume, double time) {
  auto const model = std::make_shared<InfiniteCouple const>(profile, layers, law, options, volume, time);
  return [model](std::vector<double> const& parameters, CoupleState const& state, Wanted wanted) {
    return (*model)(parameters, state, wanted);
  };
}

}  // namespace kroma::diffusion_couple
