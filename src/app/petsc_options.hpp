#pragma once

#include <map>
#include <string>
#include <vector>

namespace kroma {

/// `solver.petsc` of a deck in PETSc's options database, under the family's prefix, for as long as this lives:
/// {ksp_type: cg} of gp_pde becomes -gp_pde_ksp_type cg. An option of the same name on the command line wins.
class PetscOptions {
 public:
  PetscOptions(std::string const& prefix, std::map<std::string, std::string> const& options);
  ~PetscOptions();
  PetscOptions(PetscOptions const&) = delete;
  PetscOptions& operator=(PetscOptions const&) = delete;

  /// Keys of the deck that PETSc never asked for.
  std::vector<std::string> unused() const;

 private:
  std::string name(std::string const& key) const { return "-" + prefix_ + "_" + key; }
  std::string prefix_;
  std::vector<std::string> keys_;
};

}  // namespace kroma
