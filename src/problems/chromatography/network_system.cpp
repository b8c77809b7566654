#include "problems/chromatography/network_system.hpp"

#include <utility>

#include "linalg/dense.hpp"
#include "problems/chromatography/transform.hpp"

namespace kroma::chromatography {

Column flowing_column(Network const& network, std::size_t u) {
  auto column = network.units[u].column;
  column.flow.velocity = network.schedule.front().inflow[u] / network.units[u].fluid_section;
  return column;
}

std::vector<UnitTransfer> unit_transfers(Network const& network, std::size_t i) {
  std::vector<UnitTransfer> units;
  auto const& c = network.schedule.front();
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    auto const kind = network.units[u].kind;
    UnitTransfer t;
    t.is_inlet = kind == UnitKind::inlet;
    t.is_column = kind == UnitKind::column;
    if (kind == UnitKind::tank) t.residence = network.units[u].volume / c.outflow[u];
    if (t.is_column) t.column = make_transfers(flowing_column(network, u))[i];
    units.push_back(t);
  }
  return units;
}

std::vector<double> inflow_shares(Network const& network) {
  auto const& c = network.schedule.front();
  auto const n = network.units.size();
  std::vector<double> shares(n * n, 0.0);
  for (std::size_t u = 0; u < n; ++u) {
    for (std::size_t v = 0; v < n && c.inflow[u] > 0; ++v) shares[u * n + v] = c.from_to(v, u) / c.inflow[u];
  }
  return shares;
}

NetworkSystem make_network_system(Network const& network) {
  auto const n = network.units.size();
  Kokkos::View<UnitTransfer**, Kokkos::LayoutRight, Kokkos::HostSpace> const transfer{"transfer", network.count(), n};
  HostMatrix const share{"share", n, n};
  auto const shares = inflow_shares(network);
  for (std::size_t at = 0; at < shares.size(); ++at) share(at / n, at % n) = shares[at];
  for (std::size_t i = 0; i < network.count(); ++i) {
    auto const units = unit_transfers(network, i);
    for (std::size_t u = 0; u < n; ++u) transfer(i, u) = units[u];
  }
  return {static_cast<int>(n), Kokkos::create_mirror_view_and_copy(Space{}, transfer), linalg::to_device(share)};
}

}  // namespace kroma::chromatography
