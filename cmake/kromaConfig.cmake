# find_package(kroma): kroma::app is the library, include "app/run.hpp". Its dependencies are looked for as in kroma's own
# build: set PETSC_DIR, Kokkos_ROOT and HDF5_ROOT to those it was built with.
list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
include(Dependencies)
include("${CMAKE_CURRENT_LIST_DIR}/kromaTargets.cmake")
