"""gdb's own way to see a call's two ends: a breakpoint, and a finish breakpoint at each hit."""
import gdb


class Left(gdb.FinishBreakpoint):
    def stop(self):
        return False


class Entered(gdb.Breakpoint):
    def stop(self):
        Left(gdb.newest_frame(), internal=True)
        return False


gdb.execute("set debuginfod enabled off")
gdb.execute("set pagination off")
Entered("leaf")
gdb.execute("run")
