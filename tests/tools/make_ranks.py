#!/usr/bin/python3
"""Writes profiles of the ranks of a job that never ran.

usage: make_ranks.py DIRECTORY RANKS SAMPLES [HOSTS [JOB]]

run.N.dat of each rank N: its memory rises and falls, a little differently for each; every 50th needs half as much
again; rank 1 was killed. Each calls MPI_Init, solve and MPI_Barrier, where the ranks that have less to do wait. The
ranks are dealt out to HOSTS hosts, node0 and so on, in blocks; 0: the files do not say which. The same figures each time.
"""
import math
import os
import random
import sys

START = 1795310486


def write_rank(path, rank, ranks, samples, host, job):
    seeded = random.Random(rank)
    late = seeded.uniform(0, 0.2)
    seconds = 10 + seeded.uniform(0, 1)
    top = 100 + 20 * seeded.random() + (60 if rank % 50 == 49 else 0)
    pid = 1000 + rank
    lines = ["CMDLINE ./solver --grid 512", "FORMAT 4 mprof-trace test", "METRIC rss", "INTERVAL 0.01"]
    if host is not None:
        lines.append(f"RANK {rank} {ranks} {job} {host}")
    begin = START + late
    lines.append(f"PROC {pid} 1 {begin:.9f} ./solver --grid 512")
    highest = 0
    for i in range(samples):
        share = (i + 1) / (samples + 1)
        mib = 8 + top * math.sin(share * 3) ** 2 + seeded.random()
        highest = max(highest, mib)
        lines.append(f"MEM {mib:.6f} {begin + seconds * share:.9f}")

    def call(name, first, last, before, after):
        lines.append(f"FUNC {name} {before:.6f} {begin + first:.9f} {after:.6f} {begin + last:.9f} 0 {pid} {pid}")

    busy = 2 + 4 * seeded.random() + (2 if rank == 0 else 0)
    call("MPI_Init", 0.1 + late, 0.4 + late, 9, 9.5 + rank % 7 * 0.1)
    call("solve", 1, 1 + busy, 20, 20 + top / 2)
    call("MPI_Barrier", 1 + busy, 9, 60, 60)
    if rank != 1:
        lines.append(f"PEAK {pid} {highest + 0.5:.6f} {begin + seconds:.9f}")
    lines.append(f"DONE {pid} {begin + seconds:.9f} {137 if rank == 1 else 0}")
    lines.append("TICKS 1 0 0 0.0 0.0")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def main():
    directory, ranks, samples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    hosts = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    job = sys.argv[5] if len(sys.argv) > 5 else "4711"
    os.makedirs(directory, exist_ok=True)
    for rank in range(ranks):
        host = f"node{rank * hosts // ranks}" if hosts else None
        write_rank(f"{directory}/run.{rank}.dat", rank, ranks, samples, host, job)


main()
