// The second file of plus.cc.
#include "count.h"
#include "plus.h"

namespace {
NOINLINE int anonymous(int x) { KEEP(); count_anonymous_b++; return x + 2; }
} // namespace

NOINLINE int second_file(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++)
		sum += anonymous(i);
	return sum;
}
