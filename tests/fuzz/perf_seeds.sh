#!/bin/bash
# Makes what the fuzzer of perf's files begins with: perf_seeds.sh DIRECTORY. A header, an attribute, three mappings (of code
# that is ours, of memory that is written, of a file) and a table of two features.
set -euo pipefail

mkdir -p "$1"
/usr/bin/python3 - "$1" <<'PYTHON'
import struct, sys

def mapping(pid, start, size, protection, name):
    body = struct.pack("<IIQQQIIQQII", pid, pid, start, size, start, 0, 0, 0, 0, protection, 2)
    body += name.ljust(8 * (len(name) // 8 + 1), b"\0") + struct.pack("<Q", 7)
    return struct.pack("<IHH", 10, 2, 8 + len(body)) + body

def file(records, features):
    data = b"".join(records)
    attribute = struct.pack("<Q", 9)
    places = b"".join(struct.pack("<QQ", 112 + len(data) + 16 * len(features) + 4 * i, 4) for i in range(len(features)))
    bits = sum(1 << feature for feature in features)
    header = b"PERFILE2" + struct.pack("<QQQQQQQQ4Q", 104, 8, 104, 8, 112, len(data), 0, 0, bits, 0, 0, 0)
    return header + attribute + data + places + b"four" * len(features)

code, written, of_file = mapping(5, 0x7000, 4096, 5, b"//anon\0"), mapping(5, 0x9000, 4096, 3, b"//anon\0"), mapping(5, 0x4000, 8192, 5, b"/bin/true")
comm = struct.pack("<IHHII", 3, 0, 24, 5, 5) + b"program\0"
for name, content in (("plain", file([comm, of_file], [])), ("code", file([written, code, of_file, comm], [2, 7])),
                      ("large", file([mapping(5, 0x7000, 3 * 4096 + 64, 5, b"//anon\0")], [3]))):
    open(f"{sys.argv[1]}/{name}", "wb").write(content)
PYTHON
