/* Functions in assembly: without a size, without a type, too large, too small, overlapping; stubs. */
	.text
	.globl	no_size
	.type	no_size, @function
no_size:
	incl	count_no_size(%rip)
	mov	%edi, %eax
	ret

	.globl	no_type
no_type:
	incl	count_no_type(%rip)
	mov	%edi, %eax
	ret

	.globl	too_large
	.type	too_large, @function
too_large:
	incl	count_too_large(%rip)
	mov	%edi, %eax
	ret
	.size	too_large, 4096

	.globl	too_small
	.type	too_small, @function
too_small:
	incl	count_too_small(%rip)
	mov	%edi, %eax
	ret
	.size	too_small, 1

	.globl	outer
	.type	outer, @function
outer:
	incl	count_outer(%rip)
	test	%edi, %edi
	je	1f
	.globl	label_inside
label_inside:
	mov	%edi, %eax
	ret
	.globl	inner
	.type	inner, @function
inner:
	incl	count_inner(%rip)
1:	mov	$7, %eax
	ret
	.size	inner, .-inner
	.size	outer, .-outer
/* A stub as some linkers name theirs; patterns.sh turns outer_stub into outer@plt. */
	.section .plt, "ax", @progbits
	.globl	outer_stub
	.type	outer_stub, @function
outer_stub:
	jmp	outer
	.globl	inner$plt
	.type	inner$plt, @function
inner$plt:
	jmp	inner
	.size	inner$plt, .-inner$plt
	.section .plt.got, "ax", @progbits
	.globl	label_stub
label_stub:
	jmp	outer
	.section .note.GNU-stack, "", @progbits
