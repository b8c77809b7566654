#include "problems/diffusion_couple/log_diffusivity.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/cholesky.hpp"

namespace kroma::diffusion_couple {

LogDiffusivity::LogDiffusivity(std::vector<PhaseOptions> const& phases, double low, double high, int knots) {
  auto const add = [&](double from, double to) {
    Part part{from, to, std::nullopt, size_};
    if (from < to) part.basis.emplace(numerics::equal_parts(from, to, knots));
    size_ += part.size();
    parts_.push_back(std::move(part));
  };
  if (phases.empty()) add(low, high);
  for (auto const& phase : phases) {
    double const from = std::max(low, phase.at ? *phase.at : phase.range->low);
    double const to = std::min(high, phase.at ? *phase.at : phase.range->high);
    bool const pure = phase.at && (*phase.at == low || *phase.at == high);  // an end member that takes up nothing
    if (from < to || (phase.at && from == to && !pure)) add(from, to);
  }
  if (size_ == 0) {
    throw bad_input(fmt::format("no phase of the deck lies between the end members {:g} and {:g}", low, high));
  }
}

double LogDiffusivity::value(std::vector<double> const& parameters, std::size_t part, double c) const {
  auto const& p = parts_[part];
  if (!p.basis) return parameters[p.first];
  return p.basis->evaluate({parameters.data() + p.first, p.size()}, c);
}

double LogDiffusivity::diffusivity(std::vector<double> const& parameters, std::size_t part, double c) const {
  return std::exp(value(parameters, part, c));
}

std::optional<std::size_t> LogDiffusivity::part_of(double c) const {
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (c >= parts_[k].low && c <= parts_[k].high) return k;
  }
  return std::nullopt;
}

std::vector<double> LogDiffusivity::nearest(std::function<double(std::size_t, double)> const& f,
                                            std::function<double(double)> const& weight) const {
  constexpr int kPoints = 200;
  std::vector<double> parameters(size_, 0.0);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    auto const& part = parts_[k];
    if (!part.basis) {
      parameters[part.first] = f(k, part.low);
      continue;
    }
    auto const n = part.size();
    double const width = part.high - part.low;
    auto matrix = part.basis->roughness();
    std::vector<double> right(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) matrix(i, j) *= 1e-6 * width * width * width;
    }
    for (int p = 0; p < kPoints; ++p) {
      double const c = part.low + width * (p + 0.5) / kPoints, w = weight(c);
      if (w == 0) continue;
      double const target = f(k, c);
      auto const [first, value] = part.basis->at(c);
      for (std::size_t r = 0; r < 4; ++r) {
        auto const row = static_cast<std::size_t>(first) + r;
        right[row] += w * value[r] * target;
        for (std::size_t s = 0; s < 4; ++s) matrix(row, static_cast<std::size_t>(first) + s) += w * value[r] * value[s];
      }
    }
    auto const found = linalg::Cholesky{matrix}.solve(right);
    std::copy(found.begin(), found.end(), parameters.begin() + static_cast<std::ptrdiff_t>(part.first));
  }
  return parameters;
}

HostMatrix LogDiffusivity::roughness_root() const {
  std::size_t rows = 0;
  for (auto const& part : parts_) rows += part.basis ? 2 * (part.basis->breakpoints().size() - 1) : 0;
  HostMatrix root{"roughness root", rows, size_};
  std::size_t row = 0;
  for (auto const& part : parts_) {
    if (!part.basis) continue;
    auto const r = part.basis->roughness_root();
    double const scale = std::pow(part.high - part.low, 1.5);
    for (std::size_t i = 0; i < r.extent(0); ++i, ++row) {
      for (std::size_t j = 0; j < r.extent(1); ++j) root(row, part.first + j) = scale * r(i, j);
    }
  }
  return root;
}

}  // namespace kroma::diffusion_couple
