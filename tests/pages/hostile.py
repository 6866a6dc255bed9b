"""Panels whose groups have hostile names, and what a page must show of them.

    hostile.py COUNT SEED PANEL.csv EXPECTED.json

Writes a panel with COUNT groups of two persons, and a list of the texts "site=NAME" as a page displays them. How it
displays them is said here once more, independently of the program: control characters and what turns the direction of
text are shown as escapes, and the second of two number signs too.
"""

import csv
import json
import random
import sys

PIECES = [
    "<script>alert(1)</script>", "</td></tr></table>", "<img src=x onerror=alert(1)>", "</title>", "</style>", "<!--",
    "-->", "<![CDATA[", "]]>", "<?php", "&", "&amp;", "&lt;", "&#60;", "&#x3c;", "&nbsp;", "&notanentity;", "&copy",
    '"', "'", "`", "\\", "/", "javascript:alert(1)", " onload=x ", "data:text/html,x", "{{7*7}}", "${x}", "%s%n", "%00",
    "=1+1", "+1", "-1", "@SUM(A1)", "|", "||", "*", "_", "[x](y)", "#", "##vso[x]", "\t", "\n", "\r\n", "\x01", "\x1b[31m",
    "\x7f", "\x85", "\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\u061c", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627",
    "\ufdd0", "\uffff", "\U0001fffe", "\u0301", "e\u0301", "\u4e2d\u6587", "\U0001f600", "\u00a0", "\u200b", "\ufeff", "x" * 300,
    "very long " * 12, ";", ",", "site=", " - ", "a", "B", "7", " ",
]
UNPRINTABLE = [(0x80, 0x9F), (0x61C, 0x61C), (0x200E, 0x200F), (0x2028, 0x202E), (0x2066, 0x2069), (0xFDD0, 0xFDEF)]


def displayed(text):
    out, before = [], ""
    for character in text:
        code = ord(character)
        if character == "#" and before == "#":
            out.append("\\x23")
        elif character in "\n\r\t":
            out.append({"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character])
        elif code < 0x20 or code == 0x7F:
            out.append("\\x%02x" % code)
        elif any(low <= code <= high for low, high in UNPRINTABLE) or code & 0xFFFE == 0xFFFE:
            out.append("\\u%04x" % code)
        else:
            out.append(character)
        before = character
    return "".join(out)


def as_in_results(value):
    """Values of groups are joined by semicolons, so these and backslashes are escaped in them."""
    return value.replace("\\", "\\\\").replace(";", "\\;")


def main():
    count, seed, panel, expected = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    chance = random.Random(seed)
    names = []
    for i in range(count):
        pieces = [chance.choice(PIECES) for _ in range(chance.randint(1, 5))]
        names.append("%d:%s." % (i, "".join(pieces)))  # unique, and no blank at the end that would be left out
    with open(panel, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "site", "phq2_1_pre", "phq2_2_pre", "phq2_1_post", "phq2_2_post"])
        for i, name in enumerate(names):
            for person in range(2):
                writer.writerow(["p%d" % (2 * i + person), name] + [chance.randint(0, 3) for _ in range(4)])
    with open(expected, "w", encoding="utf-8") as out:
        json.dump([displayed("site=" + as_in_results(name)) for name in names], out)


if __name__ == "__main__":
    main()
