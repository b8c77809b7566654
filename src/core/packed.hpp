#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kroma {

/// Lists of numbers one behind the other in a longer one, each with its length in front: for checkpoints.
inline void pack(std::vector<double>& to, std::span<double const> list) {
  to.push_back(static_cast<double>(list.size()));
  to.insert(to.end(), list.begin(), list.end());
}

/// The list that begins at `from`, which then points behind it.
inline std::vector<double> unpack(double const*& from) {
  auto const size = static_cast<std::size_t>(*from++);
  std::vector<double> list(from, from + size);
  from += size;
  return list;
}

}  // namespace kroma
