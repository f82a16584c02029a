/* What is left by exceptions, templates, destructors, and a line that is inlined from another function. */
#include <vector>

#include "gains.h"

static char *kept[64];
static unsigned kept_count;

struct holder {
	char *memory;
	__attribute__((noinline)) holder() : memory(grow(4))
	{
	}
	__attribute__((noinline)) ~holder()
	{
		give_back(memory, 4);
	}
};

__attribute__((noinline)) static void throws(int n)
{
	holder mine;		      /* throws: 3 times, 12 pages */
	kept[kept_count++] = grow(1); /* throws: 3 times, 3 pages */
	if (n == 0)		      /* throws: 3 times, any pages */
		throw n;	      /* throws: any times, any pages */
	throws(n - 1);		      /* throws: any times, any pages */
}

__attribute__((noinline)) static void catches()
{
	try {
		throws(2); /* catches: 1 times, 3 pages */
	} catch (int) {
		kept[kept_count++] = grow(2); /* catches: 1 times, 2 pages */
	}
}

template <typename T> __attribute__((noinline)) static T *makes(size_t count)
{
	T *ret = (T *)grow(count * sizeof(T) / PAGE);
	return ret;
}

int main()
{
	expect("probe throws");
	expect("calls catches 1");
	expect("calls makes<char> 1");
	warm_up();
	try { /* what a first exception needs */
		throw 1;
	} catch (int) {
	}
	catches();
	return makes<char>(3 * PAGE)[0] + makes<double>(PAGE)[0] == 3;
}
