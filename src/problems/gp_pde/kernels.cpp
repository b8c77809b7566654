#include "problems/gp_pde/kernels.hpp"

#include <cmath>

namespace kroma::gp_pde {
namespace {

using Rows = Kokkos::RangePolicy<Space>;

Rows rows_of(Space const& space, ConstTensor x) { return Rows(space, 0, x.extent_int(0) * x.extent_int(1)); }

}  // namespace

void divide_by_root(Space const& space, Diagonal const& diagonal, ConstTensor x, Tensor y) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Diagonal const d = diagonal;
  Kokkos::parallel_for(
      "gp_pde::divide_by_root", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        for (int k = 0; k < n2; ++k) y(i, j, k) = x(i, j, k) / d.root(i, j, k);
      });
}

void finish_normal_product(Space const& space, Diagonal const& diagonal, ConstTensor coupling, ConstTensor x,
                           Tensor y) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Diagonal const d = diagonal;
  Kokkos::parallel_for(
      "gp_pde::finish_normal_product", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        for (int k = 0; k < n2; ++k) {
          y(i, j, k) = (coupling(i, j, k) + d(i, j, k) * x(i, j, k)) / d.root(i, j, k);
        }
      });
}

void divide_by_root(Space const& space, Diagonal const& diagonal, ConstTensor x, TensorOf<float> y) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Diagonal const d = diagonal;
  Kokkos::parallel_for(
      "gp_pde::divide_by_root_single", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        for (int k = 0; k < n2; ++k) y(i, j, k) = static_cast<float>(x(i, j, k) / d.root(i, j, k));
      });
}

void finish_normal_product(Space const& space, Diagonal const& diagonal, TensorOf<float const> coupling, ConstTensor x,
                           Tensor y) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Diagonal const d = diagonal;
  Kokkos::parallel_for(
      "gp_pde::finish_normal_product_single", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        for (int k = 0; k < n2; ++k) {
          double const root = d.root(i, j, k);
          y(i, j, k) = (coupling(i, j, k) + d(i, j, k) * x(i, j, k) / root) / root;
        }
      });
}

void divide_by(Space const& space, Diagonal const& diagonal, double floor, ConstTensor x, Tensor y) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Diagonal const d = diagonal;
  Kokkos::parallel_for(
      "gp_pde::divide_by", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        for (int k = 0; k < n2; ++k) {
          double const dd = d(i, j, k), size = std::fabs(dd) > floor ? std::fabs(dd) : floor;
          y(i, j, k) = x(i, j, k) / (dd < 0 ? -size : size);
        }
      });
}

void multiply(Space const& space, ConstTensor weight, ConstTensor x, Tensor y) {
  ConstVector const w(weight.data(), weight.size()), from(x.data(), x.size());
  Vector const to(y.data(), y.size());
  Kokkos::parallel_for(
      "gp_pde::multiply", Rows(space, 0, to.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) = w(i) * from(i); });
}

void add_product(Space const& space, ConstTensor weight, ConstTensor x, Tensor y) {
  ConstVector const w(weight.data(), weight.size()), from(x.data(), x.size());
  Vector const to(y.data(), y.size());
  Kokkos::parallel_for(
      "gp_pde::add_product", Rows(space, 0, to.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) += w(i) * from(i); });
}

void add(Space const& space, double factor, ConstTensor x, Tensor y) {
  ConstVector const from(x.data(), x.size());
  Vector const to(y.data(), y.size());
  Kokkos::parallel_for(
      "gp_pde::add", Rows(space, 0, to.extent(0)), KOKKOS_LAMBDA(std::int64_t const i) { to(i) += factor * from(i); });
}

void subtract_from(Space const& space, ConstTensor x, Tensor y) {
  ConstVector const from(x.data(), x.size());
  Vector const to(y.data(), y.size());
  Kokkos::parallel_for(
      "gp_pde::subtract_from", Rows(space, 0, to.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) = from(i) - to(i); });
}

void scale_axes(Space const& space, ConstVector a, ConstVector b, ConstVector c, Tensor x) {
  int const n1 = x.extent_int(1), n2 = x.extent_int(2);
  Kokkos::parallel_for(
      "gp_pde::scale_axes", rows_of(space, x), KOKKOS_LAMBDA(int const row) {
        int const i = row / n1, j = row % n1;
        double const ab = a(i) * b(j);
        for (int k = 0; k < n2; ++k) x(i, j, k) *= ab * c(k);
      });
}

double sum_of_squares(Space const& space, ConstTensor x) {
  ConstVector const flat(x.data(), x.size());
  double sum = 0;
  Kokkos::parallel_reduce(
      "gp_pde::sum_of_squares", Rows(space, 0, flat.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i, double& partial) { partial += flat(i) * flat(i); }, sum);
  return sum;
}

double largest_modulus(Space const& space, ConstTensor x) {
  ConstVector const flat(x.data(), x.size());
  double largest = 0;
  Kokkos::parallel_reduce(
      "gp_pde::largest_modulus", Rows(space, 0, flat.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i, double& partial) {
        double const value = std::fabs(flat(i));
        if (value > partial) partial = value;
      },
      Kokkos::Max<double>(largest));
  return largest > 0 ? largest : 0.0;  // the maximum of nothing is the smallest double
}

void largest_power(Space const& space, ConstTensor cosine, ConstTensor sine, int axis, Vector power) {
  int left = 1, right = 1;
  for (int other = 0; other < 3; ++other) {
    if (other < axis) left *= cosine.extent_int(other);
    if (other > axis) right *= cosine.extent_int(other);
  }
  int const count = cosine.extent_int(axis), fibres = left * right;
  ConstVector const c(cosine.data(), cosine.size()), s(sine.data(), sine.size());
  using Team = Kokkos::TeamPolicy<Space>;
  Kokkos::parallel_for(
      "gp_pde::largest_power", Team(space, count, Kokkos::AUTO), KOKKOS_LAMBDA(Team::member_type const& team) {
        int const f = team.league_rank();
        double largest = 0;
        Kokkos::parallel_reduce(
            Kokkos::TeamThreadRange(team, fibres),
            [&](int const fibre, double& partial) {
              auto const at = (static_cast<std::int64_t>(fibre / right) * count + f) * right + fibre % right;
              double const value = c(at) * c(at) + s(at) * s(at);
              if (value > partial) partial = value;
            },
            Kokkos::Max<double>(largest));
        Kokkos::single(Kokkos::PerTeam(team), [&] { power(f) = largest > 0 ? largest : 0.0; });
      });
}

}  // namespace kroma::gp_pde
