#!/usr/bin/env python3
"""Reads SVG files with a parser that is not ours and checks what omstat promises of its figures:

- well-formed XML of the elements it uses, without scripts, links or anything from outside;
- a title and a description, named by aria-labelledby, with ids that begin with the file's name;
- texts that do not overlap and lie within the drawing (by the widths of engine/report/font_widths.h, a little
  smaller than those they were placed with).

    check_svg.py FILE...        prints what is wrong; exit code 1 when anything is
"""
import math
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "rect", "line", "circle", "path", "text", "g", "clipPath"}
HERE = os.path.dirname(os.path.realpath(__file__))


def read_widths():
    source = open(os.path.join(HERE, "../../../engine/report/font_widths.h")).read()
    codes = list(range(0x20, 0x7F)) + list(range(0xA0, 0x100))
    tables = re.findall(r"om_widths_(regular|bold)\[\] = \{(.*?)\}", source, re.S)
    return {name: dict(zip(codes, map(int, re.findall(r"\d+", body)))) for name, body in tables}


WIDTHS = read_widths()


def text_width(text, size, bold):
    table = WIDTHS["bold" if bold else "regular"]
    total = 0
    for c in text:
        if unicodedata.combining(c):
            continue
        total += table.get(ord(c), 1000 if unicodedata.east_asian_width(c) in "WF" else 380)
    return total * size / 1000


def corners(element, text):
    get = lambda name, default=0: float(element.get(name, default))
    x, y, size = get("x"), get("y"), get("font-size")
    width = text_width(text, size, element.get("font-weight") == "bold")
    left = {"start": 0, "middle": -width / 2, "end": -width}[element.get("text-anchor", "start")]
    turn = re.match(r"rotate\((\S+) (\S+) (\S+)\)$", element.get("transform", "rotate(0 0 0)"))
    angle = math.radians(float(turn.group(1)))
    box = [(left, -0.74 * size), (left + width, -0.74 * size), (left + width, 0.2 * size), (left, 0.2 * size)]
    return [(x + a * math.cos(angle) - b * math.sin(angle), y + a * math.sin(angle) + b * math.cos(angle)) for a, b in box]


def apart(a, b):
    for box in (a, b):
        for i in range(2):
            nx, ny = box[i + 1][0] - box[i][0], box[i + 1][1] - box[i][1]
            spans = [[x * nx + y * ny for x, y in one] for one in (a, b)]
            if max(spans[0]) <= min(spans[1]) + 1e-6 or max(spans[1]) <= min(spans[0]) + 1e-6:
                return True
    return False


def check(path):
    stem = os.path.splitext(os.path.basename(path))[0]
    wrong = []
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        return [f"not well-formed: {error}"]
    ids = {}
    for element in root.iter():
        name = element.tag.replace(SVG, "")
        if name not in ELEMENTS:
            wrong.append(f"element {name}")
        for key, value in element.attrib.items():
            if key.startswith("on") or "href" in key or "url(" in value and not value.startswith("url(#"):
                wrong.append(f"attribute {key}")
            if re.search(r"nan|inf", value) and key not in ("fill", "stroke", "id", "aria-labelledby", "clip-path"):
                wrong.append(f"{key} is {value}")
        if "id" in element.attrib:
            if element.get("id") in ids or not element.get("id").startswith(stem):
                wrong.append(f"id {element.get('id')}")
            ids[element.get("id")] = element
    for named in root.get("aria-labelledby", "").split() or ["?"]:
        if named not in ids or not (ids[named].text or "").strip():
            wrong.append(f"nothing is named {named}")
    if root.get("role") != "img":
        wrong.append("no role")
    left, top, width, height = map(float, root.get("viewBox").split())
    texts = []
    for element in root.iter(SVG + "text"):
        if element.get("aria-hidden"):
            continue
        text = element.text or ""
        box = corners(element, text)
        if any(x < left - 0.5 or x > left + width + 0.5 or y < top - 0.5 or y > top + height + 0.5 for x, y in box):
            wrong.append(f"text {text!r} leaves the drawing")
        for other, there in texts:
            if not apart(box, there):
                wrong.append(f"text {text!r} meets {other!r}")
        texts.append((text, box))
    if len(texts) < 3:
        wrong.append("hardly any text")
    return wrong


if __name__ == "__main__":
    bad = 0
    for file in sys.argv[1:]:
        for problem in check(file):
            print(f"{os.path.basename(file)}: {problem}")
            bad = 1
    sys.exit(bad or len(sys.argv) < 2)
