// Go handles SIGTRAP itself, also for a program that ignores it or has it told: its handler stays.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

//go:noinline
func leaf(x int) int {
	return x + 1
}

func main() {
	signal.Ignore(syscall.SIGTRAP)
	x := leaf(1)
	syscall.Kill(os.Getpid(), syscall.SIGTRAP)
	x = leaf(x)
	fmt.Println("ignored", signal.Ignored(syscall.SIGTRAP), x)

	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGTRAP)
	x = leaf(x)
	syscall.Kill(os.Getpid(), syscall.SIGTRAP)
	fmt.Println("told", <-got, leaf(x))
}
