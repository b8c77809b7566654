#include "app/petsc_options.hpp"

#include "core/petsc.hpp"

namespace kroma {

PetscOptions::PetscOptions(std::string const& prefix, std::map<std::string, std::string> const& options)
    : prefix_{prefix} {
  for (auto const& [key, value] : options) {
    PetscBool given = PETSC_FALSE;
    petsc_ok(PetscOptionsHasName(nullptr, nullptr, name(key).c_str(), &given));
    if (given == PETSC_TRUE) continue;
    // A switch takes no value: PETSc would read "true" as the name of a viewer.
    petsc_ok(PetscOptionsSetValue(nullptr, name(key).c_str(), value == "true" ? nullptr : value.c_str()));
    keys_.push_back(key);
  }
}

PetscOptions::~PetscOptions() {
  for (auto const& key : keys_) PetscOptionsClearValue(nullptr, name(key).c_str());
}

std::vector<std::string> PetscOptions::unused() const {
  std::vector<std::string> unused;
  for (auto const& key : keys_) {
    PetscBool used = PETSC_FALSE;
    petsc_ok(PetscOptionsUsed(nullptr, (prefix_ + "_" + key).c_str(), &used));
    if (used == PETSC_FALSE) unused.push_back(key);
  }
  return unused;
}

}  // namespace kroma
