#include "app/report.hpp"

#include <array>

#include <fmt/format.h>

#include "core/provenance.hpp"
#include "core/space.hpp"

namespace kroma {

std::string row(std::string const& name, std::string const& value) { return fmt::format("{:<19} {}\n", name, value); }

std::string grouped(std::int64_t number) {
  auto text = std::to_string(number);
  for (auto end = static_cast<std::ptrdiff_t>(text.size()) - 3; end > (number < 0 ? 1 : 0); end -= 3) {
    text.insert(static_cast<std::size_t>(end), " ");
  }
  return text;
}

std::string bytes_text(double bytes) {
  std::array constexpr units{"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 99.95 ? 0 : 1, units[unit]);
}

Plan plan_of(Problem const& problem, int ranks) {
  auto plan = problem.plan(ranks);
  plan.bytes_per_rank += kProgramMemory;
  return plan;
}

std::string plan_text(Plan const& plan, int ranks) {
  auto text = row("problem", plan.summary);
  for (auto const& [name, size] : plan.sizes) text += row(name, size);
  text += row("unknowns", grouped(plan.unknowns));
  text += row("memory", fmt::format("{} on each of {} {}", bytes_text(plan.bytes_per_rank), ranks,
                                    ranks == 1 ? "rank" : "ranks"));
  return text;
}

void report_start(Log const& log, Job const& job, Plan const& plan, int ranks) {
  auto const& build = build_info();
  auto text = fmt::format("kroma {} ({})\n", build.version, build.commit);
  if (!job.read.title.empty()) text += row("title", job.read.title);
  if (!job.case_name.empty()) text += row("case", job.case_name);
  text += plan_text(plan, ranks);
  auto const threads = Space().concurrency();
  text += row("ranks",
              fmt::format("{} x {} {} ({})", ranks, threads, threads == 1 ? "thread" : "threads", execution_space()));
  text += row("folder", job.folder);
  log.line(text);
}

void report_times(MPI_Comm comm, Log const& log, Timers const& timers) {
  auto text = fmt::format("{:<18}{:>10}{:>10}   s, over the ranks", "time", "least", "most");
  for (auto const& stage : timers.stages()) {
    double least = 0, most = 0;
    MPI_Reduce(&stage.seconds, &least, 1, MPI_DOUBLE, MPI_MIN, 0, comm);
    MPI_Reduce(&stage.seconds, &most, 1, MPI_DOUBLE, MPI_MAX, 0, comm);
    text += fmt::format("\n{:<18}{:>10.3f}{:>10.3f}", stage.name, least, most);
  }
  log.line(text);
}

}  // namespace kroma
