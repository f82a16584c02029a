#!/usr/bin/python3
"""Finds the includes that nothing uses.

usage: unused_includes.py SOURCE... [-- COMPILER FLAG...]      paths from the root of the tree

An include is used when its file names something that the header itself declares, or has a member
that of all headers used there only this one declares. Of a system header everything counts that it
brings along, but for the few names that everybody has (size_t, uint64_t, ...), which are those of
stddef.h and its sisters. Comments do not count. Prints a line an include, and exits with 1 when there
is one. What is printed can go; where that breaks the build, the file gets something by way of that
header: include what declares it.
"""
import functools
import re
import subprocess
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(?![^\n]*\n+#endif\Z)", re.MULTILINE)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", re.MULTILINE)
MEMBER = re.compile(r"(?:\.|->)\s*([A-Za-z_]\w*)")
EVERYBODYS = ("stddef.h", "stdint.h", "stdbool.h")
EVERYBODYS_WORDS = {"ssize_t", "off_t", "pid_t", "mode_t"}

separator = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
COMPILER = sys.argv[separator + 1:] or ["cc"]


@functools.lru_cache(maxsize=None)
def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def code_of(path):
    """Without comments and the names of included files; assembly in strings may use a name."""
    return INCLUDE.sub("", NOISE.sub(lambda match: " " if match[0][0] == "/" else match[0],
                                     text_of(path)))


@functools.lru_cache(maxsize=None)
def words_of(path):
    return set(WORD.findall(code_of(path)))


@functools.lru_cache(maxsize=None)
def members_used_in(path):
    return set(MEMBER.findall(code_of(path)))


@functools.lru_cache(maxsize=None)
def declared_by(path):
    """(names, members) that the header itself declares."""
    code = code_of(path)
    names = set(DEFINE.findall(code))
    code = DIRECTIVE.sub("", code)
    names.update(re.findall(r"\b(?:struct|union|enum)\s+(\w+)\s*[{;]", code))
    members, outside = set(), []
    for token in re.finditer(r"[{}();,=\[]|\w+", code):
        outside.append(token[0])
    kinds, parens, before = [], 0, []
    for token in outside:
        if token == "{":
            kinds.append("enum" if "enum" in before else "struct" if "(" not in before else "code")
            before = []
        elif token == "}":
            if before and kinds and kinds[-1] == "enum":
                names.add(before[0])
            kinds = kinds[:-1]
            before = []
        elif token == "(" or (token in ";=[," and not parens and before):
            inside = kinds[-1] if kinds else ""
            last = before[-1] if before else ""
            if inside == "enum" and before:
                names.add(before[0])
            elif inside == "struct" and WORD.fullmatch(last):
                members.add(last)
            elif not kinds and WORD.fullmatch(last):
                names.add(last)
            if token == "(":
                parens += 1
                before.append(token)
            elif token != "[":
                before = before[:1] if token == "," and inside != "enum" else []
        elif token == ")":
            parens -= 1
        elif not parens or token not in ";,=[":
            before.append(token)
    # A pointer to a function stands in parentheses: the name is the first word behind one.
    for name in re.findall(r"\(\s*\*\s*(\w+)\s*\)\s*\(", code):
        members.add(name)
        names.add(name)
    return names, members


@functools.lru_cache(maxsize=None)
def brought_by(header):
    """All words of a system header and of what it includes."""
    run = subprocess.run(COMPILER + ["-E", "-dD", "-x", "c", "-"], input=f"#include <{header}>\n",
                         capture_output=True, text=True, check=False)
    if "No such file" in run.stderr:
        sys.exit(run.stderr)
    code = "\n".join(line for line in run.stdout.splitlines() if not line.startswith("# "))
    words = set(WORD.findall(NOISE.sub(" ", code)))
    if header in EVERYBODYS:
        return words
    if header == "sys/types.h":
        return words
    return words.difference(EVERYBODYS_WORDS, *map(brought_by, EVERYBODYS))


def unused_in(path):
    words, members = words_of(path), members_used_in(path)
    ours = [(header, *declared_by(header)) for header, _ in INCLUDE.findall(text_of(path)) if header]
    known = set(declared_by(path)[1])
    for header, names, has_members in ours:
        if names & words:
            known |= has_members
    for header, outside in INCLUDE.findall(text_of(path)):
        if outside:
            if not brought_by(outside) & words:
                yield f"{path}: nothing uses <{outside}>"
        elif header != path[:-1] + "h":
            names, has_members = declared_by(header)
            if not names & words and not (has_members & members) - known:
                yield f'{path}: nothing uses "{header}"'


def main():
    found = [line for path in sys.argv[1:separator] for line in unused_in(path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


sys.exit(main())
