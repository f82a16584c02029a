/* exec of a copy of itself whose file is gone before anybody can look at it by name. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "expect.h"

extern char **environ;

static int leaf(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		say("%s: %d", argv[1], leaf(leaf(1)));
		return 6;
	}
	expect("calls leaf 3");
	expect("execs 1");
	struct stat file;
	char path[] = "copy.XXXXXX";
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int copy = mkostemp(path, O_CLOEXEC);
	if (from < 0 || copy < 0 || fstat(from, &file) != 0 ||
	    sendfile(copy, from, NULL, (size_t)file.st_size) != file.st_size)
		return 1;
	fchmod(copy, 0700);
	close(copy); /* a file that is open for writing cannot be executed */
	copy = open(path, O_PATH | O_CLOEXEC);
	unlink(path);
	leaf(0);
	char *words[] = { "copy", "deleted", NULL };
	fexecve(copy, words, environ);
	return 1;
}
