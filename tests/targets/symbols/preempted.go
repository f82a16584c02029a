// Go: goroutines that lose the processor to signals anywhere, also in front of a function's first
// instruction; and functions whose first instruction faults, which is thrown past and called again.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

var countLeaf, countFaulty, countInner int64

// Too small for a check of the stack, after which it would begin anew.
//
//go:noinline
func leaf(count *int64) { atomic.AddInt64(count, 1) }

func inner(count *int64) int64 { return 3 * atomic.AddInt64(count, 1) }

//go:noinline
func outer(n int) (sum int64) {
	for i := 0; i < n; i++ {
		sum += inner(&countInner)
	}
	return sum
}

//go:noinline
func faulty(at *int) int { return *at }

func catch() {
	defer func() { recover() }()
	countFaulty++
	faulty(nil)
}

func main() {
	runtime.GOMAXPROCS(4)
	var workers, collector sync.WaitGroup
	var isDone int32
	for i := 0; i < 3; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := 0; n < 800; n++ {
				leaf(&countLeaf)
				outer(1)
			}
		}()
	}
	// To collect, it stops all of them, by signals.
	collector.Add(1)
	go func() {
		defer collector.Done()
		for atomic.LoadInt32(&isDone) == 0 {
			runtime.GC()
		}
	}()
	for n := 0; n < 100; n++ {
		catch()
	}
	workers.Wait()
	atomic.StoreInt32(&isDone, 1)
	collector.Wait()
	fmt.Println("count leaf", countLeaf)
	fmt.Println("count faulty", countFaulty)
	fmt.Println("count inner", countInner)
}
