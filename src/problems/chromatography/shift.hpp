#pragma once

#include <cstring>
#include <vector>

#include "problems/chromatography/layout.hpp"

namespace kroma::chromatography {

/// out(e) = in(e + 1) over elements in order; the last becomes `end`.
inline void shift_down(std::vector<Pack> const& in, double end, std::vector<Pack>& out) {
  auto const count = in.size() * kWidth;
  std::memmove(out[0].lane, in[0].lane + 1, (count - 1) * sizeof(double));
  out.back()[kWidth - 1] = end;
}
/// out(e) = in(e - 1); the first becomes `begin`.
inline void shift_up(std::vector<Pack> const& in, double begin, std::vector<Pack>& out) {
  auto const count = in.size() * kWidth;
  std::memmove(out[0].lane + 1, in[0].lane, (count - 1) * sizeof(double));
  out.front()[0] = begin;
}

}  // namespace kroma::chromatography
