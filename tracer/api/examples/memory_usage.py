#!/usr/bin/python3
# SPDX-License-Identifier: CC0-1.0
"""memory_usage() of memory_profiler, by libmprof: the same parameters, the same results.

    from memory_usage import memory_usage
    memory_usage((f, args, kw), interval=.1)    # a function, in this thread
    memory_usage(4711, timeout=1)               # a process
    memory_usage(-1)                            # this one
    memory_usage("x = [0] * 10**6")             # Python code
    memory_usage(["make", "-j8"])               # a command; memory_profiler has none

What is different: a function is not measured by a process that is forked for it; a Popen that ends is noticed at
once; a stream is written for functions, too; and the backend 'tracemalloc' is not there, others are
(mprof_memory_usage(3)). LIBMPROF names the library, if it is not where the linker looks.
"""
import ctypes
import io
import math
import os

_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
_USAGE, _GONE, _PERMISSION, _MEMORY, _FORKED = 2, 3, 4, 5, 8


class _Options(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("pid", ctypes.c_int),
        ("include_children", ctypes.c_int),
        ("function", _FUNCTION),
        ("argument", ctypes.c_void_p),
        ("command", ctypes.POINTER(ctypes.c_char_p)),
        ("interval_s", ctypes.c_double),
        ("timeout_s", ctypes.c_double),
        ("backend", ctypes.c_char_p),
        ("stream", ctypes.c_void_p),
        ("max_iterations", ctypes.c_size_t),
        ("timestamps", ctypes.c_int),
        ("max_usage", ctypes.c_int),
        ("retval", ctypes.c_int),
        ("multiprocess", ctypes.c_int),
    ]


class _Child(ctypes.Structure):
    _fields_ = [
        ("index", ctypes.c_size_t),
        ("pid", ctypes.c_int),
        ("reserved", ctypes.c_int),
        ("mib", ctypes.c_double),
        ("time_s", ctypes.c_double),
    ]


class _Result(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_size_t),
        ("mib", ctypes.POINTER(ctypes.c_double)),
        ("times_s", ctypes.POINTER(ctypes.c_double)),
        ("child_count", ctypes.c_size_t),
        ("children", ctypes.POINTER(_Child)),
        ("max_mib", ctypes.c_double),
        ("measurements", ctypes.c_size_t),
        ("iterations", ctypes.c_size_t),
        ("returned", ctypes.c_void_p),
        ("pid", ctypes.c_int),
        ("is_running", ctypes.c_int),
        ("status", ctypes.c_int),
    ]


def _load():
    library = ctypes.CDLL(os.environ.get("LIBMPROF", "libmprof.so.0"))
    error, result = ctypes.c_void_p, ctypes.POINTER(_Result)
    for name, returned, parameters in (
            ("mprof_options_init", None, (ctypes.POINTER(_Options), ctypes.c_size_t)),
            ("mprof_memory_usage", error, (ctypes.POINTER(_Options), ctypes.POINTER(result))),
            ("mprof_result_free", None, (result,)),
            ("mprof_error_code", ctypes.c_int, (error,)),
            ("mprof_error_errno", ctypes.c_int, (error,)),
            ("mprof_error_text", ctypes.c_char_p, (error,)),
            ("mprof_error_free", None, (error,))):
        function = getattr(library, name)
        function.restype, function.argtypes = returned, parameters
    return library


_mprof = _load()
_libc = ctypes.CDLL(None)
_libc.fdopen.restype = _libc.open_memstream.restype = ctypes.c_void_p
_libc.fclose.argtypes = [ctypes.c_void_p]
_libc.free.argtypes = [ctypes.c_void_p]


class _Call:
    """A function of Python that C calls: what it raises waits until C has returned."""

    def __init__(self, function, args=(), kw=None):
        self.function, self.args, self.kw = function, args, kw or {}
        self.returned = self.raised = None
        self.pointer = _FUNCTION(self.run)

    def run(self, _):
        try:
            self.returned = self.function(*self.args, **self.kw)
        except BaseException as raised:  # SystemExit and KeyboardInterrupt, too
            self.raised = raised


class _Stream:
    """A file of Python as one of C; one without a descriptor gets its text at the end."""

    def __init__(self, stream):
        self.stream, self.file = stream, None
        self.text, self.bytes = ctypes.c_void_p(), ctypes.c_size_t()

    def __enter__(self):
        if self.stream is None:
            return self
        try:
            self.stream.flush()
            self.file = _libc.fdopen(os.dup(self.stream.fileno()), b"w")
        except io.UnsupportedOperation:
            self.file = _libc.open_memstream(ctypes.byref(self.text), ctypes.byref(self.bytes))
        if self.file is None:
            raise MemoryError
        return self

    def __exit__(self, *_):
        if self.file is not None:
            _libc.fclose(self.file)
        if self.text:
            self.stream.write(ctypes.string_at(self.text, self.bytes.value).decode())
            _libc.free(self.text)


def _call_of(proc):
    """The function that @proc is, or None."""
    if callable(proc):
        return _Call(proc)
    if isinstance(proc, (list, tuple)) and proc and callable(proc[0]):
        if len(proc) > 3:
            raise ValueError("a function is (f, args, kw)")
        return _Call(*proc)
    if isinstance(proc, str) and not proc.strip().lstrip("-").isdigit():
        return _Call(exec, (compile(proc, "<memory_usage>", "exec"), {"__name__": "__main__"}))
    return None


def _set_process(options, proc, timeout):
    if isinstance(proc, (list, tuple)):
        words = [os.fsencode(word) for word in proc]
        options.command = (ctypes.c_char_p * (len(words) + 1))(*words, None)
    elif hasattr(proc, "pid"):  # a Popen: until it ends
        options.pid = proc.pid
        options.timeout_s = math.inf if timeout is None else timeout
    else:
        options.pid = int(proc)


def _raise(error):
    code, errnum = _mprof.mprof_error_code(error), _mprof.mprof_error_errno(error)
    text = _mprof.mprof_error_text(error).decode(errors="replace")
    _mprof.mprof_error_free(error)
    if code == _FORKED:
        return
    if code in (_USAGE, _MEMORY):
        raise {_USAGE: ValueError, _MEMORY: MemoryError}[code](text)
    raise {_GONE: ProcessLookupError, _PERMISSION: PermissionError}.get(code, OSError)(errnum, text)


def _readings(result, timestamps, nests):
    usage = list(result.mib[:result.count])
    if timestamps:
        usage = list(zip(usage, result.times_s[:result.count]))
    if nests:
        usage = [[reading] for reading in usage]
        for child in result.children[:result.child_count]:
            usage[child.index].append(child.mib)
    return usage


def memory_usage(proc=-1, interval=.1, timeout=None, timestamps=False, include_children=False,
                 multiprocess=False, max_usage=False, retval=False, stream=None, backend=None,
                 max_iterations=None):
    options, found = _Options(), ctypes.POINTER(_Result)()
    _mprof.mprof_options_init(options, ctypes.sizeof(options))
    call = _call_of(proc)
    if timeout is not None:
        options.timeout_s = timeout
    if call is not None:
        options.function = call.pointer
        options.max_iterations = 0 if max_iterations is None else max_iterations
    else:
        _set_process(options, proc, timeout)
    options.interval_s = interval
    options.include_children, options.multiprocess = include_children, multiprocess
    options.timestamps, options.max_usage = timestamps, max_usage
    options.backend = None if backend is None else backend.encode()
    with _Stream(stream) as file:
        options.stream = file.file
        error = _mprof.mprof_memory_usage(options, found)
    usage, highest = [], -1
    if found:
        usage = _readings(found[0], timestamps, multiprocess and call is None and not max_usage)
        highest = usage[0] if usage else found[0].max_mib
        _mprof.mprof_result_free(found)
    if call is not None and call.raised is not None:
        _mprof.mprof_error_free(error)
        raise call.raised
    if error is not None:
        _raise(error)
    if stream is not None:
        usage = None
    elif max_usage:
        usage = highest
    return (usage, call.returned) if retval and call is not None else usage


if __name__ == "__main__":
    def grow(count):
        return [0] * count

    print("this process:", memory_usage())
    print("a function:  ", memory_usage((grow, (10**7,)), interval=.01, max_usage=True))
    print("Python code: ", memory_usage("x = list(range(10**6))", interval=.01, max_usage=True))
    print("a command:   ", memory_usage(["sleep", "0.3"]))
