// The steps of Condensation::solve() transposed, in the opposite order.
#include "problems/chromatography/condensation.hpp"
#include "problems/chromatography/node_groups.hpp"

namespace kroma::chromatography {
namespace {

/// x <- a^-T x with the factors of factor_lu, for an x of `groups` runs of `size` entries, `stride` apart.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_lu_transposed(int groups, int size, int stride, S const* a, S* x) {
  int const n = groups * size;
  auto const at = [=](int row) { return row / size * stride + row % size; };
  for (int row = 0; row < n; ++row) {
    S sum = x[at(row)];
    for (int m = 0; m < row; ++m) sum -= a[m * n + row] * x[at(m)];
    x[at(row)] = sum * a[row * n + row];
  }
  for (int row = n; row-- > 0;) {
    S sum = x[at(row)];
    for (int m = row + 1; m < n; ++m) sum -= a[m * n + row] * x[at(m)];
    x[at(row)] = sum;
  }
}

}  // namespace

/// Bound amounts back into their liquids, liquids of particles into the fluid.
template <class S>
KROMA_VECTORISED void Condensation<S>::backward_places_transposed(Discretisation const& d, S* x) {
  auto const& l = d.layout();
  int const nc = l.components, nb = l.bound, stride = l.stride(), width = l.width();
  for (std::size_t group = 0; group < l.groups(); ++group) {
    auto const factors = factors_of(group);
    S* b = (l.paired() ? together_.data() : x) + group * static_cast<std::size_t>(width);
    if (l.paired()) gather(l, group, width, x, 0, width, b);
    S const* g = bound_by_liquid_.data() + factors * static_cast<std::size_t>(l.places * nb * nc);
    for (int k = 0; k < l.places; ++k, g += nb * nc) {
      S* liquid = b + l.place(k);
      S const* bound = liquid + nc;
      for (int j = 0; j < nb; ++j) {
        for (int i = 0; i < nc; ++i) add_product(liquid[i], g[j * nc + i], bound[j]);
      }
    }
    for (std::size_t t = 0; t < d.kinds().size(); ++t) {
      auto const& kind = d.kinds()[t];
      S const* pores = b + l.place(kind.first);
      S const* part = particle_by_fluid_[t].data() + factors * static_cast<std::size_t>(kind.points * nc * nc);
      for (int row = 0; row < kind.points * nc; ++row, part += nc) {
        for (int j = 0; j < nc; ++j) add_product(b[j], part[j], pores[row / nc * stride + row % nc]);
      }
    }
    if (l.paired()) scatter(l, group, width, b, 0, nc, x);
  }
}

/// Inner nodes into the first nodes of their element and of the next one: right-hand sides of the chain.
template <class S>
KROMA_VECTORISED void Condensation<S>::back_substitute_transposed(Discretisation const& d, S const* b) {
  auto const& l = d.layout();
  int const nc = l.components, n = l.nodes, width = l.width();
  for (int p = 0; p < l.packs; ++p) {
    S const* here = b + l.at(p, 0);
    S const* back = by_first_.data() + static_cast<std::size_t>(p * (n - 1) * nc * nc);
    S const* ahead = by_next_.data() + static_cast<std::size_t>(p * (n - 1) * nc * nc);
    for (int k = 0; k < nc; ++k) {
      S first = here[k], next(0.0);
      for (int m = 1; m < n; ++m) {
        for (int i = 0; i < nc; ++i) {
          S const x = here[m * width + i];
          first -= back[((m - 1) * nc + i) * nc + k] * x;
          next += ahead[((m - 1) * nc + i) * nc + k] * x;
        }
      }
      for (int lane = 0; lane < kWidth; ++lane) {
        auto const at = static_cast<std::size_t>((p * kWidth + lane) * nc + k);
        chain_rhs_[at] = Number<S>::lane(first, lane);
        pushed_[at] = Number<S>::lane(next, lane);
      }
    }
  }
}

template <class S>
void Condensation<S>::solve_chain_transposed(Discretisation const& d) {
  int const nc = d.layout().components, elements = d.layout().elements;
  auto const count = static_cast<std::size_t>(nc);
  for (int e = 0; e + 1 < elements; ++e) {
    auto const at = static_cast<std::size_t>(e) * count;
    Single* y = chain_rhs_.data() + at;
    Single const* next = chain_next_.data() + at * count;
    for (int k = 0; k < nc; ++k) {
      Single sum = pushed_[at + static_cast<std::size_t>(k)];
      for (int i = 0; i < nc; ++i) sum += next[i * nc + k] * y[i];
      y[nc + k] += sum;
    }
  }
  for (int e = elements; e-- > 0;) {
    auto const at = static_cast<std::size_t>(e) * count;
    Single* y = chain_rhs_.data() + at;
    Single const* before = chain_before_.data() + at * count;
    solve_lu_transposed(1, nc, 0, chain_.data() + at * count, y);
    for (int k = 0; e > 0 && k < nc; ++k) {
      for (int i = 0; i < nc; ++i) y[k - nc] += before[i * nc + k] * y[i];
    }
    for (int i = 0; i < nc; ++i) {
      auto const k = static_cast<std::size_t>(i);
      Number<S>::set(first_[static_cast<std::size_t>(e / kWidth) * count + k], e % kWidth, y[i]);
      if (e > 0) Number<S>::set(next_[static_cast<std::size_t>((e - 1) / kWidth) * count + k], (e - 1) % kWidth, y[i]);
    }
  }
}

template <class S>
KROMA_VECTORISED void Condensation<S>::solve_elements_transposed(Discretisation const& d, S* b) const {
  auto const& l = d.layout();
  int const nc = l.components, n = l.nodes, inner = (n - 1) * nc, width = l.width();
  for (int p = 0; p < l.packs; ++p) {
    S* here = b + l.at(p, 0);
    for (int i = 0; i < nc; ++i) {
      Pack const* own = d.axial(i).own.data() + static_cast<std::size_t>(p * n * n);
      Pack const* push = d.axial(i).push.data() + static_cast<std::size_t>(p * n);
      S const first = first_[static_cast<std::size_t>(p * nc + i)], next = next_[static_cast<std::size_t>(p * nc + i)];
      here[i] = first;
      for (int m = 1; m < n; ++m) here[m * width + i] += scaled(own[m], first) + scaled(push[m], next);
    }
    solve_lu_transposed(n - 1, nc, width, inner_factors_.data() + static_cast<std::size_t>(p * inner * inner),
                        here + width);
  }
}

/// The fluid into particles, liquids into bound amounts.
template <class S>
KROMA_VECTORISED void Condensation<S>::forward_places_transposed(Discretisation const& d, S* x) {
  auto const& l = d.layout();
  int const nc = l.components, nb = l.bound, stride = l.stride(), width = l.width();
  double const* carried = d.carried().data();
  for (std::size_t group = 0; group < l.groups(); ++group) {
    auto const factors = factors_of(group);
    S* b = (l.paired() ? together_.data() : x) + group * static_cast<std::size_t>(width);
    if (l.paired()) gather(l, group, width, x, 0, nc, b);
    Pack const exists = d.exists(group);
    for (std::size_t t = 0; t < d.kinds().size(); ++t) {
      auto const& kind = d.kinds()[t];
      int const points = kind.points, n = points * nc;
      S* pores = b + l.place(kind.first);
      for (int i = 0; i < nc; ++i) {
        Pack const sink = exists * Pack(kind.sink[static_cast<std::size_t>(i)]);
        add_product(pores[(points - 1) * stride + i], sink, b[i]);
      }
      S const* a = particle_factors_[t].data() + factors * static_cast<std::size_t>(n * n);
      solve_lu_transposed(points, nc, stride, a, pores);
      for (int e = 0; !kind.surface.empty() && e < points * points * nb; ++e) {
        int const r = e / (points * nb), q = e / nb % points, j = e % nb;
        double const spread =
            kind.basis.laplacian[static_cast<std::size_t>(r * points + q)] *
            kind.surface[static_cast<std::size_t>(d.sorption().component[static_cast<std::size_t>(j)])];
        for (int i = 0; i < nc; ++i) {
          subtract_product(pores[q * stride + nc + j], Pack(spread * carried[i * nb + j]), pores[r * stride + i]);
        }
      }
    }
    S const* bound_factors = bound_factors_.data() + factors * static_cast<std::size_t>(l.places * nb * nb);
    for (int k = 0; k < l.places; ++k, bound_factors += nb * nb) {
      S const* liquid = b + l.place(k);
      S* bound = b + l.place(k) + nc;
      Pack const ratio(d.phase_ratio(k));
      for (int j = 0; j < nb; ++j) {
        for (int i = 0; i < nc; ++i) {
          if (carried[i * nb + j] != 0) bound[j] -= sigma_ * scaled(ratio * Pack(carried[i * nb + j]), liquid[i]);
        }
      }
      solve_lu_transposed(1, nb, 0, bound_factors, bound);
    }
    if (l.paired()) scatter(l, group, width, b, 0, width, x);
  }
}

template <class S>
void Condensation<S>::solve_transposed(Discretisation const& d, S* b) {
  backward_places_transposed(d, b);
  back_substitute_transposed(d, b);
  solve_chain_transposed(d);
  solve_elements_transposed(d, b);
  forward_places_transposed(d, b);
}

template void Condensation<Pack>::solve_transposed(Discretisation const&, Pack*);
template void Condensation<Complex<Pack>>::solve_transposed(Discretisation const&, Complex<Pack>*);

}  // namespace kroma::chromatography
