#include "problems/sdp_clustering/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "deck/csv_line.hpp"
#include "io/input_file.hpp"

namespace kroma::sdp_clustering {
namespace {

namespace fs = std::filesystem;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kCountedBytes = 64 << 20;  // text files up to this are counted, larger ones estimated

bool is_hdf5(std::string const& path) {
  auto const ending = fs::path{path}.extension();
  return ending == ".h5" || ending == ".hdf5" || ending == ".hdf";
}

bool stands_for_missing(std::string_view field) {
  static std::set<std::string_view> const words{"", "NA", "N/A", "na", "NaN", "nan", "NAN", "null", "NULL", "?"};
  return words.contains(field);
}

/// Which columns of how many are wanted: their numbers from 0. A column is a name, or a number from 1.
std::vector<std::size_t> choose(std::vector<std::string> const& names, std::vector<std::string> const& wanted,
                                std::string const& path) {
  std::vector<std::size_t> chosen;
  for (auto const& column : wanted) {
    auto const found = std::find(names.begin(), names.end(), column);
    std::size_t number = static_cast<std::size_t>(found - names.begin()) + 1;
    if (found == names.end()) {
      auto const [end, error] = std::from_chars(column.data(), column.data() + column.size(), number);
      if (error != std::errc{} || end != column.data() + column.size() || number < 1 || number > names.size()) {
        throw bad_input(
            fmt::format("{}: has no column '{}'; its columns are {}", path, column, fmt::join(names, ", ")));
      }
    }
    chosen.push_back(number - 1);
  }
  return chosen;
}

/// Columns 1, 2, ... where a file names none.
std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{}", i + 1));
  return names;
}

/// What the first line of a text file says about all.
struct Header {
  char separator = ' ';
  std::streamoff rows_begin = 0;  // byte where the lines with points begin
  std::int64_t lines_before = 0;
  std::vector<std::string> names;    // of the wanted columns
  std::vector<std::size_t> columns;  // and their places
  std::size_t label = 0;             // the place of the label, if there is one
  std::size_t needed = 0;            // fields that a line must have
};

Header read_header(DataOptions const& options) {
  auto const& path = options.file->path;
  std::ifstream in{path};
  std::string line;
  Header header;
  while (std::getline(in, line) && deck::csv_is_skipped(line)) ++header.lines_before;
  if (!in) throw bad_input(path + ": holds no points");
  header.separator = deck::csv_separator(line);
  auto const fields = deck::csv_split(line, header.separator);
  auto const end =
      in.eof() ? static_cast<std::streamoff>(fs::file_size(path)) : static_cast<std::streamoff>(in.tellg());
  bool const named = deck::csv_has_names(fields);
  header.rows_begin = named ? end : end - static_cast<std::streamoff>(line.size() + (in.eof() ? 0 : 1));
  if (named) ++header.lines_before;
  auto const names = named ? std::vector<std::string>{fields.begin(), fields.end()} : numbered(fields.size());
  if (!options.label.empty()) header.label = choose(names, {options.label}, path).front();
  header.columns = choose(names, options.columns, path);
  if (options.columns.empty()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (options.label.empty() || i != header.label) header.columns.push_back(i);
    }
  }
  if (header.columns.empty()) throw bad_input(path + ": has no column besides the label");
  for (auto const i : header.columns) header.names.push_back(names[i]);
  header.needed = names.size();
  return header;
}

/// The lines that begin in a part of the bytes of a file.
class TextReader {
 public:
  TextReader(DataOptions const& options, Header const& header)
      : options_{options}, header_{header}, path_{options.file->path}, in_{path_, std::ios::binary} {
    table_.names = header.names;
  }

  Table read(std::streamoff begin, std::streamoff end) {
    std::string line;
    in_.seekg(begin == header_.rows_begin ? begin : begin - 1);
    if (begin != header_.rows_begin) std::getline(in_, line);  // began in the part before
    while (in_.tellg() < end && in_.tellg() >= 0 && std::getline(in_, line)) take(line);
    return std::move(table_);
  }

 private:
  void take(std::string const& line) {
    if (deck::csv_is_skipped(line)) return;
    auto const fields = deck::csv_split(line, header_.separator);
    if (fields.size() < header_.needed) {
      throw bad_input(
          fmt::format("{}:{}: has {} fields, expected {}", path_, line_number(), fields.size(), header_.needed));
    }
    for (auto const i : header_.columns) table_.values.push_back(number(fields[i]));
    if (!options_.label.empty()) table_.labels.emplace_back(fields[header_.label]);
  }

  double number(std::string_view field) {
    if (auto const value = deck::csv_number(field); value && std::isfinite(*value)) return *value;
    if (stands_for_missing(field)) return kMissing;
    throw bad_input(fmt::format("{}:{}: expected a finite number, got '{}'", path_, line_number(), field),
                    "Choose the columns of numbers with data.columns; name a column of labels in data.label.");
  }

  /// Number of the line just read: counted only for messages.
  std::int64_t line_number() {
    auto left =
        in_.eof() ? static_cast<std::streamoff>(fs::file_size(path_)) : static_cast<std::streamoff>(in_.tellg());
    std::ifstream again{path_, std::ios::binary};
    std::string line;
    std::int64_t number = 0;
    for (; left > 0 && std::getline(again, line); ++number) left -= static_cast<std::streamoff>(line.size()) + 1;
    return number;
  }

  DataOptions const& options_;
  Header const& header_;
  std::string path_;
  std::ifstream in_;
  Table table_;
};

Table read_text(MPI_Comm comm, DataOptions const& options) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  return agreed(comm, [&] {
    auto const header = read_header(options);
    auto const bytes = static_cast<std::streamoff>(fs::file_size(options.file->path)) - header.rows_begin;
    auto const begin = [&](int r) { return header.rows_begin + bytes * r / ranks; };
    return TextReader{options, header}.read(begin(rank), begin(rank + 1));
  });
}

void expect_points(io::Shape const& shape, DataOptions const& options) {
  if (shape.size() == 2 && shape[1] > 0) return;
  throw bad_input(fmt::format("{}: '{}' has {} axes, expected (points, coordinates)", options.file->path,
                              options.dataset, shape.size()),
                  "Name the array of points in data.dataset.");
}

/// Labels of a HDF5 file as texts; numbers must be whole.
std::vector<std::string> read_labels(MPI_Comm comm, io::InputFile const& file, DataOptions const& options,
                                     io::Shape const& points, std::int64_t offset, std::int64_t count) {
  auto const shape = file.shape(options.label);
  if (shape != io::Shape{points[0]}) {
    throw bad_input(fmt::format("{}: '{}' is no list of {} labels", options.file->path, options.label, points[0]));
  }
  if (file.is_text(options.label)) return file.texts(options.label, {{offset}, {count}});
  auto const numbers = file.numbers(options.label, {{offset}, {count}});
  return agreed(comm, [&] {
    std::vector<std::string> labels;
    for (auto const value : numbers) {
      auto const whole = std::isfinite(value) && value == std::round(value);
      labels.push_back(whole ? fmt::format("{:.0f}", value) : fmt::format("{}", value));
    }
    return labels;
  });
}

Table read_hdf5(MPI_Comm comm, DataOptions const& options) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  auto const file = io::InputFile::open(comm, options.file->path);
  auto const shape = file.shape(options.dataset);
  expect_points(shape, options);
  auto const begin = shape[0] * rank / ranks, count = shape[0] * (rank + 1) / ranks - begin;
  auto const values = file.numbers(options.dataset, {{begin, 0}, {count, shape[1]}});
  Table table;
  auto const width = static_cast<std::size_t>(shape[1]);
  auto const names = numbered(width);
  auto columns = choose(names, options.columns, options.file->path);
  if (columns.empty()) {
    columns.resize(width);
    std::iota(columns.begin(), columns.end(), std::size_t{0});
  }
  for (auto const c : columns) table.names.push_back(names[c]);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    for (auto const c : columns) table.values.push_back(values[i * width + c]);
  }
  if (!options.label.empty()) table.labels = read_labels(comm, file, options, shape, begin, count);
  return table;
}

/// Lines that hold points; estimated from the first mebibyte of a large file.
std::int64_t count_lines(std::string const& path, std::streamoff begin) {
  std::ifstream in{path, std::ios::binary};
  in.seekg(begin);
  auto const bytes = static_cast<std::int64_t>(fs::file_size(path)) - begin;
  std::int64_t lines = 0, seen = 0;
  for (std::string line; std::getline(in, line) && (bytes <= kCountedBytes || seen < 1 << 20);) {
    lines += deck::csv_is_skipped(line) ? 0 : 1;
    seen += static_cast<std::int64_t>(line.size()) + 1;
  }
  return bytes <= kCountedBytes ? lines : static_cast<std::int64_t>(static_cast<double>(lines) * bytes / seen);
}

}  // namespace

Table read_table(MPI_Comm comm, DataOptions const& options) {
  return is_hdf5(options.file->path) ? read_hdf5(comm, options) : read_text(comm, options);
}

TableSize size_of_table(DataOptions const& options) {
  if (!is_hdf5(options.file->path)) {
    auto const header = read_header(options);
    return {count_lines(options.file->path, header.rows_begin), static_cast<int>(header.columns.size())};
  }
  auto const shape = io::shape_in_file(options.file->path, options.dataset);
  expect_points(shape, options);
  return {shape[0], static_cast<int>(options.columns.empty() ? shape[1] : options.columns.size())};
}

}  // namespace kroma::sdp_clustering
