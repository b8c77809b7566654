#pragma once

// Lines of text files of numbers, as they are: shared by all that read such files.

#include <optional>
#include <string_view>
#include <vector>

namespace kroma::deck {

/// Fields of one line, views into its text.
using CsvFields = std::vector<std::string_view>;

/// Without blanks and quotation marks at either end.
std::string_view csv_trimmed(std::string_view text);

/// The separator that the first line of a file uses: comma, semicolon or tab; ' ' stands for any blanks.
char csv_separator(std::string_view line);

CsvFields csv_split(std::string_view line, char separator);

/// The number that a whole field is, in decimal notation; nothing if it is none.
std::optional<double> csv_number(std::string_view text);

/// Whether a line is left out: empty, or a comment that begins with #.
bool csv_is_skipped(std::string_view line);

/// Whether the first line of a file names columns: none of its fields is a number.
bool csv_has_names(CsvFields const& first);

}  // namespace kroma::deck
