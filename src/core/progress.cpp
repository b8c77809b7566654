#include "core/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "core/interval.hpp"

namespace kroma {
namespace {

constexpr double kSecondsBetweenRedraws = 0.5;
constexpr double kSecondsBetweenFiles = 1;

/// Whether somebody sits in front of the output. Open MPI's launcher gives its ranks a terminal of its own for standard
/// output, even when its own goes to a file, but not for standard error.
bool on_terminal() { return isatty(fileno(stdout)) != 0 && isatty(fileno(stderr)) != 0; }

/// 0 seconds: always over.
Interval pause_of(double seconds) { return Interval{std::max(seconds, 1e-9)}; }

/// Whether a pause is over; then the next begins.
bool is_due(Interval& pause) {
  bool const over = pause.is_over();
  if (over) pause.restart();
  return over;
}

}  // namespace

struct Progress::State {
  State(Log const& log, std::string path, double seconds)
      : terminal{log.speaks() && on_terminal()},
        speaks{log.speaks()},
        next_line{pause_of(terminal ? std::min(seconds, kSecondsBetweenRedraws) : seconds)},
        next_file{pause_of(std::min(seconds, kSecondsBetweenFiles))},
        file{std::move(path)} {}

  std::string line(double fraction, std::string const& what) {
    double const elapsed = clock.elapsed();
    auto text = fmt::format("[{}]", clock_text(elapsed));
    if (fraction >= 0) text += fmt::format("  {:2.0f} %", 100 * std::min(fraction, 1.0));
    if (!what.empty()) text += "  " + what;
    double const done = fraction - first.value_or(0);
    if (fraction >= 0 && done > 0) text += "  left " + clock_text(elapsed * (1 - std::min(fraction, 1.0)) / done);
    return text;
  }

  void write_file(std::string const& text) const {
    auto const fresh = file + ".new";  // replaced as a whole, so that a reader never sees half a line
    if (std::ofstream{fresh} << text << '\n') std::rename(fresh.c_str(), file.c_str());
  }

  bool terminal, speaks;
  Interval next_line, next_file;
  std::string file;
  Interval const clock{0};
  std::optional<double> first;  // fraction at the first report that knew one
  std::size_t width = 0;        // of the line in place, to be overwritten
};

Progress::Progress(Log const& log, std::string file, double pause) {
  if (log.is_first() && (log.speaks() || !file.empty())) state_ = std::make_unique<State>(log, std::move(file), pause);
}

Progress::~Progress() {
  if (!state_) return;
  if (state_->width > 0) std::fprintf(stdout, "\r%*s\r", static_cast<int>(state_->width), "");
  if (!state_->file.empty()) std::remove(state_->file.c_str());
}

void Progress::report(double fraction, std::string const& what) {
  if (!state_) return;
  auto& s = *state_;
  if (!s.first && fraction >= 0) s.first = fraction;
  bool const writes = !s.file.empty() && is_due(s.next_file), draws = s.speaks && is_due(s.next_line);
  if (!writes && !draws) return;
  auto const text = s.line(fraction, what);
  if (writes) s.write_file(text);
  if (!draws) return;
  if (s.terminal) {
    std::fprintf(stdout, "\r%-*s", static_cast<int>(s.width), text.c_str());
    s.width = text.size();
  } else {
    std::fprintf(stdout, "%s\n", text.c_str());
  }
  std::fflush(stdout);
}

std::string clock_text(double seconds) {
  auto const whole = static_cast<long long>(std::max(0.0, seconds));
  auto const days = whole / 86400;
  auto const text = fmt::format("{:02}:{:02}:{:02}", whole / 3600 % 24, whole / 60 % 60, whole % 60);
  return days > 0 ? fmt::format("{}-{}", days, text) : text;
}

std::string read_progress(std::string const& file) {
  std::string line;
  std::getline(std::ifstream{file}, line);
  return line;
}

}  // namespace kroma
