#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "problems/diffusion_couple/evolution.hpp"

namespace kroma::diffusion_couple {
namespace {

void write_frame(Run& run, Evolution& couple) {
  run.results.next_time(couple.time());
  couple.write_frame(run.results);
  run.results.flush();
}

/// Goes on from the newest checkpoint, and takes back the times that were saved after it. Returns the number of those
/// before.
std::int64_t resume(Run& run, Evolution& couple) {
  auto const checkpoint = run.checkpoints.newest();
  couple.load(*checkpoint);
  auto const frames = checkpoint->value<std::int64_t>("frames");
  run.results.rewind(frames);
  return frames;
}

}  // namespace

std::vector<double> saved_times(double end, Output const& output) {
  std::vector<double> times;
  for (double const t : output.times) {
    if (t < end) times.push_back(t);
  }
  for (std::int64_t k = 1; output.save_every > 0 && static_cast<double>(k) * output.save_every < end; ++k) {
    times.push_back(static_cast<double>(k) * output.save_every);
  }
  times.push_back(end);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

bool march(Run& run, Evolution& couple, double end, Output const& output) {
  std::int64_t frames = 0;
  if (run.resume) frames = resume(run, couple);
  couple.write_axes(run.results);
  if (frames == 0) {
    write_frame(run, couple);
    frames = 1;
  }
  auto const times = saved_times(end, output);
  for (auto index = static_cast<std::size_t>(frames - 1); index < times.size(); ++index) {
    while (couple.time() < times[index]) {
      couple.step(times[index]);
      run.progress.report(couple.time() / end, fmt::format("t = {:.4g} s  {}", couple.time(), couple.progress()));
      if (couple.time() >= end) break;
      bool const stop = run.should_stop(couple.steps(), [&](io::Checkpoint& checkpoint) {
        checkpoint.write("frames", frames);
        couple.save(checkpoint);
      });
      if (stop) return false;
    }
    write_frame(run, couple);
    ++frames;
  }
  return true;
}

}  // namespace kroma::diffusion_couple
