#include "linalg/kronecker.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "linalg/mode_product.hpp"

namespace kroma::linalg {
namespace {

template <class T>
bool is_identity(MatrixOf<T> const& a) {
  return a.data() == nullptr;
}

/// Index of the entry whose factor is the same array as `factor`, appended if there is none.
template <class List, class Same>
std::size_t index_of(List& list, Same same, typename List::value_type fresh) {
  auto const found = std::find_if(list.begin(), list.end(), same);
  if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
  list.push_back(std::move(fresh));
  return list.size() - 1;
}

template <class T>
void check_shape(MatrixOf<T> const& a, int in, int out) {
  if (is_identity<T>(a)) {
    require(in == out, "Kronecker sum: an identity keeps the extent");
  } else {
    require(a.extent_int(0) == out && a.extent_int(1) == in, "Kronecker sum: shape of a factor");
  }
}

/// y = alpha x + beta y, elementwise; beta = 0 ignores what y held.
template <class T>
void combine_values(Space const& space, T alpha, TensorOf<T const> x, T beta, TensorOf<T> y) {
  VectorOf<T const> const from(x.data(), x.size());
  VectorOf<T> const to(y.data(), y.size());
  Kokkos::parallel_for(
      "linalg::combine", Kokkos::RangePolicy<Space>(space, 0, to.extent(0)),
      KOKKOS_LAMBDA(std::int64_t const i) { to(i) = alpha * from(i) + (beta == T{0} ? T{0} : beta * to(i)); });
}

template <class T>
std::size_t bytes_of(grid::Layout const& layout) {
  return Workspace::footprint<T>(static_cast<std::size_t>(layout.local_size()));
}

}  // namespace

Work& Work::operator+=(Work const& other) {
  flops += other.flops;
  bytes += other.bytes;
  turns += other.turns;
  return *this;
}

template <class T>
KroneckerPlan<T>::KroneckerPlan(grid::Layout const& in, grid::Extents const& out,
                                std::vector<KroneckerTermOf<T>> const& terms)
    : input{in}, output{in.resized(out)} {
  auto const& n = in.extents();
  for (auto const& term : terms) {
    for (std::size_t axis = 0; axis < 3; ++axis) check_shape<T>(term.factors[axis], n[axis], out[axis]);
    auto const& [a0, a1, a2] = term.factors;
    auto const at_last = index_of(
        last_factors, [&](auto const& f) { return f.data() == a2.data(); }, a2);
    auto const at_first = index_of(
        first, [&](auto const& g) { return g.factor.data() == a0.data(); }, Group{a0, {}});
    // Terms that share both A0 and A1 are summed before A1 is applied.
    auto& parts = first[at_first].parts;
    auto const shared = std::find_if(parts.begin(), parts.end(),
                                     [&](auto const& part) { return middle[part.index].factor.data() == a1.data(); });
    if (shared == parts.end()) {
      middle.push_back({a1, {{at_last, term.coefficient}}});
      parts.push_back({middle.size() - 1, 1.0});
    } else {
      middle[shared->index].parts.push_back({at_last, term.coefficient});
      sums_before_middle = true;
    }
    reaches_first = reaches_first || !is_identity<T>(a0);
  }
  last_kept = in.resized({n[0], n[1], out[2]});
  last_moved = last_kept.moved(1, 2);
  middle_moved = last_moved.resized({n[0], out[1], out[2]});
  first_whole = middle_moved.moved(0, 1);
  out_whole = first_whole.resized(out);
  out_moved = out_whole.moved(0, 0);
}

template <class T>
bool KroneckerPlan<T>::turns(int side) const {
  return input.processes().ranks[static_cast<std::size_t>(side)] > 1 && (side == 1 || reaches_first);
}

template <class T>
std::size_t KroneckerPlan<T>::footprint() const {
  auto const products = static_cast<std::size_t>(
      std::count_if(last_factors.begin(), last_factors.end(), [](auto const& f) { return !is_identity<T>(f); }));
  std::size_t bytes = 0, turning = 0;
  auto const turn = [&](grid::Layout const& from, int side) {
    turning = std::max(turning, grid::Turn<T>::footprint(from, side));
  };
  if (turns(1)) {
    bytes += last_factors.size() * bytes_of<T>(last_moved) + bytes_of<T>(last_kept) + bytes_of<T>(out_moved);
    turn(last_kept, 1);
    turn(output, 1);
  } else {
    bytes += products * bytes_of<T>(last_kept);
  }
  if (sums_before_middle) bytes += bytes_of<T>(last_moved);
  if (reaches_first) bytes += bytes_of<T>(middle_moved);
  if (turns(0)) {
    bytes += bytes_of<T>(first_whole) + bytes_of<T>(out_whole);
    turn(middle_moved, 0);
    turn(out_moved, 0);
  }
  return bytes + turning;
}

template <class T>
grid::Traffic KroneckerPlan<T>::traffic() const {
  grid::Traffic all;
  auto const turn = [&](std::size_t times, grid::Layout const& from, int side) {
    for (std::size_t i = 0; i < times; ++i) all += grid::Turn<T>::planned(from, side);
  };
  if (turns(1)) {
    turn(last_factors.size(), last_kept, 1);
    turn(1, output, 1);
  }
  if (turns(0)) {
    turn(static_cast<std::size_t>(
             std::count_if(first.begin(), first.end(), [](auto const& g) { return !is_identity<T>(g.factor); })),
         middle_moved, 0);
    turn(1, out_moved, 0);
  }
  return all;
}

template <class T>
KroneckerSumOf<T>::KroneckerSumOf(MPI_Comm comm, grid::Extents in, grid::Extents out,
                                  std::vector<KroneckerTermOf<T>> const& terms, std::shared_ptr<Workspace> workspace)
    : plan_{grid::Layout{comm, in}, out, terms}, workspace_{std::move(workspace)} {
  auto const turn = [&](grid::Layout const& from, int side) {
    return std::make_unique<grid::Turn<T>>(from, side, workspace_);
  };
  if (plan_.turns(1)) {
    to_middle_ = turn(plan_.last_kept, 1);
    from_middle_ = turn(plan_.output, 1);
  }
  if (plan_.turns(0)) {
    to_first_ = turn(plan_.middle_moved, 0);
    from_first_ = turn(plan_.out_moved, 0);
  }
  workspace_->reserve(plan_.footprint());
}

template <class T>
void KroneckerSumOf<T>::combine(Space const& space, double alpha, Input x, double beta, TensorOf<T> y) {
  combine_values<T>(space, static_cast<T>(alpha), x, static_cast<T>(beta), y);
  work_.bytes += static_cast<double>(sizeof(T)) * static_cast<double>(x.size()) * (beta == 0.0 ? 2 : 3);
}

template <class T>
void KroneckerSumOf<T>::multiply(Space const& space, double alpha, MatrixOf<T> const& a, Input x, int mode, double beta,
                                 TensorOf<T> y) {
  if (is_identity<T>(a)) {
    combine(space, alpha, x, beta, y);
    return;
  }
  mode_product(space, alpha, MatrixOf<T const>(a), x, mode, beta, y);
  auto const result = static_cast<double>(y.size());
  work_.flops += 2.0 * result * a.extent(1);
  work_.bytes +=
      static_cast<double>(sizeof(T)) * (static_cast<double>(a.size() + x.size()) + result * (beta == 0.0 ? 1 : 2));
}

/// X A2^T for each distinct factor, where axis 1 is whole.
template <class T>
auto KroneckerSumOf<T>::last_products(Space const& space, Workspace::Use& use, Input x) -> std::vector<Input> {
  std::vector<Input> products;
  TensorOf<T> kept;
  if (to_middle_) kept = use.take<T>(plan_.last_kept.local());
  for (auto const& factor : plan_.last_factors) {
    Input product = x;
    if (!is_identity<T>(factor)) {
      auto const to = to_middle_ ? kept : use.take<T>(plan_.last_kept.local());
      multiply(space, 1.0, factor, x, 2, 0.0, to);
      product = to;
    }
    if (to_middle_) {
      auto const moved = use.take<T>(plan_.last_moved.local());
      to_middle_->forward(space, product, moved);
      product = moved;
    }
    products.push_back(product);
  }
  return products;
}

/// y = coefficient * (the group's factor along axis 1 on the sum of its parts) + beta y; `sum` is for that sum.
template <class T>
void KroneckerSumOf<T>::middle_product(Space const& space, std::vector<Input> const& last, Group const& group,
                                       double coefficient, double beta, TensorOf<T> sum, TensorOf<T> y) {
  if (group.parts.size() == 1) {
    auto const& only = group.parts.front();
    multiply(space, coefficient * only.coefficient, group.factor, last[only.index], 1, beta, y);
    return;
  }
  double keep = 0.0;
  for (auto const& part : group.parts)
    combine(space, part.coefficient, last[part.index], std::exchange(keep, 1.0), sum);
  multiply(space, coefficient, group.factor, sum, 1, beta, y);
}

template <class T>
void KroneckerSumOf<T>::apply(Space const& space, TensorOf<T const> x, TensorOf<T> y) {
  Workspace::Use use{*workspace_};
  auto const last = last_products(space, use, x);
  auto const result = from_middle_ ? use.take<T>(plan_.out_moved.local()) : y;  // where axis 1 is whole
  TensorOf<T> sum, middle, turned, turned_result;
  if (plan_.sums_before_middle) sum = use.take<T>(plan_.last_moved.local());
  if (plan_.reaches_first) middle = use.take<T>(plan_.middle_moved.local());
  if (to_first_) {
    turned = use.take<T>(plan_.first_whole.local());
    turned_result = use.take<T>(plan_.out_whole.local());
  }
  double keep = 0.0, keep_turned = 0.0;  // 0 until something has been written there
  for (auto const& group : plan_.first) {
    bool const stays = is_identity<T>(group.factor);
    double keep_middle = stays ? keep : 0.0;
    for (auto const& part : group.parts) {
      middle_product(space, last, plan_.middle[part.index], part.coefficient, std::exchange(keep_middle, 1.0), sum,
                     stays ? result : middle);
    }
    if (!stays && to_first_) {
      to_first_->forward(space, middle, turned);
      multiply(space, 1.0, group.factor, turned, 0, std::exchange(keep_turned, 1.0), turned_result);
    } else {
      if (!stays) multiply(space, 1.0, group.factor, middle, 0, keep, result);
      keep = 1.0;
    }
  }
  if (from_first_) from_first_->backward(space, turned_result, result, std::exchange(keep, 1.0) != 0.0);
  if (keep == 0.0) Kokkos::deep_copy(space, result, T{0});  // a sum of no terms
  if (from_middle_) from_middle_->backward(space, result, y, false);
}

template <class T>
Work KroneckerSumOf<T>::work() const {
  auto all = work_;
  for (auto const* turn : {&to_middle_, &to_first_, &from_first_, &from_middle_}) {
    if (*turn) all.turns += (*turn)->traffic();
  }
  return all;
}

template class KroneckerPlan<double>;
template class KroneckerPlan<float>;
template class KroneckerSumOf<double>;
template class KroneckerSumOf<float>;

}  // namespace kroma::linalg
