#include "problems/chromatography/condensation.hpp"
#include "problems/chromatography/node_groups.hpp"

namespace kroma::chromatography {

/// M^-1 b_q at the places of a node, taken out of the liquids' rows.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::forward_bound(Counts count, Discretisation const& d,
                                                                std::size_t factors, S* b) const {
  auto const& l = d.layout();
  int const nc = count.components, nb = count.bound;
  double const* carried = d.carried().data();
  S const* m = bound_factors_.data() + factors * static_cast<std::size_t>(l.places * nb * nb);
  for (int k = 0; k < l.places; ++k, m += nb * nb) {
    S* liquid = b + l.place(k);
    S* bound = liquid + nc;
    solve_lu(nb, m, bound, 1);
    for (int j = 0; j < nb; ++j) {
      S const held = scaled(Pack(-d.phase_ratio(k)), sigma_ * bound[j]);
      for (int i = 0; i < nc; ++i) {
        if (carried[i * nb + j] != 0) add_product(liquid[i], Pack(carried[i * nb + j]), held);
      }
    }
  }
}

/// B^-1 b of the particles at a node, added to the fluid's rows.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::forward_particles(Counts count, Discretisation const& d,
                                                                    std::size_t factors, Pack const& exists,
                                                                    S* b) const {
  auto const& l = d.layout();
  int const nc = count.components, nb = count.bound, stride = nc + nb;
  for (std::size_t t = 0; t < d.kinds().size(); ++t) {
    auto const& kind = d.kinds()[t];
    int const points = kind.points, n = points * nc;
    S* pores = b + l.place(kind.first);
    for (int e = 0; !kind.surface.empty() && e < points * points * nb; ++e) {
      int const r = e / (points * nb), q = e / nb % points, j = e % nb;
      double const spread = kind.basis.laplacian[static_cast<std::size_t>(r * points + q)] *
                            kind.surface[static_cast<std::size_t>(d.sorption().component[static_cast<std::size_t>(j)])];
      for (int i = 0; i < nc; ++i) {
        Pack const share(spread * d.carried()[static_cast<std::size_t>(i * nb + j)]);
        subtract_product(pores[r * stride + i], share, pores[q * stride + nc + j]);
      }
    }
    solve_lu(points, nc, stride, particle_factors_[t].data() + factors * static_cast<std::size_t>(n * n), pores);
    for (int i = 0; i < nc; ++i) {
      Pack const sink = exists * Pack(kind.sink[static_cast<std::size_t>(i)]);
      add_product(b[i], sink, pores[(points - 1) * stride + i]);
    }
  }
}

template <class S>
KROMA_VECTORISED void Condensation<S>::forward_places(Discretisation const& d, S* b) {
  auto const& l = d.layout();
  int const width = l.width();
  with_counts(l, [&](auto const count) KROMA_INLINED {
    for (std::size_t group = 0; group < l.groups(); ++group) {
      S* here = (l.paired() ? together_.data() : b) + group * static_cast<std::size_t>(width);
      if (l.paired()) gather(l, group, width, b, 0, width, here);
      forward_bound(count, d, factors_of(group), here);
      if (l.particles) forward_particles(count, d, factors_of(group), d.exists(group), here);
      if (l.paired()) scatter(l, group, width, here, 0, count.components, b);
    }
  });
}

/// Liquids of the particles from the fluid's, bound amounts from their liquids'.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::backward_group(Counts count, Discretisation const& d,
                                                                 std::size_t factors, S* b) const {
  auto const& l = d.layout();
  int const nc = count.components, nb = count.bound, stride = nc + nb;
  for (std::size_t t = 0; t < d.kinds().size(); ++t) {
    auto const& kind = d.kinds()[t];
    S* pores = b + l.place(kind.first);
    S const* x = particle_by_fluid_[t].data() + factors * static_cast<std::size_t>(kind.points * nc * nc);
    for (int r = 0; r < kind.points; ++r, pores += stride) {
      for (int i = 0; i < nc; ++i, x += nc) {
        for (int j = 0; j < nc; ++j) add_product(pores[i], x[j], b[j]);
      }
    }
  }
  S const* g = bound_by_liquid_.data() + factors * static_cast<std::size_t>(l.places * nb * nc);
  for (int k = 0; k < l.places; ++k, g += nb * nc) {
    S const* liquid = b + l.place(k);
    S* bound = b + l.place(k) + nc;
    for (int j = 0; j < nb; ++j) {
      for (int i = 0; i < nc; ++i) add_product(bound[j], g[j * nc + i], liquid[i]);
    }
  }
}

template <class S>
KROMA_VECTORISED void Condensation<S>::backward_places(Discretisation const& d, S* b) {
  auto const& l = d.layout();
  int const width = l.width();
  with_counts(l, [&](auto const count) KROMA_INLINED {
    for (std::size_t group = 0; group < l.groups(); ++group) {
      S* here = (l.paired() ? together_.data() : b) + group * static_cast<std::size_t>(width);
      if (l.paired()) gather(l, group, width, b, 0, count.components, here);
      backward_group(count, d, factors_of(group), here);
      if (l.paired()) scatter(l, group, width, here, 0, width, b);
    }
  });
}

/// xi of the inner nodes, and the right-hand sides of the chain.
template <class S>
KROMA_VECTORISED void Condensation<S>::solve_elements(Discretisation const& d, S* b) {
  auto const& l = d.layout();
  int const nc = l.components, n = l.nodes, inner = (n - 1) * nc, width = l.width();
  for (int p = 0; p < l.packs; ++p) {
    S* here = b + l.at(p, 0);
    solve_lu(n - 1, nc, width, inner_factors_.data() + static_cast<std::size_t>(p * inner * inner), here + width);
    for (int i = 0; i < nc; ++i) {
      Pack const* own = d.axial(i).own.data() + static_cast<std::size_t>(p * n * n);
      Pack const* push = d.axial(i).push.data() + static_cast<std::size_t>(p * n);
      S row = here[i], pushed(0.0);
      for (int m = 1; m < n; ++m) {
        add_product(row, own[m], here[m * width + i]);
        add_product(pushed, push[m], here[m * width + i]);
      }
      for (int lane = 0; lane < kWidth; ++lane) {
        auto const at = static_cast<std::size_t>((p * kWidth + lane) * nc + i);
        chain_rhs_[at] = Number<S>::lane(row, lane);
        pushed_[at] = Number<S>::lane(pushed, lane);
      }
    }
  }
}

template <class S>
void Condensation<S>::solve_chain(Discretisation const& d) {
  int const nc = d.layout().components, elements = d.layout().elements;
  auto const count = static_cast<std::size_t>(nc);
  for (int e = 0; e < elements; ++e) {
    auto const at = static_cast<std::size_t>(e) * count;
    Single* y = chain_rhs_.data() + at;
    Single const* before = chain_before_.data() + at * count;
    for (int i = 0; e > 0 && i < nc; ++i) {
      y[i] += pushed_[at - count + static_cast<std::size_t>(i)];
      for (int k = 0; k < nc; ++k) y[i] += before[i * nc + k] * y[k - nc];
    }
    solve_lu(nc, chain_.data() + at * count, y, 1);
  }
  for (int e = elements; e-- > 0;) {
    auto const at = static_cast<std::size_t>(e) * count;
    Single* y = chain_rhs_.data() + at;
    Single const* next = chain_next_.data() + at * count;
    for (int i = 0; e + 1 < elements && i < nc; ++i) {
      for (int k = 0; k < nc; ++k) y[i] += next[i * nc + k] * y[nc + k];
    }
    for (int i = 0; i < nc; ++i) {
      auto const k = static_cast<std::size_t>(i);
      Number<S>::set(first_[static_cast<std::size_t>(e / kWidth) * count + k], e % kWidth, y[i]);
      if (e > 0) Number<S>::set(next_[static_cast<std::size_t>((e - 1) / kWidth) * count + k], (e - 1) % kWidth, y[i]);
    }
  }
}

template <class S>
KROMA_VECTORISED void Condensation<S>::back_substitute_elements(Discretisation const& d, S* b) const {
  auto const& l = d.layout();
  int const nc = l.components, n = l.nodes, width = l.width();
  for (int p = 0; p < l.packs; ++p) {
    S* here = b + l.at(p, 0);
    S const* first = first_.data() + p * nc;
    S const* next = next_.data() + p * nc;
    S const* back = by_first_.data() + static_cast<std::size_t>(p * (n - 1) * nc * nc);
    S const* ahead = by_next_.data() + static_cast<std::size_t>(p * (n - 1) * nc * nc);
    for (int i = 0; i < nc; ++i) here[i] = first[i];
    for (int m = 1; m < n; ++m) {
      for (int i = 0; i < nc; ++i, back += nc, ahead += nc) {
        S sum = here[m * width + i];
        for (int k = 0; k < nc; ++k) {
          add_product(sum, ahead[k], next[k]);
          subtract_product(sum, back[k], first[k]);
        }
        here[m * width + i] = sum;
      }
    }
  }
}

template <class S>
void Condensation<S>::solve(Discretisation const& d, S* b) {
  forward_places(d, b);
  solve_elements(d, b);
  solve_chain(d);
  back_substitute_elements(d, b);
  backward_places(d, b);
}

template class Condensation<Pack>;
template class Condensation<Complex<Pack>>;

}  // namespace kroma::chromatography
