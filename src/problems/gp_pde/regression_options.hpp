#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"
#include "problems/gp_pde/conservation.hpp"

namespace kroma::gp_pde {

/// Where values of u come from: a file, or the exact solution at random points.
struct ObservationOptions {
  deck::FilePath file;
  std::vector<std::string> columns;  // of a text file: the axes in order, then u
  std::string dataset;               // of an HDF5 file: u, with one extent for each axis
  std::map<std::string, std::string> coordinates;
  std::map<std::string, int> sample;  // number of random coordinates of each axis
  std::int64_t seed = 1;
  std::optional<double> noise;  // standard deviation
  double added_noise = 0;       // of a sample
};

struct ConservationOptions {
  std::string along;
  deck::Function total;
  ConservationUpdate update = ConservationUpdate::joint;
  double noise = 0;  // standard deviation
  double tolerance = 1e-10;
};

/// `axes`: names that a domain may have.
deck::Schema<ObservationOptions> observation_schema(std::vector<std::string> const& axes);
deck::Schema<ConservationOptions> conservation_schema(std::vector<std::string> const& axes);

struct Options;

/// Reports what does not go together in a deck with observations, and what is wrong with the file they are in.
void check_regression(Options const& options, deck::Where const& where);

}  // namespace kroma::gp_pde
