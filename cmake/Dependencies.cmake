# Everything the default build needs is a Debian package (scripts/dependencies installs them); a library of
# one's own wins over the distribution's: -DKokkos_ROOT=, PETSC_DIR (and PETSC_ARCH, SLEPC_DIR), -DHDF5_ROOT=.
# Each library is one imported target with SYSTEM headers, so that warnings in it are not ours.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# MPI: only the C interface; Open MPI's C++ bindings are skipped.
find_package(MPI REQUIRED COMPONENTS C)
target_compile_definitions(MPI::MPI_C INTERFACE OMPI_SKIP_MPICXX=1 MPICH_SKIP_MPICXX=1)

# PETSc and SLEPc through pkg-config.
foreach(variable IN ITEMS PETSC_DIR PETSC_ARCH SLEPC_DIR)
  if(NOT ${variable} AND DEFINED ENV{${variable}})
    set(${variable} "$ENV{${variable}}")
  endif()
endforeach()
foreach(prefix IN ITEMS "${PETSC_DIR}/${PETSC_ARCH}" "${PETSC_DIR}" "${SLEPC_DIR}/${PETSC_ARCH}" "${SLEPC_DIR}")
  if(IS_DIRECTORY "${prefix}/lib/pkgconfig")
    set(ENV{PKG_CONFIG_PATH} "${prefix}/lib/pkgconfig:$ENV{PKG_CONFIG_PATH}")
  endif()
endforeach()
pkg_check_modules(PETSC REQUIRED IMPORTED_TARGET PETSc>=3.18)
file(STRINGS "${PETSC_INCLUDEDIR}/petscconf.h" petsc_complex REGEX "^#define PETSC_USE_COMPLEX 1")
if(petsc_complex)
  message(FATAL_ERROR "kroma needs a PETSc with real scalars; ${PETSC_INCLUDEDIR} has complex ones. "
    "Install libpetsc-real-dev, or set PETSC_DIR and PETSC_ARCH.")
endif()

# HDF5, the parallel one, C interface.
set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C HL)   # HL: dimension scales
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "kroma needs parallel HDF5; found a serial one. Install libhdf5-openmpi-dev, or set HDF5_ROOT.")
endif()

include(KromaKokkos)
find_package(LAPACK REQUIRED)   # brings BLAS
pkg_check_modules(LAPACKE REQUIRED IMPORTED_TARGET lapacke)
find_package(yaml-cpp REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)   # 0.7 exports the short name
endif()
find_package(fmt REQUIRED)
if(KROMA_KOKKOS_DEVICE STREQUAL "CUDA")
  # fmt 9 takes constexpr from its functions under nvcc, but not from the checks of format strings that call them.
  target_compile_definitions(fmt::fmt INTERFACE FMT_USE_CONSTEXPR=1)
endif()
find_package(CLI11 REQUIRED)
find_package(muparser REQUIRED)
pkg_check_modules(GINAC REQUIRED IMPORTED_TARGET ginac)
if(KROMA_BUILD_TESTS)
  find_package(GTest REQUIRED)
  if(KROMA_BUILD_BENCHMARKS)
    find_package(benchmark REQUIRED)
  endif()
endif()
