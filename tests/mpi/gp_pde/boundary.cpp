#include "problems/gp_pde/boundary.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "problems/gp_pde/collocation.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/verification.hpp"
#include "support/gp_pde.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::Space;

kroma::grid::Layout coefficients_of(std::vector<AxisBasis> const& bases) {
  kroma::grid::Extents r{1, 1, 1};
  for (std::size_t d = 0; d < bases.size(); ++d) r[d] = bases[d].size();
  return {MPI_COMM_WORLD, r};
}

// Verifies: in one to three dimensions the lift equals the data on every face, at points off the grid too.
TEST(Lift, EqualsTheDataOnEveryFace) {
  Space const space;
  std::vector<std::string> const data{"cos(3*x)", "sin(2*x+y)+exp(-x*y)", "sin(2*x+y)*cos(3*z)+x*y*z"};
  for (std::size_t axes = 1; axes <= 3; ++axes) {
    auto const bases = kroma::test::small_bases(axes);
    auto const boundary = kroma::test::same_on_all_faces(data[axes - 1], axes);
    auto const lifted = lift(bases, boundary, coefficients_of(bases));
    for (std::size_t clamped = 0; clamped < axes; ++clamped) {
      PointSet points(axes, std::vector<double>{0.05, 0.31, 0.77, 0.98});
      points[clamped] = {0.0, 1.0};
      auto const values = evaluate(MPI_COMM_WORLD, bases, std::vector<Term>{Term{}}, points, lifted);
      auto const truth = sample(boundary.faces[0][0].front().data, "data", points, MPI_COMM_WORLD);
      subtract_from(space, truth, values);
      EXPECT_LT(norm(space, MPI_COMM_WORLD, values), 1e-9) << axes << "-D, axis " << clamped;
    }
  }
}

// Verifies: data that jump where two faces meet are refused with the values on both sides; continuous ones are not.
TEST(Corners, JumpsAreRefused) {
  std::vector<kroma::grid::Axis> axes;
  for (auto const& basis : kroma::test::small_bases(2)) axes.push_back(basis.axis);
  auto boundary = kroma::test::same_on_all_faces("x*y", 2);
  EXPECT_NO_THROW(check_corners(boundary, axes));
  boundary.faces[1][1].front().data = kroma::test::function("2*x");
  try {
    check_corners(boundary, axes);
    ADD_FAILURE() << "a jump of 1 at (1, 1) went through";
  } catch (kroma::Error const& e) {
    EXPECT_EQ(e.kind(), kroma::Exit::bad_input);
    EXPECT_NE(std::string{e.what()}.find("disagree"), std::string::npos) << e.what();
  }
}

}  // namespace
