#pragma once

#include <chrono>

namespace kroma {

/// Tells when some wall time has passed. Its clock is steady: setting the machine's clock changes nothing.
class Interval {
 public:
  /// `seconds` from now; 0 or less: never over.
  explicit Interval(double seconds) : seconds_{seconds} {}

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }
  bool is_over() const { return seconds_ > 0 && elapsed() >= seconds_; }
  void restart() { begin_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;
  double seconds_;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace kroma
