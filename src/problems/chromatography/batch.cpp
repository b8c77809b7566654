#include "problems/chromatography/batch.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "core/space.hpp"

namespace kroma::chromatography {
namespace {

struct One {
  std::vector<double> outlet;
  std::string failure;
  Effort effort;
};

One solve_one(Column const& column, Level const& level, Samples const& samples) {
  One one;
  try {
    Pass pass{column, level, samples};
    pass.run([] { return false; });
    one.outlet = pass.outlet();
    one.effort = pass.effort();
  } catch (Error const& error) {
    one.failure = error.what();
  }
  one.outlet.resize(samples.times.size() * column.count(), std::numeric_limits<double>::quiet_NaN());
  return one;
}

}  // namespace

BatchResult solve_batch(MPI_Comm comm, std::vector<Column> const& columns, Level const& level,
                        std::vector<double> const& times) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  auto const share = [&](int r) {
    return columns.size() * static_cast<std::size_t>(r) / static_cast<std::size_t>(ranks);
  };
  BatchResult result;
  result.first = share(rank);
  result.count = share(rank + 1) - result.first;
  Samples const samples{times, {}, {}};
  std::vector<One> solved(result.count);
  auto* const out = solved.data();
  auto const* const in = columns.data() + result.first;
  Kokkos::parallel_for("chromatography::batch",
                       Kokkos::RangePolicy<Host, Kokkos::Schedule<Kokkos::Dynamic>>(Host{}, 0, result.count),
                       [=, &level, &samples](std::size_t k) { out[k] = solve_one(in[k], level, samples); });
  for (auto& one : solved) {
    result.outlet.insert(result.outlet.end(), one.outlet.begin(), one.outlet.end());
    result.failures.push_back(std::move(one.failure));
    result.effort.steps += one.effort.steps;
    result.effort.rejected += one.effort.rejected;
    result.effort.newton_iterations += one.effort.newton_iterations;
    result.effort.factorisations += one.effort.factorisations;
  }
  return result;
}

double bytes_per_column(Column const& column, Level const& level) {
  Discretisation const d{column, make_sorption(column), level.resolution};
  auto const& l = d.layout();
  double const nc = l.components, nb = l.bound, points = static_cast<double>(l.points()), inner = (l.nodes - 1) * nc;
  double factors = l.places * nb * (nb + nc);
  for (auto const& kind : d.kinds()) factors += kind.points * nc * nc * (kind.points + 1.0);
  double const groups = d.sorption().linear ? 1 : static_cast<double>(l.groups());
  double const together = l.paired() ? static_cast<double>(l.groups()) * l.width() : 0.0;
  double const systems =
      groups * factors + points * nc * nc + together + l.packs * (inner * inner + 2 * inner * nc + 4 * nc * nc);
  double const arrays = 8 + 5 * level.stages - 2;  // states, stages, right-hand sides
  double const jacobian = points * l.places * nb * (nb + nc);
  return sizeof(Pack) * (level.stages * systems + arrays * static_cast<double>(l.size()) + jacobian);
}

}  // namespace kroma::chromatography
