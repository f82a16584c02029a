/* A first instruction that is a system call; one of them does not return. */
#include <sys/syscall.h>

#include "expect.h"

long syscall_first(void);
long get_pid(void);
long leave(long status);

asm(ASM_FUNCTION(syscall_first) "	syscall\n	ret\n" ASM_END(syscall_first));
asm(ASM_FUNCTION(get_pid) "	mov $39, %eax\n	call syscall_first\n	ret\n" ASM_END(get_pid));
asm(ASM_FUNCTION(leave) "	mov $231, %eax\n	call syscall_first\n	ret\n" ASM_END(leave));

int main(void)
{
	expect("calls syscall_first 2");
	expect("calls syscall_first 1 exit");
	say("pid %d", get_pid() == getpid());
	say("pid %d", get_pid() == getpid());
	leave(9);
	return 1;
}
