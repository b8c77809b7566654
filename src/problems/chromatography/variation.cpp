#include "problems/chromatography/variation.hpp"

#include "problems/chromatography/initial_state.hpp"
#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {
namespace {

/// to = (a - b) / width, or to -= that.
KROMA_VECTORISED void difference(std::vector<Pack> const& a, std::vector<Pack> const& b, double width,
                                 std::vector<Pack>& to) {
  Pack const factor(1 / width);
  for (std::size_t k = 0; k < to.size(); ++k) to[k] = factor * (a[k] - b[k]);
}
KROMA_VECTORISED void subtract_difference(std::vector<Pack> const& a, std::vector<Pack> const& b, double width,
                                          std::vector<Pack>& to) {
  Pack const factor(1 / width);
  for (std::size_t k = 0; k < to.size(); ++k) to[k] -= factor * (a[k] - b[k]);
}

/// x with E x = b at one place where bound amounts are in equilibrium with the liquid: b of the liquid becomes x of the
/// liquid and of what is bound.
std::vector<double> in_equilibrium(Discretisation const& d, std::vector<double> const& here, std::vector<double> b) {
  int const nc = d.layout().components, nb = d.layout().bound, n = nc + nb;
  std::vector<double> by_c(static_cast<std::size_t>(nb * nc), 0.0), by_q(static_cast<std::size_t>(nb * nb), 0.0);
  with_law(d.sorption().law,
           [&](auto const& law) { law.jacobian(here.data(), here.data() + nc, by_c.data(), by_q.data()); });
  Table matrix(static_cast<std::size_t>(n * n), 0);
  auto entry = [&](int row, int column) -> Real& { return matrix[static_cast<std::size_t>(row * n + column)]; };
  for (int i = 0; i < nc; ++i) {
    entry(i, i) = 1;
    for (int j = 0; j < nb; ++j) {
      entry(i, nc + j) = d.phase_ratio(0) * d.carried()[static_cast<std::size_t>(i * nb + j)];
    }
  }
  for (int j = 0; j < nb; ++j) {
    if (d.sorption().holds(j)) {
      entry(nc + j, nc + j) = 1;
      continue;
    }
    for (int i = 0; i < nc; ++i) entry(nc + j, i) = by_c[static_cast<std::size_t>(j * nc + i)];
    for (int m = 0; m < nb; ++m) entry(nc + j, nc + m) = by_q[static_cast<std::size_t>(j * nb + m)];
  }
  b.resize(static_cast<std::size_t>(n), 0.0);
  std::vector<double> x;
  for (Real value : solve_dense(matrix, Table(b.begin(), b.end()))) x.push_back(static_cast<double>(value));
  return x;
}

/// Whether E is another.
bool differ_in_totals(Discretisation const& a, Discretisation const& b) {
  for (int k = 0; k < a.layout().places; ++k) {
    if (a.phase_ratio(k) != b.phase_ratio(k)) return true;
  }
  return a.carried() != b.carried();
}

}  // namespace

std::vector<double> inlet_at(Column const& column, std::size_t number, double time) {
  std::vector<double> inlet;
  for (std::size_t i = 0; i < column.count(); ++i) inlet.push_back(column.sections[number].at(i, time));
  return inlet;
}

Variation::Variation(Direction const& direction, Resolution const& resolution)
    : direction_{&direction},
      plus_{direction.plus, make_sorption(direction.plus), resolution},
      minus_{direction.minus, make_sorption(direction.minus), resolution},
      other_(plus_.layout().size(), Pack(0.0)) {
  auto const &a = direction.plus, &b = direction.minus;
  parts_.axial =
      a.length != b.length || !(a.flow == b.flow) || a.dispersion != b.dispersion || a.sections != b.sections;
  parts_.particles = a.particles != b.particles || a.bed_porosity != b.bed_porosity;
  parts_.sorption = !(a.binding == b.binding);
  totals_ = differ_in_totals(plus_, minus_);
}

std::vector<Pack> Variation::initial_state() {
  std::vector<Pack> s(other_.size());
  difference(chromatography::initial_state(direction_->plus, plus_),
             chromatography::initial_state(direction_->minus, minus_), direction_->width, s);
  return s;
}

void Variation::source(std::size_t section, double time, std::vector<Pack> const& at, std::vector<Pack> const& slope,
                       std::vector<Pack>& work, std::vector<Pack>& result) {
  plus_.rates(inlet_at(direction_->plus, section, time).data(), at.data(), work.data(), parts_);
  minus_.rates(inlet_at(direction_->minus, section, time).data(), at.data(), other_.data(), parts_);
  difference(work, other_, direction_->width, result);
  if (!totals_) return;
  plus_.to_totals(slope.data(), work.data());
  minus_.to_totals(slope.data(), other_.data());
  subtract_difference(work, other_, direction_->width, result);
}

std::vector<double> Variation::jump(Column const& column, std::size_t section, Discretisation const& d,
                                    std::vector<Pack> const& y) const {
  if (section == 0) return {};
  double const moved =
      (direction_->plus.sections[section].begin - direction_->minus.sections[section].begin) / direction_->width;
  if (moved == 0) return {};
  double const time = column.sections[section].begin;
  auto const before = inlet_at(column, section - 1, time), after = inlet_at(column, section, time);
  auto const& l = d.layout();
  std::vector<double> jump, here;
  for (std::size_t i = 0; i < before.size(); ++i) jump.push_back(moved * (before[i] - after[i]) * d.inlet_gain(i));
  for (int v = 0; v < l.stride(); ++v) here.push_back(y[static_cast<std::size_t>(v)][0]);
  if (!l.particles && !d.sorption().all_hold()) jump = in_equilibrium(d, here, jump);
  return jump;
}

}  // namespace kroma::chromatography
