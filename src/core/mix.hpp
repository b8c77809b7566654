#pragma once

#include <cstdint>

#include <Kokkos_Macros.hpp>

namespace kroma {

/// A number that looks random and depends on `state` alone, every bit of it on every bit (Steele, Lea and Flood 2014:
/// splitmix64). Random numbers that must not depend on how work is shared out are made of it, and checksums.
KOKKOS_INLINE_FUNCTION std::uint64_t mix(std::uint64_t state) {
  state += 0x9E3779B97F4A7C15u;
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
  return state ^ (state >> 31);
}

}  // namespace kroma
