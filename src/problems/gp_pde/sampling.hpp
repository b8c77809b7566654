#pragma once

#include <string>
#include <vector>

#include "deck/function.hpp"
#include "grid/axis.hpp"
#include "grid/layout.hpp"

namespace kroma::gp_pde {

/// A tensor set of points: one list of coordinates for each of the one to three axes.
using PointSet = std::vector<std::vector<double>>;

/// Number of points along each of three axes, 1 where there is no axis.
grid::Extents extents_of(PointSet const& points);

/// Values of f, a function of three coordinates, at this rank's part of the point set. `key` names the function in
/// messages. Throws bad_input with the function's place in the deck, the point and the value where f is not finite.
/// Collective.
Tensor sample(deck::Function const& f, std::string const& key, PointSet const& points, MPI_Comm comm);

/// The same on this rank alone, for the whole set; messages call f `name`. Not collective.
HostTensor sample_here(deck::Function const& f, std::string const& name, PointSet const& points);

/// The same as a list, row-major; needs no started Runtime.
std::vector<double> sample_values(deck::Function const& f, std::string const& name, PointSet const& points);

/// Values at the nodes of `axes` times sqrt of the quadrature weights, in place.
void weigh(std::vector<grid::Axis> const& axes, grid::Layout const& nodes, Tensor values);

/// `count` points of [low, high], one at a random place in each of `count` equal parts; the same on every rank.
std::vector<double> jittered(double low, double high, int count, std::uint64_t seed);
/// `count` points of [low, high] at the middles of equal parts.
std::vector<double> midpoints(double low, double high, int count);

}  // namespace kroma::gp_pde
