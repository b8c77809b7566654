#include <algorithm>

#include "problems/chromatography/discretisation.hpp"
#include "problems/chromatography/shift.hpp"

namespace kroma::chromatography {

KROMA_VECTORISED void Discretisation::add_transposed_axial(Pack const* x, Pack* f) {
  int const n = layout_.nodes, width = layout_.width();
  for (int i = 0; i < layout_.components; ++i) {
    auto const& op = axial(i);
    for (int p = 0; p < layout_.packs; ++p) {
      Pack const* c = x + layout_.at(p, 0) + i;
      Pack sum(0.0);
      for (int j = 0; j < n; ++j) sum += op.right[static_cast<std::size_t>(p * n + j)] * c[j * width];
      before_[static_cast<std::size_t>(p)] = sum;
      next_[static_cast<std::size_t>(p)] = c[0];
    }
    shift_up(before_, 0.0, before_);
    shift_down(next_, 0.0, next_);
    for (int p = 0; p < layout_.packs; ++p) {
      Pack const* c = x + layout_.at(p, 0) + i;
      Pack* to = f + layout_.at(p, 0) + i;
      Pack const* own = op.own.data() + static_cast<std::size_t>(p * n * n);
      Pack const next = next_[static_cast<std::size_t>(p)];
      for (int m = 0; m < n; ++m) {
        Pack sum = op.push[static_cast<std::size_t>(p * n + m)] * next;
        for (int j = 0; j < n; ++j) sum += own[j * n + m] * c[j * width];
        to[m * width] += sum;
      }
      to[0] += before_[static_cast<std::size_t>(p)];
    }
  }
}

KROMA_VECTORISED void Discretisation::add_transposed_particles(Pack const* x, Pack* f) const {
  int const nc = layout_.components, nb = layout_.bound, stride = layout_.stride(), width = layout_.width();
  for (std::size_t point = 0; point < layout_.points(); ++point, x += width, f += width) {
    Pack const exists = active_[point / static_cast<std::size_t>(layout_.nodes)];
    for (auto const& kind : kinds_) {
      double const* laplacian = kind.basis.laplacian.data();
      Pack const* pores = x + layout_.place(kind.first);
      Pack* to = f + layout_.place(kind.first);
      int const surface = (kind.points - 1) * stride;
      for (int i = 0; i < nc; ++i) {
        Pack const diffusion(kind.diffusion[static_cast<std::size_t>(i)]);
        for (int m = 0; m < kind.points; ++m) {
          Pack sum(0.0);
          for (int r = 0; r < kind.points; ++r) sum -= Pack(laplacian[r * kind.points + m]) * pores[r * stride + i];
          to[m * stride + i] += diffusion * sum;
        }
        Pack const through = exists * (Pack(kind.supply[static_cast<std::size_t>(i)]) * pores[surface + i] -
                                       Pack(kind.sink[static_cast<std::size_t>(i)]) * x[i]);
        f[i] += through;
        to[surface + i] -= through;
      }
      if (kind.surface.empty()) continue;
      for (int b = 0; b < nb; ++b) {
        double const rate = kind.surface[static_cast<std::size_t>(sorption_.component[static_cast<std::size_t>(b)])];
        for (int m = 0; m < kind.points; ++m) {
          Pack sum(0.0);
          for (int r = 0; r < kind.points; ++r) {
            for (int i = 0; i < nc; ++i) {
              double const share = carried_[static_cast<std::size_t>(i * nb + b)];
              if (share != 0) sum -= Pack(laplacian[r * kind.points + m] * share) * pores[r * stride + i];
            }
          }
          to[m * stride + nc + b] += Pack(rate) * sum;
        }
      }
    }
  }
}

KROMA_VECTORISED void Discretisation::add_transposed_sorption(Pack const* by_c, Pack const* by_q, Pack const* x,
                                                              Pack* f) const {
  int const nc = layout_.components, nb = layout_.bound, width = layout_.width();
  for (std::size_t point = 0; point < layout_.points(); ++point, x += width, f += width) {
    for (int k = 0; k < layout_.places; ++k) {
      Pack const* rows = x + layout_.place(k) + nc;
      Pack* c = f + layout_.place(k);
      Pack* q = c + nc;
      for (int b = 0; b < nb; ++b, by_c += nc, by_q += nb) {
        for (int i = 0; i < nc; ++i) c[i] += by_c[i] * rows[b];
        for (int j = 0; j < nb; ++j) q[j] += by_q[j] * rows[b];
      }
    }
  }
}

void Discretisation::transposed_rates(Pack const* by_c, Pack const* by_q, Pack const* x, Pack* f) {
  std::fill_n(f, layout_.size(), Pack(0.0));
  add_transposed_axial(x, f);
  if (layout_.particles) add_transposed_particles(x, f);
  add_transposed_sorption(by_c, by_q, x, f);
}

KROMA_VECTORISED void Discretisation::from_totals(Pack const* x, Pack* result) const {
  int const nc = layout_.components, nb = layout_.bound, width = layout_.width();
  for (std::size_t p = 0; p < layout_.points(); ++p, x += width, result += width) {
    if (layout_.particles) std::copy_n(x, nc, result);
    for (int k = 0; k < layout_.places; ++k) {
      int const at = layout_.place(k);
      for (int i = 0; i < nc; ++i) result[at + i] = x[at + i];
      for (int b = 0; b < nb; ++b) {
        Pack sum = sorption_.holds(b) ? x[at + nc + b] : Pack(0.0);
        for (int i = 0; i < nc; ++i) {
          double const share = carried_[static_cast<std::size_t>(i * nb + b)];
          if (share != 0) sum += Pack(phase_ratio(k) * share) * x[at + i];
        }
        result[at + nc + b] = sum;
      }
    }
  }
}

}  // namespace kroma::chromatography
