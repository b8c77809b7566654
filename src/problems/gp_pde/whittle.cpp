#include "problems/gp_pde/whittle.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "problems/gp_pde/support.hpp"

namespace kroma::gp_pde {
namespace {

using std::numbers::pi;
constexpr double kLeakage = 1e-6;  // side lobes of the window

/// Two-sided spectral density of one component and its derivatives by log weight, log length and frequency.
CovarianceJet density(MixtureKind kind, MixtureComponent const& c, double s) {
  CovarianceJet sum;
  for (double const sign : {-1.0, 1.0}) {
    double const x = s + sign * c.frequency;
    double value = 0, stretched = 0, slope = 0;
    if (kind == MixtureKind::gaussian) {
      double const y = pi * c.length * x;
      value = 0.5 * c.weight * std::sqrt(pi) * c.length * std::exp(-y * y);
      stretched = value * (1 - 2 * y * y);
      slope = -2 * pi * c.length * y * value;
    } else {
      double const a = std::sqrt(5.0) / c.length, w = 2 * pi * x, square = a * a + w * w;
      value = 0.5 * c.weight * 16.0 / 3.0 * std::pow(a, 5) / (square * square * square);
      stretched = -value * (5 - 6 * a * a / square);
      slope = -value * 12 * pi * w / square;
    }
    sum.value += value;
    sum.log_length += stretched;
    sum.frequency += sign * slope;
  }
  sum.log_weight = sum.value;
  return sum;
}

/// Rows of windowed cosines, then sines, at frequencies j / length, scaled so that white noise of unit density has unit
/// variance in each.
struct Rows {
  std::vector<double> frequency;
  HostMatrix cosine, sine;
};
Rows rows_of(grid::Axis const& axis) {
  Rows rows;
  for (int j = 0; j / axis.length() <= 0.95 * axis.nyquist(); ++j) rows.frequency.push_back(j / axis.length());
  auto const n = axis.nodes.size();
  rows.cosine = HostMatrix{"cosine", rows.frequency.size(), n};
  rows.sine = HostMatrix{"sine", rows.frequency.size(), n};
  double energy = 0;
  std::vector<double> window;
  for (std::size_t i = 0; i < n; ++i) {
    window.push_back(kaiser_window(2 * (axis.nodes[i] - axis.centre()) / axis.length(), kLeakage));
    energy += axis.weights[i] * window[i] * window[i];
  }
  for (std::size_t j = 0; j < rows.frequency.size(); ++j) {
    double const norm = 1 / std::sqrt(j == 0 ? energy : 0.5 * energy);
    for (std::size_t i = 0; i < n; ++i) {
      double const phase = 2 * pi * rows.frequency[j] * (axis.nodes[i] - axis.centre());
      rows.cosine(j, i) = norm * axis.weights[i] * window[i] * std::cos(phase);
      rows.sine(j, i) = norm * axis.weights[i] * window[i] * std::sin(phase);
    }
  }
  return rows;
}

/// |symbol|^2 of the equation at a frequency of each axis.
double squared_symbol(Equation const& equation, std::array<double, 3> const& s) {
  std::complex<double> sum = 0;
  for (auto const& term : equation.terms) {
    std::complex<double> product = term.coefficient;
    for (std::size_t d = 0; d < 3; ++d) product *= std::pow(std::complex<double>{0, 2 * pi * s[d]}, term.orders[d]);
    sum += product;
  }
  return std::norm(sum);
}

/// Calls f(flat index, indices) for all entries.
template <class Body>
void for_each(HostTensor const& x, Body body) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < x.extent(0); ++i) {
    for (std::size_t j = 0; j < x.extent(1); ++j) {
      for (std::size_t k = 0; k < x.extent(2); ++k) body(at++, std::array{i, j, k});
    }
  }
}

}  // namespace

Whittle::Whittle(Model const& model, std::vector<MixtureParameters> parameters, std::vector<std::size_t> components)
    : parameters_{std::move(parameters)}, components_{std::move(components)} {
  PointSet nodes;
  for (auto const& axis : model.axes) nodes.push_back(axis.nodes);
  auto const source = sample_here(model.source, "gp_pde.source", nodes);
  double squares = 0;
  for (std::size_t i = 0; i < source.size(); ++i) squares += source.data()[i] * source.data()[i];
  source_scale_ = std::sqrt(squares / static_cast<double>(source.size()));
  if (source_scale_ == 0) return;
  std::vector<HostTensor> transforms{source};  // all products of cosines and sines
  std::array<std::vector<double>, 3> frequency{{{0.0}, {0.0}, {0.0}}};
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    auto const rows = rows_of(model.axes[d]);
    frequency[d] = rows.frequency;
    frequencies_.push_back(rows.frequency);
    std::vector<HostTensor> next;
    for (auto const& x : transforms) {
      next.push_back(mode_product(rows.cosine, x, static_cast<int>(d)));
      next.push_back(mode_product(rows.sine, x, static_cast<int>(d)));
    }
    transforms = next;
  }
  auto const& first = transforms.front();
  auto const make = [&] { return HostTensor{"gp_pde::whittle", first.extent(0), first.extent(1), first.extent(2)}; };
  periodogram_ = make();
  symbol_ = make();
  entries_ = make();
  double const factor = 1 / (source_scale_ * source_scale_);
  double power = 0, moment = 0;
  for_each(first, [&](std::size_t at, std::array<std::size_t, 3> const& index) {
    for (auto const& x : transforms) periodogram_.data()[at] += factor * x.data()[at] * x.data()[at];
    symbol_.data()[at] =
        squared_symbol(model.equation, {frequency[0][index[0]], frequency[1][index[1]], frequency[2][index[2]]});
    power += periodogram_.data()[at];
    moment += periodogram_.data()[at] * symbol_.data()[at];
    entries_.data()[at] = 1;
    for (std::size_t d = 0; d < model.axes.size(); ++d) entries_.data()[at] *= index[d] == 0 ? 1 : 2;
  });
  scale_ = source_scale_ / std::sqrt(moment / power);
  for (std::size_t i = 0; i < symbol_.size(); ++i) symbol_.data()[i] *= scale_ * scale_ * factor;
}

double Whittle::operator()(std::span<double const> x, std::span<double> gradient) const {
  std::array<std::vector<double>, 3> densities{{{1.0}, {1.0}, {1.0}}};
  std::array<std::vector<double>, 3> slopes;
  std::vector<std::vector<MixtureComponent>> mixtures;
  std::size_t first = 0;
  for (std::size_t d = 0; d < parameters_.size(); ++d) {
    mixtures.push_back(parameters_[d].components(x.subspan(first, 3 * components_[d])));
    first += 3 * components_[d];
    densities[d].assign(frequencies_[d].size(), 0.0);
    for (auto const& c : mixtures[d]) {
      for (std::size_t i = 0; i < frequencies_[d].size(); ++i) {
        densities[d][i] += density(parameters_[d].kind, c, frequencies_[d][i]).value;
      }
    }
  }
  for (std::size_t d = 0; d < 3; ++d) slopes[d].assign(densities[d].size(), 0.0);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  double const noise = std::exp(x.back());
  double value = 0;
  for_each(periodogram_, [&](std::size_t at, std::array<std::size_t, 3> const& i) {
    double const a = densities[0][i[0]], b = densities[1][i[1]], c = densities[2][i[2]], symbol = symbol_.data()[at];
    double const s = symbol * a * b * c + noise, entries = entries_.data()[at], ratio = periodogram_.data()[at] / s;
    value += 0.5 * (entries * std::log(s) + ratio);
    double const slope = 0.5 * (entries - ratio) / s;
    slopes[0][i[0]] += slope * symbol * b * c;
    slopes[1][i[1]] += slope * symbol * a * c;
    slopes[2][i[2]] += slope * symbol * a * b;
    gradient.back() += slope * noise;
  });
  first = 0;
  for (std::size_t d = 0; d < parameters_.size(); ++d) {
    auto const q = components_[d];
    for (std::size_t c = 0; c < q; ++c) {
      for (std::size_t i = 0; i < frequencies_[d].size(); ++i) {
        auto const jet = density(parameters_[d].kind, mixtures[d][c], frequencies_[d][i]);
        gradient[first + c] += slopes[d][i] * jet.log_weight;
        gradient[first + q + c] += slopes[d][i] * jet.log_length;
        gradient[first + 2 * q + c] += slopes[d][i] * jet.frequency / parameters_[d].unit;
      }
    }
    first += 3 * q;
  }
  return value;
}

}  // namespace kroma::gp_pde
