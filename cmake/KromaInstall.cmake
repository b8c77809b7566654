# cmake --install: the program, its manual page and completion, what users copy, and kroma as a library for
# find_package(kroma), whose kroma::run does what the program does.
include(CMakePackageConfigHelpers)

install(TARGETS kroma RUNTIME DESTINATION bin)
install(TARGETS kroma_settings kroma_hdf5 EXPORT kroma)
install(EXPORT kroma NAMESPACE kroma:: DESTINATION lib/cmake/kroma FILE kromaTargets.cmake)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/src/" DESTINATION include/kroma FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/postprocess" "${PROJECT_SOURCE_DIR}/jobscripts" "${PROJECT_SOURCE_DIR}/inputs"
  DESTINATION share/kroma PATTERN "__pycache__" EXCLUDE)

# The dependencies of the libraries are found by users as they are found here.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/kromaConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/kromaConfig.cmake" "${PROJECT_SOURCE_DIR}/cmake/Dependencies.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/KromaKokkos.cmake" "${PROJECT_BINARY_DIR}/kromaConfigVersion.cmake"
  DESTINATION lib/cmake/kroma)

# Both are printed by the program itself, from the declarations of its command line.
install(CODE [[
  set(root "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
  file(MAKE_DIRECTORY "${root}/share/man/man1" "${root}/share/bash-completion/completions")
  foreach(pair IN ITEMS "manual:share/man/man1/kroma.1" "completion:share/bash-completion/completions/kroma")
    string(REPLACE ":" ";" pair "${pair}")
    list(GET pair 0 command)
    list(GET pair 1 file)
    execute_process(COMMAND "${root}/bin/kroma" ${command} OUTPUT_FILE "${root}/${file}" COMMAND_ERROR_IS_FATAL ANY)
    message(STATUS "Installing: ${root}/${file}")
  endforeach()
]])
