#include <algorithm>

#include "core/error.hpp"
#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {
std::vector<double> ColumnIntegrator::save() const {
  std::vector<double> saved{time_,
                            h_,
                            taken_,
                            factored_h_,
                            jacobian_is_new_ ? 1.0 : 0.0,
                            first_ ? 1.0 : 0.0,
                            contraction_,
                            last_error_,
                            last_h_,
                            double(careful_),
                            double(effort_.steps),
                            double(effort_.rejected),
                            double(effort_.newton_iterations),
                            double(effort_.factorisations)};
  for (auto const* list : {&y_, &base_, &linearised_at_}) put(saved, *list);
  for (auto const& stage : kept_) put(saved, stage);
  saved.insert(saved.end(), weight_.begin(), weight_.end());
  if (tangents_) tangents_->save(saved);
  return saved;
}

void ColumnIntegrator::load(std::vector<double> const& saved, Section const& section) {
  require(saved.size() == save().size(), "a saved integrator has the size of the one that takes it");
  section_ = section;
  double const* from = saved.data();
  for (double* value : {&time_, &h_, &taken_, &factored_h_}) *value = *from++;
  jacobian_is_new_ = *from++ != 0;
  first_ = *from++ != 0;
  for (double* value : {&contraction_, &last_error_, &last_h_}) *value = *from++;
  careful_ = static_cast<int>(*from++);
  for (auto* count : {&effort_.steps, &effort_.rejected, &effort_.newton_iterations, &effort_.factorisations}) {
    *count = static_cast<std::int64_t>(*from++);
  }
  for (auto* list : {&y_, &base_, &linearised_at_}) take(from, *list);
  for (auto& stage : kept_) take(from, stage);
  std::copy_n(from, weight_.size(), weight_.begin());
  if (tangents_) tangents_->load(from + weight_.size());
  if (effort_.factorisations == 0) return;
  d_.sorption_jacobian(linearised_at_.data(), jacobian_.by_c.data(), jacobian_.by_q.data());
  if (factored_h_ > 0) solver_.factor(d_, jacobian_, factored_h_);
}

}  // namespace kroma::chromatography
