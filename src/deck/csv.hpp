#pragma once

#include <map>
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

/// Rows of a text file of anything, by the names of its first line; separators and comments as above. Throws Error
/// (bad_input) for a file that cannot be read, has no row, or has a row with another number of fields than names.
std::vector<std::map<std::string, std::string>> read_records(std::string const& path);

}  // namespace kroma::deck
