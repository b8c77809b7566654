#include <algorithm>

#include "problems/chromatography/discretisation.hpp"
#include "problems/chromatography/shift.hpp"
#include "problems/chromatography/sorption_kernels.hpp"

namespace kroma::chromatography {
KROMA_VECTORISED void Discretisation::axial_rates(double const* inlet, Pack const* y, Pack* f) {
  int const n = layout_.nodes, width = layout_.width();
  for (int i = 0; i < layout_.components; ++i) {
    auto const& op = axial(i);
    for (int p = 0; p < layout_.packs; ++p) {
      Pack const* c = y + layout_.at(p, 0) + i;
      Pack sum(0.0);
      for (int m = 0; m < n; ++m) sum += op.push[static_cast<std::size_t>(p * n + m)] * c[m * width];
      before_[static_cast<std::size_t>(p)] = sum;
      next_[static_cast<std::size_t>(p)] = c[0];
    }
    shift_up(before_, op.inlet * inlet[i], before_);
    shift_down(next_, 0.0, next_);
    for (int p = 0; p < layout_.packs; ++p) {
      Pack const* c = y + layout_.at(p, 0) + i;
      Pack* rate = f + layout_.at(p, 0) + i;
      Pack const* own = op.own.data() + static_cast<std::size_t>(p * n * n);
      Pack const next = next_[static_cast<std::size_t>(p)];
      for (int j = 0; j < n; ++j) {
        Pack sum = op.right[static_cast<std::size_t>(p * n + j)] * next;
        for (int m = 0; m < n; ++m) sum += own[j * n + m] * c[m * width];
        rate[j * width] = sum;
      }
      rate[0] += before_[static_cast<std::size_t>(p)];
    }
  }
}

KROMA_VECTORISED void Discretisation::particle_rates(Pack const* y, Pack* f) const {
  int const nc = layout_.components, nb = layout_.bound, stride = layout_.stride(), width = layout_.width();
  for (std::size_t point = 0; point < layout_.points(); ++point, y += width, f += width) {
    Pack const exists = active_[point / static_cast<std::size_t>(layout_.nodes)];
    for (auto const& kind : kinds_) {
      double const* laplacian = kind.basis.laplacian.data();
      Pack const* pores = y + layout_.place(kind.first);
      Pack* rate = f + layout_.place(kind.first);
      int const surface = (kind.points - 1) * stride;
      for (int i = 0; i < nc; ++i) {
        for (int r = 0; r < kind.points; ++r) {
          Pack sum(0.0);
          for (int m = 0; m < kind.points; ++m) sum -= Pack(laplacian[r * kind.points + m]) * pores[m * stride + i];
          rate[r * stride + i] = Pack(kind.diffusion[static_cast<std::size_t>(i)]) * sum;
        }
        Pack const driving = exists * (y[i] - pores[surface + i]);
        f[i] -= Pack(kind.sink[static_cast<std::size_t>(i)]) * driving;
        rate[surface + i] += Pack(kind.supply[static_cast<std::size_t>(i)]) * driving;
      }
      if (kind.surface.empty()) continue;
      for (int b = 0; b < nb; ++b) {
        double const rate_b = kind.surface[static_cast<std::size_t>(sorption_.component[static_cast<std::size_t>(b)])];
        for (int r = 0; r < kind.points; ++r) {
          Pack sum(0.0);
          for (int m = 0; m < kind.points; ++m)
            sum -= Pack(laplacian[r * kind.points + m]) * pores[m * stride + nc + b];
          for (int i = 0; i < nc; ++i) {
            rate[r * stride + i] += Pack(rate_b * carried_[static_cast<std::size_t>(i * nb + b)]) * sum;
          }
        }
      }
    }
  }
}

void Discretisation::sorption_jacobian(Pack const* y, Pack* by_c, Pack* by_q) const {
  sorption_jacobians(sorption_.law, layout_, y, by_c, by_q);
}

/// The bound amounts' rows of J y.
KROMA_VECTORISED void Discretisation::sorption_product(Pack const* by_c, Pack const* by_q, Pack const* y,
                                                       Pack* f) const {
  int const nc = layout_.components, nb = layout_.bound, width = layout_.width();
  for (std::size_t point = 0; point < layout_.points(); ++point, y += width, f += width) {
    for (int k = 0; k < layout_.places; ++k) {
      Pack const* c = y + layout_.place(k);
      Pack const* q = c + nc;
      for (int b = 0; b < nb; ++b, by_c += nc, by_q += nb) {
        Pack sum(0.0);
        for (int i = 0; i < nc; ++i) sum += by_c[i] * c[i];
        for (int j = 0; j < nb; ++j) sum += by_q[j] * q[j];
        f[layout_.place(k) + nc + b] = sum;
      }
    }
  }
}

void Discretisation::rates(double const* inlet, Pack const* y, Pack* f, Parts parts) {
  bool const inside = parts.particles && layout_.particles;
  if (!(parts.axial && parts.sorption && (inside || !layout_.particles))) std::fill_n(f, layout_.size(), Pack(0.0));
  if (parts.axial) axial_rates(inlet, y, f);
  if (inside) particle_rates(y, f);
  if (parts.sorption) sorption_rates(sorption_.law, layout_, y, f);
}

void Discretisation::linearised_rates(Pack const* by_c, Pack const* by_q, Pack const* y, Pack* f) {
  std::vector<double> const nothing(static_cast<std::size_t>(layout_.components), 0.0);
  axial_rates(nothing.data(), y, f);
  if (layout_.particles) particle_rates(y, f);
  sorption_product(by_c, by_q, y, f);
}

}  // namespace kroma::chromatography
