#include "problems/gp_pde/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {

std::vector<double> MixtureParameters::pack(std::vector<MixtureComponent> const& components, double noise) const {
  std::vector<double> x;
  for (auto const& c : components) x.push_back(std::log(c.weight));
  for (auto const& c : components) x.push_back(std::log(c.length));
  for (auto const& c : components) x.push_back(c.frequency * unit);
  x.push_back(std::log(noise));
  return x;
}

std::vector<MixtureComponent> MixtureParameters::components(std::span<double const> x) const {
  auto const q = count(x);
  std::vector<MixtureComponent> result;
  for (std::size_t i = 0; i < q; ++i) {
    result.push_back({std::exp(x[i]), x[2 * q + i] / unit, std::exp(x[q + i])});
  }
  return result;
}

double MixtureParameters::noise(std::span<double const> x) { return std::exp(x.back()); }

solve::Box mixture_box(MixtureParameters const& parameters, std::span<double const> x, double shortest, double longest,
                       double highest, bool single) {
  auto const q = MixtureParameters::count(x);
  solve::Box box{std::vector<double>(x.size()), std::vector<double>(x.size())};
  auto const bound = [&](std::size_t i, double low, double high) {
    box.lower[i] = low;
    box.upper[i] = high;
  };
  for (std::size_t i = 0; i < q; ++i) {
    double const frequency = x[2 * q + i];
    bound(i, std::log(1e-12), std::log(1e6));
    bound(q + i, std::log(shortest), std::log(longest));
    bound(2 * q + i, single ? frequency : 0.0, single ? frequency : highest * parameters.unit);
  }
  bound(3 * q, std::log(1e-8), 0.0);
  return box;
}

Evidence::Evidence(FibreData data, MixtureParameters const& parameters, double end_noise)
    : data_{std::move(data)}, parameters_{parameters}, end_noise_{end_noise} {
  auto const& symbol = data_.symbol;
  Symbol const identity{1, 0, 0};
  blocks_ = {covariance_of(symbol, symbol), covariance_of(identity, symbol), covariance_of(identity, identity)};
  observed_ = HostMatrix{"gp_pde::observed", static_cast<std::size_t>(size()), data_.fibres.size()};
  for (std::size_t k = 0; k < data_.fibres.size(); ++k) {
    auto column = data_.fibres[k];
    if (!data_.ends.empty()) column.insert(column.end(), data_.values[k].begin(), data_.values[k].end());
    require(column.size() == observed_.extent(0), "a value for every node and end");
    for (std::size_t i = 0; i < column.size(); ++i) observed_(i, k) = column[i];
  }
  add_pairs();
}

void Evidence::add_pairs() {
  auto const n = data_.nodes.size();
  auto const point = [&](std::size_t i) { return i < n ? data_.nodes[i] : data_.ends[i - n]; };
  double const span = data_.nodes.back() - data_.nodes.front();
  std::map<std::pair<int, long>, std::size_t> known;  // of equal steps, distances repeat
  for (std::size_t i = 0; i < n + data_.ends.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      int const block = i < n ? 0 : j < n ? 1 : 2;
      double const t = point(i) - point(j);
      auto const [at, fresh] = known.try_emplace({block, std::lround(t / span * 1e12)}, pairs_.size());
      if (fresh) pairs_.push_back({block, t, {}});
      pairs_[at->second].entries.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
}

Evidence::Jets Evidence::jets(std::vector<MixtureComponent> const& components) const {
  std::size_t const q = components.size();
  Jets jets(pairs_.size() * q);
  for (std::size_t c = 0; c < q; ++c) {
    std::array<ComponentKernel, 3> const kernels{ComponentKernel{parameters_.kind, components[c], blocks_[0]},
                                                 ComponentKernel{parameters_.kind, components[c], blocks_[1]},
                                                 ComponentKernel{parameters_.kind, components[c], blocks_[2]}};
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
      jets[p * q + c] = kernels[static_cast<std::size_t>(pairs_[p].block)](pairs_[p].t);
    }
  }
  return jets;
}

HostMatrix Evidence::covariance_matrix(Jets const& jets, double noise) const {
  auto const n = static_cast<std::size_t>(size());
  HostMatrix matrix{"gp_pde::evidence", n, n};
  std::size_t const q = jets.size() / pairs_.size();
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    double sum = 0;
    for (std::size_t c = 0; c < q; ++c) sum += jets[p * q + c].value;
    for (auto const& [i, j] : pairs_[p].entries) matrix(i, j) = matrix(j, i) = sum;
  }
  for (std::size_t i = 0; i < n; ++i) matrix(i, i) += i < data_.nodes.size() ? noise : end_noise_;
  return matrix;
}

void Evidence::pull_back(HostMatrix slope, Jets const& jets, double noise, std::span<double> gradient) const {
  std::size_t const q = jets.size() / pairs_.size();
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    double weight = 0;
    for (auto const& [i, j] : pairs_[p].entries) weight += (i == j ? 1 : 2) * slope(i, j);
    for (std::size_t c = 0; c < q; ++c) {
      auto const& jet = jets[p * q + c];
      gradient[c] += weight * jet.log_weight;
      gradient[q + c] += weight * jet.log_length;
      gradient[2 * q + c] += weight * jet.frequency / parameters_.unit;
    }
  }
  for (std::size_t i = 0; i < data_.nodes.size(); ++i) gradient[3 * q] += slope(i, i) * noise;
}

double Evidence::operator()(std::span<double const> x, std::span<double> gradient) const {
  double const noise = MixtureParameters::noise(x);
  auto const jets = this->jets(parameters_.components(x));
  std::fill(gradient.begin(), gradient.end(), 0.0);
  auto const factor = linalg::cholesky(covariance_matrix(jets, noise));
  if (!factor) return 1e30;  // rounding made it indefinite: a point that no line search takes
  auto const inverse = linalg::inverse_from_cholesky(*factor);
  auto const solved = linalg::multiply(inverse, observed_);
  auto slope = linalg::multiply(solved, solved, false, true);
  auto const fibres = static_cast<double>(observed_.extent(1));
  double value = 0;
  for (int i = 0; i < size(); ++i) {
    value += fibres * std::log((*factor)(i, i));
    for (std::size_t k = 0; k < observed_.extent(1); ++k) value += 0.5 * observed_(i, k) * solved(i, k);
    for (int j = 0; j < size(); ++j) slope(i, j) = 0.5 * (fibres * inverse(i, j) - slope(i, j));
  }
  pull_back(slope, jets, noise, gradient);
  return value;
}

}  // namespace kroma::gp_pde
