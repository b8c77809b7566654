#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deck/csv.hpp"
#include "deck/function.hpp"
#include "error_text.hpp"

namespace {

using kroma::deck::Function;
using kroma::deck::Interpolation;
using kroma::deck::read_csv;

Function table(std::vector<double> x, std::vector<double> y, Interpolation interpolation) {
  return Function::table(std::move(x), std::move(y), interpolation, "c", "table 't.csv'");
}

std::string file(std::string const& name, std::string const& text) {
  auto const path = (std::filesystem::path{testing::TempDir()} / name).string();
  std::ofstream{path} << text;
  return path;
}

// Verifies: straight lines between the points, and an error beyond them.
TEST(Table, Linear) {
  auto const f = table({0, 1, 3}, {0, 2, 0}, Interpolation::linear);
  EXPECT_EQ(f({0.0}), 0);
  EXPECT_EQ(f({0.5}), 1);
  EXPECT_EQ(f({2.0}), 1);
  EXPECT_EQ(f({3.0}), 0);
  EXPECT_EQ(f({3 + 1e-13}), 0);  // a coordinate's rounding
  EXPECT_TRUE(std::isnan(f({std::nan("")})));
  EXPECT_EQ(error_text([&] { f({3.1}); }), "3.1 is outside the table 't.csv', which reaches from 0 to 3");
  EXPECT_EQ(error_text([&] { f({-0.1}); }), "-0.1 is outside the table 't.csv', which reaches from 0 to 3");
  EXPECT_EQ(error_text([&] { f.derivative({1}); }),
            "cannot be differentiated: table 't.csv' has straight lines between its points");
  EXPECT_EQ(f.text(), "table 't.csv'");
  EXPECT_TRUE(f.uses("c"));
}

// Verifies: pchip keeps the monotonicity of the data and goes through the points; values worked out by hand from the
// slopes 3/2, 0, 0, 10/3 that the formulas give.
TEST(Table, Pchip) {
  auto const f = table({0, 1, 2, 4}, {0, 1, 1, 5}, Interpolation::pchip);
  EXPECT_EQ(f({1.0}), 1);
  EXPECT_NEAR(f({0.5}), 0.6875, 1e-15);
  EXPECT_EQ(f({1.5}), 1);
  EXPECT_NEAR(f({3.0}), 2.1666666666666665, 1e-14);
  auto const slope = f.derivative({1});
  EXPECT_NEAR(slope({0.0}), 1.5, 1e-14);
  EXPECT_NEAR(slope({4.0}), 10.0 / 3, 1e-14);
  for (double const c : {0.3, 1.2, 2.7, 3.9}) EXPECT_NEAR(slope({c}), (f({c + 1e-6}) - f({c - 1e-6})) / 2e-6, 1e-8);
  EXPECT_EQ(error_text([&] { f.derivative({2}); }),
            "cannot be differentiated: table 't.csv' has one continuous derivative only");
  EXPECT_EQ(error_text([&] { slope.derivative({1}); }),
            "cannot be differentiated: table 't.csv' has one continuous derivative only");
  EXPECT_EQ(table({0, 2}, {1, 2}, Interpolation::pchip)({1.0}), 1.5);
}

// Verifies: falling abscissae are turned round, and disorder is refused.
TEST(Table, Order) {
  EXPECT_EQ(table({2, 1, 0}, {4, 2, 0}, Interpolation::linear)({1.5}), 3);
  EXPECT_EQ(error_text([] {
              table({0, 2, 1}, {0, 0, 0}, Interpolation::linear);
            }),
            "the table 't.csv' is not in order: 2 comes next to 1");
  EXPECT_EQ(error_text([] {
              table({0, 0}, {0, 0}, Interpolation::linear);
            }),
            "the table 't.csv' is not in order: 0 comes next to 0");
  EXPECT_EQ(error_text([] { table({0}, {0}, Interpolation::linear); }), "the table 't.csv' needs two points or more");
}

// Verifies: columns by name and by number, all separators, comments, quotes and blank lines.
TEST(Csv, Columns) {
  using Columns = std::vector<std::vector<double>>;
  auto const named = file("named.csv", "# made by hand\n\"c\", label, D\n0, a, 1e-13\n\n0.5, b, +2e-13\r\n");
  EXPECT_EQ(read_csv(named, {"D", "c"}), (Columns{{1e-13, 2e-13}, {0, 0.5}}));
  EXPECT_EQ(read_csv(named, {"3"}), (Columns{{1e-13, 2e-13}}));
  EXPECT_EQ(read_csv(file("blank.txt", "1   2 3\n 4 5\t6 \n")), (Columns{{1, 4}, {2, 5}, {3, 6}}));
  EXPECT_EQ(read_csv(file("semi.csv", "x;y\n1;2\n")), (Columns{{1}, {2}}));
  EXPECT_EQ(read_csv(file("tab.csv", "x\ty\n1\t2\n"), {"y"}), (Columns{{2}}));
}

// Verifies: each thing wrong with a file is said with its line.
TEST(Csv, Mistakes) {
  auto const complaint = [](std::string const& path, std::vector<std::string> const& columns = {}) {
    auto const text = error_text([&] { read_csv(path, columns); });
    EXPECT_EQ(text.rfind(path, 0), 0u) << text;
    return text.substr(std::min(path.size(), text.size()));
  };
  EXPECT_EQ(complaint("/nowhere/t.csv"), ": cannot be read as a file");
  EXPECT_EQ(complaint("/dev/zero"), ": cannot be read as a file");
  EXPECT_EQ(complaint(testing::TempDir()), ": cannot be read as a file");
  EXPECT_EQ(complaint(file("e.csv", "# nothing\n")), ": holds no numbers");
  EXPECT_EQ(complaint(file("h.csv", "a,b\n")), ": holds no numbers");
  EXPECT_EQ(complaint(file("n.csv", "a,b\n1,2\n3,nan\n")), ":3: expected a finite number, got 'nan'");
  EXPECT_EQ(complaint(file("w.csv", "a,b\n1,x\n")), ":2: expected a finite number, got 'x'");
  EXPECT_EQ(complaint(file("s.csv", "a,b\n1,2\n3\n")), ":3: has 1 fields, expected 2 or more");
  EXPECT_EQ(complaint(file("c.csv", "a,b\n1,2\n"), {"q"}), ": has no column 'q'; its columns are a, b");
  EXPECT_EQ(complaint(file("u.csv", "1,2\n"), {"3"}),
            ": has no column '3'; its 2 columns have no names, count them from 1");
}

}  // namespace
