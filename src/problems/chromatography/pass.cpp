#include "problems/chromatography/pass.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "problems/chromatography/initial_state.hpp"

namespace kroma::chromatography {
Pass::Pass(Column const& column, Level const& level, Samples const& samples, std::vector<Direction> const& directions)
    : column_{column},
      samples_{samples},
      integrator_{Discretisation{column, make_sorption(column), level.resolution}, make_radau(level.stages),
                  column.scales(), level.tolerance},
      entered_(column.count(), 0.0),
      left_(column.count(), 0.0) {
  auto const& d = integrator_.discretisation();
  integrator_.state() = initial_state(column, d);
  if (!directions.empty()) {
    integrator_.follow(
        std::make_unique<Tangents>(column, directions, d, level.resolution, level.stages, level.tolerance));
  }
  initial_content_ = integrator_.discretisation().content(integrator_.state().data());
}

bool Pass::run(Stop const& stop) {
  for (; section_ < column_.sections.size(); ++section_, started_ = false) {
    if (!started_) integrator_.begin(column_.sections[section_], section_);
    started_ = true;
    sample_until(column_.sections[section_].begin);
    for (bool end = false; !end;) {
      end = integrator_.step();
      for (std::size_t i = 0; i < entered_.size(); ++i) {
        entered_[i] += integrator_.entered()[i];
        left_[i] += integrator_.left()[i];
      }
      sample_until(integrator_.time());
      if (!end && stop()) return false;
    }
  }
  return true;
}

/// Samples up to `time`, from the last step or, at the very beginning, from the initial state.
void Pass::sample_until(double time) {
  bool const stepped = integrator_.last_step() > 0;
  auto theta = [&](double t) { return 1 - (integrator_.time() - t) / integrator_.last_step(); };
  for (; next_time_ < samples_.times.size() && samples_.times[next_time_] <= time; ++next_time_) {
    if (stepped) {
      integrator_.append_outlet(theta(samples_.times[next_time_]), outlet_);
    } else {
      outlet_.insert(outlet_.end(), column_.initial_concentration.begin(), column_.initial_concentration.end());
    }
    auto const slopes =
        stepped ? integrator_.outlet_slopes(theta(samples_.times[next_time_])) : integrator_.initial_slopes();
    slopes_.insert(slopes_.end(), slopes.begin(), slopes.end());
  }
  if (samples_.positions.empty()) return;
  for (; next_frame_ < samples_.frames.size() && samples_.frames[next_frame_] <= time; ++next_frame_) {
    sample_frame(stepped ? integrator_.interpolated(theta(samples_.frames[next_frame_])) : integrator_.state());
  }
}

void Pass::sample_frame(std::vector<Pack> const& state) {
  auto const& d = integrator_.discretisation();
  for (double x : samples_.positions) {
    auto const point = d.locate(x);
    inside_.velocity.push_back(column_.velocity(x));
    inside_.pressure.push_back(column_.flow.inlet_pressure * column_.flow.velocity / column_.velocity(x));
    for (int i = 0; i < d.layout().components; ++i) {
      inside_.concentration.push_back(d.concentration(state.data(), point, i));
      inside_.adsorbed.push_back(d.adsorbed(state.data(), point, i));
    }
  }
}

/// |entered - left - change of content| / (entered + content at the start).
Balance Pass::balance() const {
  auto const content = integrator_.discretisation().content(integrator_.state().data());
  double worst = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    double const size = std::abs(entered_[i]) + std::abs(initial_content_[i]);
    if (size > 0) {
      worst = std::max(worst, std::abs(entered_[i] - left_[i] - content[i] + initial_content_[i]) / size);
    }
  }
  return {worst, 0, 0};
}

std::int64_t Pass::unknowns() const {
  auto const& l = integrator_.discretisation().layout();
  return std::int64_t{l.elements} * l.nodes * l.width();
}

std::vector<double> Pass::save() const {
  std::vector<double> saved{double(section_),
                            double(next_time_),
                            double(next_frame_),
                            started_ ? 1.0 : 0.0,
                            double(outlet_.size()),
                            double(slopes_.size()),
                            double(inside_.adsorbed.size()),
                            double(inside_.velocity.size())};
  for (auto const* list : {&entered_, &left_, &outlet_, &slopes_, &inside_.concentration, &inside_.adsorbed,
                           &inside_.velocity, &inside_.pressure}) {
    saved.insert(saved.end(), list->begin(), list->end());
  }
  auto const inner = integrator_.save();
  saved.insert(saved.end(), inner.begin(), inner.end());
  return saved;
}

void Pass::load(std::vector<double> const& saved) {
  auto from = saved.begin();
  section_ = static_cast<std::size_t>(*from++);
  next_time_ = static_cast<std::size_t>(*from++);
  next_frame_ = static_cast<std::size_t>(*from++);
  started_ = *from++ != 0;
  outlet_.resize(static_cast<std::size_t>(*from++));
  slopes_.resize(static_cast<std::size_t>(*from++));
  inside_.adsorbed.resize(static_cast<std::size_t>(*from++));
  inside_.concentration.resize(inside_.adsorbed.size());
  inside_.velocity.resize(static_cast<std::size_t>(*from++));
  inside_.pressure.resize(inside_.velocity.size());
  for (auto* list : {&entered_, &left_, &outlet_, &slopes_, &inside_.concentration, &inside_.adsorbed,
                     &inside_.velocity, &inside_.pressure}) {
    std::copy_n(from, list->size(), list->begin());
    from += static_cast<long>(list->size());
  }
  integrator_.load({from, saved.end()}, column_.sections[section_]);
}

}  // namespace kroma::chromatography
