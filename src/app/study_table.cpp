#include "app/study_table.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/error.hpp"
#include "deck/node.hpp"
#include "deck/units.hpp"
#include "io/result_file.hpp"
#include "io/status.hpp"

namespace kroma {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Metrics that tell what a run cost, with their units; all others are results.
std::map<std::string, std::string> const& costs() {
  static std::map<std::string, std::string> const units{
      {"wall_seconds", "s"}, {"setup_seconds", "s"}, {"solve_seconds", "s"}, {"memory_bytes", "B"}};
  return units;
}

using Metrics = std::map<std::string, io::Value>;

Metrics metrics_of(std::string const& folder) {
  auto const status = io::read_status(folder + "/results.h5");
  return {status.metrics.begin(), status.metrics.end()};
}

template <class T>
bool all_are(std::vector<Metrics> const& cases, std::string const& name) {
  return std::all_of(cases.begin(), cases.end(), [&](auto const& metrics) {
    auto const found = metrics.find(name);
    return found != metrics.end() && std::holds_alternative<T>(found->second);
  });
}

double as_number(io::Value const& value) {
  if (auto const* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  auto const* number = std::get_if<double>(&value);
  return number != nullptr ? *number : kMissing;
}

bool is_text(std::vector<Metrics> const& cases, std::string const& name) {
  return std::any_of(cases.begin(), cases.end(), [&](auto const& metrics) {
    auto const found = metrics.find(name);
    return found != metrics.end() && std::holds_alternative<std::string>(found->second);
  });
}

/// One metric of all cases, as the narrowest type that holds all of them.
io::Column metric_column(std::string const& name, std::string const& units, std::vector<Metrics> const& cases) {
  if (is_text(cases, name)) {
    std::vector<std::string> texts;
    for (auto const& metrics : cases) {
      auto const found = metrics.find(name);
      auto const* text = found != metrics.end() ? std::get_if<std::string>(&found->second) : nullptr;
      texts.push_back(text != nullptr ? *text : "");
    }
    return {name, units, texts};
  }
  if (all_are<std::int64_t>(cases, name)) {
    std::vector<std::int64_t> numbers;
    for (auto const& metrics : cases) numbers.push_back(std::get<std::int64_t>(metrics.at(name)));
    return {name, units, numbers};
  }
  std::vector<double> numbers;
  for (auto const& metrics : cases) {
    auto const found = metrics.find(name);
    numbers.push_back(found != metrics.end() ? as_number(found->second) : kMissing);
  }
  return {name, units, numbers};
}

/// The value of a changed key as a number in SI, if it is one.
std::optional<deck::Quantity> quantity_of(std::string const& text) {
  try {
    return deck::parse_quantity(text);
  } catch (Error const&) {
    return std::nullopt;
  }
}

/// What changed under one key: numbers in SI where all values are numbers of one dimension, else texts.
io::Column change_column(std::string const& key, std::vector<std::string> const& texts) {
  std::vector<double> numbers;
  std::optional<std::string> dimension;
  for (auto const& text : texts) {
    auto const quantity = quantity_of(text);
    if (!quantity || dimension.value_or(quantity->dimension) != quantity->dimension) return {key, "1", texts};
    dimension = quantity->dimension;
    numbers.push_back(quantity->value);
  }
  return {key, dimension && !dimension->empty() ? *dimension : "1", numbers};
}

std::vector<io::Column> change_columns(std::vector<deck::Case> const& cases) {
  std::vector<io::Column> columns;
  for (std::size_t i = 0; i < cases.front().sets.size(); ++i) {  // every case changes the same keys
    std::string key;
    std::vector<std::string> values;
    for (auto const& one : cases) {
      auto const equals = one.sets[i].find('=');
      key = one.sets[i].substr(0, equals);
      auto const value = deck::parse_yaml(one.sets[i].substr(equals + 1), key, false);
      values.push_back(value.is_scalar() ? value.text() : deck::to_flow_yaml(value));
    }
    columns.push_back(change_column(key, values));
  }
  return columns;
}

/// Number, name and how it ended, of each case.
std::vector<io::Column> case_columns(StudySummary const& summary) {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> names, statuses, messages;
  for (std::size_t i = 0; i < summary.cases.size(); ++i) {
    numbers.push_back(summary.cases[i].number);
    names.push_back(summary.cases[i].name);
    statuses.push_back(summary.outcomes[i].status);
    messages.push_back(summary.outcomes[i].message);
  }
  return {{"number", "1", numbers}, {"name", "1", names}, {"status", "1", statuses}, {"message", "1", messages}};
}

std::int64_t count(StudySummary const& summary, std::string const& status) {
  return std::count_if(summary.outcomes.begin(), summary.outcomes.end(),
                       [&](auto const& outcome) { return outcome.status == status; });
}

void write_tables(io::ResultFile& file, StudySummary const& summary) {
  std::vector<Metrics> metrics;
  std::map<std::string, std::string> names;  // of all metrics, with units
  for (auto const& folder : summary.folders) {
    metrics.push_back(metrics_of(folder));
    for (auto const& [name, value] : metrics.back()) names.emplace(name, "1");
  }
  names.erase("failure");  // the message says it
  auto rows = case_columns(summary);
  std::vector<io::Column> cost{rows.front()};
  for (auto& column : change_columns(summary.cases)) rows.push_back(std::move(column));
  for (auto const& [name, unit] : names) {
    auto const price = costs().find(name);
    if (price == costs().end()) {
      rows.push_back(metric_column(name, unit, metrics));
    } else {
      cost.push_back(metric_column(name, price->second, metrics));
    }
  }
  file.table("/tables/cases", rows, "Cases of the study");
  file.table("/tables/cost", cost, "Time and memory of the cases");
}

}  // namespace

std::string study_path(std::string const& folder) { return folder + "/study.h5"; }

void write_study(std::string const& folder, StudySummary const& summary) {
  auto file = io::ResultFile::create(MPI_COMM_SELF, study_path(folder));
  file.attribute("/", "problem", summary.problem);
  file.attribute("/", "title", summary.title);
  file.attribute("/", "study", std::int64_t{1});
  file.text("/deck/source", summary.source);
  file.provenance(summary.provenance);
  write_tables(file, summary);
  file.attribute("/metrics", "cases", static_cast<std::int64_t>(summary.cases.size()));
  for (auto const* status : {"done", "failed", "stopped"}) file.attribute("/metrics", status, count(summary, status));
  if (count(summary, "done") + count(summary, "failed") == static_cast<std::int64_t>(summary.cases.size())) {
    file.complete();
  }
}

}  // namespace kroma
