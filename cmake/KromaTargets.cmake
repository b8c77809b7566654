# The settings every kroma target shares, and the functions that make rooms and tests.
add_library(kroma_settings INTERFACE)
target_compile_features(kroma_settings INTERFACE cxx_std_20)
target_compile_options(kroma_settings INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang>:-Wall;-Wextra;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual>
  # GCC 12 warns of memory it does not see in std::string's operator+ (its bug 105651)
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<AND:$<BOOL:${KROMA_WERROR}>,$<COMPILE_LANG_AND_ID:CXX,GNU,Clang>>:-Werror>)
# GCC 12 sees overlapping copies in the concatenation of strings where there are none (its bug 105651). The second
# option is for clang-tidy, which reads the flags meant for GCC.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(kroma_settings INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict;-Wno-unknown-warning-option>")
endif()
if(KROMA_SANITIZE)
  target_compile_options(kroma_settings INTERFACE -fsanitize=${KROMA_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  target_link_options(kroma_settings INTERFACE -fsanitize=${KROMA_SANITIZE})
endif()
if(KROMA_COVERAGE)
  target_compile_options(kroma_settings INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(kroma_settings INTERFACE --coverage)
endif()

# A room: every .cpp in the current folder becomes library kroma::NAME.
#   USES     what its headers show to whoever includes them
#   PRIVATE  what only its own sources see
function(kroma_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "DIR" "USES;PRIVATE;SOURCES")
  if(NOT room_DIR)
    set(room_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(NOT room_SOURCES)
    file(GLOB room_SOURCES CONFIGURE_DEPENDS "${room_DIR}/*.cpp")
  endif()
  add_library(kroma_${name} STATIC ${room_SOURCES})
  add_library(kroma::${name} ALIAS kroma_${name})
  set_target_properties(kroma_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(kroma_${name} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>" "$<INSTALL_INTERFACE:include/kroma>")
  target_link_libraries(kroma_${name} PUBLIC ${room_USES} PRIVATE kroma_settings ${room_PRIVATE})
  target_compile_features(kroma_${name} PUBLIC cxx_std_20)
  install(TARGETS kroma_${name} EXPORT kroma ARCHIVE DESTINATION lib/kroma)
endfunction()
