/*
 * The C++ library's names as people write them (symbols layer).
 *
 * A demangler writes `std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >`
 * for what the source calls `std::string`, and `std::vector<int, std::allocator<int> >` for
 * `std::vector<int>`.
 */
#ifndef SYMBOLS_NAMES_STD_NAMES_H
#define SYMBOLS_NAMES_STD_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is anything to shorten. */
bool std_names_occur(const char *text);

/*
 * Writes @text[0, bytes), which is normalised (name_forms.h), to @out, which has room for as much and a
 * '\0': without the library's inline namespaces, without template arguments that are the usual
 * defaults, and with the library's own words for basic_string<char> and its like. Returns the length.
 */
size_t std_names_shorten(const char *text, size_t bytes, char *out);

#endif
