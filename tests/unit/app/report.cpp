#include "app/report.hpp"

#include <gtest/gtest.h>

namespace {

// Verifies: digits come in groups of three from the right, the sign apart.
TEST(Report, GroupsDigits) {
  EXPECT_EQ(kroma::grouped(0), "0");
  EXPECT_EQ(kroma::grouped(999), "999");
  EXPECT_EQ(kroma::grouped(1000), "1 000");
  EXPECT_EQ(kroma::grouped(12345678), "12 345 678");
  EXPECT_EQ(kroma::grouped(-100), "-100");
  EXPECT_EQ(kroma::grouped(-1000), "-1 000");
}

// Verifies: a size has three digits or fewer before its unit, and never reads "1000 kB".
TEST(Report, BytesHaveTheRightUnit) {
  EXPECT_EQ(kroma::bytes_text(0), "0 B");
  EXPECT_EQ(kroma::bytes_text(999), "999 B");
  EXPECT_EQ(kroma::bytes_text(1500), "1.5 kB");
  EXPECT_EQ(kroma::bytes_text(123456), "123 kB");
  EXPECT_EQ(kroma::bytes_text(999999), "1.0 MB");
  EXPECT_EQ(kroma::bytes_text(3.2e12), "3.2 TB");
}

}  // namespace
