# SPDX-License-Identifier: GPL-3.0-or-later
# One function for every library of the house, so that warnings, sanitizers and include root are said once.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

add_library(strata_options INTERFACE)
target_include_directories(strata_options INTERFACE ${PROJECT_SOURCE_DIR})
# Designated initialisers leave members out on purpose; -Wrestrict of GCC 12 is wrong about std::string (GCC bug 105651).
target_compile_options(strata_options INTERFACE -Wall -Wextra -Wconversion -Wno-sign-conversion
  -Wno-missing-field-initializers $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> -ffp-contract=off)
if(STRATA_WERROR)
  target_compile_options(strata_options INTERFACE -Werror)
endif()
if(STRATA_SANITIZE)
  target_compile_options(strata_options INTERFACE -fsanitize=${STRATA_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(strata_options INTERFACE -fsanitize=${STRATA_SANITIZE})
endif()

# strata_library(NAME <folder> LINK <targets...>): the .cpp files of a folder (not of its subfolders unless RECURSE).
function(strata_library name)
  cmake_parse_arguments(ARG "RECURSE" "" "LINK;PRIVATE_LINK" ${ARGN})
  if(ARG_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp *.h)
  else()
    file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC strata_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()
