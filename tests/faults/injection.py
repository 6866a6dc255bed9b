#!/usr/bin/env python3
"""Names stay names: nothing that a panel, a definition or a file of claims holds becomes markup, a formula, a
command or a control sequence in what the program writes.

    tests/faults/injection.py BUILD

One hostile text after the other is the name of a column, of a group, of an occasion and of a file, and stands in
the texts of an instrument and of claims. Every form of output is then read by a parser that is not ours.
"""
import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.dom.minidom
import xml.parsers.expat
import zipfile

OMSTAT = os.path.abspath(os.path.join(sys.argv[1], "omstat"))
HOSTILE = [
    "<script>alert(1)</script>", "</title></style><svg onload=alert(1)>", "<!--", "]]>", "\"><img src=x onerror=alert(1)>",
    "&lt;b&gt;&#60;", "javascript:alert(1)", "[x](javascript:y)", "![x](http://y)", "`x`*y*|z|", "=1+1", "+1+1", "-1+1", "@SUM(A1)",
    "=cmd|' /C calc'!A0", "\x1b[2J\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\u009b2J", "a\rb", "a\nb", "\n::error file=x::y", "::error::x",
    "##vso[task.complete result=Failed]", "##[error]x", "%0A::warning::x", "\u202egpj.exe", "\u2066x", "\ufffe\uffff", "\x01\x08\x0b\x7f",
    "_x0041_", "$(touch hacked)", "`touch hacked`", "; touch hacked", "' || touch hacked '", "%s%n%99999999s", "{{7*7}}", "a\tb", "# x",
    "- x: y", "!!python/object:x", "&a *a", "\u0085x\u2028y", "../../x", "x" * 38,
]
ROWS = [[(k * (i + 2) + i) % 4 for i in range(18)] for k in range(24)]
INSTRUMENT = """id: odd
version: 1
name: NAME
title: NAME
authors: NAME
year: 2020
source: {evidence: recommended, note: NAME}
items: {1: NAME, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h, 9: i}
answers: {0: NAME, 1: b1, 2: b2, 3: b3}
scales:
  total:
    label: NAME
    combine: sum
    range: [0, 27]
    bands: {low: {from: 0, label: NAME}, high: {from: 10, label: high}}
    cutoffs: {10: {default: true, source: {evidence: recommended, note: NAME}}}
    remission: {below: 5, source: {evidence: recommended, note: NAME}}
vectors:
  - name: NAME
    answers: 1 1 1 1 1 1 1 1 1
    expect: {total: {score: 9}}
"""
CLAIMS = """source: NAME
claims:
  - {id: a, text: NAME, source: NAME, instrument: odd, statistic: mean, value: -7.64}
  - {id: b, text: NAME, instrument: odd, group: NAME, statistic: mean, value: 1.5}
"""


def run(*arguments):
    done = subprocess.run([OMSTAT, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    assert done.returncode in (0, 1, 64, 65, 66, 73, 78), (arguments, done)
    check_for_people(done.stderr, arguments)
    return done


# --- what is read by whom ------------------------------------------------------------------------------------

def check_for_people(data, what):
    """A terminal and the log of a CI platform."""
    text = data.decode("utf-8")
    for character in text:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Zl", "Zp"), (what, character, text[:2000])
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", (what, character)
    for line in re.split("\r|\n", text):
        assert not line.lstrip().startswith("::") and "##[" not in line and "##vso[" not in line, (what, line)


def check_csv(data, what):
    """A spreadsheet: no text that it would run. Numbers are none."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    for row in rows:
        assert len(row) == len(rows[0]), (what, row)
        for cell in row:
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
                float(cell)


class Page(html.parser.HTMLParser):
    """A browser: elements and attributes of a report, and no others."""

    elements = set("html head meta link title style body header main footer nav section article h1 h2 h3 h4 p a ul ol li dl dt dd table "
                   "caption thead tbody tfoot tr th td figure figcaption svg g path rect line circle polyline polygon text tspan desc "
                   "span strong em small code pre details summary div br hr abbr sup sub b i col colgroup use defs".split())

    def handle_starttag(self, tag, attrs):
        assert tag in self.elements, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("src", "srcset", "action", "formaction", "background"), name
            if name in ("href", "xlink:href"):
                assert value[:1] == "#" or value[:2] == "./" or value.startswith("https://") or value == "data:,", value

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data[:80])

    def unknown_decl(self, data):
        raise AssertionError("a declaration: " + data[:80])


def check_html(data, _):
    text = data.decode("utf-8")
    assert "default-src 'none'" in text
    page = Page(convert_charrefs=True)
    page.feed(text)
    page.close()


def check_svg(data, what):
    for node in xml.dom.minidom.parseString(data).getElementsByTagName("*"):
        assert node.tagName in ("svg", "title", "desc", "style", "g", "path", "rect", "line", "circle", "polyline", "polygon", "text",
                                "tspan", "defs", "use", "clipPath"), (what, node.tagName)
        for name, value in node.attributes.items():
            assert not name.startswith("on") and (not name.endswith("href") or value[:1] == "#"), (what, name)


def check_markdown(data, what):
    """A reader of Markdown that lets HTML through."""
    check_for_people(data, what)
    text = re.sub(r"^```\w*\n.*?^```$", "", data.decode("utf-8"), flags=re.S | re.M) # code is shown as it is
    markup = [m for m in re.finditer(r"(?<!\\)<[a-zA-Z/!?][^<]{,40}", text) if not m[0].startswith("<br>")]
    assert not markup, (what, markup[0])
    assert not re.search(r"(?<!\\)\]\((javascript|http:)", text), what


def check_xlsx(data, what):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            sheet = xml.dom.minidom.parseString(book.read(name)) # no character that XML forbids
            assert not sheet.getElementsByTagName("f") and not sheet.getElementsByTagName("hyperlink"), (what, name)


def check_json(data, _):
    json.loads(data.decode("utf-8"))


def check_png(data, what):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", what


CHECK = {".png": check_png, ".csv": check_csv, ".html": check_html, ".svg": check_svg, ".md": check_markdown, ".xlsx": check_xlsx, ".json": check_json,
         ".txt": check_for_people, ".yaml": check_for_people}


def check_files():
    assert not os.path.exists("hacked")
    n = 0
    for folder, _, files in os.walk("out"):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                CHECK[os.path.splitext(name)[1]](file.read(), path)
            n += 1
    return n


# --- where hostile texts stand ---------------------------------------------------------------------------------

def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def as_yaml(text):
    return json.dumps(text, ensure_ascii=True)


def write(name, text):
    with open(name, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)


def panel(name, column, value, occasions):
    """A long panel with a group and occasions of hostile names."""
    lines = [",".join(["id", "visit", quoted(column), *[f"odd_{i}" for i in range(1, 10)]])]
    lines += [",".join([f"p{k}", quoted(o), quoted(value if k % 2 else "other"), *map(str, row[9 * j:9 * j + 9])])
              for k, row in enumerate(ROWS) for j, o in enumerate(occasions)]
    write(name, "\n".join(lines) + "\n")


def save(name, data):
    with open("out/" + name, "wb") as file:
        file.write(data)


def with_text(text):
    """The text as the name of column, group, occasions and file, and in definitions; how many files were checked."""
    os.makedirs("out")
    column, occasions = text.strip() or "x", [(text + k).strip() for k in "12"]
    name = text.replace("/", "_")[:99] + ".csv"
    panel("./" + name, column, text, occasions)
    write("odd.yaml", INSTRUMENT.replace("NAME", as_yaml(text)))
    write("claims.yaml", CLAIMS.replace("NAME", as_yaml(text)))
    write("study.yaml", json.dumps({"by": [column], "occasions": occasions, "instrument": ["odd.yaml"], "input": [name]}))
    study = ("--study", "study.yaml")
    for form, ending in (("text", "txt"), ("markdown", "md"), ("html", "html"), ("csv", "csv"), ("json", "json"), ("xlsx", "xlsx")):
        done = run("report", *study, "--format", form, "-o", f"out/report.{ending}")
        assert done.returncode == 0, done
    run("report", *study, "--figures", "out/figures", "--manifest", "out/manifest.json", "-o", "out/with.md")
    run("report", *study, "--shareable=below=2", "--shareable-log", "out/log.csv", "-o", "out/shared.html")
    save("score.csv", run("score", *study).stdout)
    save("validate.txt", run("validate", *study).stdout)
    save("schema.json", run("schema", *study).stdout)
    init = run("init", *study).stdout
    check_for_people(init, "init")
    write("init.yaml", init.decode())
    again = run("report", "--study", "init.yaml", "./" + name, "-q", "--format", "csv")
    assert again.returncode == 0 and again.stdout == run("report", *study, "-q", "--format", "csv").stdout, again
    run("tally", *study, "-o", "one.tally")
    save("tally.txt", run("tally", "--show", "one.tally").stdout)
    save("tally.json", run("tally", "--show", "one.tally", "--format", "json").stdout)
    save("show.txt", run("instruments", "show", "odd.yaml").stdout + run("instruments", "check", "odd.yaml").stdout)
    for form, ending in (("text", "txt"), ("markdown", "md"), ("json", "json")):
        save(f"claims.{ending}", run("claims", "claims.yaml", *study, "--format", form, "-q").stdout)
    write("out/manifest.json", open("out/manifest.json", encoding="utf-8").read().replace("markdown", "text"))
    save("verify.txt", run("verify", "out/manifest.json").stdout)
    run("slurm", *study)
    for wrong in (["report", "./no" + name], ["report", *study, "--by", text], ["report", *study, "--id", text],
                  ["instruments", "show", text], ["explain", text], [text], ["report", "--" + text], ["report", *study, "--rule", text]):
        run(*wrong)
    return check_files()


def main():
    passed = failed = 0
    for text in HOSTILE:
        room = tempfile.mkdtemp(prefix="injection-")
        os.chdir(room)
        try:
            n = with_text(text)
            assert n > 25, n
            passed += 1
        except (AssertionError, subprocess.SubprocessError, OSError, ValueError, KeyError, xml.parsers.expat.ExpatError) as problem:
            failed += 1
            print(f"not ok - {text!r}\n#   {type(problem).__name__} {str(problem)[:900]}")
        os.chdir("/")
        shutil.rmtree(room)
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
