// Any bytes as a deck, as a study and as an expression: they may be wrong, and nothing else may happen.
//
// libFuzzer calls the function below (tests/faults/fuzz builds and runs it with clang); with KROMA_REPLAY a main does,
// for every file of a stored corpus, so that what was found once stays mended.

#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "deck/deck.hpp"
#include "deck/function.hpp"
#include "deck/study.hpp"
#include "unit/deck/column.hpp"

namespace {

namespace deck = kroma::deck;

template <class Work>
void tolerate(Work&& work) {
  try {
    work();
  } catch (kroma::Error const& error) {
    if (error.kind() != kroma::Exit::bad_input) throw;  // a bug
  }
}

void read_deck(std::string const& text) {
  auto const given = deck::Deck::from_text(text, "fuzz", "/nonexistent");
  deck::Mistakes mistakes;
  given.problem(mistakes);
  if (given.is_study()) {
    auto const study = deck::Study::from_deck(given, mistakes);
    if (mistakes.empty()) study.cases();
    return;
  }
  auto const schema = column::schema();
  auto const options = schema.read(given.root(), "", mistakes);
  if (!mistakes.empty()) return;
  auto const written = deck::to_yaml(schema.write(options));
  schema.read(deck::parse_yaml(written, "written"), "", mistakes);
  if (!mistakes.empty()) throw kroma::internal_error("what was written does not read back:\n" + written);
}

void read_expression(std::string const& text) {
  auto const f = deck::Function::expression(text, {"x", "y"});
  f({0.3, -2.0});
  if (text.size() < 200) f.derivative({1, 1})({0.3, -2.0});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text{reinterpret_cast<char const*>(data), size};
  tolerate([&] { read_deck(text); });
  tolerate([&] { deck::Deck::from_text("problem: x", "fuzz", ".").set(text); });
  tolerate([&] { read_expression(text); });
  return 0;
}

#ifdef KROMA_REPLAY
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

int main(int argc, char** argv) {
  int count = 0;
  for (auto const& entry : std::filesystem::directory_iterator{argc > 1 ? argv[1] : "."}) {
    std::ifstream file{entry.path(), std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(text.data()), text.size());
    ++count;
  }
  std::printf("%d inputs\n", count);
  return count > 0 ? 0 : 1;
}
#endif
