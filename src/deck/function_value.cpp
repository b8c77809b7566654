// How a deck gives a function: a number, a quantity, an expression, or a table.
#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv.hpp"
#include "deck/schema.hpp"
#include "deck/syntax.hpp"
#include "deck/units.hpp"

namespace kroma::deck {
namespace {

/// {file, columns, interpolation} or {points, interpolation}.
struct TableOptions {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> points;
  Interpolation interpolation = Interpolation::linear;
};

Schema<TableOptions> const& table_schema() {
  static auto const schema = [] {
    Schema<TableOptions> s{"A table of points"};
    s.add("file", &TableOptions::file, "Text file with columns of numbers, relative to the deck")
        .example("profile.csv");
    s.add("columns", &TableOptions::columns, "Names of the two columns in the file, or their numbers from 1")
        .example("[c, D]");
    s.add("points", &TableOptions::points, "The points themselves, instead of a file").example("[[0, 1], [1, 3]]");
    s.add("interpolation", &TableOptions::interpolation, "Between the points")
        .choices({{"linear", Interpolation::linear}, {"pchip", Interpolation::pchip}});
    s.check([](TableOptions const& o, Where const& where) {
      if (o.file.empty() == o.points.empty()) where.mistake("", "give either `file` or `points`");
      if (!o.columns.empty() && o.columns.size() != 2) where.mistake("columns", "must name two columns");
      if (!o.columns.empty() && o.file.empty()) where.mistake("columns", "belongs to `file`");
      for (std::size_t i = 0; i < o.points.size(); ++i) {
        if (o.points[i].size() != 2) where.mistake(fmt::format("points.{}", i), "a point is [x, y]");
      }
    });
    return s;
  }();
  return schema;
}

bool is_choice(Node const& node, Rules const& rules) {
  return std::any_of(rules.choices.begin(), rules.choices.end(), [&](auto const& c) { return c.first == node.text(); });
}

class FunctionValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    auto& function = *static_cast<Function*>(target);
    if (node.is_map() && rules.arguments.size() == 1) return read_table(node, function, rules, path, reader);
    if (!node.is_scalar()) return add_wrong_type(node, expected(rules), path, reader);
    if (is_choice(node, rules)) {
      function = Function::word(node.text(), node.mark());
      return;
    }
    try {
      if (has_unit(node.text())) {
        function = Function::constant(parse_quantity(node.text(), rules.unit), rules.arguments);
      } else {
        function = Function::parse(node.text(), rules.arguments, node.text_mark());
      }
    } catch (syntax::SyntaxError const& e) {
      reader.mistakes.add(node.text_mark().shifted(e.offset), path, e.text);
    } catch (Error const& e) {
      reader.mistakes.add(node.mark(), path, e.what());
    }
  }
  Node write(void const* source, Rules const&) const override { return static_cast<Function const*>(source)->write(); }
  void describe(Description& d) const override { d.type = Description::Type::function; }
  std::string expected(Rules const& rules) const override {
    auto const& names = rules.arguments;
    auto const table = names.size() == 1 ? ", or a table {file, columns, interpolation}" : "";
    auto const words = rules.choices.empty() ? "" : ", or one of " + choices_in_words(rules);
    if (names.empty()) return "a constant expression" + words;
    return fmt::format("a number or an expression of {} in quotes{}{}", fmt::join(names, ", "), table, words);
  }

 private:
  static void read_table(Node const& node, Function& function, Rules const& rules, std::string const& path,
                         Reader& reader) {
    auto const before = reader.mistakes.size();
    TableOptions options;
    Reader inner{reader.mistakes, reader.context, *table_schema().block()};
    table_schema().block()->read(node, &options, path, inner);
    if (reader.mistakes.size() > before) return;
    try {
      function = load(options, rules.arguments.front(), node.mark(), reader.context.folder);
    } catch (Error const& e) {
      reader.mistakes.add(node.mark(), path, e.what());
    }
  }

  static Function load(TableOptions const& options, std::string const& argument, Mark const& mark,
                       std::string const& folder) {
    std::vector<double> x, y;
    if (options.file.empty()) {
      for (auto const& point : options.points) {
        x.push_back(point[0]);
        y.push_back(point[1]);
      }
      return Function::table(x, y, options.interpolation, argument, "table", mark);
    }
    auto columns = read_csv((std::filesystem::path{folder} / options.file).string(), options.columns);
    if (columns.size() < 2) throw bad_input(options.file + ": a table needs two columns");
    return Function::table(std::move(columns[0]), std::move(columns[1]), options.interpolation, argument,
                           fmt::format("table '{}'", options.file), mark);
  }
};

}  // namespace

ValuePtr function_value() {
  static auto const value = std::make_shared<FunctionValue const>();
  return value;
}

}  // namespace kroma::deck
