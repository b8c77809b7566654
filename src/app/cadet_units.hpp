#pragma once

#include <string>
#include <vector>

#include "app/cadet_binding.hpp"
#include "app/cadet_input.hpp"

namespace kroma {

/// When and how the units of an input of CADET are connected.
struct CadetSwitch {
  std::size_t first = 0, last = 0;  // sections of solver/sections, [first, last)
  struct Pipe {
    int from = 0, to = 0;
    double flow = 0;  // m^3/s
  };
  std::vector<Pipe> pipes;
  double inflow(int unit) const;
  double outflow(int unit) const;
};

/// Lines of a deck with what they are indented by, and what they could not say.
class DeckText {
 public:
  void line(int indent, std::string const& text, std::string const& source = {});
  void lines(int indent, std::vector<DeckLine> const& all) {
    for (auto const& one : all) line(indent, one.text, one.source);
  }
  void lose(std::string what) { lost_.push_back(std::move(what)); }
  void lose(std::vector<std::string> const& all) { lost_.insert(lost_.end(), all.begin(), all.end()); }
  std::string const& text() const { return text_; }
  std::vector<std::string> const& lost() const { return lost_; }

 private:
  std::string text_;
  std::vector<std::string> lost_;
};

/// "unit_003"
std::string cadet_unit(int index);

/// A column as the keys of its unit. `flows` are what flows through it in each switch; returned are, for each, whether
/// it is reversed.
std::vector<bool> write_cadet_column(CadetInput& input, int index, std::size_t components,
                                     std::vector<CadetSwitch> const& switches, DeckText& deck);
void write_cadet_tank(CadetInput& input, int index, std::size_t components, DeckText& deck);
/// `times`: begins of the sections, and the end.
void write_cadet_inlet(CadetInput& input, int index, std::size_t components, std::vector<double> const& times,
                       DeckText& deck);
void write_cadet_outlet(CadetInput& input, int index, DeckText& deck);

}  // namespace kroma
