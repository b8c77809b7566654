#pragma once

#include <string>
#include <vector>

namespace kroma::deck {

/// Columns of a text file of numbers: fields separated by comma, semicolon, tab or blanks, a first line of names or
/// none, lines that begin with # left out.
///
/// `columns` are names of the first line, or numbers that count from 1; empty: all columns. Returns one vector per
/// column asked for, all of the same length, at least 1. Throws Error (bad_input): "FILE:LINE: ...", for a file that
/// cannot be read, a column that is not there, a line that has too few fields or a field that is no finite number.
std::vector<std::vector<double>> read_csv(std::string const& path, std::vector<std::string> const& columns = {});

}  // namespace kroma::deck
