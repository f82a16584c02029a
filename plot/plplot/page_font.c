/* Whether a font is there; see page_font.h. Plot layer. */
#include "plot/plplot/page_font.h"

#include <stdlib.h>
#include <string.h>

#include <fontconfig/fontconfig.h>

/* The family that fontconfig's own choice has; valid as long as the pattern. */
static const char *family_of(FcPattern *pattern, int i)
{
	FcChar8 *name;

	return pattern != NULL && FcPatternGetString(pattern, FC_FAMILY, i, &name) == FcResultMatch
		       ? (const char *)name
		       : NULL;
}

/* A font has several names where it is known by others in other languages. */
static bool has_family(FcPattern *font, const char *family)
{
	const char *name;

	for (int i = 0; (name = family_of(font, i)) != NULL; i++) {
		if (FcStrCmpIgnoreCase((const FcChar8 *)name, (const FcChar8 *)family) == 0)
			return true;
	}
	return false;
}

/* Names that stand for any font of a kind; fontconfig always has one. */
static bool is_generic(const char *family)
{
	static const char *const names[] = { "sans",	  "sans-serif", "serif",   "mono",
					     "monospace", "cursive",	"fantasy", "system-ui" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (FcStrCmpIgnoreCase((const FcChar8 *)family, (const FcChar8 *)names[i]) == 0)
			return true;
	}
	return false;
}

bool page_font_is_there(const char *family, char **ret_instead)
{
	FcPattern *wanted = NULL, *found = NULL;
	FcResult result;

	*ret_instead = NULL;
	if (is_generic(family) || !FcInit())
		return true;
	wanted = FcPatternCreate();
	if (wanted != NULL && FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family) &&
	    FcConfigSubstitute(NULL, wanted, FcMatchPattern)) {
		FcDefaultSubstitute(wanted);
		found = FcFontMatch(NULL, wanted, &result);
	}
	bool is_there = found == NULL || has_family(found, family);
	const char *instead = is_there ? NULL : family_of(found, 0);
	if (instead != NULL)
		*ret_instead = strdup(instead);
	if (found != NULL)
		FcPatternDestroy(found);
	if (wanted != NULL)
		FcPatternDestroy(wanted);
	return is_there;
}
