#include "deck/sampling.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "core/mix.hpp"

namespace kroma::deck {
namespace {

std::uint64_t hash(std::int64_t seed, std::string const& key) {
  auto state = mix(static_cast<std::uint64_t>(seed));
  for (unsigned char const c : key) state = mix(state ^ c);
  return state;
}

/// The stratum, 0 to count - 1, of each sample: its rank among random numbers.
std::vector<int> strata(std::uint64_t key, int count) {
  std::vector<std::uint64_t> bits(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = mix(key ^ (2 * i));
  std::vector<int> order(bits.size()), result(bits.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return std::pair{bits[static_cast<std::size_t>(a)], a} < std::pair{bits[static_cast<std::size_t>(b)], b};
  });
  for (int rank = 0; rank < count; ++rank)
    result[static_cast<std::size_t>(order[static_cast<std::size_t>(rank)])] = rank;
  return result;
}

/// A primitive polynomial over the integers modulo 2 (its inner coefficients as bits) and the first direction numbers.
struct Direction {
  int degree;
  unsigned polynomial;
  std::array<unsigned, 7> numbers;
};

// Joe and Kuo (2008), file new-joe-kuo-6.21201: dimensions 2 to 21; dimension 1 is van der Corput's sequence.
constexpr std::array<Direction, kSobolDimensions - 1> kDirections{{{1, 0, {1}},
                                                                   {2, 1, {1, 3}},
                                                                   {3, 1, {1, 3, 1}},
                                                                   {3, 2, {1, 1, 1}},
                                                                   {4, 1, {1, 1, 3, 3}},
                                                                   {4, 4, {1, 3, 5, 13}},
                                                                   {5, 2, {1, 1, 5, 5, 17}},
                                                                   {5, 4, {1, 1, 5, 5, 5}},
                                                                   {5, 7, {1, 1, 7, 11, 19}},
                                                                   {5, 11, {1, 1, 5, 1, 1}},
                                                                   {5, 13, {1, 1, 1, 3, 11}},
                                                                   {5, 14, {1, 3, 5, 5, 31}},
                                                                   {6, 1, {1, 3, 3, 9, 7, 49}},
                                                                   {6, 13, {1, 1, 1, 15, 21, 21}},
                                                                   {6, 16, {1, 3, 1, 13, 27, 49}},
                                                                   {6, 19, {1, 1, 1, 15, 7, 5}},
                                                                   {6, 22, {1, 3, 1, 15, 13, 25}},
                                                                   {6, 25, {1, 1, 5, 5, 19, 61}},
                                                                   {7, 1, {1, 3, 7, 11, 23, 15, 103}},
                                                                   {7, 4, {1, 3, 7, 13, 13, 15, 69}}}};

constexpr int kBits = 32;

/// Bit patterns whose exclusive sums are the coordinates, most significant bit first.
std::array<std::uint32_t, kBits> direction_vectors(std::size_t dimension) {
  std::array<std::uint32_t, kBits> v{};
  if (dimension == 0) {
    for (int i = 0; i < kBits; ++i) v[static_cast<std::size_t>(i)] = std::uint32_t{1} << (kBits - 1 - i);
    return v;
  }
  auto const& [degree, polynomial, numbers] = kDirections[dimension - 1];
  for (int i = 0; i < kBits; ++i) {
    auto const at = static_cast<std::size_t>(i), s = static_cast<std::size_t>(degree);
    if (i < degree) {
      v[at] = numbers[at] << (kBits - 1 - i);
      continue;
    }
    v[at] = v[at - s] ^ (v[at - s] >> degree);
    for (int k = 1; k < degree; ++k) {
      if ((polynomial >> (degree - 1 - k)) & 1u) v[at] ^= v[at - static_cast<std::size_t>(k)];
    }
  }
  return v;
}

std::uint32_t reversed(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
  x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
  x = ((x >> 4) & 0x0F0F0F0Fu) | ((x & 0x0F0F0F0Fu) << 4);
  x = ((x >> 8) & 0x00FF00FFu) | ((x & 0x00FF00FFu) << 8);
  return (x >> 16) | (x << 16);
}

/// Owen's nested scrambling by a hash in which each bit depends on the more significant ones only (Burley 2020).
std::uint32_t scrambled(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x += seed;
  for (auto const factor : {0x6C50B47Cu, 0xB82F1E52u, 0xC7AFE638u, 0x8D22F6E6u}) x ^= x * factor;
  return reversed(x);
}

}  // namespace

std::vector<double> latin_hypercube(std::int64_t seed, std::string const& key, int count) {
  auto const name = hash(seed, key);
  auto const stratum = strata(name, count);
  std::vector<double> points(stratum.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    double const within = static_cast<double>(mix(name ^ (2 * i + 1)) >> 11) * 0x1p-53;
    points[i] = (stratum[i] + within) / count;
  }
  return points;
}

std::vector<double> sobol(std::int64_t seed, std::string const& key, std::size_t dimension, int count) {
  auto const vectors = direction_vectors(dimension);
  auto const scramble = static_cast<std::uint32_t>(hash(seed, key));
  std::vector<double> points(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::uint32_t x = 0;
    for (std::size_t bit = 0; (i >> bit) != 0; ++bit) {
      if ((i >> bit) & 1u) x ^= vectors[bit];
    }
    points[i] = (scrambled(x, scramble) + 0.5) * 0x1p-32;
  }
  return points;
}

}  // namespace kroma::deck
