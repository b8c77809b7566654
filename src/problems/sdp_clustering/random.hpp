#pragma once

#include <cstdint>

#include <Kokkos_Core.hpp>

namespace kroma::sdp_clustering {

/// Random numbers by counter: a pure function of seed, stream and index, so that results do not depend on how rows are
/// shared out. The finaliser is splitmix64's (Steele, Lea and Flood 2014).
KOKKOS_INLINE_FUNCTION std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

/// Uniform in (0, 1).
KOKKOS_INLINE_FUNCTION double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  auto const bits = mixed(mixed(mixed(seed) ^ stream) ^ index) >> 11;
  return (static_cast<double>(bits) + 0.5) * 0x1.0p-53;
}

/// Standard normal (Box and Muller 1958).
KOKKOS_INLINE_FUNCTION double normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  double const u = uniform(seed, stream, 2 * index), v = uniform(seed, stream, 2 * index + 1);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
}

}  // namespace kroma::sdp_clustering
