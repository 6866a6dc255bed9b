"""Reads a workbook with openpyxl and holds its sheet `results` against the CSV form, cell by cell.

usage: check.py REPORT.xlsx RESULTS.csv

Numbers are compared at the 16 digits that the format of a workbook keeps.
"""
import csv
import json
import sys
import zipfile

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's openpyxl, whichever Python this is
import openpyxl

workbook, results = sys.argv[1:3]
NUMBERS = {"value", "numerator", "denominator", "lower", "upper", "level", "n"}


def close(cell, text):
    """The format keeps 16 digits."""
    return not isinstance(cell, str) and abs(cell - float(text)) <= 6e-16 * abs(float(text))


def unescape(text):
    """Spreadsheets read _x005F_ as the underscore it stands for, and openpyxl does not."""
    return text.replace("_x005F_", "_")


book = openpyxl.load_workbook(workbook)
print("sheets:", ", ".join(book.sheetnames))
formulas = sum(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
print("formulas:", formulas)
with zipfile.ZipFile(workbook) as archive:
    charts = [name for name in archive.namelist() if name.startswith("xl/charts/")]
    print("charts:", len(charts))
    print("dates:", *sorted({entry.date_time[0] for entry in archive.infolist()}))

sheet = book["results"]
print("frozen at", sheet.freeze_panes, "filter", sheet.auto_filter.ref.split(":")[0])
lines = [list(row) for row in sheet.iter_rows(values_only=True)]
with open(results, newline="", encoding="utf-8") as file:
    expected = list(csv.reader(file))
assert len(lines) == len(expected), (len(lines), len(expected))
wrong = 0
for cells, wanted in zip(lines, expected):
    for name, cell, text in zip(expected[0], cells, wanted):
        if wanted is expected[0] or name not in NUMBERS:
            same = unescape(cell or "") == text
        else:
            same = cell is None if text == "" else cell is not None and close(cell, text)
        wrong += not same
print("cells that differ from the CSV form:", wrong)
manifest = json.loads("\n".join(row[0] for row in book["manifest"].iter_rows(values_only=True)))
print("manifest:", manifest["schema"], "of", manifest["inputs"][0]["path"])
people = {(row[0], row[1]): row for row in book["overview"].iter_rows(min_row=4, values_only=True)}
means = {(r[1], r[0]): r for r in expected if r[6] == "mean" and r[4] == "pre" and r[3] == "all" and r[2] == "total"}
names = {"PHQ-9": "phq9", "GAD-7": "gad7", "PCL-5": "pcl5", "B-IPF": "bipf"}
differ = [key for key, row in people.items() if not close(row[3], means[names[key[0]], key[1]][7])]
print("lines of the overview:", len(people), "with another mean:", len(differ))
