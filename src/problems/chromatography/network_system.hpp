#pragma once

// The linear system that connects the transfer functions of a network's units; for kernels, and on the host also for
// power series (moments).

#include <vector>

#include <Kokkos_Core.hpp>

#include "core/space.hpp"
#include "problems/chromatography/network.hpp"
#include "problems/chromatography/series.hpp"
#include "problems/chromatography/transfer.hpp"

namespace kroma::chromatography {

inline constexpr std::size_t kMostUnits = 64;

/// A unit as one component sees it: what it gives off is G(s) times what flows in.
struct UnitTransfer {
  bool is_inlet = false, is_column = false;
  double residence = 0;  // V / Q of a tank, s
  ColumnTransfer column;
};

/// All units of a network, and the share that each has in the inflow of each other.
struct NetworkSystem {
  int units = 0;
  Kokkos::View<UnitTransfer**, Kokkos::LayoutRight, Space> transfer;  // (component, unit)
  ConstMatrix share;                                                  // (unit, source)
};

NetworkSystem make_network_system(Network const& network);
/// The column of unit `u` with the velocity of the first section of the schedule.
Column flowing_column(Network const& network, std::size_t u);
/// (unit) as component i sees them, and the shares (unit, source), on the host.
std::vector<UnitTransfer> unit_transfers(Network const& network, std::size_t i);
std::vector<double> inflow_shares(Network const& network);

template <class S>
KOKKOS_INLINE_FUNCTION S transfer_of(UnitTransfer const& u, S const& s) {
  if (u.is_inlet) return s * 0.0;
  return u.is_column ? exp(log_transfer(u.column, s)) : 1.0 / (1.0 + s * u.residence);
}

/// Rows (units, units + 1) of X_u - G_u sum_v share_uv X_v = b_u, b = 0. `transfer(u)` and `share(u, v)` are views or
/// functions.
template <class S, class Transfers, class Shares, class Rows>
KOKKOS_INLINE_FUNCTION void fill_rows(int n, Transfers const& transfer, Shares const& share, S const& s,
                                      Rows const& row) {
  for (int u = 0; u < n; ++u) {
    S const g = transfer_of(transfer(u), s);
    for (int v = 0; v < n; ++v) row(u, v) = g * (-share(u, v));
    row(u, u) = row(u, u) + 1.0;
    row(u, n) = s * 0.0;
  }
}

/// Solves them; the solution is the last column. |G| <= 1 and the shares of a unit add up to 1: the diagonal dominates,
/// and elimination needs no pivots.
template <class Rows>
KOKKOS_INLINE_FUNCTION void solve_rows(int n, Rows const& row) {
  for (int p = 0; p < n; ++p) {
    for (int r = p + 1; r < n; ++r) {
      auto const factor = row(r, p) / row(p, p);
      for (int c = p + 1; c <= n; ++c) row(r, c) = row(r, c) + factor * row(p, c) * -1.0;
    }
  }
  for (int p = n - 1; p >= 0; --p) {
    for (int c = p + 1; c < n; ++c) row(p, n) = row(p, n) + row(p, c) * row(c, n) * -1.0;
    row(p, n) = row(p, n) / row(p, p);
  }
}

/// What all units give off at one s where inlets give `entering` (only the inlet `from`, if that is one): (units). S is
/// Kokkos::complex<double> or PowerSeries.
template <class S>
std::vector<S> solve_on_host(Network const& network, std::size_t i, S const& s, S const& entering,
                             std::size_t from = kMostUnits) {
  auto const n = network.units.size();
  auto const units = unit_transfers(network, i);
  auto const shares = inflow_shares(network);
  std::vector<S> rows(n * (n + 1), s * 0.0);
  auto const row = [&](int u, int v) -> S& {
    return rows[static_cast<std::size_t>(u) * (n + 1) + static_cast<std::size_t>(v)];
  };
  auto const transfer = [&](int u) -> UnitTransfer const& { return units[static_cast<std::size_t>(u)]; };
  auto const share = [&](int u, int v) {
    return shares[static_cast<std::size_t>(u) * n + static_cast<std::size_t>(v)];
  };
  fill_rows(static_cast<int>(n), transfer, share, s, row);
  for (std::size_t u = 0; u < n; ++u) {
    if (units[u].is_inlet && (from == kMostUnits || from == u)) rows[u * (n + 1) + n] = entering;
  }
  solve_rows(static_cast<int>(n), row);
  std::vector<S> given;
  for (std::size_t u = 0; u < n; ++u) given.push_back(rows[u * (n + 1) + n]);
  return given;
}

}  // namespace kroma::chromatography
