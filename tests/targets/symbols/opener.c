/*
 * Opens the library in argv[1] so often, each time with other memory in the way, so that it does not
 * come to lie where it was. With a library that stays mapped (musl) its constructor runs once.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int before_open(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	int sum = 0;
	unsigned long places = 0, last = 0;

	(void)argc;
	for (int i = 0; i < 4; i++) {
		void *library = dlopen(argv[1], RTLD_NOW);
		if (library == NULL) {
			fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
		int (*work)(int);
		*(void **)&work = dlsym(library, "plugin_work");
		places += (unsigned long)work != last;
		last = (unsigned long)work;
		sum += work(before_open(i)) + work(i);
		dlclose(library);
		/* What was the library's is somebody else's now. */
		void *page = (void *)(last & ~4095ul);
		if (mmap(page, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == page) {
			unsigned char *byte = page;
			for (int b = 0; b < 4096; b++) {
				if (byte[b] != 0)
					return 2;
			}
		}
	}
	printf("sum %d places %s\n", sum, places > 1 ? "differ" : "are one");
	return 0;
}
