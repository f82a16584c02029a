/* The source file that a pattern names; see source_match.h. Symbols layer. */
#include "symbols/pattern/source_match.h"

#include <string.h>

#include "symbols/names/glob.h"

bool source_match(const char *glob, const char *path)
{
	for (;;) {
		if (glob_match(glob, path, strlen(path)))
			return true;
		path = strchr(path, '/');
		if (path == NULL)
			return false;
		path++;
	}
}
