#pragma once

#include <source_location>
#include <utility>

#include <petscsys.h>

namespace kroma {

/// Throws an Error that names PETSc's message and the place of the call unless `code` is 0.
void petsc_ok(PetscErrorCode code, std::source_location where = std::source_location::current());

/// Owns one PETSc object (Handle<KSP>, Handle<Vec>, ...) and destroys it at the end of its scope. Destruction is
/// collective, so handles of one communicator must end in the same order on all ranks.
template <class Object>
class Handle {
 public:
  Handle() = default;
  explicit Handle(Object object) : object_{object} {}
  Handle(Handle&& other) noexcept : object_{std::exchange(other.object_, nullptr)} {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;
  ~Handle() {
    if (object_ == nullptr) return;
    auto* base = reinterpret_cast<PetscObject>(object_);
    PetscObjectDestroy(&base);
  }

  Object get() const { return object_; }
  operator Object() const { return object_; }
  /// For PETSc's creating functions: petsc_ok(KSPCreate(comm, ksp.put())).
  Object* put() { return &object_; }

 private:
  Object object_ = nullptr;
};

}  // namespace kroma
