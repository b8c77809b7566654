#include "io/status.hpp"

#include <filesystem>

#include "io/shared_file.hpp"

namespace kroma::io {
namespace {

template <class T>
T value_or(Attributes const& attributes, std::string const& name, T otherwise) {
  for (auto const& [key, value] : attributes) {
    if (key != name) continue;
    if (auto const* found = std::get_if<T>(&value)) return *found;
  }
  return otherwise;
}

}  // namespace

ResultStatus read_status(std::string const& path) {
  ResultStatus status;
  std::error_code error;
  status.exists = std::filesystem::exists(path, error);
  if (!status.exists) return status;
  try {
    auto const file = h5::File::open_alone(path);
    file.check_objects();
    auto const root = file.attributes("/");
    status.problem = value_or(root, "problem", std::string{});
    status.created = value_or(root, "created", std::string{});
    if (file.contains("/metrics")) status.metrics = file.attributes("/metrics");
    if (file.contains("/deck/resolved")) status.resolved_deck = read_text(file, "/deck/resolved");
    status.complete = value_or(root, "complete", std::int64_t{0}) == 1;
  } catch (h5::Failure const& failure) {
    status.trouble = failure.what();
  }
  return status;
}

bool any_file_abandoned() { return h5::any_abandoned(); }

std::string hdf5_version() { return h5::version(); }

}  // namespace kroma::io
