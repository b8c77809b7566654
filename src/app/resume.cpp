#include "app/resume.hpp"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "io/checkpoints.hpp"

namespace kroma {
namespace {

/// Texts of all scalars of a tree, by their paths.
void flatten(deck::Node const& node, std::string const& path, std::map<std::string, std::string>& leaves) {
  for (std::size_t i = 0; i < node.items().size(); ++i) {
    flatten(node.items()[i], deck::join_path(path, std::to_string(i)), leaves);
  }
  for (auto const& entry : node.entries()) flatten(entry.value, deck::join_path(path, entry.key), leaves);
  if (node.is_scalar()) leaves[path] = node.text();
}

std::map<std::string, std::string> leaves_of(std::string const& deck_text) {
  std::map<std::string, std::string> leaves;
  flatten(deck::Deck::from_text(deck_text, "resolved deck").root(), "", leaves);
  return leaves;
}

bool may_change(std::string const& key) {
  return key == "title" || key == "notes" || key.starts_with("solver.") || key.starts_with("output.");
}

}  // namespace

std::vector<std::string> changed_keys(std::string const& resolved_before, std::string const& resolved_now) {
  auto before = leaves_of(resolved_before);
  std::vector<std::string> changed;
  for (auto const& [key, value] : leaves_of(resolved_now)) {
    auto const old = before.extract(key);
    if (old.empty() || old.mapped() != value) changed.push_back(key);
  }
  for (auto const& [key, value] : before) changed.push_back(key);  // those that are no longer there
  return changed;
}

std::vector<std::string> forbidden_changes(std::string const& resolved_before, std::string const& resolved_now) {
  auto changed = changed_keys(resolved_before, resolved_now);
  std::erase_if(changed, may_change);
  return changed;
}

void check_resume(MPI_Comm comm, Log const& log, Job const& job) {
  auto const checkpoint = io::CheckpointStore{comm, job.folder}.newest();
  if (!checkpoint)
    throw bad_input(fmt::format("{}/checkpoints: none can be read", job.folder), "Start again: --overwrite");
  auto const forbidden = forbidden_changes(checkpoint->deck(), job.read.resolved);
  if (!forbidden.empty()) {
    throw bad_input(
        fmt::format("--resume: the deck has changed since {}: {}", checkpoint->path(), fmt::join(forbidden, ", ")),
        "Only title, notes, solver and output may change. Start again with --overwrite, or undo the change.");
  }
  log.line(fmt::format("resuming from {} (step {})", checkpoint->path(), checkpoint->step()));
  auto const changed = changed_keys(checkpoint->deck(), job.read.resolved);
  if (!changed.empty()) log.line(fmt::format("changed since then: {}", fmt::join(changed, ", ")));
}

}  // namespace kroma
