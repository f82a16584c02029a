/*
 * A C++ name by way of libiberty's tree of it (symbols layer; only demangle.c uses it): for names that
 * are too long for its usual way, or would be too long when they are written out.
 */
#ifndef SYMBOLS_NAMES_DEMANGLE_TREE_H
#define SYMBOLS_NAMES_DEMANGLE_TREE_H

/*
 * The written form of @mangled, with an ellipsis for arguments where all of them would be too much, and
 * without parameters where even that would. Owned; NULL: it has none.
 */
char *demangle_by_tree(const char *mangled, int options);

#endif
