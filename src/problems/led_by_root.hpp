#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "problems/problem.hpp"

namespace kroma {

/// Asked by work that rank 0 does alone, at the end of a step while there is more to do: true means return now. `words`
/// tells people how far it is, `state` makes the list of numbers from which the work can go on; both are called only
/// where they are needed, and the question itself costs a look at the clock.
using Ask = std::function<bool(std::int64_t step, std::function<std::string()> const& words,
                               std::function<std::vector<double>()> const& state)>;

/// Runs `work(ask)` on rank 0 while the others wait and take part in the questions: whether the run is to stop, and its
/// checkpoints, which hold the state and what `also` writes. True when the work is done, false where run.should_stop()
/// made it return. Throws on all ranks what `work` throws. Collective.
bool led_by_root(Run& run, std::function<void(Ask const&)> const& work, Run::Save const& also = nullptr);

/// The state in the newest checkpoint, on rank 0; empty elsewhere, and where there is none to go on from. Collective.
std::vector<double> state_of_root(Run& run);

}  // namespace kroma
