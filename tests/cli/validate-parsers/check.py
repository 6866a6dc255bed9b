"""Reads every form of the findings with a parser that is not ours. Names are as hostile as names can be."""

import json
import os
import subprocess
import sys
import xml.dom.minidom

COLUMN = "c,\"<&>]]>'%0A::error::x ##vso[task.complete] ##[error] |#\\{}\x1b[2J\ufffe \u202e\n::error::y\r\n@all"
FILE = "::error p,a%n\n::warning::<\"&e>l'.csv"
FORMATS = ("json", "ndjson", "sarif", "junit", "github", "gitlab", "tap", "markdown", "text")


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


items = [f"phq9_{i}_{when}" for when in ("pre", "post") for i in range(1, 10)]
with open(FILE, "w", newline="") as panel:
    panel.write(",".join(["id", quoted(COLUMN)] + items) + "\n")
    for person in range(1, 21):
        answers = ["9" if person % 3 == 0 and i == 2 else "-9" if person == 5 and i < 14 else "1" for i in range(18)]
        panel.write(",".join([f"p{person}", "=A1" if person == 7 else "\xe9".encode().decode("latin1")] + answers) + "\n")
        panel.write("\n" if person == 9 else "")
with open("study.yaml", "w") as study:
    json.dump({"by": [COLUMN], "input": [FILE]}, study, ensure_ascii=True)

out = {}
for form in FORMATS:
    run = subprocess.run([sys.argv[1], "validate", "-q", "--study", "study.yaml", "--format", form, "-o", "out." + form],
                         capture_output=True, check=False)
    assert run.returncode == 1, run
    with open("out." + form, "rb") as file:
        out[form] = file.read().decode("utf-8") + run.stderr.decode("utf-8")

whole = json.loads(out["json"])
lines = [json.loads(line) for line in out["ndjson"].splitlines()]
assert lines == whole["findings"]
assert any(COLUMN.strip() == f["column"] and FILE == f["file"] for f in lines), lines
print(len(lines), "findings,", sum(f["count"] for f in lines), "in all")

sarif = json.loads(out["sarif"])
assert sarif["version"] == "2.1.0" and len(sarif["runs"]) == 1
driver, results = sarif["runs"][0]["tool"]["driver"], sarif["runs"][0]["results"]
assert driver["name"] == "omstat"
for result in results:
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
    assert result["occurrenceCount"] >= 1 and result["baselineState"] == "new"
    place = result["locations"][0]["physicalLocation"]
    assert all(c.isalnum() or c in "-._~/%" for c in place["artifactLocation"]["uri"])
    assert place["region"]["startLine"] >= 1
if os.environ.get("SARIF_SCHEMA"):  # a file with the published schema, and python3-jsonschema
    import jsonschema

    with open(os.environ["SARIF_SCHEMA"]) as schema:
        jsonschema.validate(sarif, json.load(schema))
print(len(results), "results,", len({r["partialFingerprints"]["omstat/v1"] for r in results}), "fingerprints")

suite = xml.dom.minidom.parseString(out["junit"].encode()).documentElement
cases, failures = suite.getElementsByTagName("testcase"), suite.getElementsByTagName("failure")
assert (len(cases), len(failures)) == (int(suite.getAttribute("tests")), int(suite.getAttribute("failures")))
print(len(cases), "cases,", len(failures), "failures")

annotations = {}
for line in out["github"].splitlines():
    if not line.startswith("::"):
        continue
    head, text = line[2:].split("::", 1)
    kind, properties = head.split(" ", 1)
    annotations[kind] = annotations.get(kind, 0) + 1
    assert kind in ("error", "warning", "notice"), line
    assert {p.split("=")[0] for p in properties.split(",")} <= {"file", "line", "title"}, line
print(annotations)

for issue in json.loads(out["gitlab"]):
    assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert issue["severity"] in ("info", "minor", "major", "critical", "blocker") and issue["location"]["lines"]["begin"] >= 1
print(len(json.loads(out["gitlab"])), "issues")

table = [line for line in out["markdown"].splitlines() if line.startswith("|")]
assert all(line.replace("\\|", "").count("|") == 8 for line in table), table
print(len(table), "lines of a table")

for form, text in out.items():
    assert "##vso" not in text and "##[" not in text and "\x1b" not in text, form
    assert form in ("json", "ndjson", "sarif", "gitlab") or "\u202e" not in text, form
    assert not any(line.lstrip().startswith(("::error::", "::warning::")) for line in text.splitlines()), form
