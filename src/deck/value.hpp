#pragma once

// How values of one type are read, written and described; works on untyped memory, so that Schema<Options> compiles
// to little more than a table of addresses.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "deck/description.hpp"
#include "deck/mistakes.hpp"
#include "deck/node.hpp"
#include "deck/rules.hpp"

namespace kroma::deck {

class Block;

/// What reading needs to know beyond the text.
struct ReadContext {
  std::string folder = ".";  // input files are relative to it
};

/// One pass over a deck.
struct Reader {
  Mistakes& mistakes;
  ReadContext const& context;
  Block const& root;  // to say in which block a misplaced key belongs
};

class Value {
 public:
  virtual ~Value() = default;
  /// Reads `node`, which stands at `path`, into `target`; what is wrong goes to reader.mistakes.
  virtual void read(Node const& node, void* target, Rules const& rules, std::string const& path,
                    Reader& reader) const = 0;
  virtual Node write(void const* source, Rules const& rules) const = 0;
  /// Fills type, keys and items; default_value is there already.
  virtual void describe(Description& description) const = 0;
  /// What a message says was expected: "a number in m".
  virtual std::string expected(Rules const& rules) const = 0;
  virtual bool is_optional() const { return false; }
  /// The block whose keys stand directly below; nullptr for all that is none.
  virtual Block const* block() const { return nullptr; }
  /// As block(), also through lists, maps and optionals.
  virtual Block const* innermost_block() const { return block(); }
};
using ValuePtr = std::shared_ptr<Value const>;

ValuePtr truth_value();         // bool
ValuePtr integer_value();       // int
ValuePtr long_integer_value();  // std::int64_t
ValuePtr number_value();        // double
ValuePtr text_value();          // std::string
ValuePtr file_path_value();     // FilePath
ValuePtr function_value();      // Function
ValuePtr interval_value();      // Interval
ValuePtr any_value();           // Node

/// How an enumeration is stored and fetched.
struct ChoiceAccess {
  void (*store)(void*, std::int64_t);
  std::int64_t (*fetch)(void const*);
};
ValuePtr choice_value(ChoiceAccess access);

/// How a vector, map or optional is filled and walked.
struct ContainerAccess {
  using Visitor = std::function<void(std::string const& key, void const* item)>;
  void (*clear)(void*);
  void* (*add)(void*, std::string const& key);  // a new item; the key matters to maps only
  void (*visit)(void const*, Visitor const&);
};
ValuePtr list_value(ContainerAccess access, ValuePtr item);
ValuePtr map_value(ContainerAccess access, ValuePtr item);
ValuePtr optional_value(ContainerAccess access, ValuePtr item);

ValuePtr block_value(std::shared_ptr<Block const> block);

/// Adds a mistake "expected ..., got ..." at `node`.
void add_wrong_type(Node const& node, std::string const& expected, std::string const& path, Reader& reader);
/// Adds a mistake for every key of the map that is given twice.
void add_repeated(Node const& map, std::string const& path, Reader& reader);

}  // namespace kroma::deck
