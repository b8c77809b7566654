#include "problems/diffusion_couple/box_kernels.hpp"

#include <cmath>

#include "core/vectorised.hpp"

namespace kroma::diffusion_couple {
namespace {

/// On the host a row of cells is one piece of work, so that the compiler sees a loop; on a device a cell is.
constexpr bool kByRow = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible;

/// Rows that go through all planes before the next ones: so few that the planes before and after stay in the cache.
constexpr int kTile = 16;

/// Cells that are looked up in a table as one piece of work on the host.
constexpr std::int64_t kShare = 4096;

/// Strides and the neighbours of a cell. All coefficients of one kind lie at the same offset from each other.
template <int Dim, bool Edges>
struct Stencil {
  int n1, n2, w0, w1, c0, c1;  // cells; strides of padded arrays and of links
  std::int64_t points;

  explicit Stencil(Links const& links)
      : n1{links.n1},
        n2{links.n2},
        w0{(links.n1 + 2) * (links.n2 + 2)},
        w1{links.n2 + 2},
        c0{(links.n1 + 1) * (links.n2 + 1)},
        c1{links.n2 + 1},
        points{links.points()} {}

  KOKKOS_INLINE_FUNCTION std::int64_t padded(int i, int j, int k) const {
    return (Dim == 3 ? std::int64_t{i + 1} * w0 : 0) + std::int64_t{j + 1} * w1 + k + 1;
  }
  KOKKOS_INLINE_FUNCTION std::int64_t point(int i, int j, int k) const {
    return (Dim == 3 ? std::int64_t{i} * c0 : 0) + std::int64_t{j} * c1 + k;
  }
  KOKKOS_INLINE_FUNCTION int offset(int o0, int o1, int o2) const { return o0 * w0 + o1 * w1 + o2; }

  template <class Visit>
  KOKKOS_INLINE_FUNCTION void edge(double const* c, int stride_a, int stride_b, int axis_a, int axis_b,
                                   Visit const& visit) const {
    int const a0 = axis_a == 0, a1 = axis_a == 1, b1 = axis_b == 1, b2 = axis_b == 2;
    visit(-a0, -a1 - b1, -b2, c[0]);
    visit(a0, a1 + b1, b2, c[stride_a + stride_b]);
    visit(a0, a1 - b1, -b2, -c[stride_a]);
    visit(-a0, b1 - a1, b2, -c[stride_b]);
  }

  /// visit(o0, o1, o2, conductance) for every neighbour; c points to the cell's own point in the first row of links.
  template <class Visit>
  KOKKOS_INLINE_FUNCTION void operator()(double const* c, Visit const& visit) const {
    if constexpr (Dim == 3) {
      visit(-1, 0, 0, c[0]);
      visit(1, 0, 0, c[c0]);
      c += points;
    }
    visit(0, -1, 0, c[0]);
    visit(0, 1, 0, c[c1]);
    c += points;
    visit(0, 0, -1, c[0]);
    visit(0, 0, 1, c[1]);
    if constexpr (Edges) {
      c += points;
      if constexpr (Dim == 3) {
        edge(c, c0, c1, 0, 1, visit);
        c += points;
        edge(c, c0, 1, 0, 2, visit);
        c += points;
      }
      edge(c, c1, 1, 1, 2, visit);
    }
  }

  /// Sum over the neighbours of conductance times difference; w points to the cell in a padded array.
  KOKKOS_INLINE_FUNCTION double divergence(double const* w, double const* c) const {
    double const here = w[0];
    double sum = 0;
    (*this)(c,
            [&](int o0, int o1, int o2, double conductance) { sum += conductance * (w[offset(o0, o1, o2)] - here); });
    return sum;
  }
  KOKKOS_INLINE_FUNCTION double total(double const* c) const {
    double sum = 0;
    (*this)(c, [&](int, int, int, double conductance) { sum += conductance; });
    return sum;
  }
};

/// What `Work` does with a run of `count` cells of a row, the first of which is number `cell`.
struct Run {
  std::int64_t cell, padded, point;
  int count;
};

template <class Shape, class Work>
void sweep(char const* name, Space const& space, Links const& links, Shape const& shape, Work const& work) {
  int const width = kByRow ? links.n2 : 1, per_row = links.n2 / width;
  int const n0 = links.n0;
  auto const items = std::int64_t{links.n0} * links.n1 * per_row;
  Kokkos::parallel_for(
      name, Kokkos::RangePolicy<Space>(space, 0, items), KOKKOS_LAMBDA(std::int64_t const item) {
        auto const row = static_cast<int>(item / per_row);
        int const tile = row / (n0 * kTile), rest = row % (n0 * kTile);
        int const rows = shape.n1 - tile * kTile < kTile ? shape.n1 - tile * kTile : kTile;
        int const k = static_cast<int>(item % per_row) * width, i = rest / rows, j = tile * kTile + rest % rows;
        auto const cell = (std::int64_t{i} * shape.n1 + j) * shape.n2 + k;
        work(shape, Run{cell, shape.padded(i, j, k), shape.point(i, j, k), width});
      });
}

template <class Work>
void sweep(char const* name, Space const& space, Links const& links, Work const& work) {
  if (links.dimension == 2) {
    links.edges ? sweep(name, space, links, Stencil<2, true>{links}, work)
                : sweep(name, space, links, Stencil<2, false>{links}, work);
  } else {
    links.edges ? sweep(name, space, links, Stencil<3, true>{links}, work)
                : sweep(name, space, links, Stencil<3, false>{links}, work);
  }
}

/// out is never one of the inputs, which compilers have to be told: there are more of these than they would test.
struct ResidualWork {
  double a;
  double const *c, *W, *y, *known;
  double* out;
  template <class Shape>
  KROMA_VECTORISED KOKKOS_FUNCTION void run(Shape const& shape, int count, double const* w, double const* at,
                                            double const* own, double const* from, double* KOKKOS_RESTRICT to) const {
#pragma GCC ivdep
    for (int k = 0; k < count; ++k) to[k] = own[k] - from[k] - a * shape.divergence(w + k, at + k);
  }
  template <class Shape>
  KOKKOS_INLINE_FUNCTION void operator()(Shape const& shape, Run const& r) const {
    run(shape, r.count, W + r.padded, c + r.point, y + r.cell, known + r.cell, out + r.cell);
  }
};

struct JacobianWork {
  double a;
  double const *c, *x, *inverse;
  double* out;
  template <class Shape>
  KROMA_VECTORISED KOKKOS_FUNCTION void run(Shape const& shape, int count, double const* w, double const* at,
                                            double const* d, double* KOKKOS_RESTRICT to) const {
#pragma GCC ivdep
    for (int k = 0; k < count; ++k) to[k] = d[k] * w[k] - a * shape.divergence(w + k, at + k);
  }
  template <class Shape>
  KOKKOS_INLINE_FUNCTION void operator()(Shape const& shape, Run const& r) const {
    run(shape, r.count, x + r.padded, c + r.point, inverse + r.cell, out + r.cell);
  }
};

struct DiagonalWork {
  double a;
  double const *c, *inverse;
  double* out;
  template <class Shape>
  KOKKOS_INLINE_FUNCTION void operator()(Shape const& shape, Run const& r) const {
    for (int k = 0; k < r.count; ++k) out[r.cell + k] = inverse[r.cell + k] + a * shape.total(c + r.point + k);
  }
};

struct EntriesWork {
  double a;
  double const *c, *inverse;
  double* out;
  int width;
  template <class Shape>
  KOKKOS_INLINE_FUNCTION void operator()(Shape const& shape, Run const& r) const {
    for (int k = 0; k < r.count; ++k) {
      double* entry = out + (r.cell + k) * width;
      entry[0] = inverse[r.cell + k] + a * shape.total(c + r.point + k);
      shape(c + r.point + k, [&](int, int, int, double conductance) { *++entry = -a * conductance; });
    }
  }
};

struct FluxWork {
  Widths h;
  double const *c, *W;
  kroma::Matrix out;
  template <class Shape>
  KOKKOS_INLINE_FUNCTION void operator()(Shape const& shape, Run const& r) const {
    int const first = 3 - out.extent_int(1);
    for (int k = 0; k < r.count; ++k) {
      double const* w = W + r.padded + k;
      double sum[3] = {0, 0, 0};
      shape(c + r.point + k, [&](int o0, int o1, int o2, double conductance) {
        double const flux = -0.5 * conductance * (w[shape.offset(o0, o1, o2)] - w[0]);
        sum[0] += o0 * h.h0 * flux;
        sum[1] += o1 * h.h1 * flux;
        sum[2] += o2 * h.h2 * flux;
      });
      for (int d = first; d < 3; ++d) out(r.cell + k, d - first) = sum[d];
    }
  }
};

/// Calls work(stencil) with the stencil of the links.
template <class Work>
auto with_stencil(Links const& links, Work const& work) {
  if (links.dimension == 2) return links.edges ? work(Stencil<2, true>{links}) : work(Stencil<2, false>{links});
  return links.edges ? work(Stencil<3, true>{links}) : work(Stencil<3, false>{links});
}

template <int Dim, bool Edges>
double rate_through(Space const& space, Links const& links, Stencil<Dim, Edges> const& shape, bool high,
                    ConstVector W) {
  int const across = high ? 1 : -1, last = Dim == 3 ? links.n0 : links.n1, at = high ? last - 1 : 0;
  int const columns = links.n2, cells = (Dim == 3 ? links.n1 : 1) * columns;
  double const *c = links.value.data(), *w = W.data();
  double sum = 0;
  Kokkos::parallel_reduce(
      "diffusion_couple::end_rate", Kokkos::RangePolicy<Space>(space, 0, cells),
      KOKKOS_LAMBDA(int const cell, double& part) {
        int const i = Dim == 3 ? at : 0, j = Dim == 3 ? cell / columns : at, k = cell % columns;
        double const* own = w + shape.padded(i, j, k);
        shape(c + shape.point(i, j, k), [&](int o0, int o1, int o2, double conductance) {
          if ((Dim == 3 ? o0 : o1) == across) part += conductance * (own[shape.offset(o0, o1, o2)] - own[0]);
        });
      },
      sum);
  return sum;
}

/// Potentials and reciprocal coefficients of a run of cells.
KROMA_VECTORISED KOKKOS_FUNCTION void look_up(KirchhoffTable<Space>::Pieces const& table, double factor, std::int64_t n,
                                              double const* y, double* KOKKOS_RESTRICT W,
                                              double* KOKKOS_RESTRICT inverse) {
  for (std::int64_t i = 0; i < n; ++i) {
    auto const value = table(y[i]);
    W[i] = factor * value.potential;
    inverse[i] = 1 / (factor * value.coefficient);
  }
}

}  // namespace

void potentials(Space const& space, KirchhoffTable<Space> const& table, double factor, ConstVector y, Vector W,
                Vector inverse) {
  auto const pieces = table.pieces();
  std::int64_t const n = static_cast<std::int64_t>(y.extent(0)), share = kByRow ? kShare : 1;
  Kokkos::parallel_for(
      "diffusion_couple::potentials", Kokkos::RangePolicy<Space>(space, 0, (n + share - 1) / share),
      KOKKOS_LAMBDA(std::int64_t const i) {
        auto const from = i * share, left = n - from;
        look_up(pieces, factor, left < share ? left : share, &y(from), &W(from), &inverse(from));
      });
}

void residual(Space const& space, Links const& links, double a, ConstVector W, ConstVector y, ConstVector known,
              Vector out) {
  sweep("diffusion_couple::residual", space, links,
        ResidualWork{a, links.value.data(), W.data(), y.data(), known.data(), out.data()});
}

void jacobian(Space const& space, Links const& links, double a, ConstVector x, ConstVector inverse, Vector out) {
  sweep("diffusion_couple::jacobian", space, links,
        JacobianWork{a, links.value.data(), x.data(), inverse.data(), out.data()});
}

void jacobian_diagonal(Space const& space, Links const& links, double a, ConstVector inverse, Vector out) {
  sweep("diffusion_couple::jacobian_diagonal", space, links,
        DiagonalWork{a, links.value.data(), inverse.data(), out.data()});
}

void jacobian_entries(Space const& space, Links const& links, double a, ConstVector inverse, Vector out) {
  sweep("diffusion_couple::jacobian_entries", space, links,
        EntriesWork{a, links.value.data(), inverse.data(), out.data(), 1 + links.neighbours()});
}

std::vector<int> neighbour_offsets(Links const& links) {
  std::vector<double> const none(static_cast<std::size_t>(links.rows() * links.points()) + 1);
  std::vector<int> offsets;
  with_stencil(links, [&](auto const& shape) {
    shape(none.data(), [&](int o0, int o1, int o2, double) { offsets.push_back(shape.offset(o0, o1, o2)); });
  });
  return offsets;
}

void cell_flux(Space const& space, Links const& links, Widths h, ConstVector W, kroma::Matrix out) {
  sweep("diffusion_couple::cell_flux", space, links, FluxWork{h, links.value.data(), W.data(), out});
}

double end_rate(Space const& space, Links const& links, bool high, ConstVector W) {
  return with_stencil(links, [&](auto const& shape) { return rate_through(space, links, shape, high, W); });
}

double update(Space const& space, ConstVector z, ConstVector inverse, Vector y) {
  double largest = 0, sum = 0;
  Kokkos::parallel_reduce(
      "diffusion_couple::update", Kokkos::RangePolicy<Space>(space, 0, y.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i, double& most, double& total) {
        double const change = z(i) * inverse(i), size = std::fabs(change);
        y(i) += change;
        most = most > size ? most : size;
        total += change;
      },
      Kokkos::Max<double>(largest), sum);
  return std::isfinite(sum) ? largest : sum - sum;
}

double careful_sum(Space const& space, ConstVector x, int n) {
  auto const rows = static_cast<std::int64_t>(x.extent(0)) / n;
  Vector const sums{"sums", static_cast<std::size_t>(rows)};
  Kokkos::parallel_for(
      "diffusion_couple::careful_sum", Kokkos::RangePolicy<Space>(space, 0, rows),
      KOKKOS_LAMBDA(std::int64_t const row) {
        double sum = 0;
        for (int k = 0; k < n; ++k) sum += x(row * n + k);
        sums(row) = sum;
      });
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, sums);
  for (std::int64_t step = 1; step < rows; step *= 2) {
    for (std::int64_t i = 0; i + step < rows; i += 2 * step) host(i) += host(i + step);
  }
  return rows > 0 ? host(0) : 0.0;
}

void fill_end(Space const& space, Links const& links, bool high, double value, Vector padded) {
  std::int64_t const row = links.n2 + 2, layer = links.dimension == 3 ? (links.n1 + 2) * row : row;
  std::int64_t const from = high ? ((links.dimension == 3 ? links.n0 : links.n1) + 1) * layer : 0;
  Kokkos::parallel_for(
      "diffusion_couple::fill_end", Kokkos::RangePolicy<Space>(space, from, from + layer),
      KOKKOS_LAMBDA(std::int64_t const i) { padded(i) = value; });
}

}  // namespace kroma::diffusion_couple
