/* The devices that we draw with; see plot_backend.h. Plot layer. */
#include "plot/plplot/plot_backend.h"

#include <string.h>
#include <strings.h>

/*
 * The first of a suffix is its default. Left out are the devices that draw pages turned by a
 * quarter (ps, psc), lose characters that are not Latin (pdf) or hang without a terminal.
 */
static const struct plot_backend backends[] = {
	{ "pngcairo", ".png", "PNG picture" },
	{ "svg", ".svg", "SVG with text and tooltips" },
	{ "pdfcairo", ".pdf", "PDF" },
	{ "epscairo", ".eps", "Encapsulated PostScript" },
	{ "svgcairo", ".svg", "SVG with text as shapes" },
	{ "extcairo", NULL, "window to zoom into, to move in and to point at" },
	{ "xcairo", NULL, "window of PLplot's own" },
	{ "xwin", NULL, "the same, with PLplot's own fonts" },
	{ "qtwidget", NULL, "window of Qt" },
};
enum { BACKEND_COUNT = sizeof(backends) / sizeof(backends[0]) };

/* What users of mprof are used to say. */
static const struct {
	const char *name, *device;
} others[] = {
	{ "agg", "pngcairo" },	 { "cairo", "pngcairo" },     { "png", "pngcairo" },
	{ "pdf", "pdfcairo" },	 { "eps", "epscairo" },	      { "ps", "epscairo" },
	{ "tkagg", "extcairo" }, { "tkcairo", "extcairo" },   { "gtk3agg", "extcairo" },
	{ "qtagg", "extcairo" }, { "qt5agg", "extcairo" },    { "gtk4agg", "extcairo" },
	{ "wxagg", "extcairo" }, { "gtk3cairo", "extcairo" }, { "x11", "extcairo" },
};

const struct plot_backend *plot_backend_at(size_t i)
{
	return i < BACKEND_COUNT ? &backends[i] : NULL;
}

const struct plot_backend *plot_backend_find(const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcasecmp(others[i].name, name) == 0)
			name = others[i].device;
	}
	for (size_t i = 0; i < BACKEND_COUNT; i++) {
		if (strcasecmp(backends[i].device, name) == 0)
			return &backends[i];
	}
	return NULL;
}

const struct plot_backend *plot_backend_of_path(const char *path)
{
	const char *dot = strrchr(basename(path), '.');

	for (size_t i = 0; dot != NULL && i < BACKEND_COUNT; i++) {
		if (backends[i].suffix != NULL && strcasecmp(dot, backends[i].suffix) == 0)
			return &backends[i];
	}
	return NULL;
}
