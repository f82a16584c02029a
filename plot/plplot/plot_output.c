/*
 * Brings a plot to a file or a window of PLplot's; see plot_output.h (plot layer).
 *
 * PLplot does not check what it writes: it draws into memory, in a child, and we write that to the file.
 */
#include "plot/plplot/plot_output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/layout/plot_layout.h"
#include "plot/model/plot_build.h"
#include "plot/plplot/plot_child.h"
#include "plot/plplot/plplot_renderer.h"
#include "plot/plplot/svg_tips.h"
#include "plot/profile/profile.h"
#include "plot/records/profile_reader.h"
#include "tracer/base/output_file.h"

struct drawing {
	const struct plot_model *model;
	const struct plot_layout *layout;
	const char *device;
	const char *file; /* NULL: a window */
	int opened_fd;	  /* is told when the device is there; -1: none */
};

struct error *plot_output_check_path(const char *path)
{
	if (plot_backend_of_path(path) != NULL)
		return NULL;
	return error_new(ERR_USAGE,
			 "cannot tell the format of %s: let its name end in .png, .svg or .pdf (or "
			 ".html, with -o)",
			 path);
}

static void note_opened(void *data)
{
	const struct drawing *drawing = data;

	if (drawing->opened_fd < 0)
		return;
	ssize_t written = write(drawing->opened_fd, "o", 1);
	(void)written; /* the parent then takes the device for missing, and says so */
}

static void draw(void *data)
{
	struct drawing *drawing = data;

	if (!plplot_has_device(drawing->device))
		_exit(PLOT_CHILD_NO_DEVICE);
	plplot_draw(drawing->device, drawing->file, drawing->model, drawing->layout, note_opened,
		    drawing);
}

static struct error *draw_contained(struct drawing *drawing)
{
	struct plot_child child;
	struct error *err = plot_child_start(&child, draw, drawing);

	return err != NULL ? err : plot_child_end(&child, drawing->device);
}

/* Appends all of @from to @to. */
static struct error *copy_file(int from, FILE *to)
{
	char block[64 << 10];
	ssize_t got;

	for (off_t at = 0; (got = pread(from, block, sizeof(block), at)) > 0; at += got) {
		if (fwrite(block, 1, (size_t)got, to) != (size_t)got)
			return error_os(errno, "write");
	}
	return got < 0 ? error_os(errno, "read") : NULL;
}

/* Draws into memory; *@ret_fd is a file descriptor of the whole picture. */
static struct error *draw_in_memory(struct drawing *drawing, int *ret_fd)
{
	char name[32];
	struct stat picture;
	int fd = memfd_create("plot", MFD_CLOEXEC);

	if (fd < 0)
		return error_os(errno, "cannot make a file in memory");
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	drawing->file = name;
	struct error *err = draw_contained(drawing);
	drawing->file = NULL;
	if (err == NULL && (fstat(fd, &picture) != 0 || picture.st_size == 0))
		err = error_new(ERR_FAILED, "PLplot drew nothing");
	if (err != NULL)
		close(fd);
	else
		*ret_fd = fd;
	return err;
}

/* Replaces the picture by one with tooltips. */
static struct error *add_svg_tips(const struct drawing *drawing, int *fd)
{
	struct stat status;
	char *svg = MAP_FAILED;
	struct error *err = NULL;

	if (fstat(*fd, &status) == 0)
		svg = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, *fd, 0);
	if (svg == MAP_FAILED)
		return error_os(errno, "cannot read the picture");
	int tips_fd = memfd_create("plot", MFD_CLOEXEC);
	FILE *out = tips_fd >= 0 ? fdopen(dup(tips_fd), "w") : NULL;
	if (out != NULL) {
		err = svg_add_tips(out, svg, (size_t)status.st_size, drawing->model,
				   drawing->layout);
		if (fclose(out) != 0 && err == NULL)
			err = error_os(errno, "cannot write tooltips");
	} else {
		err = error_os(errno, "cannot make a file in memory");
	}
	munmap(svg, (size_t)status.st_size);
	int unused_fd = err == NULL ? *fd : tips_fd;
	if (err == NULL)
		*fd = tips_fd;
	if (unused_fd >= 0)
		close(unused_fd);
	return err;
}

/* Puts the picture in @target's place, all of it or nothing. */
static struct error *replace_file(int picture_fd, const char *target)
{
	struct output_file file;
	struct error *err = output_file_open(&file, target);

	if (err == NULL)
		err = copy_file(picture_fd, file.out);
	if (err == NULL)
		return output_file_commit(&file);
	output_file_discard(&file);
	return err;
}

struct error *plot_output_file(const struct plot_model *model, const struct plot_layout *layout,
			       const struct plot_backend *backend, const char *path)
{
	char target[PATH_MAX];
	int picture_fd = -1;

	struct error *err = output_file_check(path, profile_is_profile, target);
	if (err != NULL)
		return err;
	struct drawing drawing = { model, layout, backend->device, NULL, -1 };
	err = draw_in_memory(&drawing, &picture_fd);
	if (err == NULL && strcmp(backend->device, "svg") == 0)
		err = add_svg_tips(&drawing, &picture_fd);
	if (err == NULL)
		err = replace_file(picture_fd, target);
	if (picture_fd >= 0)
		close(picture_fd);
	return error_context(err, "cannot write %s", path);
}

static bool has_display(void)
{
	const char *display = getenv("DISPLAY");

	return display != NULL && display[0] != '\0';
}

struct error *plot_output_window(const struct plot_model *model, const struct plot_layout *layout,
				 const struct plot_backend *backend, bool *ret_shown)
{
	int opened[2];
	char byte;

	*ret_shown = false;
	if (!has_display())
		return NULL;
	if (pipe2(opened, O_CLOEXEC) != 0)
		return error_os(errno, "cannot make a pipe");
	struct drawing drawing = { model, layout, backend->device, NULL, opened[1] };
	struct error *err = draw_contained(&drawing);
	close(opened[1]);
	*ret_shown = read(opened[0], &byte, 1) == 1;
	close(opened[0]);
	/* How a window of PLplot's ends says nothing: its devices exit when it is closed. */
	if (*ret_shown) {
		error_free(err);
		err = NULL;
	}
	return err;
}

bool plot_output_works(const struct plot_backend *backend)
{
	struct profile profile;
	struct plot_model model = { 0 };
	struct plot_layout layout = { 0 };
	int fd = -1;

	if (backend->suffix == NULL)
		return has_display() && plplot_has_device(backend->device);
	struct error *err = profile_init(&profile, "");
	profile.first_ns = profile.last_ns = 0;
	if (err == NULL)
		err = series_add(&profile.processes[0].series, NULL, 0, 1);
	if (err == NULL)
		err = plot_build(&model, &profile, 1, &(struct plot_options){ 0 });
	if (err == NULL)
		err = plot_layout_init(&layout, &model, &(struct plot_page){ 0 });
	if (err == NULL) {
		struct drawing drawing = { &model, &layout, backend->device, NULL, -1 };
		err = draw_in_memory(&drawing, &fd);
	}
	bool works = err == NULL;
	error_free(err);
	if (fd >= 0)
		close(fd);
	plot_layout_deinit(&layout);
	plot_model_deinit(&model);
	profile_deinit(&profile);
	return works;
}
