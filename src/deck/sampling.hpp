#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kroma::deck {

/// Points in the unit interval for the samples 0 to count - 1 of one key: one in each of `count` equal strata, in
/// random order and at a random place there (McKay, Beckman and Conover 1979). Depends on the arguments alone.
std::vector<double> latin_hypercube(std::int64_t seed, std::string const& key, int count);

/// Number of keys that sobol() can tell apart.
inline constexpr std::size_t kSobolDimensions = 21;

/// The same from a Sobol sequence with the direction numbers of Joe and Kuo (2008), of which `dimension` (from 0, below
/// kSobolDimensions) is one coordinate, scrambled as by Owen with a hash of seed and key (Burley 2020). Any 2^k samples
/// in a row from a multiple of 2^k have one point in each of 2^k equal strata, and two keys together fill boxes evenly.
std::vector<double> sobol(std::int64_t seed, std::string const& key, std::size_t dimension, int count);

}  // namespace kroma::deck
