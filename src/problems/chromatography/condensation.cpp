#include "problems/chromatography/condensation.hpp"

#include <algorithm>

#include "problems/chromatography/node_groups.hpp"

namespace kroma::chromatography {
namespace {

std::size_t area(int rows, int columns) { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }

}  // namespace

template <class S>
Condensation<S>::Condensation(Discretisation const& d) : alike_{d.sorption().linear} {
  auto const& l = d.layout();
  int const nc = l.components, nb = l.bound, inner = (l.nodes - 1) * nc;
  auto const groups = alike_ ? 1 : l.groups(), packs = static_cast<std::size_t>(l.packs), elements = packs * kWidth;
  auto const places = groups * static_cast<std::size_t>(l.places);
  bound_factors_.resize(places * area(nb, nb));
  bound_by_liquid_.resize(places * area(nb, nc));
  local_.resize(l.points() * area(nc, nc));
  if (l.paired()) together_.resize(l.groups() * static_cast<std::size_t>(l.width()));
  liquid_.resize(area(l.places * nc, nc));
  fluid_.resize(area(nc, nc));
  by_c_.resize(area(nb, nc));
  by_q_.resize(area(nb, nb));
  for (auto const& kind : d.kinds()) {
    int const n = kind.points * nc;
    particle_factors_.emplace_back(groups * area(n, n));
    particle_by_fluid_.emplace_back(groups * area(n, nc));
  }
  inner_factors_.resize(packs * area(inner, inner));
  for (auto* list : {&by_first_, &by_next_}) list->resize(packs * area(inner, nc));
  for (auto* list : {&first_row_, &row_next_, &row_before_, &row_fill_}) list->resize(packs * area(nc, nc));
  for (auto* list : {&chain_, &chain_next_, &chain_before_}) list->resize(elements * area(nc, nc));
  for (auto* list : {&chain_rhs_, &pushed_}) list->resize(elements * static_cast<std::size_t>(nc));
  for (auto* list : {&first_, &next_}) list->resize(packs * static_cast<std::size_t>(nc), S(0.0));
}

/// What happens at the places of every node, taken out of the fluid's rows.
template <class S>
KROMA_VECTORISED void Condensation<S>::eliminate_places(Discretisation const& d, SorptionJacobian const& jacobian) {
  auto const& l = d.layout();
  with_counts(l, [&](auto const count) KROMA_INLINED {
    int const size = count.components * count.components;
    for (std::size_t group = 0; group < (alike_ ? 1 : l.groups()); ++group) {
      eliminate_bound(count, d, jacobian, group);
      if (l.particles) eliminate_particles(count, d, group);
      S const* fluid = l.particles ? fluid_.data() : liquid_.data();
      if (!alike_ && l.paired()) {
        scatter(l, group, size, fluid, 0, size, local_.data());
      } else {
        for (std::size_t p = group; p < (alike_ ? l.points() : group + 1); ++p) {
          for (int k = 0; k < size; ++k)
            local_[p * static_cast<std::size_t>(size) + static_cast<std::size_t>(k)] = fluid[k];
        }
      }
    }
  });
}

/// M, M^-1 R_c, and the liquid's block sigma (1 + F Gamma M^-1 R_c) at every place of a group.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::eliminate_bound(Counts count, Discretisation const& d,
                                                                  SorptionJacobian const& jacobian, std::size_t group) {
  auto const& l = d.layout();
  int const nc = count.components, nb = count.bound, places = l.places;
  double const* carried = d.carried().data();
  for (int k = 0; k < places; ++k) {
    auto const place = group * static_cast<std::size_t>(places) + static_cast<std::size_t>(k);
    S* m = bound_factors_.data() + place * area(nb, nb);
    S* g = bound_by_liquid_.data() + place * area(nb, nc);
    S* block = liquid_.data() + k * nc * nc;
    Pack const* by_q = jacobian.by_q.data() + place * area(nb, nb);
    Pack const* by_c = jacobian.by_c.data() + place * area(nb, nc);
    if (l.paired()) {
      gather(l, group, places * nb * nb, jacobian.by_q.data(), k * nb * nb, nb * nb, by_q_.data());
      gather(l, group, places * nb * nc, jacobian.by_c.data(), k * nb * nc, nb * nc, by_c_.data());
      by_q = by_q_.data();
      by_c = by_c_.data();
    }
    for (int e = 0; e < nb * nb; ++e) m[e] = scaled(by_q[e], S(-1.0));
    for (int b = 0; b < nb; ++b) {
      if (d.sorption().holds(b)) m[b * nb + b] += sigma_;
    }
    factor_lu(nb, m);
    for (int e = 0; e < nb * nc; ++e) g[e] = scaled(by_c[e], S(1.0));
    solve_lu(nb, m, g, nc);
    Pack const ratio(d.phase_ratio(k));
    for (int i = 0; i < nc; ++i) {
      for (int j = 0; j < nc; ++j) {
        S sum(i == j ? 1.0 : 0.0);
        for (int b = 0; b < nb; ++b) {
          if (carried[i * nb + b] != 0) add_product(sum, ratio * Pack(carried[i * nb + b]), g[b * nc + j]);
        }
        block[i * nc + j] = sigma_ * sum;
      }
    }
  }
}

/// The rows of the points of a particle: liquids' blocks, diffusion in the pores and, with M^-1 R_c, along surfaces.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::fill_particles(Counts count, Discretisation const& d, std::size_t t,
                                                                 S const* g, S* a) const {
  auto const& kind = d.kinds()[t];
  int const nc = count.components, nb = count.bound, points = kind.points, n = points * nc;
  S const* block = liquid_.data() + kind.first * nc * nc;
  for (int e = 0; e < n * n; ++e) a[e] = S(0.0);
  for (int r = 0; r < points; ++r, block += nc * nc) {
    for (int i = 0; i < nc; ++i) {
      S* row = a + (r * nc + i) * n;
      for (int j = 0; j < nc; ++j) row[r * nc + j] = block[i * nc + j];
      for (int m = 0; m < points; ++m) {
        row[m * nc + i] += S(kind.diffusion[static_cast<std::size_t>(i)] *
                             kind.basis.laplacian[static_cast<std::size_t>(r * points + m)]);
      }
    }
  }
  for (int e = 0; !kind.surface.empty() && e < points * points; ++e) {
    int const r = e / points, m = e % points;
    for (int b = 0; b < nb; ++b) {
      double const spread = kind.basis.laplacian[static_cast<std::size_t>(e)] *
                            kind.surface[static_cast<std::size_t>(d.sorption().component[static_cast<std::size_t>(b)])];
      for (int i = 0; i < nc; ++i) {
        Pack const share(spread * d.carried()[static_cast<std::size_t>(i * nb + b)]);
        for (int j = 0; j < nc; ++j) add_product(a[(r * nc + i) * n + m * nc + j], share, g[(m * nb + b) * nc + j]);
      }
    }
  }
}

/// Factors of the points of each particle, and the fluid's rows with what they add.
template <class S>
template <class Counts>
KOKKOS_FORCEINLINE_FUNCTION void Condensation<S>::eliminate_particles(Counts count, Discretisation const& d,
                                                                      std::size_t group) {
  auto const& l = d.layout();
  int const nc = count.components, nb = count.bound;
  S* fluid = fluid_.data();
  Pack const exists = d.exists(group);
  for (int k = 0; k < nc * nc; ++k) fluid[k] = k % (nc + 1) == 0 ? sigma_ : S(0.0);
  for (std::size_t t = 0; t < d.kinds().size(); ++t) {
    auto const& kind = d.kinds()[t];
    int const n = kind.points * nc, surface = (kind.points - 1) * nc;
    S* a = particle_factors_[t].data() + group * area(n, n);
    S* x = particle_by_fluid_[t].data() + group * area(n, nc);
    auto const first = group * static_cast<std::size_t>(l.places) + static_cast<std::size_t>(kind.first);
    fill_particles(count, d, t, bound_by_liquid_.data() + first * area(nb, nc), a);
    for (int e = 0; e < n * nc; ++e) x[e] = S(0.0);
    for (int i = 0; i < nc; ++i) {
      Pack const supply = exists * Pack(kind.supply[static_cast<std::size_t>(i)]);
      a[(surface + i) * n + surface + i] += scaled(supply, S(1.0));
      x[(surface + i) * nc + i] = scaled(supply, S(1.0));
    }
    factor_lu(n, a);
    solve_lu(n, a, x, nc);
    for (int i = 0; i < nc; ++i) {
      Pack const sink = exists * Pack(kind.sink[static_cast<std::size_t>(i)]);
      fluid[i * nc + i] += scaled(sink, S(1.0));
      for (int j = 0; j < nc; ++j) subtract_product(fluid[i * nc + j], sink, x[(surface + i) * nc + j]);
    }
  }
}

/// Factors of the inner nodes of all elements, and the rows of the first nodes without them.
template <class S>
KROMA_VECTORISED void Condensation<S>::eliminate_elements(Discretisation const& d) {
  auto const& l = d.layout();
  int const nc = l.components, n = l.nodes, inner = (n - 1) * nc;
  S const* locals = local_.data();
  for (int p = 0; p < l.packs; ++p) {
    auto const pack = static_cast<std::size_t>(p);
    S* a = inner_factors_.data() + pack * area(inner, inner);
    S* back = by_first_.data() + pack * area(inner, nc);
    S* ahead = by_next_.data() + pack * area(inner, nc);
    S const* local = locals + pack * static_cast<std::size_t>(n) * area(nc, nc);
    std::fill_n(a, inner * inner, S(0.0));
    std::fill_n(back, inner * nc, S(0.0));
    std::fill_n(ahead, inner * nc, S(0.0));
    for (int j = 1; j < n; ++j) {
      for (int i = 0; i < nc; ++i) {
        int const row = (j - 1) * nc + i;
        Pack const* own = d.axial(i).own.data() + pack * area(n, n) + j * n;
        for (int k = 0; k < nc; ++k) a[row * inner + (j - 1) * nc + k] = local[j * nc * nc + i * nc + k];
        for (int m = 1; m < n; ++m) a[row * inner + (m - 1) * nc + i] -= scaled(own[m], S(1.0));
        back[row * nc + i] = scaled(own[0], S(-1.0));
        ahead[row * nc + i] =
            scaled(d.axial(i).right[pack * static_cast<std::size_t>(n) + static_cast<std::size_t>(j)], S(1.0));
      }
    }
    factor_lu(inner, a);
    solve_lu(inner, a, back, nc);
    solve_lu(inner, a, ahead, nc);
    S* first = first_row_.data() + pack * area(nc, nc);
    S* next = row_next_.data() + pack * area(nc, nc);
    S* before = row_before_.data() + pack * area(nc, nc);
    S* fill = row_fill_.data() + pack * area(nc, nc);
    for (int i = 0; i < nc; ++i) {
      Pack const* own = d.axial(i).own.data() + pack * area(n, n);
      Pack const* push = d.axial(i).push.data() + pack * static_cast<std::size_t>(n);
      for (int k = 0; k < nc; ++k) {
        int const at = i * nc + k;
        first[at] = local[at];
        next[at] = before[at] = fill[at] = S(0.0);
        if (i == k) {
          first[at] -= scaled(own[0], S(1.0));
          next[at] = scaled(d.axial(i).right[pack * static_cast<std::size_t>(n)], S(1.0));
          before[at] = scaled(push[0], S(1.0));
        }
        for (int m = 1; m < n; ++m) {
          S const& from_first = back[((m - 1) * nc + i) * nc + k];
          S const& from_next = ahead[((m - 1) * nc + i) * nc + k];
          add_product(first[at], own[m], from_first);
          add_product(next[at], own[m], from_next);
          subtract_product(before[at], push[m], from_first);
          add_product(fill[at], push[m], from_next);
        }
      }
    }
  }
}

/// Block elimination along the column: x_e = y_e + chain_next_e x_(e+1).
template <class S>
void Condensation<S>::factor_chain(Discretisation const& d) {
  int const nc = d.layout().components;
  auto const size = area(nc, nc);
  for (int e = 0; e < d.layout().elements; ++e) {
    auto const pack = static_cast<std::size_t>(e / kWidth);
    int const lane = e % kWidth;
    Single* diagonal = chain_.data() + static_cast<std::size_t>(e) * size;
    Single* next = chain_next_.data() + static_cast<std::size_t>(e) * size;
    Single* before = chain_before_.data() + static_cast<std::size_t>(e) * size;
    for (std::size_t k = 0; k < size; ++k) {
      diagonal[k] = Number<S>::lane(first_row_[pack * size + k], lane);
      next[k] = Number<S>::lane(row_next_[pack * size + k], lane);
    }
    if (e > 0) {
      auto const left = static_cast<std::size_t>((e - 1) / kWidth);
      for (std::size_t k = 0; k < size; ++k) {
        before[k] = Number<S>::lane(row_before_[left * size + k], (e - 1) % kWidth);
        diagonal[k] -= Number<S>::lane(row_fill_[left * size + k], (e - 1) % kWidth);
      }
      Single const* above = next - size;
      for (int i = 0; i < nc; ++i) {
        for (int j = 0; j < nc; ++j) {
          for (int k = 0; k < nc; ++k) diagonal[i * nc + j] -= before[i * nc + k] * above[k * nc + j];
        }
      }
    }
    factor_lu(nc, diagonal);
    solve_lu(nc, diagonal, next, nc);
  }
}

template <class S>
void Condensation<S>::factor(Discretisation const& d, SorptionJacobian const& jacobian, Single sigma) {
  for (int l = 0; l < kWidth; ++l) Number<S>::set(sigma_, l, sigma);
  eliminate_places(d, jacobian);
  eliminate_elements(d);
  factor_chain(d);
}

template class Condensation<Pack>;
template class Condensation<Complex<Pack>>;

}  // namespace kroma::chromatography
