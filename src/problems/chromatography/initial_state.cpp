#include "problems/chromatography/initial_state.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {

std::vector<double> equilibrium(Sorption const& sorption, std::vector<double> const& c, std::vector<double> q) {
  auto const nc = c.size(), nb = q.size();
  for (int turn = 0; turn < 100; ++turn) {
    std::vector<double> rate(nb), by_c(nb * nc, 0.0), by_q(nb * nb, 0.0);
    with_law(sorption.law, [&](auto const& law) {
      law(c.data(), q.data(), rate.data());
      law.jacobian(c.data(), q.data(), by_c.data(), by_q.data());
    });
    for (std::size_t b = 0; b < nb; ++b) {
      if (!sorption.holds(static_cast<int>(b))) continue;
      for (std::size_t j = 0; j < nb; ++j) by_q[b * nb + j] = b == j ? 1 : 0;
      rate[b] = 0;
    }
    auto const step = solve_dense(Table(by_q.begin(), by_q.end()), Table(rate.begin(), rate.end()));
    double size = 0, change = 0;
    for (std::size_t b = 0; b < nb; ++b) {
      q[b] -= static_cast<double>(step[b]);
      size = std::max(size, std::abs(q[b]));
      change = std::max(change, static_cast<double>(std::abs(step[b])));
    }
    if (change <= 1e-14 * size) return q;
  }
  throw solver_failed("no equilibrium was found between the initial concentrations and what they adsorb");
}

std::vector<Pack> initial_state(Column const& column, Discretisation const& d) {
  auto const& l = d.layout();
  std::vector<double> bound;
  for (int component : d.sorption().component) {
    bound.push_back(column.initial_adsorbed[static_cast<std::size_t>(component)]);
  }
  if (!d.sorption().all_hold()) bound = equilibrium(d.sorption(), column.initial_concentration, bound);
  std::vector<Pack> state(l.size(), Pack(0.0));
  for (std::size_t p = 0; p < l.points(); ++p) {
    Pack* here = state.data() + p * static_cast<std::size_t>(l.width());
    for (int i = 0; i < l.components; ++i) {
      here[i] = Pack(column.initial_concentration[static_cast<std::size_t>(i)]);
      for (int k = 0; k < l.places; ++k) here[l.place(k) + i] = here[i];
    }
    for (int k = 0; k < l.places; ++k) {
      for (int b = 0; b < l.bound; ++b) here[l.place(k) + l.components + b] = Pack(bound[static_cast<std::size_t>(b)]);
    }
  }
  return state;
}

}  // namespace kroma::chromatography
