#include "io/result_file.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/shared_file.hpp"

namespace kroma::io {
namespace {

constexpr auto kSchema = "kroma-results/1";
constexpr auto kTime = "/time";

Shape shape_of(std::vector<Dimension> const& dimensions) {
  Shape shape;
  for (auto const& dimension : dimensions) shape.push_back(dimension.size);
  return shape;
}

void expect_size(std::span<double const> values, Shape const& shape) {
  require(static_cast<std::int64_t>(values.size()) == elements(shape), "an array has as many values as its shape says");
}

/// Sizes and bytes of one column's cells, and how to put a row's cell into the table's buffer.
struct Cells {
  explicit Cells(Column const& from) : column{from} {
    if (auto const* texts = std::get_if<std::vector<std::string>>(&column.values)) {
      for (auto const& text : *texts) bytes = std::max(bytes, text.size());
    } else {
      bytes = sizeof(double);
    }
  }

  std::size_t rows() const {
    return std::visit([](auto const& values) { return values.size(); }, column.values);
  }

  h5::Type type() const {
    if (std::holds_alternative<std::vector<double>>(column.values)) return h5::Type::real();
    if (std::holds_alternative<std::vector<std::int64_t>>(column.values)) return h5::Type::integer();
    return h5::Type::text(bytes);
  }

  void copy(std::size_t row, char* to) const {
    std::visit(
        [&](auto const& values) {
          auto const& value = values[row];
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
            std::memcpy(to, value.data(), value.size());
          } else {
            std::memcpy(to, &value, sizeof value);
          }
        },
        column.values);
  }

  Column const& column;
  std::size_t bytes = 1;
};

/// All rows, packed as the compound type has them.
std::vector<char> pack(std::vector<Cells> const& columns, std::size_t rows) {
  std::size_t stride = 0;
  for (auto const& cells : columns) stride += cells.bytes;
  std::vector<char> buffer(rows * stride, '\0');
  std::size_t offset = 0;
  for (auto const& cells : columns) {
    for (std::size_t row = 0; row < rows; ++row) cells.copy(row, buffer.data() + row * stride + offset);
    offset += cells.bytes;
  }
  return buffer;
}

}  // namespace

struct ResultFile::State {
  SharedFile shared;
  std::int64_t times = 0;  // rows of /time so far

  void describe(std::string const& path, std::string const& units, std::string const& long_name) {
    shared.attribute(path, "units", units);
    shared.attribute(path, "long_name", long_name);
  }

  /// Makes `scale` the coordinates of axis number `axis` of the array at `path`.
  void attach(std::string const& path, int axis, std::string const& scale, std::int64_t size) {
    shared.together(fmt::format("attach {} to {}", scale, path), [&] {
      auto const coordinates = h5::Dataset::open(shared.file(), scale);
      if (coordinates.shape() != Shape{size}) {
        throw internal_error(fmt::format("{}: axis {} has {} points, its scale {} has not", path, axis, size, scale));
      }
      h5::Dataset::open(shared.file(), path).attach_scale(coordinates, axis);
    });
  }

  void attach(std::string const& path, std::vector<Dimension> const& dimensions, int first_axis) {
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
      if (dimensions[i].scale.empty()) continue;
      attach(path, first_axis + static_cast<int>(i), dimensions[i].scale, dimensions[i].size);
    }
  }

  void make_scale(std::string const& path) {
    shared.together("make a scale of " + path, [&] { h5::Dataset::open(shared.file(), path).make_scale(path); });
  }

  void create_time() {
    shared.create_array(kTime, h5::Type::real(), {.shape = {0}, .chunk = {1024}, .grows = true});
    make_scale(kTime);
    describe(kTime, "s", "Time");
  }

  /// The array of a frame, made at the first time. A chunk is one time of one rank's block (`count`), or as many times
  /// as make small blocks worth a chunk.
  void create_rows(std::string const& path, Shape const& count, std::vector<Dimension> const& dimensions,
                   std::string const& units, std::string const& long_name) {
    auto chunk = chunk_for(shared.comm(), count);
    chunk.insert(chunk.begin(), std::max<std::int64_t>(1, 1024 / elements(chunk)));
    auto shape = shape_of(dimensions);
    shape.insert(shape.begin(), 0);
    shared.create_array(path, h5::Type::real(), {.shape = shape, .chunk = chunk, .grows = true});
    attach(path, 0, kTime, times);
    attach(path, dimensions, 1);
    describe(path, units, long_name);
  }

  /// Writes row `row` of an array that has exactly the rows before it.
  void append_row(std::string const& path, std::int64_t row, std::span<double const> mine, Block block, Shape shape) {
    shared.reserve(elements(shape) * static_cast<std::int64_t>(sizeof(double)));
    shape.insert(shape.begin(), row);
    block.offset.insert(block.offset.begin(), row);
    block.count.insert(block.count.begin(), 1);
    shared.together("extend " + path, [&] {
      auto dataset = h5::Dataset::open(shared.file(), path);
      if (dataset.shape() != shape) throw internal_error(path + ": is not written once at every saved time");
      ++shape.front();
      dataset.extend(shape);
    });
    shared.write(path, mine, block);
  }

  /// What frame() and series() share: `count` is the shape of the block that a chunk should hold.
  void row(std::string const& path, std::span<double const> mine, Block const& block, Shape const& count,
           std::vector<Dimension> const& dimensions, std::string const& units, std::string const& long_name) {
    require(times > 0, "next_time() comes before what is saved at that time");
    bool const there = shared.together("look for " + path, [&] { return shared.file().contains(path); });
    if (!there) create_rows(path, count, dimensions, units, long_name);
    append_row(path, times - 1, mine, block, shape_of(dimensions));
  }
};

ResultFile::ResultFile(std::unique_ptr<State> state) : state_{std::move(state)} {}
ResultFile::ResultFile(ResultFile&&) noexcept = default;
ResultFile& ResultFile::operator=(ResultFile&&) noexcept = default;
ResultFile::~ResultFile() = default;

ResultFile ResultFile::create(MPI_Comm comm, std::string const& path) {
  ResultFile file{std::make_unique<State>(State{SharedFile::create(comm, path)})};
  file.attribute("/", "schema", std::string{kSchema});
  file.attribute("/", "created", utc_now());
  file.flush();
  return file;
}

ResultFile ResultFile::reopen(MPI_Comm comm, std::string const& path) {
  ResultFile file{std::make_unique<State>(State{SharedFile::reopen(comm, path)})};
  auto& state = *file.state_;
  state.times = state.shared.together("look for saved times", [&] {
    auto const& h5 = state.shared.file();
    return h5.contains(kTime) ? h5::Dataset::open(h5, kTime).shape().front() : std::int64_t{0};
  });
  if (state.times == 0) {  // nothing to keep
    file.state_.reset();
    return create(comm, path);
  }
  for (std::string const about : {"/deck", "/provenance", "/metrics", "/timing", "/tables"}) {
    state.shared.together("remove " + about, [&] {
      if (state.shared.file().contains(about)) state.shared.file().remove(about);
    });
  }
  return file;
}

void ResultFile::attribute(std::string const& object, std::string const& name, Value const& value) {
  state_->shared.attribute(object, name, value);
}

void ResultFile::text(std::string const& path, std::string const& value) { state_->shared.text(path, value); }

void ResultFile::provenance(std::vector<Fact> const& facts) {
  for (auto const& fact : facts) attribute("/provenance", fact.name, fact.value);
  attribute("/provenance", "hdf5", h5::version());
}

void ResultFile::timing(Timers const& timers) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(state_->shared.comm(), &rank);
  MPI_Comm_size(state_->shared.comm(), &ranks);
  for (auto const& stage : timers.stages()) {
    field("/timing/" + stage.name, {&stage.seconds, 1}, {{rank}, {1}}, {{"", ranks}}, "s",
          "Time in " + stage.name + " by rank");
  }
}

void ResultFile::coordinate(std::string const& path, std::span<double const> values, std::string const& units,
                            std::string const& long_name) {
  if (!state_->shared.write_numbers(path, values, {static_cast<std::int64_t>(values.size())})) return;
  state_->make_scale(path);
  state_->describe(path, units, long_name);
}

void ResultFile::field(std::string const& path, std::span<double const> mine, Block const& block,
                       std::vector<Dimension> const& dimensions, std::string const& units,
                       std::string const& long_name) {
  if (!state_->shared.write_blocks(path, mine, block, shape_of(dimensions))) return;
  state_->attach(path, dimensions, 0);
  state_->describe(path, units, long_name);
}

void ResultFile::replicated(std::string const& path, std::span<double const> values,
                            std::vector<Dimension> const& dimensions, std::string const& units,
                            std::string const& long_name) {
  auto const shape = shape_of(dimensions);
  expect_size(values, shape);
  if (!state_->shared.write_numbers(path, values, shape)) return;
  state_->attach(path, dimensions, 0);
  state_->describe(path, units, long_name);
}

void ResultFile::table(std::string const& path, std::vector<Column> const& columns, std::string const& long_name) {
  require(!columns.empty(), "a table has a column");
  std::vector<Cells> const cells{columns.begin(), columns.end()};
  auto const rows = cells.front().rows();
  std::vector<h5::Type::Member> members;
  std::vector<std::string> units;
  for (auto const& column : cells) {
    require(column.rows() == rows, "all columns of a table have the same number of rows");
    members.push_back({column.column.name, column.type()});
    units.push_back(column.column.units);
  }
  auto& shared = state_->shared;
  shared.write_from_first(path, h5::Type::compound(members), pack(cells, rows).data(),
                          {static_cast<std::int64_t>(rows)});
  shared.together("write the units of " + path, [&] { shared.file().set_attribute(path, "units", units); });
  shared.attribute(path, "long_name", long_name);
}

void ResultFile::next_time(double seconds) {
  if (state_->times == 0) state_->create_time();
  state_->append_row(kTime, state_->times, {&seconds, 1}, state_->shared.whole_on_first({}), {});
  ++state_->times;
}

void ResultFile::frame(std::string const& path, std::span<double const> mine, Block const& block,
                       std::vector<Dimension> const& dimensions, std::string const& units,
                       std::string const& long_name) {
  check_blocks(state_->shared.comm(), path, mine.size(), block, shape_of(dimensions));
  state_->row(path, mine, block, block.count, dimensions, units, long_name);
}

void ResultFile::series(std::string const& path, std::span<double const> values,
                        std::vector<Dimension> const& dimensions, std::string const& units,
                        std::string const& long_name) {
  auto const shape = shape_of(dimensions);
  expect_size(values, shape);
  state_->row(path, values, state_->shared.whole_on_first(shape), shape, dimensions, units, long_name);
}

std::int64_t ResultFile::rewind(std::int64_t times) {
  auto& shared = state_->shared;
  auto const arrays = shared.together("look for saved times", [&] { return shared.file().growing(); });
  state_->times = std::min(state_->times, times);
  for (auto const& path : arrays) {
    shared.together("shorten " + path, [&] {
      auto dataset = h5::Dataset::open(shared.file(), path);
      auto shape = dataset.shape();
      shape.front() = std::min(shape.front(), state_->times);
      dataset.extend(shape);
    });
  }
  shared.flush();
  return state_->times;
}

void ResultFile::flush() { state_->shared.flush(); }

void ResultFile::complete() { state_->shared.complete(); }

}  // namespace kroma::io
