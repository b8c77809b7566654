# Provides Kokkos::kokkos and KROMA_KOKKOS_DEVICE (SERIAL, OPENMP, CUDA, HIP, SYCL).
#
# A Kokkos of one's own (-DKokkos_ROOT=) is found first. Debian's comes inside Trilinos: its KokkosConfig.cmake
# defines no Kokkos::kokkos and names include folders that do not exist, so there the header folder and the
# library are looked for by name.
set(kroma_kokkos_trilinos FALSE)
if(Kokkos_ROOT OR DEFINED ENV{Kokkos_ROOT})
  find_package(Kokkos CONFIG REQUIRED)
else()
  find_path(KROMA_KOKKOS_INCLUDE Kokkos_Core.hpp PATH_SUFFIXES trilinos)
  find_library(KROMA_KOKKOS_CORE trilinos_kokkoscore)
  find_library(KROMA_KOKKOS_CONTAINERS trilinos_kokkoscontainers)
  mark_as_advanced(KROMA_KOKKOS_INCLUDE KROMA_KOKKOS_CORE KROMA_KOKKOS_CONTAINERS)
  if(KROMA_KOKKOS_INCLUDE AND KROMA_KOKKOS_CORE AND KROMA_KOKKOS_CONTAINERS)
    set(kroma_kokkos_trilinos TRUE)
    add_library(Kokkos::kokkos INTERFACE IMPORTED GLOBAL)
    target_include_directories(Kokkos::kokkos SYSTEM INTERFACE "${KROMA_KOKKOS_INCLUDE}")
    target_link_libraries(Kokkos::kokkos INTERFACE
      "${KROMA_KOKKOS_CONTAINERS}" "${KROMA_KOKKOS_CORE}" Threads::Threads ${CMAKE_DL_LIBS})
    message(STATUS "Kokkos: the distribution's, inside Trilinos (${KROMA_KOKKOS_CORE})")
  else()
    find_package(Kokkos CONFIG REQUIRED)
  endif()
endif()

set(KROMA_KOKKOS_DEVICE SERIAL)
if(NOT kroma_kokkos_trilinos)
  foreach(device IN ITEMS OPENMP SYCL HIP CUDA)
    if(device IN_LIST Kokkos_DEVICES)
      set(KROMA_KOKKOS_DEVICE ${device})
    endif()
  endforeach()
  message(STATUS "Kokkos: ${Kokkos_DIR} (${Kokkos_VERSION}), default execution space ${KROMA_KOKKOS_DEVICE}")
endif()

set(KROMA_REQUIRE_DEVICE "" CACHE STRING "Fail unless Kokkos was built for this device, e.g. CUDA")
if(KROMA_REQUIRE_DEVICE AND NOT KROMA_REQUIRE_DEVICE STREQUAL KROMA_KOKKOS_DEVICE)
  message(FATAL_ERROR "This build is for ${KROMA_REQUIRE_DEVICE}, but the Kokkos found is for ${KROMA_KOKKOS_DEVICE}. "
    "Give -DKokkos_ROOT= of a Kokkos built for ${KROMA_REQUIRE_DEVICE}.")
endif()
