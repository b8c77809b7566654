#pragma once

#include <vector>

#include "problems/chromatography/complex.hpp"
#include "problems/chromatography/discretisation.hpp"

namespace kroma::chromatography {

/// Derivatives of the rates of sorption, as Discretisation::sorption_jacobian() gives them.
struct SorptionJacobian {
  std::vector<Pack> by_c, by_q;
};

/// Solves (sigma E - J) x = b for the method of lines of a column, S = Pack or Complex<Pack>, by elimination in the
/// order in which nothing fills in: bound amounts at each place; the points of each particle; the inner nodes of all
/// elements side by side; and what is left, a chain of blocks (components, components) between the first nodes of
/// neighbouring elements. Elimination of q adds F Gamma sigma M^-1 R_c to its liquid's rows, with M = sigma m - R_q
/// (m = 1 kinetic, 0 in equilibrium), and moves F Gamma sigma M^-1 b_q to their right-hand side.
template <class S>
class Condensation {
 public:
  using Single = typename Number<S>::Single;

  explicit Condensation(Discretisation const& discretisation);

  /// Not finite factors show up in what solve() gives.
  void factor(Discretisation const& d, SorptionJacobian const& jacobian, Single sigma);
  /// b (layout) becomes x.
  void solve(Discretisation const& d, S* b);
  /// The same for (sigma E - J)^T, with the same factors.
  void solve_transposed(Discretisation const& d, S* b);

 private:
  std::size_t factors_of(std::size_t group) const { return alike_ ? 0 : group; }
  void eliminate_places(Discretisation const& d, SorptionJacobian const& jacobian);
  template <class Counts>
  void eliminate_bound(Counts count, Discretisation const& d, SorptionJacobian const& jacobian, std::size_t group);
  template <class Counts>
  void fill_particles(Counts count, Discretisation const& d, std::size_t kind, S const* g, S* a) const;
  template <class Counts>
  void eliminate_particles(Counts count, Discretisation const& d, std::size_t group);
  void eliminate_elements(Discretisation const& d);
  void factor_chain(Discretisation const& d);
  void forward_places(Discretisation const& d, S* b);
  template <class Counts>
  void forward_bound(Counts count, Discretisation const& d, std::size_t factors, S* b) const;
  template <class Counts>
  void forward_particles(Counts count, Discretisation const& d, std::size_t factors, Pack const& exists, S* b) const;
  void backward_places(Discretisation const& d, S* b);
  template <class Counts>
  void backward_group(Counts count, Discretisation const& d, std::size_t factors, S* b) const;
  void solve_elements(Discretisation const& d, S* b);
  void solve_chain(Discretisation const& d);
  void back_substitute_elements(Discretisation const& d, S* b) const;
  void backward_places_transposed(Discretisation const& d, S* b);
  void back_substitute_transposed(Discretisation const& d, S const* b);
  void solve_chain_transposed(Discretisation const& d);
  void solve_elements_transposed(Discretisation const& d, S* b) const;
  void forward_places_transposed(Discretisation const& d, S* b);

  S sigma_;
  bool alike_;                      // linear sorption: the places of all nodes have the same factors, kept once
  std::vector<S> bound_factors_;    // (groups, places, bound, bound)
  std::vector<S> bound_by_liquid_;  // (groups, places, bound, components): M^-1 R_c
  std::vector<S> local_;            // (points, components, components): the fluid's rows with what particles add
  std::vector<S> together_;         // (groups, width): the variables of pairs of nodes
  std::vector<S> liquid_, fluid_;   // of one group: (places, components, components) and (components, components)
  std::vector<Pack> by_c_, by_q_;   // of one place: derivatives of the rates of sorption
  std::vector<std::vector<S>> particle_factors_;   // per kind (groups, n, n), n = particle points * components
  std::vector<std::vector<S>> particle_by_fluid_;  // per kind (groups, n, components): B^-1 E mu
  std::vector<S> inner_factors_;                   // (packs, m, m), m = inner nodes * components
  std::vector<S> by_first_, by_next_;     // (packs, m, components): x_inner = xi - by_first x_0 + by_next x_next
  std::vector<S> first_row_;              // (packs, components, components): the first node's own block, condensed
  std::vector<S> row_next_, row_before_;  // (packs, components, components): to the right, and into the right neighbour
  std::vector<S> row_fill_;               // (packs, components, components): into the right neighbour's own block
  std::vector<Single> chain_, chain_next_, chain_before_;  // (elements, components, components)
  std::vector<Single> chain_rhs_, pushed_;                 // (elements, components)
  std::vector<S> first_;                                   // (packs, components): solved values, and those to the right
  std::vector<S> next_;
};

}  // namespace kroma::chromatography
