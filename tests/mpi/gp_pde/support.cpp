#include "problems/gp_pde/support.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/gp_pde.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::grid::Nodes;

struct Case {
  std::vector<kroma::grid::Axis> axes;
  std::string source, boundary;
};

std::vector<AxisSupport> detect(Case const& c) {
  PointSet points;
  for (auto const& axis : c.axes) points.push_back(axis.nodes);
  auto const f = sample(kroma::test::function(c.source), "source", points, MPI_COMM_WORLD);
  return detect_support(kroma::test::elliptic(std::vector<double>(c.axes.size(), 1.0)), c.axes,
                        kroma::test::same_on_all_faces(c.boundary, c.axes.size()), f,
                        {MPI_COMM_WORLD, extents_of(points)}, 1e-8);
}

bool covers(AxisSupport const& support, double frequency) {
  for (auto const& band : support.bands) {
    if (band.low <= frequency && frequency <= band.high) return true;
  }
  return false;
}

// Verifies: each axis finds its own frequency and, besides the low band that is always there, little else; on
// equispaced and on Gauss nodes.
TEST(Support, FindsTheFrequenciesOfTheSource) {
  for (auto const kind : {Nodes::uniform, Nodes::gauss_legendre}) {
    auto const support =
        detect({{kroma::grid::make_axis("x", kind, 211, 0.0, 2.0), kroma::grid::make_axis("y", kind, 97, 0.0, 1.0)},
                "sin(2*pi*30*x)*cos(2*pi*20*y)",
                "0"});
    EXPECT_TRUE(covers(support[0], 30.0));
    EXPECT_TRUE(covers(support[1], 20.0));
    EXPECT_FALSE(covers(support[0], 20.0));
    EXPECT_FALSE(covers(support[0], 40.0));
    EXPECT_TRUE(covers(support[0], 3.9));  // [0, 8 / L] always
    auto const peak =
        std::max_element(support[1].modulus.begin(), support[1].modulus.end()) - support[1].modulus.begin();
    EXPECT_NEAR(support[1].frequency[static_cast<std::size_t>(peak)], 20.0, 0.3);  // steps of 1/4
  }
}

// Verifies: a harmonic solution, invisible in the source, is found in the boundary data: along the face, and as far
// into the direction normal to it.
TEST(Support, BoundaryDataCount) {
  auto const axes = std::vector{kroma::grid::make_axis("x", Nodes::gauss_legendre, 120, 0.0, 1.0),
                                kroma::grid::make_axis("y", Nodes::gauss_legendre, 120, 0.0, 1.0)};
  auto const support = detect({axes, "0", "sin(2*pi*15*x)*exp(-2*pi*15*y)"});
  EXPECT_TRUE(covers(support[0], 15.0));
  EXPECT_TRUE(covers(support[1], 14.0));
}

}  // namespace
