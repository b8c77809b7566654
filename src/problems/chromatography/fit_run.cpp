#include "problems/chromatography/fit_run.hpp"

#include <functional>
#include <utility>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "linalg/dense.hpp"
#include "problems/chromatography/numeric.hpp"

namespace kroma::chromatography {
namespace {

/// Of central differences in a fit: their error is about its square, and the outlet has fifteen digits.
constexpr double kDifferenceStep = 1e-4;

/// Thrown through a fit that is to stop.
struct Stopped {};

/// A method whose answers come from the journal as far as that goes, and go into it.
class Recorded {
 public:
  Recorded(Journal& journal, Options const& options, bool numeric, NumericOptions const& expert, Ask const& ask)
      : journal_{journal}, options_{options}, numeric_{numeric}, expert_{expert}, ask_{ask} {}

  Solved method() {
    auto const outlet = [this](Column const& column, std::vector<double> const& times) {
      return answer([&] { return numeric_ ? numerically(column, times, {}) : semi_analytically(column, times); });
    };
    if (!numeric_) return {outlet, differences_of(outlet), kDifferenceStep};
    auto const slopes = [this](Column const& column, std::vector<double> const& times,
                               std::vector<Direction> const& directions) {
      return answer([&] { return numerically(column, times, directions); });
    };
    return {outlet, slopes, kTangentStep};
  }

 private:
  std::vector<double> answer(std::function<std::vector<double>()> const& make) {
    if (next_ < journal_.answers.size()) {
      auto const& known = journal_.answers[next_++];
      if (known.empty()) throw solver_failed("the column of a fit could not be solved");
      return known;
    }
    try {
      journal_.answers.push_back(make());
    } catch (Error const&) {
      journal_.answers.emplace_back();
      ++next_;
      throw;
    }
    journal_.begun.clear();
    ++next_;
    auto const result = journal_.answers.back();
    stop_if_asked([] { return std::vector<double>{}; }, "");
    return result;
  }

  /// Throws Stopped; `begun` is the state of an answer that is being made.
  void stop_if_asked(std::function<std::vector<double>()> const& begun, std::string const& words) const {
    auto const step = static_cast<std::int64_t>(journal_.answers.size());
    auto const state = [&] {
      journal_.begun = begun();
      return journal_.save();
    };
    if (ask_ && ask_(
                    step, [&] { return "fit, column " + std::to_string(step + 1) + "  " + words; }, state))
      throw Stopped{};
  }

  std::vector<double> semi_analytically(Column const& column, std::vector<double> const& times) const {
    return solve_semi_analytic(column, times, options_.accuracy).concentration;
  }

  std::vector<double> numerically(Column const& column, std::vector<double> const& times,
                                  std::vector<Direction> const& directions) const {
    NumericSolver solver{column, times, {}, options_.accuracy, expert_, directions};
    if (!journal_.begun.empty()) solver.load(std::exchange(journal_.begun, {}));
    solver.run([&] {
      stop_if_asked([&] { return solver.save(); }, solver.progress());
      return false;
    });
    return directions.empty() ? solver.outlet().concentration : solver.outlet().slopes;
  }

  Journal& journal_;
  Options const& options_;
  bool numeric_;
  NumericOptions const& expert_;
  Ask const& ask_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<double> Journal::save(std::vector<double> const& rest) const {
  std::vector<double> saved{static_cast<double>(answers.size())};
  for (auto const& one : answers) pack(saved, one);
  pack(saved, begun);
  pack(saved, rest);
  return saved;
}

Journal Journal::load(std::vector<double> const& saved, std::vector<double>* rest) {
  Journal journal;
  double const* from = saved.data();
  journal.answers.resize(static_cast<std::size_t>(*from++));
  for (auto& one : journal.answers) one = unpack(from);
  journal.begun = unpack(from);
  if (rest != nullptr) *rest = unpack(from);
  return journal;
}

std::optional<FitResult> run_recorded_fit(Options const& options, std::vector<Measurement> const& data, bool numeric,
                                          NumericOptions const& expert, Journal& journal, Ask const& ask) {
  try {
    Recorded recorded{journal, options, numeric, expert, ask};
    return run_fit(options, data, recorded.method());
  } catch (Stopped const&) {
    return std::nullopt;
  }
}

std::optional<FitResult> run_fit_led(Run& run, Options const& options, std::vector<Measurement> const& data,
                                     bool numeric, NumericOptions const& expert, Journal& journal) {
  bool const done =
      led_by_root(run, [&](Ask const& ask) { run_recorded_fit(options, data, numeric, expert, journal, ask); });
  if (!done) return std::nullopt;
  journal = Journal::load(linalg::broadcast(run.comm, 0, journal.save()));
  return agreed(run.comm, [&] { return *run_recorded_fit(options, data, numeric, expert, journal, {}); });
}

}  // namespace kroma::chromatography
