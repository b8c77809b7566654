#include "problems/led_by_root.hpp"

#include <array>
#include <optional>

#include "core/error.hpp"

namespace kroma {
namespace {

constexpr double kBetweenQuestions = 0.05;  // s: each is a round of all ranks
constexpr auto kState = "state";

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// This rank's part of an array that rank 0 has whole.
io::Block on_root(MPI_Comm comm, std::int64_t size) { return {{0}, {rank_of(comm) == 0 ? size : 0}}; }

/// What rank 0 tells the others before each round.
struct Round {
  std::int64_t asks = 0, step = 0;
};

class Leader {
 public:
  Leader(Run& run, Run::Save const& also) : run_{run}, also_{also} {}

  /// On rank 0.
  void lead(std::function<void(Ask const&)> const& work) {
    std::optional<Error> error;
    try {
      work([this](std::int64_t step, auto const& words, auto const& state) { return ask(step, words, state); });
    } catch (std::exception const& exception) {
      if (together_) throw;  // so have the others: nobody waits for the last round
      auto const* known = dynamic_cast<Error const*>(&exception);
      error = known != nullptr ? *known : internal_error(exception.what());
    }
    announce({0, 0});
    agree(run_.comm, error);
  }

  /// On the other ranks.
  void follow() {
    for (auto round = announce({}); round.asks != 0; round = announce({})) take_part(round.step, nullptr);
    agree(run_.comm, std::nullopt);
  }

 private:
  bool ask(std::int64_t step, std::function<std::string()> const& words,
           std::function<std::vector<double>()> const& state) {
    if (!pause_.is_over()) return false;
    run_.progress.report(-1, words());
    announce({1, step});
    together_ = true;
    bool const stop = take_part(step, state);
    together_ = false;
    pause_.restart();
    return stop;
  }

  Round announce(Round round) const {
    std::array<std::int64_t, 2> numbers{round.asks, round.step};
    MPI_Bcast(numbers.data(), 2, MPI_INT64_T, 0, run_.comm);
    return {numbers[0], numbers[1]};
  }

  bool take_part(std::int64_t step, std::function<std::vector<double>()> const& state) {
    return run_.should_stop(step, [&](io::Checkpoint& checkpoint) {
      auto const values = state ? state() : std::vector<double>{};
      auto size = static_cast<std::int64_t>(values.size());
      MPI_Bcast(&size, 1, MPI_INT64_T, 0, run_.comm);
      checkpoint.write(kState, values, on_root(run_.comm, size), {size});
      if (also_) also_(checkpoint);
    });
  }

  Run& run_;
  Run::Save const& also_;
  Interval pause_{kBetweenQuestions};
  bool together_ = false;  // in a round, whose failures are those of all ranks
};

}  // namespace

bool led_by_root(Run& run, std::function<void(Ask const&)> const& work, Run::Save const& also) {
  Leader leader{run, also};
  rank_of(run.comm) == 0 ? leader.lead(work) : leader.follow();
  return !run.stopped;
}

std::vector<double> state_of_root(Run& run) {
  if (!run.resume) return {};
  auto const checkpoint = run.checkpoints.newest();
  if (!checkpoint) return {};
  auto const block = on_root(run.comm, checkpoint->shape(kState)[0]);
  std::vector<double> state(static_cast<std::size_t>(block.count[0]));
  checkpoint->read(kState, state, block);
  return state;
}

}  // namespace kroma
