/*
 * Code made at run time calls a probed function; its pages are unmapped and made again at the same
 * address with other code, so that what lay at a return address is gone without notice.
 */
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

static long leaf(long x)
{
	return x + 1;
}

/* sub $8,%rsp; nops; call *%rsi; add $N,%rax; add $8,%rsp; ret */
static void generate(unsigned char *code, int nops, unsigned char plus)
{
	static const unsigned char head[] = { 0x48, 0x83, 0xec, 0x08 };
	static const unsigned char call[] = { 0xff, 0xd6 };
	static const unsigned char tail[] = { 0x48, 0x83, 0xc4, 0x08, 0xc3 };
	memcpy(code, head, sizeof(head));
	code += sizeof(head);
	memset(code, 0x90, (size_t)nops);
	code += nops;
	memcpy(code, call, sizeof(call));
	code += sizeof(call);
	*code++ = 0x48;
	*code++ = 0x83;
	*code++ = 0xc0;
	*code++ = plus;
	memcpy(code, tail, sizeof(tail));
}

int main(void)
{
	expect("calls leaf 60");
	expect("levels leaf 0 0");
	long sum = 0;
	void *where = NULL;
	for (int i = 0; i < 30; i++) {
		int flags = MAP_PRIVATE | MAP_ANONYMOUS | (where != NULL ? MAP_FIXED : 0);
		unsigned char *code =
			mmap(where, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0);
		if (code == MAP_FAILED) {
			say("no page may be writable and executable here");
			return 77;
		}
		generate(code, i % 3, (unsigned char)i);
		long (*caller)(long, long (*)(long)) = (long (*)(long, long (*)(long)))(void *)code;
		sum += caller(i, leaf);
		sum += caller(i, leaf);
		where = code;
		munmap(code, 4096);
	}
	say("sum %ld", sum);
	return 0;
}
