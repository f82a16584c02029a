/* Each program counts the calls that it makes itself and prints `count NAME N` at its end. */
#ifndef SYMBOLS_COUNT_H
#define SYMBOLS_COUNT_H

#include <stdio.h>

#define NOINLINE __attribute__((noinline, noclone))
/* Keeps a function from being taken for one without effects. */
#define KEEP() __asm__ volatile("" ::: "memory")
#define print_count(name) printf("count %s %d\n", #name, count_##name)

#endif
