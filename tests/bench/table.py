# SPDX-License-Identifier: GPL-2.0
"""The results of tests/bench/run, read and laid out as tables."""

import json


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def tables(results, suite, words=""):
    """{(kernel, unit): {operation: {subject: value}}}, in the order they came in, of
    the operations that end in words."""
    found = {}
    for r in results:
        if r["suite"] == suite and r["operation"].endswith(words):
            name = r["operation"].removesuffix(words).rstrip(", ")
            table = found.setdefault((r["kernel"], r["unit"]), {})
            table.setdefault(name, {})[r["subject"]] = r["value"]
    return found


def subjects(table):
    return list(dict.fromkeys(s for row in table.values() for s in row))


def is_added(row, subject):
    """Whether a figure is what the subject adds to what it takes when nobody watches."""
    return "none" in row and subject != "none"


def figure(row, subject):
    return row[subject] - (row["none"] if is_added(row, subject) else 0)


def text(row, subject):
    if subject not in row:
        return ""
    return f"{figure(row, subject):{'+' if is_added(row, subject) else ''},}"
