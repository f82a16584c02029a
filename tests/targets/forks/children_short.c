/* Makes COUNT children one after the other, at most eight at a time. usage: children_short COUNT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int leaf(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 10, status, sum = 0;
	for (int i = 0; i < count; i++) {
		if (i >= 8) {
			wait(&status);
			sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
		}
		pid_t child = fork();
		if (child < 0) {
			perror("fork");
			return 1;
		}
		if (child == 0)
			_exit(leaf(i % 5));
	}
	while (wait(&status) > 0)
		sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	printf("sum %d\n", sum);
	return 0;
}
