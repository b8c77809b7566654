#pragma once

#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <mpi.h>

namespace kroma {

/// How the program ends; the numbers are promised to scripts (`kroma --help`).
enum class Exit : int { done = 0, internal = 1, bad_input = 2, solver_failed = 3, stopped = 4 };

/// What went wrong, and what to do about it. Caught once, in kroma::main_program.
class Error : public std::exception {
 public:
  /// `what` may hold several lines; `advice` is one sentence in the user's words, or empty.
  Error(Exit kind, std::string what, std::string advice = {});

  char const* what() const noexcept override { return what_.c_str(); }
  Exit kind() const noexcept { return kind_; }
  std::string const& advice() const noexcept { return advice_; }

 private:
  Exit kind_;
  std::string what_, advice_;
};

/// The deck, the command line or an input file is wrong (exit 2).
Error bad_input(std::string what, std::string advice = {});
/// The solver could not do it (exit 3): say what failed, at what point, and what to try.
Error solver_failed(std::string what, std::string advice = {});
/// A bug in kroma (exit 1).
Error internal_error(std::string what);

/// Throws on every rank the error of the lowest rank that has one, so that no rank waits for another for ever.
/// Collective.
void agree(MPI_Comm comm, std::optional<Error> const& mine);

/// Runs `work` on this rank, then agrees on the outcome: either all ranks return or all throw the same Error.
/// Any other exception counts as an internal error. `work` must not communicate. Collective.
template <class Work>
auto agreed(MPI_Comm comm, Work&& work) {
  using Result = decltype(work());
  std::optional<Error> error;
  auto guarded = [&](auto&& body) {
    try {
      body();
    } catch (Error const& e) {
      error = e;
    } catch (std::exception const& e) {
      error = internal_error(e.what());
    }
    agree(comm, error);
  };
  if constexpr (std::is_void_v<Result>) {
    guarded([&] { work(); });
  } else {
    std::optional<Result> result;
    guarded([&] { result.emplace(work()); });
    return std::move(*result);
  }
}

/// Throws internal_error unless `condition`: a promise between parts of the program, not a check of input.
void require(bool condition, char const* promise);

}  // namespace kroma
