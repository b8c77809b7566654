#include <array>
#include <cmath>

#include "problems/diffusion_couple/law.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Derivative of a function of composition_names() by the independent fraction j (0: of the second component), the
/// first component's changing the opposite way. A sum of derivatives by the names that stand for both.
std::vector<std::pair<double, std::vector<int>>> directions(std::size_t j) {
  auto const& names = composition_names();
  std::vector<std::pair<double, std::vector<int>>> terms;
  for (std::size_t k = 0; k < names.size(); ++k) {
    double const weight = names[k] == "c"   ? (j == 0 ? 1.0 : 0.0)
                          : names[k] == "T" ? 0.0
                          : k == 2          ? -1.0
                          : k == j + 3      ? 1.0
                                            : 0.0;
    if (weight == 0) continue;
    std::vector<int> orders(names.size(), 0);
    orders[k] = 1;
    terms.emplace_back(weight, orders);
  }
  return terms;
}

/// Sum over the pairs of names that fractions i and j stand for, as weights and functions.
std::vector<std::pair<double, deck::Function>> second_derivative(deck::Function const& g, std::size_t i,
                                                                 std::size_t j) {
  std::vector<std::pair<double, deck::Function>> sum;
  for (auto const& [a, first] : directions(i)) {
    for (auto const& [b, second] : directions(j)) {
      auto orders = first;
      for (std::size_t k = 0; k < orders.size(); ++k) orders[k] += second[k];
      sum.emplace_back(a * b, g.derivative(orders));
    }
  }
  return sum;
}

}  // namespace

double evaluate(deck::Function const& f, std::span<double const> fractions, double temperature) {
  std::array<double, 10> arguments{};
  double first = 1;
  for (std::size_t i = 0; i < fractions.size() && i + 3 < arguments.size(); ++i) {
    arguments[i + 3] = fractions[i];
    first -= fractions[i];
  }
  arguments[0] = fractions[0];
  arguments[1] = temperature;
  arguments[2] = first;
  return f(arguments);
}

Thermodynamics::Thermodynamics(std::optional<deck::Function> const& excess, std::size_t components) : n_{components} {
  if (!excess) return;
  hessian_.resize((n_ - 1) * (n_ - 1));
  for (std::size_t i = 0; i + 1 < n_; ++i) {
    for (std::size_t j = 0; j + 1 < n_; ++j) hessian_[i * (n_ - 1) + j] = second_derivative(*excess, i, j);
  }
}

void Thermodynamics::derivatives(std::span<double const> fractions, double temperature,
                                 std::span<double> result) const {
  auto const m = n_ - 1;
  std::vector<double> hessian(m * m, 0.0);
  for (std::size_t k = 0; k < hessian_.size(); ++k) {
    for (auto const& [weight, f] : hessian_[k]) hessian[k] += weight * evaluate(f, fractions, temperature);
    hessian[k] /= kGasConstant * temperature;
  }
  double first = 1;
  for (double const fraction : fractions) first -= fraction;
  for (std::size_t j = 0; j < m; ++j) {
    double mean = 0;
    for (std::size_t p = 0; p < m; ++p) mean += fractions[p] * hessian[p * m + j];
    result[j] = -1 - first * mean;
    for (std::size_t k = 0; k < m; ++k) {
      result[(k + 1) * m + j] = (k == j ? 1.0 : 0.0) + fractions[k] * (hessian[k * m + j] - mean);
    }
  }
}

}  // namespace kroma::diffusion_couple
