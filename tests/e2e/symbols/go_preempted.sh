#!/bin/sh
# A goroutine that loses the processor in front of the first instruction of a function, or of an inlined
# one, goes on with the same call, perhaps on another thread. A call that a fault there threw past and
# that is made again is a new one.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command go

# Nothing outside this directory, and no network, is needed for one file.
export GOCACHE="$PWD/go-cache" GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local
go build -o preempted "$TESTS/targets/symbols/preempted.go" || fail "preempted.go could not be built"

# calls_are NAME: as many as the program has counted.
calls_are() {
	counted=$(sed -n "s/^count $1 //p" traced.out)
	recorded=$(grep -c "^FUNC main.$1 " preempted.dat)
	[ "$recorded" = "$counted" ] || fail "run $run: $recorded calls of $1, not $counted"
}

for run in 1 2 3; do
	run_as traced "$MPROF_TRACE" run --inlined -f main.leaf,main.inner,main.faulty \
		-o preempted.dat ./preempted
	status_is traced 0
	calls_are leaf
	calls_are inner
	calls_are faulty
	! grep -E '^FUNC main.(leaf|inner) .* [a-z]+$' preempted.dat || fail "run $run: not returned"
done
