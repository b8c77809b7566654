#include "core/suggest.hpp"

#include <gtest/gtest.h>

namespace {

// Verifies: one slip is recognised (letter missing, surplus, wrong, two swapped); another word is not.
TEST(DidYouMean, OneSlip) {
  std::vector<std::string> const known{"cells", "length", "steps"};
  for (auto const* word : {"cels", "cellls", "cekls", "celsl"}) {
    EXPECT_EQ(kroma::did_you_mean(word, known), "; did you mean 'cells'?") << word;
  }
  EXPECT_EQ(kroma::did_you_mean("porosity", known), "");
  EXPECT_EQ(kroma::did_you_mean("cels", {}), "");
}

// Verifies: of several close words the closest is named.
TEST(DidYouMean, TheClosest) { EXPECT_EQ(kroma::did_you_mean("stepz", {"stop", "steps"}), "; did you mean 'steps'?"); }

}  // namespace
