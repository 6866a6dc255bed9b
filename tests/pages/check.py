"""Reads reports in HTML with html5lib, a parser that is not the program's, and says what is wrong with them.

    check.py [--groups EXPECTED.json] REPORT.html...

No error by the standard's own algorithm; nothing that could load or run; headings in order; names that are unique and
links that lead somewhere; every figure with title, description and table. --groups: the labels of the first table that
lists groups are exactly these texts, in any order.
"""

import json
import re
import sys

import html5lib

XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
ELEMENTS = set(
    "html head meta title link style body a article b caption dd details div dl dt figcaption figure h1 h2 h3 h4 header "
    "li main nav ol p pre section span summary table tbody td th thead tr ul".split()
)
DRAWN = set("svg title desc g path rect line circle polyline polygon text tspan clipPath defs".split())


def name(element):
    return re.sub(r"\{.*\}", "", element.tag) if isinstance(element.tag, str) else None


def text(element):
    return "".join(element.itertext())


def check(path, groups):
    problems = []
    with open(path, "rb") as source:
        whole = source.read()
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    tree = parser.parse(whole, transport_encoding="utf-8")
    problems += ["%s at %s" % (code, place) for place, code, _ in parser.errors]

    ids, links, levels = [], [], []
    for element in tree.iter():
        tag = name(element)
        if tag is None:
            continue
        allowed = DRAWN if element.tag.startswith(SVG) else ELEMENTS
        if tag not in allowed:
            problems.append("element <%s>" % tag)
        for key, value in element.attrib.items():
            key = re.sub(r"\{.*\}", "", key)
            if key.startswith("on") or key in ("style", "src", "srcdoc", "action"):
                problems.append("attribute %s of <%s>" % (key, tag))
            if key == "href" and not value.startswith("#") and value != "data:,":
                problems.append("link to %s" % value)
            if key == "href" and value.startswith("#"):
                links.append(value[1:])
            if key == "id":
                ids.append(value)
            if key in ("aria-labelledby", "aria-describedby"):
                links += value.split()
        if re.fullmatch("h[1-6]", tag):
            levels.append(int(tag[1]))
    problems += ["id %s twice" % i for i in set(ids) if ids.count(i) > 1]
    problems += ["nothing has the name %s" % i for i in sorted(set(links) - set(ids))]
    if levels.count(1) != 1 or levels[0] != 1:
        problems.append("headings do not begin with the only h1")
    problems += ["h%d follows h%d" % (b, a) for a, b in zip(levels, levels[1:]) if b > a + 1]

    for figure in tree.iter(XHTML + "figure"):
        drawing = figure.find(".//" + SVG + "svg")
        if drawing is None or drawing.find(SVG + "title") is None or drawing.find(SVG + "desc") is None:
            problems.append("a figure without title or description")
        if figure.find(".//" + XHTML + "td") is None:
            problems.append("a figure without data")

    if groups is not None:
        labels = []
        for row in tree.iter(XHTML + "table"):
            if text(row.find(XHTML + "caption")).startswith("Change in points"):
                labels = [text(th) for th in row.iter(XHTML + "th") if th.get("scope") == "row"]
                break
        labels = labels[: len(groups) + 1]  # of everyone; those screening positive follow
        if sorted(labels[1:]) != sorted(groups):
            lost = sorted(set(groups) - set(labels))
            problems.append("%d names of groups are not shown as they are, such as %r" % (len(lost), lost[:1]))
    return problems


def main():
    arguments, groups = sys.argv[1:], None
    if arguments[0] == "--groups":
        with open(arguments[1], encoding="utf-8") as source:
            groups = json.load(source)
        arguments = arguments[2:]
    failed = False
    for path in arguments:
        for problem in check(path, groups)[:20]:
            print("%s: %s" % (path, problem))
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
