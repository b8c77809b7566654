# version.cpp is made anew at every build, so that commit and library versions are never stale.
set(version_cpp "${CMAKE_CURRENT_BINARY_DIR}/version.cpp")
add_custom_target(kroma_version
  COMMAND ${CMAKE_COMMAND} -DOUT=${version_cpp} -DVERSION=${PROJECT_VERSION} -DSOURCE_DIR=${PROJECT_SOURCE_DIR}
    "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" -DBUILD_TYPE=$<CONFIG>
    -P ${CMAKE_CURRENT_SOURCE_DIR}/MakeVersion.cmake
  BYPRODUCTS ${version_cpp} COMMENT "" VERBATIM)
set_source_files_properties(${version_cpp} PROPERTIES GENERATED TRUE)
target_sources(kroma_core PRIVATE ${version_cpp})
add_dependencies(kroma_core kroma_version)
