#include "problems/gp_pde/posterior_kernels.hpp"

#include <cstdint>

namespace kroma::gp_pde {

using Entries = Kokkos::RangePolicy<Space, Kokkos::IndexType<std::int64_t>>;

void multiply_by(Space const& space, ConstTensor factors, Tensor x) {
  ConstVector const from(factors.data(), factors.size());
  Vector const to(x.data(), x.size());
  Kokkos::parallel_for(
      "gp_pde::multiply_by", Entries(space, 0, static_cast<std::int64_t>(to.extent(0))),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) *= from(i); });
}

void scale(Space const& space, double factor, Tensor x) {
  Vector const to(x.data(), x.size());
  Kokkos::parallel_for(
      "gp_pde::scale", Entries(space, 0, static_cast<std::int64_t>(to.extent(0))),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) *= factor; });
}

void add_square(Space const& space, double factor, ConstTensor x, Tensor sum) {
  ConstVector const from(x.data(), x.size());
  Vector const to(sum.data(), sum.size());
  Kokkos::parallel_for(
      "gp_pde::add_square", Entries(space, 0, static_cast<std::int64_t>(to.extent(0))),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) += factor * from(i) * from(i); });
}

}  // namespace kroma::gp_pde
