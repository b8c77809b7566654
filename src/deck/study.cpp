#include "deck/study.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/sampling.hpp"
#include "deck/schema.hpp"
#include "deck/syntax.hpp"
#include "deck/units.hpp"

namespace kroma::deck {
namespace {

constexpr int kMostCases = 1'000'000;

bool is_random(Study::Combine combine) {
  return combine == Study::Combine::latin_hypercube || combine == Study::Combine::sobol;
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
                  {"latin_hypercube", Combine::latin_hypercube},
                  {"sobol", Combine::sobol}});
    s.add("samples", &Options::samples, "Number of cases of a latin_hypercube or of sobol").between(1, kMostCases);
    s.add("seed", &Options::seed, "Of the random numbers of a latin_hypercube or of sobol; 1 if not given");
    s.add("folder", &Options::folder,
          "Where the cases go, relative to where the command is started; if not given, the deck's output.folder");
    s.add("ranks_per_case", &Options::ranks_per_case, "Ranks that share one case when all cases are run").at_least(1);
    s.check(&check);
    return s;
  }

  static void check(Options const& o, Where const& where) {
    if (o.vary.empty()) where.mistake("vary", "must name a key or more");
    bool const random = is_random(o.combine);
    auto const only = "is for combine: latin_hypercube or sobol only";
    if (random && !o.samples) where.mistake("", "random samples need `samples`, the number of cases");
    if (!random && o.samples) where.mistake("samples", only);
    if (!random && o.seed) where.mistake("seed", only);
    if (o.combine == Combine::sobol && o.vary.size() > kSobolDimensions)
      where.mistake("vary", fmt::format("has {} keys; sobol takes {}", o.vary.size(), kSobolDimensions));
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
      if (is_random(combine)) check_range(value, say);
    }
    if (combine == Combine::product && count > kMostCases) {
      mistakes.add(vary.mark(), "vary", fmt::format("makes {:.0f} cases; at most {} make sense", count, kMostCases));
    }
  }

  template <class Say>
  static void check_range(Node const& value, Say const& say) {
    auto const& items = value.items();
    bool const scalars = std::all_of(items.begin(), items.end(), [](Node const& item) { return item.is_scalar(); });
    if (!scalars || items.size() < 2 || items.size() > 3) return say("random samples take [low, high]");
    auto const scale = items.size() == 3 ? items[2].text() : "";
    if (items.size() == 3 && scale != "log" && scale != "integer")
      return say(fmt::format("after [low, high] comes log or integer, not '{}'", scale));
    try {
      auto const low = parse_quantity(items[0].text()), high = parse_quantity(items[1].text());
      if (low.dimension != high.dimension) {
        say(fmt::format("[low, high] are of different dimensions: '{}' and '{}'", items[0].text(), items[1].text()));
      } else if (!(low.value < high.value)) {
        say("must be [low, high] with low < high");
      } else if (scale == "log" && !(low.value > 0)) {
        say("log needs low > 0");
      } else if (scale == "integer" && (low.value != std::round(low.value) || high.value != std::round(high.value))) {
        say("integer needs whole numbers for low and high");
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
    Axis axis{key, {}, 0, 0, ""};
    if (is_random(study.combine_)) {
      axis.low = parse_quantity(value.items()[0].text()).value;
      axis.high = parse_quantity(value.items()[1].text()).value;
      if (value.items().size() == 3) axis.scale = value.items()[2].text();
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

std::string Study::sample(Axis const& axis, double unit) {
  if (axis.scale == "integer") {
    return fmt::format("{:.0f}", std::min(axis.high, std::floor(axis.low + (axis.high - axis.low + 1) * unit)));
  }
  double const value =
      axis.scale == "log" ? axis.low * std::pow(axis.high / axis.low, unit) : axis.low + (axis.high - axis.low) * unit;
  return syntax::print_number(value);
}

std::vector<Case> Study::cases() const {
  std::vector<Case> cases;
  for (int i = 0; i < count_; ++i) cases.push_back({i + 1, fmt::format("case_{:04}", i + 1), folder_, {}});
  auto stride = static_cast<std::size_t>(count_);
  for (std::size_t d = 0; d < axes_.size(); ++d) {
    auto const& axis = axes_[d];
    if (is_random(combine_)) {
      auto const points =
          combine_ == Combine::sobol ? sobol(seed_, axis.key, d, count_) : latin_hypercube(seed_, axis.key, count_);
      for (std::size_t i = 0; i < cases.size(); ++i) cases[i].sets.push_back(axis.key + "=" + sample(axis, points[i]));
      continue;
    }
    stride /= axis.values.size();
    for (auto& one : cases) one.sets.push_back(axis.key + "=" + value(axis, stride, one.number - 1));
  }
  return cases;
}

}  // namespace kroma::deck
