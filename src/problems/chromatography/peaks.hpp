#pragma once

#include <span>
#include <vector>

namespace kroma::chromatography {

/// One peak of a chromatogram above its baseline.
struct Peak {
  double retention = 0;  // s, vertex of the parabola through the highest sample and its neighbours
  double height = 0;     // there, in the unit of the signal
  double area = 0;       // unit of the signal times s, by the trapezoidal rule
  double width = 0;  // s, at half the height, straight lines between samples; NaN where the signal does not come down
  double asymmetry = 0;  // back / front half-width at a tenth of the height; NaN where it does not come down
  double mean = 0;       // s, first moment
  double variance = 0;   // s^2, second central moment
  /// 8 ln 2 (retention / width)^2.
  double plates() const;
};

/// The peak in samples [first, last): values above `baseline`. times rise. Moments take what is above `floor` times the
/// height, so that noise far from the peak does not enter.
Peak measure_peak(std::span<double const> times, std::span<double const> values, std::size_t first, std::size_t last,
                  double baseline = 0, double floor = 0);

/// Windows [first, last), valley to valley, of the `count` highest peaks of a noisy signal, in order of time; fewer if
/// there are fewer that rise above `noise` and are separated by a valley deeper than that. The signal is smoothed over
/// `window` samples on either side first.
struct Window {
  std::size_t first, last;
};
std::vector<Window> find_peaks(std::span<double const> values, std::size_t count, double noise, std::size_t window);

/// Median of the signal where there are no peaks, and the deviation of its noise (from neighbouring differences, so
/// that peaks do not count).
struct Baseline {
  double level, noise;
};
Baseline find_baseline(std::span<double const> values);

/// 2 sqrt(2 ln 2) / 2 = 1.18 times the distance of two peaks over the sum of their widths at half the height.
double resolution(Peak const& a, Peak const& b);

}  // namespace kroma::chromatography
