#include "problems/sdp_clustering/pauses.hpp"

#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/gather.hpp"
#include "problems/sdp_clustering/history.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr auto kFinished = "finished";
constexpr auto kKind = "kind";
constexpr auto kNoSolver = "none";

std::string name_of(std::size_t number) { return fmt::format("outcome_{}", number); }

void pack(std::vector<double>& to, HostMatrix matrix) { kroma::pack(to, {matrix.data(), matrix.size()}); }

HostMatrix unpack_matrix(double const*& from, std::size_t columns) {
  auto const list = unpack(from);
  HostMatrix matrix{"sdp_clustering::saved", columns > 0 ? list.size() / columns : 0, columns};
  std::copy(list.begin(), list.end(), matrix.data());
  return matrix;
}

void pack_mixture(std::vector<double>& to, Mixture const& mixture) {
  to.push_back(static_cast<double>(mixture.kind));
  to.push_back(mixture.floored);
  to.push_back(static_cast<double>(mixture.covariance.size()));
  kroma::pack(to, mixture.weight);
  pack(to, mixture.mean);
  for (auto const& covariance : mixture.covariance) pack(to, covariance);
}

Mixture unpack_mixture(double const*& from, std::size_t dimension) {
  Mixture mixture;
  mixture.kind = static_cast<Kind>(static_cast<int>(*from++));
  mixture.floored = static_cast<int>(*from++);
  mixture.covariance.resize(static_cast<std::size_t>(*from++));
  mixture.weight = unpack(from);
  mixture.mean = unpack_matrix(from, dimension);
  for (auto& covariance : mixture.covariance) covariance = unpack_matrix(from, dimension);
  return mixture;
}

/// What an outcome has in the same numbers on all ranks.
std::vector<double> numbers_of(Outcome const& outcome) {
  std::vector<double> numbers{static_cast<double>(outcome.clusters),
                              outcome.objective,
                              outcome.relaxed,
                              outcome.bound,
                              outcome.kkt_residual,
                              outcome.log_likelihood,
                              static_cast<double>(outcome.iterations),
                              outcome.converged ? 1.0 : 0.0};
  pack_history(numbers, outcome.history);
  pack_mixture(numbers, outcome.mixture);
  for (auto const& [name, value] : outcome.more) numbers.push_back(value);
  return numbers;
}

/// The dense matrix of rank 0, if there is one.
void save_membership(io::Checkpoint& checkpoint, std::string const& name, MPI_Comm comm, HostMatrix membership) {
  auto n = static_cast<std::int64_t>(membership.extent(0));
  MPI_Bcast(&n, 1, MPI_INT64_T, 0, comm);
  checkpoint.write(name + "_dense", n);
  if (n == 0) return;
  auto const mine = is_first(comm) ? n : 0;
  checkpoint.write(name + "_membership", {membership.data(), static_cast<std::size_t>(mine * n)}, {{0, 0}, {mine, n}},
                   {n, n});
}

HostMatrix load_membership(io::Checkpoint const& checkpoint, std::string const& name, MPI_Comm comm) {
  auto const n = checkpoint.value<std::int64_t>(name + "_dense");
  if (n == 0) return {};
  auto const mine = is_first(comm) ? n : 0;
  HostMatrix membership{"sdp_clustering::saved", static_cast<std::size_t>(mine),
                        static_cast<std::size_t>(mine > 0 ? n : 0)};
  checkpoint.read(name + "_membership", {membership.data(), membership.size()}, {{0, 0}, {mine, n}});
  return membership;
}

/// Labels as rows of one number.
Matrix rows_of(Labels label) {
  Matrix rows{"sdp_clustering::saved_label", label.extent(0), 1};
  Kokkos::parallel_for(
      "sdp_clustering::rows_of", Kokkos::RangePolicy<Space>(0, label.extent_int(0)),
      KOKKOS_LAMBDA(int const i) { rows(i, 0) = label(i); });
  Space{}.fence();
  return rows;
}

Labels labels_of(ConstMatrix rows) {
  Labels label{"sdp_clustering::label", rows.extent(0)};
  Kokkos::parallel_for(
      "sdp_clustering::labels_of", Kokkos::RangePolicy<Space>(0, label.extent_int(0)),
      KOKKOS_LAMBDA(int const i) { label(i) = static_cast<int>(rows(i, 0)); });
  Space{}.fence();
  return label;
}

}  // namespace

Pauses::Pauses(Run& run, Points const& points, std::size_t numbers) : run_{run}, points_{points}, numbers_{numbers} {
  auto const checkpoint = run.resume ? run.checkpoints.newest() : std::nullopt;
  if (!checkpoint) return;
  auto const count = static_cast<std::size_t>(checkpoint->value<std::int64_t>(kFinished));
  for (std::size_t i = 0; i < count; ++i) finished_.push_back(load_outcome(*checkpoint, name_of(i), points));
  kind_ = checkpoint->value<std::string>(kKind);
}

void Pauses::finish(Outcome outcome) {
  finished_.push_back(std::move(outcome));
  if (finished_.size() == numbers_) return;
  ask(kNoSolver, static_cast<std::int64_t>(finished_.size()), "begins", [](io::Checkpoint&) {});
}

std::optional<io::Checkpoint> Pauses::saved(std::string const& kind) {
  if (kind_ != kind) return std::nullopt;
  kind_.clear();
  return run_.checkpoints.newest();
}

void Pauses::tell(std::string const& words) const {
  auto const which =
      numbers_ > 1 ? fmt::format("{} of {} numbers of clusters  ", finished_.size() + 1, numbers_) : std::string{};
  run_.progress.report(-1, which + words);
}

void Pauses::save_finished(io::Checkpoint& checkpoint, std::string const& kind) const {
  checkpoint.write(kKind, kind);
  checkpoint.write(kFinished, static_cast<std::int64_t>(finished_.size()));
  for (std::size_t i = 0; i < finished_.size(); ++i) save_outcome(checkpoint, name_of(i), points_, finished_[i]);
}

void Pauses::ask(std::string const& kind, std::int64_t step, std::string const& words, Run::Save const& save) {
  tell(words);
  bool const stop = run_.should_stop(step, [&](io::Checkpoint& checkpoint) {
    save_finished(checkpoint, kind);
    save(checkpoint);
  });
  if (stop) throw Stopped{};
}

void Pauses::lead(std::string const& kind,
                  std::function<void(Ask const&, std::vector<double> const& state)> const& work) {
  std::vector<double> state;
  if (kind_ == kind) state = state_of_root(run_);
  kind_.clear();
  bool const done = led_by_root(
      run_, [&](Ask const& ask) { work(ask, state); },
      [&](io::Checkpoint& checkpoint) { save_finished(checkpoint, kind); });
  if (!done) throw Stopped{};
}

void save_outcome(io::Checkpoint& checkpoint, std::string const& name, Points const& points, Outcome const& outcome) {
  std::string keys;
  for (auto const& [key, value] : outcome.more) keys += key + " ";
  checkpoint.write(name + "_certificate", outcome.certificate);
  checkpoint.write(name + "_keys", keys);
  save_numbers(checkpoint, name + "_numbers", points, numbers_of(outcome));
  save_rows(checkpoint, name + "_label", points, rows_of(outcome.label));
  save_membership(checkpoint, name, points.comm, outcome.membership);
}

Outcome load_outcome(io::Checkpoint const& checkpoint, std::string const& name, Points const& points) {
  auto const numbers = load_numbers(checkpoint, name + "_numbers", points);
  double const* from = numbers.data();
  Outcome outcome;
  outcome.clusters = static_cast<int>(*from++);
  for (auto* value :
       {&outcome.objective, &outcome.relaxed, &outcome.bound, &outcome.kkt_residual, &outcome.log_likelihood}) {
    *value = *from++;
  }
  outcome.iterations = static_cast<std::int64_t>(*from++);
  outcome.converged = *from++ != 0;
  outcome.history = unpack_history(from);
  outcome.mixture = unpack_mixture(from, static_cast<std::size_t>(points.dimension()));
  std::istringstream keys{checkpoint.value<std::string>(name + "_keys")};
  for (std::string key; keys >> key;) outcome.more[key] = *from++;
  outcome.certificate = checkpoint.value<std::string>(name + "_certificate");
  Matrix label{"sdp_clustering::saved_label", static_cast<std::size_t>(points.local()), 1};
  load_rows(checkpoint, name + "_label", points, label);
  outcome.label = labels_of(label);
  outcome.membership = load_membership(checkpoint, name, points.comm);
  return outcome;
}

void save_rows(io::Checkpoint& checkpoint, std::string const& name, Points const& points, ConstMatrix rows) {
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, rows);
  auto const columns = static_cast<std::int64_t>(rows.extent(1));
  checkpoint.write(name, {host.data(), host.size()}, {{points.offset, 0}, {points.local(), columns}},
                   {points.count, columns});
}

void load_rows(io::Checkpoint const& checkpoint, std::string const& name, Points const& points, Matrix rows) {
  auto const columns = static_cast<std::int64_t>(rows.extent(1));
  if (checkpoint.shape(name) != io::Shape{points.count, columns}) {
    throw bad_input(fmt::format("{}: '{}' is of another size than this deck asks for", checkpoint.path(), name),
                    "Undo what has changed in the deck, or start again with --overwrite.");
  }
  auto const host = Kokkos::create_mirror_view(rows);
  checkpoint.read(name, {host.data(), host.size()}, {{points.offset, 0}, {points.local(), columns}});
  Kokkos::deep_copy(rows, host);
}

void save_numbers(io::Checkpoint& checkpoint, std::string const& name, Points const& points,
                  std::vector<double> const& numbers) {
  auto const size = static_cast<std::int64_t>(numbers.size()), mine = is_first(points.comm) ? size : 0;
  checkpoint.write(name, {numbers.data(), static_cast<std::size_t>(mine)}, {{0}, {mine}}, {size});
}

std::vector<double> load_numbers(io::Checkpoint const& checkpoint, std::string const& name, Points const& points) {
  auto const size = checkpoint.shape(name)[0], mine = is_first(points.comm) ? size : 0;
  std::vector<double> numbers(static_cast<std::size_t>(mine));
  checkpoint.read(name, numbers, {{0}, {mine}});
  return linalg::broadcast(points.comm, 0, numbers);
}

}  // namespace kroma::sdp_clustering
