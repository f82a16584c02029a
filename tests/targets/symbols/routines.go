// Go: methods, stacks that grow and shrink, goroutines that move between threads, panics.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type Adder struct{ sum int }

var countAdd, countDeep, countWorker, countCaught int64

//go:noinline
func (a *Adder) Add(x int) int {
	atomic.AddInt64(&countAdd, 1)
	a.sum += x
	return a.sum
}

// Needs half a kilobyte of stack for each level: the runtime copies the stack as it grows.
//
//go:noinline
func deep(n int) int {
	var pad [512]byte
	atomic.AddInt64(&countDeep, 1)
	if n == 0 {
		return int(pad[n])
	}
	if n%100 == 0 {
		runtime.Gosched()
	}
	pad[n%512] = byte(n)
	return deep(n-1) + int(pad[(n+1)%512])
}

//go:noinline
func worker(values chan int) int {
	atomic.AddInt64(&countWorker, 1)
	sum := 0
	for v := range values {
		sum += deep(v)
		if v%30 == 0 {
			runtime.GC()
		}
	}
	return sum
}

//go:noinline
func caught(n int) (result int) {
	defer func() { result = recover().(int) }()
	atomic.AddInt64(&countCaught, 1)
	thrower(n)
	return 0
}

//go:noinline
func thrower(n int) { panic(n) }

func main() {
	adder := &Adder{}
	for i := 0; i < 10; i++ {
		adder.Add(i)
	}
	deep(1000)
	var group sync.WaitGroup
	values := make(chan int)
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() { defer group.Done(); worker(values) }()
	}
	for i := 0; i < 40; i++ {
		values <- i * 5
	}
	close(values)
	group.Wait()
	sum := 0
	for i := 0; i < 3; i++ {
		sum += caught(i)
	}
	fmt.Println("count add", countAdd)
	fmt.Println("count deep", countDeep)
	fmt.Println("count worker", countWorker)
	fmt.Println("count caught", countCaught)
	fmt.Println("sum", sum)
}
