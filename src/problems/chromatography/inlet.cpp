#include "problems/chromatography/inlet.hpp"

#include "linalg/dense.hpp"

namespace kroma::chromatography {
namespace {

/// (section, component) of one member of the sections.
Matrix gather(Column const& column, std::vector<double> Section::*member) {
  HostMatrix const host{"inlet", column.sections.size(), column.count()};
  for (std::size_t j = 0; j < column.sections.size(); ++j) {
    auto const& values = column.sections[j].*member;
    for (std::size_t i = 0; i < column.count(); ++i) host(j, i) = values.empty() ? 0.0 : values[i];
  }
  return linalg::to_device(host);
}

}  // namespace

Inlet make_inlet(Column const& column) {
  std::vector<double> edges{0};
  for (auto const& s : column.sections) edges.push_back(s.end);
  return {to_device(edges), gather(column, &Section::concentration), gather(column, &Section::slope),
          gather(column, &Section::quadratic), gather(column, &Section::cubic)};
}

Vector to_device(std::vector<double> const& values) {
  Vector const device{"values", values.size()};
  Kokkos::View<double const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> const host{values.data(),
                                                                                                     values.size()};
  Kokkos::deep_copy(device, host);
  return device;
}

}  // namespace kroma::chromatography
