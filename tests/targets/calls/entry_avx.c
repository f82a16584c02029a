/* A first instruction with a VEX prefix that addresses memory relative to the pc. */
#include "expect.h"

long avx_load_first(void);
long avx_insert_first(void);

long avx_cells[4] __attribute__((aligned(32))) = { 11, 22, 33, 44 };

asm(ASM_FUNCTION(avx_load_first)
    "	vmovdqu avx_cells(%rip), %ymm1\n"
    "	vextracti128 $1, %ymm1, %xmm1\n"
    "	vmovq %xmm1, %rax\n"
    "	vzeroupper\n"
    "	ret\n" ASM_END(avx_load_first));
/* The immediate stands behind the displacement. */
asm(ASM_FUNCTION(avx_insert_first)
    "	vpshufd $0x4e, avx_cells(%rip), %xmm1\n"
    "	vmovq %xmm1, %rax\n"
    "	ret\n" ASM_END(avx_insert_first));

int main(void)
{
	if (!__builtin_cpu_supports("avx2")) {
		say("the CPU has no AVX2");
		return 77;
	}
	expect("calls avx_load_first 1");
	expect("calls avx_insert_first 1");
	say("load %ld, shuffled %ld", avx_load_first(), avx_insert_first());
	return 0;
}
