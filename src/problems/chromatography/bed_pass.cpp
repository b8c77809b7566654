#include "problems/chromatography/bed_pass.hpp"

#include <algorithm>
#include <cmath>

#include "core/packed.hpp"

namespace kroma::chromatography {
namespace {

void add(Passing& to, Passing const& from) {
  for (std::size_t i = 0; i < to.components.size(); ++i) to.components[i] += from.components[i];
  to.total += from.total;
  to.heat += from.heat;
}

std::vector<double> flat(Passing const& p) {
  auto list = p.components;
  list.push_back(p.total);
  list.push_back(p.heat);
  return list;
}

Passing passing_of(std::vector<double> const& list) {
  return {{list.begin(), list.end() - 2}, list[list.size() - 2], list.back()};
}

double relative(double defect, double size) { return size > 0 ? std::abs(defect) / size : 0; }

}  // namespace

BedPass::BedPass(Column const& column, Level const& level, Samples const& samples)
    : column_{column},
      samples_{samples},
      integrator_{column, level.resolution.elements, make_radau(3), level.tolerance},
      initial_{integrator_.bed().held(integrator_.state().data())},
      entered_{std::vector<double>(column.count(), 0.0), 0, 0},
      left_{entered_} {}

bool BedPass::run(Stop const& stop) {
  for (; section_ < column_.sections.size(); ++section_, started_ = false) {
    if (!started_) integrator_.begin(column_.sections[section_], is_last());
    started_ = true;
    sample_until(column_.sections[section_].begin);
    for (bool end = false; !end;) {
      end = integrator_.step();
      add(entered_, integrator_.passed().entered);
      add(left_, integrator_.passed().left);
      heat_lost_ += integrator_.passed().heat_lost;
      sample_until(integrator_.time());
      if (!end && stop()) return false;
    }
  }
  return true;
}

/// Samples up to `time`, from the last step or, where none was made in this section, from the state.
void BedPass::sample_until(double time) {
  bool const stepped = integrator_.last_step() > 0;
  auto const state_at = [&](double t) {
    if (!stepped) return integrator_.state();
    return integrator_.interpolated(1 - (integrator_.time() - t) / integrator_.last_step());
  };
  for (; next_time_ < samples_.times.size() && samples_.times[next_time_] <= time; ++next_time_) {
    double const t = samples_.times[next_time_];
    sample_outlet(integrator_.feed_at(t), state_at(t));
  }
  if (samples_.positions.empty()) return;
  for (; next_frame_ < samples_.frames.size() && samples_.frames[next_frame_] <= time; ++next_frame_) {
    double const t = samples_.frames[next_frame_];
    sample_inside(integrator_.feed_at(t), state_at(t));
  }
}

void BedPass::sample_outlet(Feed const& feed, std::vector<double> const& state) {
  auto& bed = integrator_.bed();
  auto const values = bed.outlet(feed, state.data());
  outlet_.insert(outlet_.end(), values.begin(), values.end());
  if (column_.flow.is_total_balance()) gas_.velocity.push_back(bed.outlet_velocity(feed, state.data()));
  if (column_.energy) gas_.temperature.push_back(bed.outlet_temperature(feed, state.data()));
}

void BedPass::sample_inside(Feed const& feed, std::vector<double> const& state) {
  auto& bed = integrator_.bed();
  auto const& l = bed.layout();
  for (double x : samples_.positions) {
    for (int i = 0; i < l.components; ++i) {
      inside_.concentration.push_back(bed.profile(state.data(), i, x));
      inside_.adsorbed.push_back(bed.adsorbed(state.data(), i, x));
    }
    if (l.temperature >= 0) inside_.temperature.push_back(bed.profile(state.data(), l.temperature, x));
    if (l.wall >= 0) inside_.wall_temperature.push_back(bed.profile(state.data(), l.wall, x));
    inside_.pressure.push_back(bed.pressure_at(state.data(), x));
    inside_.velocity.push_back(bed.velocity_at(feed, state.data(), x));
  }
}

/// What entered and did neither leave nor stay. With a pressure drop, closure with_sorption does not conserve all the
/// gas: it leaves out what changes of pressure store.
Balance BedPass::balance() const {
  auto const now = integrator_.bed().held(integrator_.state().data());
  Balance balance;
  for (std::size_t i = 0; i < column_.count(); ++i) {
    double const defect = entered_.components[i] - left_.components[i] - now.components[i] + initial_.components[i];
    balance.components = std::max(
        balance.components, relative(defect, std::abs(entered_.components[i]) + std::abs(initial_.components[i])));
  }
  balance.gas = relative(entered_.total - left_.total - now.total + initial_.total, entered_.total + initial_.total);
  double const heat = std::abs(entered_.heat) + std::abs(left_.heat) + std::abs(heat_lost_) + std::abs(now.heat);
  balance.heat = relative(entered_.heat - left_.heat - heat_lost_ - now.heat + initial_.heat, heat);
  return balance;
}

std::vector<double> BedPass::save() const {
  std::vector<double> saved{double(section_), double(next_time_), double(next_frame_), started_ ? 1.0 : 0.0,
                            heat_lost_};
  for (auto const* passing : {&entered_, &left_}) pack(saved, flat(*passing));
  for (auto const* list : {&outlet_, &gas_.velocity, &gas_.temperature}) pack(saved, *list);
  auto inside = inside_;
  for (auto const* list : inside.lists()) pack(saved, *list);
  pack(saved, integrator_.save());
  return saved;
}

void BedPass::load(std::vector<double> const& saved) {
  double const* from = saved.data();
  section_ = static_cast<std::size_t>(*from++);
  next_time_ = static_cast<std::size_t>(*from++);
  next_frame_ = static_cast<std::size_t>(*from++);
  started_ = *from++ != 0;
  heat_lost_ = *from++;
  for (auto* passing : {&entered_, &left_}) *passing = passing_of(unpack(from));
  for (auto* list : {&outlet_, &gas_.velocity, &gas_.temperature}) *list = unpack(from);
  for (auto* list : inside_.lists()) *list = unpack(from);
  integrator_.load(unpack(from), column_.sections[section_], is_last());
}

double bytes_of_bed(Column const& column, Level const& level) {
  auto const l = Bed{column, level.resolution.elements, 1}.layout();
  double const band = 3.0 * (3 * l.width - 1) + 1;  // with the room that row exchanges take
  return 8.0 * static_cast<double>(l.size()) * (4 * band + l.width + 3 * 5 + 12);
}

}  // namespace kroma::chromatography
