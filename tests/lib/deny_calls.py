#!/usr/bin/python3
"""A seccomp filter, as bwrap(1) takes it with --seccomp, that refuses some system calls of x86-64 and lets others pass.

usage: deny_calls.py ERRNO|kill NAME... >FILTER
"""
import errno
import struct
import sys

NUMBERS = {"ptrace": 101, "prctl": 157, "openat": 257, "perf_event_open": 298, "process_vm_readv": 310,
           "process_vm_writev": 311, "kcmp": 312, "madvise": 28, "openat2": 437}
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000


def instruction(code, if_true, if_false, value):
    return struct.pack("<HBBI", code, if_true, if_false, value)


refusal = KILL if sys.argv[1] == "kill" else ERRNO | getattr(errno, sys.argv[1])
names = sys.argv[2:]
program = instruction(LOAD, 0, 0, 0)
for i, name in enumerate(names):
    program += instruction(JUMP_EQUAL, len(names) - i, 0, NUMBERS[name])
program += instruction(RETURN, 0, 0, ALLOW) + instruction(RETURN, 0, 0, refusal)
sys.stdout.buffer.write(program)
