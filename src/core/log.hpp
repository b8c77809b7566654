#pragma once

#include <string>

#include <mpi.h>

namespace kroma {

enum class Verbosity { quiet, normal, verbose };

/// Lines for people, from rank 0 only: what happens goes to standard output, warnings to standard error.
class Log {
 public:
  explicit Log(MPI_Comm comm, Verbosity verbosity = Verbosity::normal);

  void line(std::string const& text) const;     // not when quiet
  void detail(std::string const& text) const;   // only when verbose
  void warning(std::string const& text) const;  // always
  bool is_first() const { return rank_ == 0; }
  bool speaks() const { return rank_ == 0 && verbosity_ != Verbosity::quiet; }

 private:
  int rank_ = 0;
  Verbosity verbosity_;
};

}  // namespace kroma
