#include "deck/study.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/schema.hpp"
#include "deck/syntax.hpp"
#include "deck/units.hpp"

namespace kroma::deck {
namespace {

constexpr int kMostCases = 1'000'000;

/// A number that looks random and depends on its arguments alone (Steele, Lea and Flood 2014: splitmix64).
std::uint64_t mix(std::uint64_t state) {
  state += 0x9E3779B97F4A7C15u;
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
  return state ^ (state >> 31);
}

std::uint64_t random_bits(std::int64_t seed, std::string const& key, std::uint64_t index) {
  auto state = mix(static_cast<std::uint64_t>(seed));
  for (unsigned char const c : key) state = mix(state ^ c);
  return mix(state ^ index);
}

/// The stratum, 0 to count - 1, that sample `index` gets along `key`: its rank among random numbers.
std::vector<int> strata(std::int64_t seed, std::string const& key, int count) {
  std::vector<std::uint64_t> bits(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = random_bits(seed, key, 2 * i);
  std::vector<int> order(bits.size()), result(bits.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return std::pair{bits[static_cast<std::size_t>(a)], a} < std::pair{bits[static_cast<std::size_t>(b)], b};
  });
  for (int rank = 0; rank < count; ++rank)
    result[static_cast<std::size_t>(order[static_cast<std::size_t>(rank)])] = rank;
  return result;
}

}  // namespace

struct Study::Options {
  std::string deck, title, notes, folder;
  std::map<std::string, std::vector<Node>> vary;
  Combine combine = Combine::product;
  std::optional<int> samples;
  std::optional<std::int64_t> seed;
  int ranks_per_case = 1;
};

/// What must hold between the keys of a study.
struct Study::Rules {
  static Schema<Options> schema() {
    Schema<Options> s{"A list of changes to a deck"};
    s.add("deck", &Options::deck, "The deck to change, relative to this file")
        .required()
        .example("../breakthrough.yaml");
    s.add("title", &Options::title, "What the study is about");
    s.add("notes", &Options::notes, "Anything worth keeping");
    s.add("vary", &Options::vary, "Keys of the deck, each with the values it takes")
        .required()
        .example("{solver.rtol: [1e-6, 1e-8]}");
    s.add("combine", &Options::combine, "How the values of several keys make cases")
        .choices({{"product", Combine::product},
                  {"together", Combine::together},
                  {"latin_hypercube", Combine::latin_hypercube}});
    s.add("samples", &Options::samples, "Number of cases of a latin_hypercube").between(1, kMostCases);
    s.add("seed", &Options::seed, "Of the random numbers of a latin_hypercube; 1 if not given");
    s.add("folder", &Options::folder,
          "Where the cases go, relative to where the command is started; if not given, the deck's output.folder");
    s.add("ranks_per_case", &Options::ranks_per_case, "Ranks that share one case when all cases are run").at_least(1);
    s.check(&check);
    return s;
  }

  static void check(Options const& o, Where const& where) {
    if (o.vary.empty()) where.mistake("vary", "must name a key or more");
    bool const random = o.combine == Combine::latin_hypercube;
    if (random && !o.samples) where.mistake("", "combine: latin_hypercube needs `samples`, the number of cases");
    if (!random && o.samples) where.mistake("samples", "is for combine: latin_hypercube only");
    if (!random && o.seed) where.mistake("seed", "is for combine: latin_hypercube only");
  }

  /// Rules for the values of the keys, reported at the entries of `vary` themselves, since their names hold dots.
  static void check_values(Node const& vary, Combine combine, Mistakes& mistakes) {
    double count = 1;
    auto const first = vary.entries().front().value.items().size();
    for (auto const& [key, mark, value] : vary.entries()) {
      auto const say = [&, &at = mark, &name = key](std::string const& text) {
        mistakes.add(at, "vary." + name, text);
      };
      auto const size = value.items().size();
      count *= static_cast<double>(size);
      if (size == 0) say("needs one value or more");
      if (combine == Combine::together && size != first) {
        say(fmt::format("has {} values, but the first key has {}; combine: together needs as many for each", size,
                        first));
      }
      if (combine == Combine::latin_hypercube) check_range(value, say);
    }
    if (combine == Combine::product && count > kMostCases) {
      mistakes.add(vary.mark(), "vary", fmt::format("makes {:.0f} cases; at most {} make sense", count, kMostCases));
    }
  }

  template <class Say>
  static void check_range(Node const& value, Say const& say) {
    auto const& items = value.items();
    if (items.size() != 2 || !items[0].is_scalar() || !items[1].is_scalar()) {
      return say("a latin_hypercube takes [low, high]");
    }
    try {
      auto const low = parse_quantity(items[0].text()), high = parse_quantity(items[1].text());
      if (low.dimension != high.dimension) {
        say(fmt::format("[low, high] are of different dimensions: '{}' and '{}'", items[0].text(), items[1].text()));
      } else if (!(low.value < high.value)) {
        say("must be [low, high] with low < high");
      }
    } catch (Error const& e) {
      say(e.what());
    }
  }
};

Study Study::from_deck(Deck const& deck, Mistakes& mistakes) {
  auto const before = mistakes.size();
  auto const options = Rules::schema().read(deck.root(), "", mistakes);
  if (mistakes.size() > before) return {};
  auto const& vary = *deck.root().find("vary");
  Rules::check_values(vary, options.combine, mistakes);
  if (mistakes.size() > before) return {};

  Study study;
  study.deck_path_ = (std::filesystem::path{deck.folder()} / options.deck).lexically_normal().string();
  study.title_ = options.title;
  study.source_ = deck.source();
  study.folder_ = options.folder;
  study.ranks_per_case_ = options.ranks_per_case;
  study.combine_ = options.combine;
  study.seed_ = options.seed.value_or(1);
  study.count_ = options.combine == Combine::product ? 1 : options.samples.value_or(0);
  for (auto const& [key, mark, value] : vary.entries()) {
    Axis axis{key, {}, 0, 0};
    if (study.combine_ == Combine::latin_hypercube) {
      axis.low = parse_quantity(value.items()[0].text()).value;
      axis.high = parse_quantity(value.items()[1].text()).value;
    } else {
      for (auto const& item : value.items()) axis.values.push_back(to_flow_yaml(item));
    }
    auto const size = static_cast<int>(axis.values.size());
    if (study.combine_ == Combine::product) study.count_ *= size;
    if (study.combine_ == Combine::together) study.count_ = size;
    study.axes_.push_back(std::move(axis));
  }
  return study;
}

std::string Study::value(Axis const& axis, std::size_t stride, int index) const {
  auto const i = static_cast<std::size_t>(index);
  return axis.values[combine_ == Combine::together ? i : i / stride % axis.values.size()];
}

std::vector<Case> Study::cases() const {
  std::vector<Case> cases;
  for (int i = 0; i < count_; ++i) cases.push_back({i + 1, fmt::format("case_{:04}", i + 1), folder_, {}});
  auto stride = static_cast<std::size_t>(count_);
  for (auto const& axis : axes_) {
    if (combine_ == Combine::latin_hypercube) {
      auto const stratum = strata(seed_, axis.key, count_);
      for (std::size_t i = 0; i < cases.size(); ++i) {
        double const within = static_cast<double>(random_bits(seed_, axis.key, 2 * i + 1) >> 11) * 0x1p-53;
        double const value = axis.low + (axis.high - axis.low) * ((stratum[i] + within) / count_);
        cases[i].sets.push_back(axis.key + "=" + syntax::print_number(value));
      }
      continue;
    }
    stride /= axis.values.size();
    for (auto& one : cases) one.sets.push_back(axis.key + "=" + value(axis, stride, one.number - 1));
  }
  return cases;
}

}  // namespace kroma::deck
