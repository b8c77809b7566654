// YAML text to Node, through yaml-cpp's events: its own tree drops repeated keys and does not bound aliases.
#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "core/error.hpp"
#include "deck/node.hpp"

namespace kroma::deck {
namespace {

constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostNodes = 1'000'000;
constexpr std::size_t kBytesPerNode = 100;  // long texts count as several nodes, so that aliases cannot multiply them

/// Offset of the first byte that no UTF-8 text holds; text.size() if all is well.
std::size_t first_bad_byte(std::string const& text) {
  for (std::size_t i = 0; i < text.size();) {
    auto const c = static_cast<unsigned char>(text[i]);
    bool const control = c < 0x20 && c != '\n' && c != '\r' && c != '\t';
    std::size_t const length = c < 0x80                ? 1
                               : c >= 0xC2 && c < 0xE0 ? 2
                               : c >= 0xE0 && c < 0xF0 ? 3
                               : c >= 0xF0 && c < 0xF5 ? 4
                                                       : 0;
    if (control || c == 0x7F || length == 0 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return i;
    }
    i += length;
  }
  return text.size();
}

/// Knows the text, and turns yaml-cpp's positions (from 0, in bytes) into ours (from 1, in characters).
class Source {
 public:
  Source(std::string const& text, std::string name, bool positions)
      : text_{text}, name_{std::make_shared<std::string const>(std::move(name))}, positions_{positions} {}

  void place(Node& node, YAML::Mark const& at) const {
    auto const mark = to_mark(at);
    node.set_mark(name_, mark.line, mark.column);
  }

  Mark to_mark(YAML::Mark const& at) const {
    if (!positions_) return {*name_, 0, 0};
    int const line = std::max(at.line, 0), column = std::max(at.column, 0);
    return {*name_, line + 1, column + 1 - continuation_bytes(at.pos, column)};
  }

  [[noreturn]] void fail(Mark const& mark, std::string const& what) const {
    throw bad_input(to_string(mark) + ": " + what);
  }
  [[noreturn]] void fail(YAML::Mark const& at, std::string const& what) const { fail(to_mark(at), what); }
  [[noreturn]] void fail_at_offset(std::size_t offset, std::string const& what) const {
    if (!positions_) fail(Mark{*name_, 0, 0}, what);
    auto const head = std::string_view{text_}.substr(0, offset);
    auto const line = std::count(head.begin(), head.end(), '\n') + 1;
    auto const start = head.rfind('\n');
    auto const column = start == std::string_view::npos ? offset + 1 : offset - start;
    fail(Mark{*name_, static_cast<int>(line), static_cast<int>(column)}, what);
  }

  /// Whether indentation of line `line` (from 0) holds a tab.
  bool indented_by_tab(int line) const {
    std::size_t start = 0;
    for (int i = 0; i < line && start != std::string::npos; ++i) {
      start = text_.find('\n', start);
      if (start != std::string::npos) ++start;
    }
    if (start == std::string::npos) return false;
    auto const end = text_.find_first_not_of(" \t", start);
    return text_.substr(start, end == std::string::npos ? end : end - start).find('\t') != std::string::npos;
  }

  /// yaml-cpp 0.7 takes the end of the text for the end of a quotation; a deck that ends so is cut off or mistyped.
  void check_closed(YAML::Mark const& at) const {
    if (at.pos < 0 || static_cast<std::size_t>(at.pos) >= text_.size()) return;
    auto position = static_cast<std::size_t>(at.pos);
    char const quote = text_[position];
    if (quote != '"' && quote != '\'') return;  // a block text
    for (++position; position < text_.size(); ++position) {
      bool const doubled = quote == '\'' && text_.compare(position, 2, "''") == 0;
      if (doubled || (quote == '"' && text_[position] == '\\')) {
        ++position;  // stands for a character of the text
      } else if (text_[position] == quote) {
        return;
      }
    }
    fail(at, "the quotation that begins here never ends");
  }

 private:
  int continuation_bytes(int position, int column) const {
    constexpr int kLongestLine = 4096;  // longer lines keep byte columns; counting them again and again would be slow
    if (column > kLongestLine || position < column || static_cast<std::size_t>(position) > text_.size()) return 0;
    auto const* end = text_.data() + position;
    return static_cast<int>(
        std::count_if(end - column, end, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }));
  }

  std::string const& text_;
  std::shared_ptr<std::string const> name_;
  bool positions_;
};

/// Builds the tree. An alias is replaced by a copy of what its anchor names.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Source const& source) : source_{source} {}
  Node take() { return std::move(root_); }

  void OnDocumentStart(YAML::Mark const& mark) override {
    if (++documents_ > 1) source_.fail(mark, "a second document begins here; a deck is one document");
  }
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    if (expects_key()) source_.fail(mark, "a key is missing here, or is 'null'; put it in quotes if it is meant");
    leaf(Node{}, mark, anchor);
  }
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                std::string const& value) override {
    check_tag(mark, tag);
    bool const quoted = tag == "!";
    if (quoted) source_.check_closed(mark);
    if (expects_key()) {
      spend(mark, value);
      open_.back().key = Node::Entry{value, source_.to_mark(mark), Node{}};
      return;
    }
    leaf(Node::scalar(value, quoted), mark, anchor);
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    if (expects_key()) source_.fail(mark, "an alias cannot be a key");
    auto const found = anchors_.find(anchor);
    if (found == anchors_.end()) source_.fail(mark, "this alias stands inside what it names");
    spend(mark, found->second.size);
    attach(found->second.node);
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::sequence(), mark, tag, anchor);
  }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::map(), mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    std::optional<Node::Entry> key;  // of a map: read, its value to come
    YAML::anchor_t anchor;
    YAML::Mark mark;
    std::size_t spent_before;
  };
  struct Anchored {
    Node node;
    std::size_t size;
  };

  bool expects_key() const { return !open_.empty() && open_.back().node.is_map() && !open_.back().key; }

  void check_tag(YAML::Mark const& mark, std::string const& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") source_.fail(mark, "tags such as !!str are not read; leave it out");
  }

  void spend(YAML::Mark const& mark, std::size_t nodes) {
    spent_ += nodes;
    if (spent_ > kMostNodes) {
      source_.fail(
          mark, fmt::format("the deck is too large: more than {} values once its aliases are written out", kMostNodes));
    }
  }
  void spend(YAML::Mark const& mark, std::string const& text) { spend(mark, 1 + text.size() / kBytesPerNode); }

  void open(Node node, YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor) {
    check_tag(mark, tag);
    if (expects_key()) source_.fail(mark, "a list or a block cannot be a key; is a bracket missing?");
    if (open_.size() >= kMostDepth) source_.fail(mark, fmt::format("nested more than {} levels deep", kMostDepth));
    source_.place(node, mark);
    spend(mark, 1);
    open_.push_back({std::move(node), {}, anchor, mark, spent_ - 1});
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.mark, done.anchor, spent_ - done.spent_before);
  }

  void leaf(Node node, YAML::Mark const& mark, YAML::anchor_t anchor) {
    source_.place(node, mark);
    auto const before = spent_;
    spend(mark, node.text());
    finish(std::move(node), mark, anchor, spent_ - before);
  }

  void finish(Node node, YAML::Mark const& mark, YAML::anchor_t anchor, std::size_t size) {
    if (anchor != YAML::NullAnchor) {
      spend(mark, size);  // the copy kept for aliases is a copy, too
      anchors_[anchor] = {node, size};
    }
    attach(std::move(node));
  }

  void attach(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (auto& parent = open_.back(); parent.key) {
      parent.key->value = std::move(node);
      parent.node.add(std::move(*parent.key));
      parent.key.reset();
    } else {
      parent.node.push_back(std::move(node));
    }
  }

  Source const& source_;
  Node root_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t spent_ = 0;
  int documents_ = 0;
};

}  // namespace

Node parse_yaml(std::string const& text, std::string const& name, bool positions) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) return parse_yaml(text.substr(kByteOrderMark.size()), name, positions);
  Source const source{text, name, positions};
  if (text.size() > kMostDeckBytes) source.fail(Mark{name, 0, 0}, "larger than 64 MiB; is this a deck?");
  if (auto const bad = first_bad_byte(text); bad < text.size()) {
    source.fail_at_offset(
        bad, fmt::format("not a text: byte 0x{:02X}; a deck is YAML in UTF-8", static_cast<unsigned char>(text[bad])));
  }
  TreeBuilder builder{source};
  std::istringstream stream{text};
  try {
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (YAML::Exception const& e) {
    bool const tab = source.indented_by_tab(e.mark.line);
    source.fail(e.mark, "not valid YAML: " + (tab ? "a tab in the indentation; use spaces" : e.msg));
  }
  return builder.take();
}

}  // namespace kroma::deck
