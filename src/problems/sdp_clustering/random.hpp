#pragma once

#include <cmath>
#include <cstdint>

#include <Kokkos_Core.hpp>

#include "core/mix.hpp"

namespace kroma::sdp_clustering {

/// Uniform in (0, 1): a pure function of seed, stream and index, so that results do not depend on how rows are shared
/// out.
KOKKOS_INLINE_FUNCTION double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  auto const bits = mix(mix(mix(seed) ^ stream) ^ index) >> 11;
  return (static_cast<double>(bits) + 0.5) * 0x1.0p-53;
}

/// Standard normal (Box and Muller 1958).
KOKKOS_INLINE_FUNCTION double normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  double const u = uniform(seed, stream, 2 * index), v = uniform(seed, stream, 2 * index + 1);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
}

}  // namespace kroma::sdp_clustering
