#!/usr/bin/python3
"""A file of JUnit's XML, as junitparser reads it: a case a line, "OUTCOME NAME".

usage: check_junit.py FILE

Fails where the counts of the suite are not those of its cases.
"""
import sys

from junitparser import Error, Failure, JUnitXml, TestSuite

suites = list(JUnitXml.fromfile(sys.argv[1]))
if len(suites) != 1 or not isinstance(suites[0], TestSuite):
    sys.exit(f"not one suite: {suites}")
suite = suites[0]
cases = list(suite)
outcomes = []
for case in cases:
    results = case.result
    if len(results) > 1:
        sys.exit(f"{case.name}: several results")
    kind = "ok"
    if results and isinstance(results[0], Failure):
        kind = "failure"
    elif results and isinstance(results[0], Error):
        kind = "error"
    if results and not (results[0].message and results[0].text):
        sys.exit(f"{case.name}: nothing is said")
    outcomes.append(kind)
    print(kind, ascii(case.name))
found = (suite.tests, suite.failures, suite.errors)
counted = (len(cases), outcomes.count("failure"), outcomes.count("error"))
if found != counted:
    sys.exit(f"the suite says {found}, its cases are {counted}")
