#include "core/timers.hpp"

#include <gtest/gtest.h>

namespace {

// Verifies: stages add up over calls, keep the order of first entry, and may nest.
TEST(Timers, StagesAddUpInOrder) {
  kroma::Timers timers;
  for (int i = 0; i < 3; ++i) {
    kroma::Timed const outer{timers, "outer"};
    kroma::Timed const inner{timers, "inner"};
  }
  ASSERT_EQ(timers.stages().size(), 2u);
  EXPECT_EQ(timers.stages()[0].name, "outer");
  EXPECT_EQ(timers.stages()[1].name, "inner");
  EXPECT_EQ(timers.stages()[1].calls, 3);
  EXPECT_GE(timers.seconds("outer"), timers.seconds("inner"));
  EXPECT_EQ(timers.seconds("never"), 0.0);
}

}  // namespace
