#include "problems/chromatography/network_unit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "problems/chromatography/cstr.hpp"
#include "problems/chromatography/initial_state.hpp"

namespace kroma::chromatography {
namespace {

/// An inlet: sections of polynomials in time.
class Feed final : public StepUnit {
 public:
  Feed(std::vector<Section> const& sections, std::size_t components, int stages)
      : sections_{sections}, components_{components}, nodes_{make_radau(stages).nodes} {
    nodes_.insert(nodes_.begin(), 0.0);
  }

  void begin(std::size_t /*section*/, double time, double end) override {
    time_ = time;
    last_ = taken_ = 0;
    next_ = end - time;
    // the section that lasts longer than rounding after `time`
    auto const found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](Section const& s) { return s.end > time + 1e-9 * (end - time); });
    section_ = found == sections_.end() ? &sections_.back() : &*found;
  }
  double next_step() const override { return next_; }
  Trial try_step(double h, Stream const& /*entering*/) override {
    last_ = h;
    return {0, 1};
  }
  void leaving(Stream& stream) const override {
    for (std::size_t row = 0; row < nodes_.size(); ++row) {
      for (std::size_t i = 0; i < components_; ++i) {
        stream[row * components_ + i] = section_->at(i, time_ + nodes_[row] * last_);
      }
    }
  }
  void accept(double /*error*/) override {
    time_ += last_;
    taken_ = last_;
    next_ = 1e300;
  }
  void reject(double /*h*/, double /*cut*/) override {}
  [[noreturn]] void give_up(char const* why) override { throw solver_failed(why); }
  void outlet(double theta, double* c) const override {
    for (std::size_t i = 0; i < components_; ++i) c[i] = section_->at(i, time_ - (1 - theta) * taken_);
  }
  void save(std::vector<double>& saved) const override { saved.insert(saved.end(), {time_, taken_, next_}); }
  void load(double const*& from) override {
    time_ = *from++;
    taken_ = *from++;
    next_ = *from++;
  }

 private:
  std::vector<Section> const& sections_;
  std::size_t components_;
  std::vector<double> nodes_;
  Section const* section_ = nullptr;
  double time_ = 0, last_ = 0, taken_ = 0, next_ = 0;
};

/// The state of a column turned round: what was at its outlet is at its inlet.
std::vector<Pack> turned(std::vector<Pack> const& state, Layout const& l) {
  std::vector<Pack> result(state.size(), Pack(0.0));
  for (int e = 0; e < l.elements; ++e) {
    int const other = l.elements - 1 - e;
    for (int j = 0; j < l.nodes; ++j) {
      auto const from = l.at(e / kWidth, j), to = l.at(other / kWidth, l.nodes - 1 - j);
      for (std::size_t v = 0; v < static_cast<std::size_t>(l.width()); ++v) {
        result[to + v][other % kWidth] = state[from + v][e % kWidth];
      }
    }
  }
  return result;
}

/// A column. A change of its velocity makes a new discretisation, which goes on from the same state; where the flow
/// turns round, the state does, and the column flows from its beginning to its end again.
class ColumnUnit final : public StepUnit {
 public:
  ColumnUnit(Network const& network, std::size_t index, Level const& level, std::vector<double> const& scales)
      : network_{network},
        unit_{network.units[index]},
        index_{index},
        level_{level},
        scales_{scales},
        column_{unit_.column} {}

  void begin(std::size_t section, double time, double end) override {
    auto const& c = network_.schedule[section];
    double const velocity = c.inflow[index_] / unit_.fluid_section;
    bool const reversed = velocity > 0 ? c.reversed[index_] != 0 : reversed_;
    if (!integrator_ || velocity != column_.flow.velocity || reversed != reversed_) change(velocity, reversed);
    section_ = {time, end, {}, {}};
    integrator_->begin(section_);
  }
  double next_step() const override { return integrator_->next_step(); }
  Trial try_step(double h, Stream const& entering) override {
    integrator_->set_next_step(h);
    integrator_->entering() = entering;
    return integrator_->try_step();
  }
  void leaving(Stream& stream) const override {
    auto const n = scales_.size();
    for (std::size_t at = 0; at < stream.size(); ++at)
      stream[at] = integrator_->leaving(at / n, static_cast<int>(at % n));
  }
  void accept(double error) override { integrator_->accept(error); }
  void reject(double h, double cut) override {
    integrator_->set_next_step(std::min(h, integrator_->next_step()));
    integrator_->reject(cut);
  }
  [[noreturn]] void give_up(char const* why) override { integrator_->give_up(why); }
  void outlet(double theta, double* c) const override {
    if (integrator_->last_step() > 0) {
      auto const values = integrator_->outlet(theta);
      std::copy(values.begin(), values.end(), c);
      return;
    }
    auto const& d = integrator_->discretisation();
    for (std::size_t i = 0; i < scales_.size(); ++i) c[i] = d.outlet(integrator_->state().data(), static_cast<int>(i));
  }
  std::vector<double> content() const override {
    auto amounts = integrator_->discretisation().content(integrator_->state().data());
    for (double& n : amounts) n *= unit_.fluid_section;
    return amounts;
  }
  std::int64_t unknowns() const override {
    auto const& l = integrator_->discretisation().layout();
    return std::int64_t{l.elements} * l.nodes * l.width();
  }
  void save(std::vector<double>& saved) const override {
    saved.push_back(reversed_ ? 1 : 0);
    pack(saved, integrator_->save());
  }
  void load(double const*& from) override {
    bool const reversed = *from++ != 0;
    if (reversed != reversed_) change(column_.flow.velocity, reversed);
    integrator_->load(unpack(from), section_);
  }

 private:
  void change(double velocity, bool reversed) {
    column_.flow.velocity = velocity;
    auto next = std::make_unique<ColumnIntegrator>(Discretisation{column_, make_sorption(column_), level_.resolution},
                                                   make_radau(level_.stages), scales_, level_.tolerance);
    auto const& layout = next->discretisation().layout();
    next->state() = !integrator_            ? initial_state(column_, next->discretisation())
                    : reversed != reversed_ ? turned(integrator_->state(), layout)
                                            : integrator_->state();
    integrator_ = std::move(next);
    reversed_ = reversed;
  }

  Network const& network_;
  Unit const& unit_;
  std::size_t index_;
  Level level_;
  std::vector<double> scales_;
  Column column_;
  Section section_;
  bool reversed_ = false;
  std::unique_ptr<ColumnIntegrator> integrator_;
};

}  // namespace

std::unique_ptr<StepUnit> make_step_unit(Network const& network, std::size_t index, Level const& level,
                                         std::vector<double> const& scales) {
  auto const& unit = network.units[index];
  switch (unit.kind) {
    case UnitKind::inlet:
      return std::make_unique<Feed>(unit.feed, network.count(), level.stages);
    case UnitKind::tank:
      return std::make_unique<Tank>(network, index, level, scales);
    case UnitKind::column:
      return std::make_unique<ColumnUnit>(network, index, level, scales);
    default:
      return nullptr;
  }
}

}  // namespace kroma::chromatography
