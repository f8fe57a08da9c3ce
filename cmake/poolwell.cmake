# What every folder of the tree builds with, and the one way to declare a folder.

find_package(PkgConfig REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET cairo cairo-pdf cairo-svg pangocairo)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(USB REQUIRED IMPORTED_TARGET libusb-1.0)
pkg_check_modules(SERIALPORT REQUIRED IMPORTED_TARGET libserialport)
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)

# Debian's libzint-dev has no pkg-config file.
find_path(ZINT_INCLUDE_DIR zint.h)
find_library(ZINT_LIBRARY zint)
if(NOT ZINT_INCLUDE_DIR OR NOT ZINT_LIBRARY)
  message(FATAL_ERROR "zint.h or libzint is not there: install libzint-dev")
endif()
add_library(poolwell::zint INTERFACE IMPORTED)
set_target_properties(poolwell::zint PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${ZINT_INCLUDE_DIR}" INTERFACE_LINK_LIBRARIES "${ZINT_LIBRARY}")

option(POOLWELL_FUZZ "build the fuzzers with libFuzzer (clang only)" OFF)
option(POOLWELL_SANITIZE "build with AddressSanitizer and UBSan" OFF)
option(POOLWELL_COVERAGE "build with gcov counters" OFF)

add_library(pw_options INTERFACE)
target_include_directories(pw_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(pw_options INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(pw_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wundef -Wvla -fno-common)
if(POOLWELL_FUZZ)
  target_compile_options(pw_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined)
  target_link_options(pw_options INTERFACE -fsanitize=address,undefined)
elseif(POOLWELL_SANITIZE)
  target_compile_options(pw_options INTERFACE -fsanitize=address,undefined
    -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(pw_options INTERFACE -fsanitize=address,undefined)
endif()
if(POOLWELL_COVERAGE)
  target_compile_options(pw_options INTERFACE --coverage)
  target_link_options(pw_options INTERFACE --coverage)
endif()

# pw_library(NAME LIBS ...)
#   The static library pw_NAME of this folder's *.c files, seeing only the libraries it names:
#   the arrows of docs/internals/architecture.md are the LIBS of each folder.
function(pw_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;PRIVATE_LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(pw_${name} STATIC ${sources} ${ARG_SOURCES})
  target_link_libraries(pw_${name} PUBLIC pw_options ${ARG_LIBS} PRIVATE ${ARG_PRIVATE_LIBS})
endfunction()

# pw_embed(TARGET SYMBOL FILES ...)
#   Adds to TARGET a table of the files' bytes: `const pw_embedded SYMBOL[]` (core/base/embed.h),
#   ended by a row of NULLs. Names are the files' names without folder.
function(pw_embed target symbol)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  add_custom_command(OUTPUT ${out}
    COMMAND pw_embedgen ${symbol} ${out} ${ARGN}
    DEPENDS pw_embedgen ${ARGN} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
