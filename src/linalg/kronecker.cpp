#include "linalg/kronecker.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "linalg/mode_product.hpp"

namespace kroma::linalg {
namespace {

bool is_identity(Matrix const& a) { return a.data() == nullptr; }

/// Index of the entry whose factor is the same array as `factor`, appended if there is none.
template <class List, class Same>
std::size_t index_of(List& list, Same same, typename List::value_type fresh) {
  auto const found = std::find_if(list.begin(), list.end(), same);
  if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
  list.push_back(std::move(fresh));
  return list.size() - 1;
}

void check_shape(Matrix const& a, int in, int out) {
  if (is_identity(a)) {
    require(in == out, "Kronecker sum: an identity keeps the extent");
  } else {
    require(a.extent_int(0) == out && a.extent_int(1) == in, "Kronecker sum: shape of a factor");
  }
}

/// y = alpha x + beta y, elementwise; beta = 0 ignores what y held.
void combine(Space const& space, double alpha, ConstTensor x, double beta, Tensor y) {
  ConstVector const from(x.data(), x.size());
  Vector const to(y.data(), y.size());
  Kokkos::parallel_for(
      "linalg::combine", Kokkos::RangePolicy<Space>(space, 0, to.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) = alpha * from(i) + (beta == 0.0 ? 0.0 : beta * to(i)); });
}

}  // namespace

Tensor make_tensor(char const* name, grid::Layout const& layout) {
  auto const n = layout.local();
  return Tensor{std::string{name}, static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                static_cast<std::size_t>(n[2])};
}

KroneckerSum::KroneckerSum(MPI_Comm comm, grid::Extents in, grid::Extents out, std::vector<KroneckerTerm> terms)
    : input_{comm, in, 0}, output_{comm, out, 0} {
  for (auto const& term : terms) {
    for (int axis = 0; axis < 3; ++axis) check_shape(term.factors[axis], in[axis], out[axis]);
  }
  plan(terms);
  auto const n0 = static_cast<std::size_t>(input_.local()[0]);
  auto const n1 = static_cast<std::size_t>(in[1]), m1 = static_cast<std::size_t>(out[1]),
             m2 = static_cast<std::size_t>(out[2]);
  for (auto const& factor : last_factors_) {
    last_products_.push_back(is_identity(factor) ? Tensor{} : Tensor{"linalg::last_product", n0, n1, m2});
  }
  bool const mixed = std::any_of(middle_.begin(), middle_.end(), [](Group const& g) { return g.parts.size() > 1; });
  if (mixed) combined_ = Tensor{"linalg::combined", n0, n1, m2};
  middle_sum_ = Tensor{"linalg::middle_sum", n0, m1, m2};
  bool const crosses = std::any_of(first_.begin(), first_.end(), [](Group const& g) { return !is_identity(g.factor); });
  if (input_.ranks() > 1 && crosses) {
    turn_in_ = std::make_unique<grid::Turn>(comm, grid::Extents{in[0], out[1], out[2]});
    turn_out_ = std::make_unique<grid::Turn>(comm, out);
    turned_in_ = make_tensor("linalg::turned_in", turn_in_->turned());
    turned_out_ = make_tensor("linalg::turned_out", turn_out_->turned());
  }
}

void KroneckerSum::plan(std::vector<KroneckerTerm> const& terms) {
  for (auto const& term : terms) {
    auto const& [a0, a1, a2] = term.factors;
    auto const last = index_of(
        last_factors_, [&](Matrix const& f) { return f.data() == a2.data(); }, a2);
    auto const first = index_of(
        first_, [&](Group const& g) { return g.factor.data() == a0.data(); }, Group{a0, {}});
    // Terms that share both A0 and A1 are summed before A1 is applied.
    auto& parts = first_[first].parts;
    auto const shared = std::find_if(parts.begin(), parts.end(), [&](Group::Part const& part) {
      return middle_[part.index].factor.data() == a1.data();
    });
    if (shared == parts.end()) {
      middle_.push_back({a1, {{last, term.coefficient}}});
      parts.push_back({middle_.size() - 1, 1.0});
    } else {
      middle_[shared->index].parts.push_back({last, term.coefficient});
    }
  }
}

void KroneckerSum::multiply(Space const& space, double alpha, Matrix const& a, ConstTensor x, int mode, double beta,
                            Tensor y) {
  if (is_identity(a)) {
    combine(space, alpha, x, beta, y);
    return;
  }
  mode_product(space, alpha, a, x, mode, beta, y);
  flops_ += 2.0 * static_cast<double>(x.size()) * a.extent(0);
}

ConstTensor KroneckerSum::last_axis(ConstTensor x, std::size_t index) const {
  if (is_identity(last_factors_[index])) return x;
  return last_products_[index];
}

void KroneckerSum::middle_axis(Space const& space, ConstTensor x, Group const& group, double coefficient, double beta,
                               Tensor y) {
  if (group.parts.size() == 1) {
    auto const& only = group.parts.front();
    multiply(space, coefficient * only.coefficient, group.factor, last_axis(x, only.index), 1, beta, y);
    return;
  }
  double keep = 0.0;
  for (auto const& part : group.parts) {
    combine(space, part.coefficient, last_axis(x, part.index), keep, combined_);
    keep = 1.0;
  }
  multiply(space, coefficient, group.factor, combined_, 1, beta, y);
}

void KroneckerSum::first_axis(Space const& space, ConstTensor sum, Group const& group, bool first, Tensor y) {
  if (is_identity(group.factor) || !turn_in_) {
    multiply(space, 1.0, group.factor, sum, 0, 1.0, y);
    return;
  }
  turn_in_->forward(space, sum, turned_in_);
  multiply(space, 1.0, group.factor, turned_in_, 0, first ? 0.0 : 1.0, turned_out_);
}

void KroneckerSum::apply(Space const& space, ConstTensor x, Tensor y) {
  for (std::size_t i = 0; i < last_factors_.size(); ++i) {
    if (!is_identity(last_factors_[i])) multiply(space, 1.0, last_factors_[i], x, 2, 0.0, last_products_[i]);
  }
  Kokkos::deep_copy(space, y, 0.0);
  bool first_turned = true;
  for (auto const& group : first_) {
    double keep = 0.0;
    for (auto const& part : group.parts) {
      middle_axis(space, x, middle_[part.index], part.coefficient, keep, middle_sum_);
      keep = 1.0;
    }
    first_axis(space, middle_sum_, group, first_turned, y);
    if (!is_identity(group.factor)) first_turned = false;
  }
  if (turn_out_) turn_out_->backward_add(space, turned_out_, y);
}

}  // namespace kroma::linalg
