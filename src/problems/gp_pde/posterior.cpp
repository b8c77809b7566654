#include "problems/gp_pde/posterior.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <tuple>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/mix.hpp"
#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "linalg/mat_shell.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/posterior_kernels.hpp"
#include "solve/linear_solver.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::KroneckerSum;
using linalg::KroneckerTerm;
using linalg::multiply;

double trace(HostMatrix a) {
  double sum = 0;
  for (std::size_t i = 0; i < a.extent(0); ++i) sum += a(i, i);
  return sum;
}

HostMatrix with_unit_columns(HostMatrix a) {
  HostMatrix b{"gp_pde::unit_columns", a.extent(0), a.extent(1)};
  for (std::size_t j = 0; j < a.extent(1); ++j) {
    double squares = 0;
    for (std::size_t i = 0; i < a.extent(0); ++i) squares += a(i, j) * a(i, j);
    for (std::size_t i = 0; i < a.extent(0); ++i) b(i, j) = a(i, j) / std::sqrt(squares);
  }
  return b;
}

/// A standard normal number for (seed, index) alone: splitmix64 twice, then Box and Muller.
double normal(std::uint64_t seed, std::uint64_t index) {
  auto const uniform = [&](std::uint64_t i) { return static_cast<double>(mix(mix(seed) + i) >> 11) * 0x1p-53; };
  return std::sqrt(-2 * std::log(1 - uniform(2 * index))) * std::cos(2 * std::numbers::pi * uniform(2 * index + 1));
}

/// Calls f(global flat index, value) for each entry that this rank has; returns the tensor on the device.
template <class Fill>
Tensor filled(grid::Layout const& layout, Fill fill) {
  auto const tensor = linalg::make_tensor("gp_pde::filled", layout);
  auto const host = Kokkos::create_mirror_view(tensor);
  auto const n = layout.extents();
  for (int i = 0; i < host.extent_int(0); ++i) {
    for (int j = 0; j < host.extent_int(1); ++j) {
      for (int k = 0; k < host.extent_int(2); ++k) {
        host(i, j, k) = fill(layout.begin(0) + i, layout.begin(1) + j, k, n);
      }
    }
  }
  Kokkos::deep_copy(tensor, host);
  return tensor;
}

Tensor white_noise(grid::Layout const& layout, std::uint64_t seed) {
  return filled(layout, [&](int i, int j, int k, grid::Extents const& n) {
    auto const index =
        (static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(n[1]) + static_cast<std::uint64_t>(j)) *
            static_cast<std::uint64_t>(n[2]) +
        static_cast<std::uint64_t>(k);
    return normal(seed, index);
  });
}

/// Matrices of derivatives at the nodes and their products, made once for each order.
class Factors {
 public:
  explicit Factors(std::vector<ConditionedAxis> const& axes) : axes_{axes} {}

  HostMatrix values(std::size_t d, int order) {
    auto& found = values_[{d, order}];
    if (found.size() == 0) {
      found = d < axes_.size() ? axes_[d].evaluate(axes_[d].axis.nodes, order) : one();
    }
    return found;
  }
  HostMatrix gram(std::size_t d, int p, int q) {
    auto& found = grams_[{d, p, q}];
    if (found.size() == 0) found = multiply(values(d, p), values(d, q), true);
    return found;
  }

 private:
  static HostMatrix one() {
    HostMatrix a{"gp_pde::one", 1, 1};
    a(0, 0) = 1;
    return a;
  }
  std::vector<ConditionedAxis> const& axes_;
  std::map<std::pair<std::size_t, int>, HostMatrix> values_;
  std::map<std::tuple<std::size_t, int, int>, HostMatrix> grams_;
};

/// Precision of the coordinates and all that draws from it.
class Precision {
 public:
  Precision(MPI_Comm comm, Equation const& equation, std::vector<ConditionedAxis> const& axes, double noise)
      : factors_{axes}, equation_{equation}, inverse_noise_{1 / (noise * noise)} {
    for (std::size_t d = 0; d < 3; ++d) {
      core_[d] = d < axes.size() ? axes[d].size() : 1;
      nodes_[d] = d < axes.size() ? axes[d].axis.size() : 1;
    }
    std::map<std::tuple<std::size_t, int, bool>, Matrix> on_device;
    auto const factor = [&](std::size_t d, int order, bool transposed) {
      auto& found = on_device[{d, order, transposed}];
      if (found.size() == 0 && d < axes.size()) {
        auto const values = factors_.values(d, order);
        found = linalg::to_device(transposed ? linalg::transposed(values) : values);
      }
      return found;
    };
    auto const along = [&](bool transposed) {
      return kronecker_terms(equation.terms, [&, transposed](int d, int order) {
        return factor(static_cast<std::size_t>(d), order, transposed);
      });
    };
    adjoint_ = std::make_unique<KroneckerSum>(comm, nodes_, core_, along(true));
    evaluate_ = std::make_unique<KroneckerSum>(
        comm, core_, nodes_,
        std::vector<KroneckerTerm>{{1.0, {factor(0, 0, false), factor(1, 0, false), factor(2, 0, false)}}});
    normal_ = std::make_unique<KroneckerSum>(comm, core_, core_, normal_terms(axes.size()));
    roots_ =
        filled(core(), [&](int i, int j, int k, grid::Extents const&) { return 1 / std::sqrt(diagonal(i, j, k)); });
  }

  grid::Layout core() const { return normal_->input(); }
  grid::Layout nodes() const { return evaluate_->output(); }
  double diagonal(int i, int j, int k) {
    double sum = 0;
    for (auto const& a : equation_.terms) {
      for (auto const& b : equation_.terms) {
        double product = a.coefficient * b.coefficient;
        std::array const index{i, j, k};
        for (std::size_t d = 0; d < 3; ++d) product *= factors_.gram(d, a.orders[d], b.orders[d])(index[d], index[d]);
        sum += product;
      }
    }
    return 1 + inverse_noise_ * sum;
  }

  /// y = D^(-1/2) (I + A^T A / noise^2) D^(-1/2) x.
  void apply_scaled(Space const& space, ConstTensor x, Tensor y) {
    auto const work = scaled(space, x);
    normal_->apply(space, work, y);
    add(space, 1.0, work, y);
    multiply_by(space, roots_, y);
  }
  /// D^(-1/2) x.
  Tensor scaled(Space const& space, ConstTensor x) {
    auto const y = linalg::make_tensor("gp_pde::scaled", core());
    Kokkos::deep_copy(y, x);
    multiply_by(space, roots_, y);
    return y;
  }
  /// D^(-1/2) (xi_1 + A^T xi_2 / noise), xi white noise.
  Tensor random_side(Space const& space, std::uint64_t seed) {
    auto const side = linalg::make_tensor("gp_pde::side", core());
    adjoint_->apply(space, white_noise(nodes(), 2 * seed), side);
    auto const prior = white_noise(core(), 2 * seed + 1);
    add(space, std::sqrt(inverse_noise_), side, prior);
    multiply_by(space, roots_, prior);
    return prior;
  }
  Tensor at_nodes(Space const& space, ConstTensor x) {
    auto const u = linalg::make_tensor("gp_pde::sample", nodes());
    evaluate_->apply(space, x, u);
    return u;
  }

  /// The whole matrix, (N, N), on this rank.
  HostMatrix dense() {
    auto const n =
        static_cast<std::size_t>(core_[0]) * static_cast<std::size_t>(core_[1]) * static_cast<std::size_t>(core_[2]);
    HostMatrix all{"gp_pde::precision", n, n};
    auto const n1 = static_cast<std::size_t>(core_[1]), n2 = static_cast<std::size_t>(core_[2]);
    for (auto const& a : equation_.terms) {
      for (auto const& b : equation_.terms) {
        double const factor = inverse_noise_ * a.coefficient * b.coefficient;
        auto const g0 = factors_.gram(0, a.orders[0], b.orders[0]), g1 = factors_.gram(1, a.orders[1], b.orders[1]),
                   g2 = factors_.gram(2, a.orders[2], b.orders[2]);
        for (std::size_t r = 0; r < n; ++r) {
          for (std::size_t c = 0; c < n; ++c) {
            all(r, c) += factor * g0(r / (n1 * n2), c / (n1 * n2)) * g1(r / n2 % n1, c / n2 % n1) * g2(r % n2, c % n2);
          }
        }
      }
    }
    for (std::size_t r = 0; r < n; ++r) all(r, r) += 1;
    return all;
  }
  HostMatrix values(std::size_t d) { return factors_.values(d, 0); }

 private:
  std::vector<KroneckerTerm> normal_terms(std::size_t axes) {
    std::map<std::tuple<std::size_t, int, int>, Matrix> on_device;
    std::vector<KroneckerTerm> terms;
    for (auto const& a : equation_.terms) {
      for (auto const& b : equation_.terms) {
        KroneckerTerm term{inverse_noise_ * a.coefficient * b.coefficient, {}};
        for (std::size_t d = 0; d < axes; ++d) {
          auto& found = on_device[{d, a.orders[d], b.orders[d]}];
          if (found.size() == 0) found = linalg::to_device(factors_.gram(d, a.orders[d], b.orders[d]));
          term.factors[d] = found;
        }
        terms.push_back(term);
      }
    }
    return terms;
  }

  Factors factors_;
  Equation const& equation_;
  double inverse_noise_;
  grid::Extents core_{1, 1, 1}, nodes_{1, 1, 1};
  std::unique_ptr<KroneckerSum> normal_, adjoint_, evaluate_;
  Tensor roots_;
};

/// Variance at this rank's nodes: squared lengths of L^-1 phi(x), a row of nodes at a time.
Tensor exact_variance(MPI_Comm comm, Precision& precision) {
  auto const lower = agreed(comm, [&] {
    auto const found = linalg::cholesky(precision.dense());
    if (!found) {
      throw solver_failed("the precision of the posterior is not positive definite to rounding",
                          "Give a larger gp_pde.uncertainty.noise, or method: samples.");
    }
    return *found;
  });
  auto const layout = precision.nodes();
  auto const a = precision.values(0), b = precision.values(1), c = precision.values(2);
  auto const variance = linalg::make_tensor("gp_pde::variance", layout);
  auto const host = Kokkos::create_mirror_view(variance);
  auto const points = host.extent(1) * host.extent(2);
  for (std::size_t i = 0; i < host.extent(0); ++i) {
    HostMatrix phi{"gp_pde::phi", lower.extent(0), points};
    auto const row = static_cast<std::size_t>(layout.begin(0)) + i;
    for (std::size_t j = 0; j < points; ++j) {
      auto const y = static_cast<std::size_t>(layout.begin(1)) + j / host.extent(2), z = j % host.extent(2);
      std::size_t at = 0;
      for (std::size_t p = 0; p < a.extent(1); ++p) {
        for (std::size_t q = 0; q < b.extent(1); ++q) {
          for (std::size_t r = 0; r < c.extent(1); ++r) phi(at++, j) = a(row, p) * b(y, q) * c(z, r);
        }
      }
    }
    auto const solved = linalg::solve_triangular(lower, phi, false);
    for (std::size_t j = 0; j < points; ++j) {
      double sum = 0;
      for (std::size_t p = 0; p < solved.extent(0); ++p) sum += solved(p, j) * solved(p, j);
      host(i, j / host.extent(2), j % host.extent(2)) = sum;
    }
  }
  Kokkos::deep_copy(variance, host);
  return variance;
}

/// Draws samples one after the other, to their mean square where that is wanted.
class Sampler {
 public:
  Sampler(Space const& space, Precision& precision)
      : space_{space},
        precision_{precision},
        local_{precision.core().local()},
        shell_{precision.core().comm(), static_cast<PetscInt>(precision.core().local_size()), true,
               [this](Vec x, Vec y) {
                 linalg::BorrowedView<double const> const from{x};
                 linalg::BorrowedView<double> const to{y};
                 precision_.apply_scaled(space_, from.tensor(local_), to.tensor(local_));
                 space_.fence();
               }},
        side_{shell_.vector()},
        solution_{shell_.vector()},
        solver_{shell_.mat(), "gp_pde_", KSPCG} {}

  Tensor draw(PosteriorRequest const& request, int number) {
    auto const seed = request.seed * 1000003u + static_cast<std::uint64_t>(number);
    {
      linalg::BorrowedView<double> const to{side_};
      Kokkos::deep_copy(to.tensor(local_), precision_.random_side(space_, seed));
    }
    auto const report = solver_.solve(side_, solution_, {request.rtol, 0.0, request.max_iterations});
    if (!report.converged) {
      throw solver_failed(fmt::format("a sample of the posterior did not converge in {} iterations ({})",
                                      report.iterations, report.reason),
                          "Give a larger gp_pde.uncertainty.noise, or more max_iterations.");
    }
    most_ = std::max(most_, report.iterations);
    linalg::BorrowedView<double const> const from{solution_};
    return precision_.at_nodes(space_, precision_.scaled(space_, from.tensor(local_)));
  }
  int most_iterations() const { return most_; }

 private:
  Space const& space_;
  Precision& precision_;
  grid::Extents local_;
  linalg::MatShell shell_;
  Handle<Vec> side_, solution_;
  solve::LinearSolver solver_;
  int most_ = 0;
};

}  // namespace

HostMatrix ConditionedAxis::evaluate(std::vector<double> const& points, int order) const {
  return multiply(feature_matrix(features, axis, points, order), to_features);
}

ConditionedAxis condition_on_ends(AxisBasis const& basis) {
  // The basis is the features' singular vectors; P, orthonormal, are their coordinates of unit prior variance.
  auto const unit = with_unit_columns(basis.from_features);
  auto const ends = multiply(feature_matrix(basis.features, basis.axis, {basis.axis.low, basis.axis.high}, 0), unit);
  ConditionedAxis result{basis.features, basis.axis, multiply(unit, linalg::null_space(ends))};
  auto const values = result.evaluate(basis.axis.nodes, 0), second = result.evaluate(basis.axis.nodes, 2);
  auto const product = multiply(values, second, true);
  auto const r = multiply(second, second, true);
  double const k_trace = -trace(product), r_trace = trace(r);
  HostMatrix both{"gp_pde::both", r.extent(0), r.extent(1)};
  for (std::size_t i = 0; i < r.extent(0); ++i) {
    for (std::size_t j = 0; j < r.extent(1); ++j) {
      both(i, j) = -0.5 * (product(i, j) + product(j, i)) / k_trace + 0.01 * r(i, j) / r_trace;
    }
  }
  result.to_features = multiply(result.to_features, linalg::symmetric_eigen(both).vectors);
  return result;
}

PdePosterior find_posterior(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                            PosteriorRequest const& request) {
  Space const space;
  std::vector<ConditionedAxis> axes;
  double core = 1;
  for (auto const& basis : bases) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    axes.push_back(condition_on_ends(basis));
    axes.back().to_features = linalg::broadcast(comm, 0, axes.back().to_features);
    core *= axes.back().size();
  }
  if (request.method == VarianceMethod::exact && core > 4 * kLargestExactCore) {
    throw bad_input(fmt::format("an exact variance needs a dense matrix of {:.0f} functions", core),
                    "Write gp_pde.uncertainty.method: samples.");
  }
  // A prior of another amplitude s is this one with noise / s, times s.
  Precision precision{comm, equation, axes, request.noise / request.amplitude};
  PdePosterior result;
  result.exact = request.method == VarianceMethod::exact ||
                 (request.method == VarianceMethod::automatic && core <= kLargestExactCore);
  double const square = request.amplitude * request.amplitude;
  if (result.exact) {
    result.variance = exact_variance(comm, precision);
    scale(space, square, result.variance);
  }
  int const draws = result.exact ? request.kept : std::max(request.samples, request.kept);
  if (draws == 0) return result;
  Sampler sampler{space, precision};
  if (!result.exact) result.variance = linalg::make_tensor("gp_pde::variance", precision.nodes());
  for (int number = 0; number < draws; ++number) {
    auto const sample = sampler.draw(request, number);
    scale(space, request.amplitude, sample);
    if (!result.exact) add_square(space, 1.0 / draws, sample, result.variance);
    if (number < request.kept) result.samples.push_back(sample);
  }
  space.fence();
  result.largest_iterations = sampler.most_iterations();
  return result;
}

}  // namespace kroma::gp_pde
