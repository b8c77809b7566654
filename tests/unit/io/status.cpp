#include "io/status.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "io/result_file.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;

using kroma::io::read_status;
using kroma::io::ResultFile;
using kroma::test::Scratch;

ResultFile begin(std::string const& path) {
  auto file = ResultFile::create(MPI_COMM_SELF, path);
  file.attribute("/", "problem", "gp_pde");
  file.attribute("/metrics", "iterations", 12);
  file.attribute("/metrics", "relative_l2", 0.5);
  file.attribute("/metrics", "method", "cg");
  file.replicated("/fields/u", std::vector<double>(1000, 1.0), {{"", 1000}}, "1", "u");
  file.flush();
  return file;
}

// Verifies: a finished file says what it is, that it is complete, and its metrics with their types.
TEST(ReadStatus, Finished) {
  Scratch const scratch;
  begin(scratch.file("results.h5")).complete();
  auto const status = read_status(scratch.file("results.h5"));
  EXPECT_TRUE(status.exists);
  EXPECT_TRUE(status.complete);
  EXPECT_EQ(status.trouble, "");
  EXPECT_EQ(status.problem, "gp_pde");
  EXPECT_EQ(status.created.back(), 'Z');
  kroma::io::Attributes const expected{
      {"iterations", std::int64_t{12}}, {"method", std::string{"cg"}}, {"relative_l2", 0.5}};
  EXPECT_EQ(status.metrics, expected);
}

// Verifies: while the run is going on, and after it was killed, the file can be looked into and is not complete.
TEST(ReadStatus, Running) {
  Scratch const scratch;
  auto const file = begin(scratch.file("results.h5"));
  auto const status = read_status(scratch.file("results.h5"));
  EXPECT_TRUE(status.exists);
  EXPECT_FALSE(status.complete);
  EXPECT_EQ(status.trouble, "");
  EXPECT_EQ(status.problem, "gp_pde");
}

// Verifies: no file, no HDF5, and every length that a file may be cut to give an answer: trouble, never completeness
// and never a crash.
TEST(ReadStatus, Damaged) {
  Scratch const scratch;
  EXPECT_FALSE(read_status(scratch.file("none.h5")).exists);
  std::ofstream{scratch.file("text.h5")} << "hello";
  EXPECT_NE(read_status(scratch.file("text.h5")).trouble, "");
  begin(scratch.file("results.h5")).complete();
  auto const size = fs::file_size(scratch.file("results.h5"));
  for (std::uintmax_t cut = 0; cut < size; cut += 97) {
    fs::copy_file(scratch.file("results.h5"), scratch.file("cut.h5"), fs::copy_options::overwrite_existing);
    fs::resize_file(scratch.file("cut.h5"), cut);
    auto const status = read_status(scratch.file("cut.h5"));
    EXPECT_TRUE(status.exists);
    EXPECT_FALSE(status.complete) << cut;
    EXPECT_NE(status.trouble, "") << cut;
  }
}

// Verifies: a byte that changed inside the headers is noticed rather than believed, wherever it is; none crashes.
TEST(ReadStatus, ScrambledBytesDoNotCrash) {
  Scratch const scratch;
  begin(scratch.file("results.h5")).complete();
  int noticed = 0;
  for (std::uintmax_t at = 0; at < 1200; at += 7) {
    fs::copy_file(scratch.file("results.h5"), scratch.file("odd.h5"), fs::copy_options::overwrite_existing);
    std::fstream odd{scratch.file("odd.h5"), std::ios::in | std::ios::out | std::ios::binary};
    odd.seekp(static_cast<std::streamoff>(at));
    odd.put('\xa5');
    odd.close();
    noticed += read_status(scratch.file("odd.h5")).trouble.empty() ? 0 : 1;
  }
  EXPECT_GT(noticed, 20);
}

}  // namespace
