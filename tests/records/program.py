"""Python functions of several kinds, whose calls are the same in every CPython from 3.8 on."""
import os


class Shape:
    def area(self):
        return self.side() ** 2

    def side(self):
        return 3


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def raises():
    raise ValueError


def catches():
    try:
        raises()
    except ValueError:
        return depth(2)


def steps(n):
    for i in range(n):
        yield depth(i)


def in_child():
    return depth(1)


Shape().area()
for _ in range(3):
    catches()
sum(steps(4))
child = os.fork()
if child == 0:
    in_child()
    os._exit(3)
os.waitpid(child, 0)
