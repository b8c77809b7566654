#include "problems/chromatography/fourier.hpp"

#include <algorithm>
#include <numbers>
#include <utility>

#include "core/error.hpp"
#include "problems/chromatography/complex_functions.hpp"

namespace kroma::chromatography {
namespace {

/// e^{2 pi i k / n}, k < n / 2.
KROMA_VECTORISED std::vector<std::complex<double>> roots_of_unity(std::size_t n) {
  constexpr std::size_t kLanes = 8;
  std::vector<std::complex<double>> roots(n / 2);
  for (std::size_t first = 0; first < roots.size(); first += kLanes) {
    Lanes<kLanes> angle, sine, cosine;
    for (std::size_t l = 0; l < kLanes; ++l) {
      angle.lane[l] = 2 * std::numbers::pi * static_cast<double>(first + l) / static_cast<double>(n);
    }
    sine_cosine(angle, sine, cosine);
    for (std::size_t l = 0; l < std::min(kLanes, roots.size() - first); ++l) {
      roots[first + l] = {cosine.lane[l], sine.lane[l]};
    }
  }
  return roots;
}

}  // namespace

void inverse_fourier(std::vector<std::complex<double>>& x) {
  std::size_t const n = x.size();
  require(n > 0 && (n & (n - 1)) == 0, "the length of a fast Fourier transform is a power of 2");
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  auto const roots = roots_of_unity(n);
  for (std::size_t half = 1; half < n; half *= 2) {
    std::size_t const stride = n / (2 * half);
    for (std::size_t start = 0; start < n; start += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        auto& low = x[start + k];
        auto& high = x[start + k + half];
        auto const& w = roots[k * stride];
        // written out: std::complex checks for infinities
        std::complex<double> const t{w.real() * high.real() - w.imag() * high.imag(),
                                     w.real() * high.imag() + w.imag() * high.real()};
        high = low - t;
        low += t;
      }
    }
  }
}

}  // namespace kroma::chromatography
