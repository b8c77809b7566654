#include "core/petsc.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma {

void petsc_ok(PetscErrorCode code, std::source_location where) {
  if (code == 0) return;
  char const* text = nullptr;
  PetscErrorMessage(code, &text, nullptr);
  throw internal_error(fmt::format("PETSc error {} ({}) at {}:{} in {}", static_cast<int>(code),
                                   text != nullptr ? text : "no message", where.file_name(), where.line(),
                                   where.function_name()));
}

}  // namespace kroma
