#!/usr/bin/env python3
"""Recompute the published percentages from the constructed panel, independently of the C code.

usage: check_evaluation.py [DIRECTORY]     (default: the directory of this script)

Standard library only. Reads evaluation_wide.csv and evaluation_long.csv and fails with a message when any number
that data/README.md states does not come out, when a code is out of range, or when the two files differ.
"""

import csv
import sys
from fractions import Fraction
from pathlib import Path

ITEMS = {"phq9": 9, "gad7": 7, "pcl5": 20, "bipf": 7}
TOP = {"phq9": 3, "gad7": 3, "pcl5": 4, "bipf": 6}
COHORTS = {"1": 29, "2": 31, "3": 34}

# improved, n, published percentage
EXPECTED = {"phq9": (53, 67, 79), "gad7": (52, 57, 91), "pcl5": (42, 49, 86), "bipf": (72, 78, 92)}
PAIRED = {"phq9": 80, "gad7": 77, "pcl5": 70, "bipf": 80}
DROPPED_OUT = 8
ITEM_9 = {"emergent": 3, "worsening": 1, "unanswered": 3}


def require(holds, problem):
    if not holds:
        sys.exit(f"check_evaluation: {problem}")


def names(measure, occasion=None):
    suffix = f"_{occasion}" if occasion else ""
    return [f"{measure}_{i}{suffix}" for i in range(1, ITEMS[measure] + 1)]


def all_names(occasion=None):
    return [name for measure in ITEMS for name in names(measure, occasion)]


def read(path, header):
    with open(path, newline="", encoding="ascii") as file:
        rows = list(csv.reader(file))
    require(rows[0] == header, f"{path.name}: unexpected header")
    require(all(len(row) == len(header) for row in rows), f"{path.name}: ragged records")
    return [dict(zip(header, row)) for row in rows[1:]]


def persons_of_wide(rows):
    """id -> (cohort, {occasion: answers}); an occasion with no answer at all is absent."""
    persons = {}
    for row in rows:
        forms = {}
        for occasion in ("pre", "post"):
            answers = [row[name] for name in all_names(occasion)]
            if any(answers):
                forms[occasion] = dict(zip(all_names(), answers))
        require(row["id"] not in persons, "a person has two records")
        persons[row["id"]] = (row["cohort"], forms)
    return persons


def persons_of_long(rows):
    persons = {}
    for row in rows:
        cohort, forms = persons.setdefault(row["id"], (row["cohort"], {}))
        require(cohort == row["cohort"], "a person is in two cohorts")
        require(row["occasion"] in ("pre", "post") and row["occasion"] not in forms, "occasions")
        forms[row["occasion"]] = {name: row[name] for name in all_names()}
    return persons


def check_codes(persons):
    for _, forms in persons.values():
        for answers in forms.values():
            for name, answer in answers.items():
                measure = name.split("_")[0]
                allowed = {""} | {str(code) for code in range(TOP[measure] + 1)}
                if measure == "bipf":
                    allowed.add("NA")
                require(answer in allowed, f"{name}: a code out of range")


def score(forms, occasion, measure):
    """The exact score of a complete form, or None."""
    if occasion not in forms:
        return None
    answers = [forms[occasion][name] for name in names(measure)]
    if "" in answers:
        return None
    codes = [int(answer) for answer in answers if answer != "NA"]
    if measure != "bipf":
        return Fraction(sum(codes))
    return Fraction(100 * sum(codes), 6 * len(codes)) if codes else None


def positive(measure, value):
    return value > 10 if measure == "bipf" else value >= {"phq9": 10, "gad7": 10, "pcl5": 33}[measure]


def band(measure, value):
    floors = {"phq9": (5, 10, 15, 20), "gad7": (5, 10, 15)}[measure]
    return sum(value >= floor for floor in floors)


def improved(measure, before, after):
    if measure == "pcl5":
        return not positive(measure, after)
    if measure == "bipf":
        return before - after >= 5
    return band(measure, after) < band(measure, before) or before - after >= 5


def half_up(value):
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def check_percentages(persons):
    for measure, (k, n, percent) in EXPECTED.items():
        pairs = [(score(forms, "pre", measure), score(forms, "post", measure)) for _, forms in persons.values()]
        paired = [(before, after) for before, after in pairs if before is not None and after is not None]
        entered = [pair for pair in paired if positive(measure, pair[0])]
        got = sum(improved(measure, *pair) for pair in entered)
        require(len(paired) == PAIRED[measure], f"{measure}: {len(paired)} paired")
        require((got, len(entered)) == (k, n), f"{measure}: {got} of {len(entered)}")
        require(half_up(Fraction(100 * got, len(entered))) == percent, f"{measure}: another percentage")
        means = " -> ".join(f"{mean(scores):.2f}" for scores in zip(*entered))
        print(f"{measure}: {got} of {len(entered)} improved, {percent} %; {len(paired)} paired; mean {means}")


def mean(scores):
    return float(sum(scores) / len(scores))


def item_9(forms):
    """What happened to PHQ-9 item 9 of a person with both occasions."""
    before, after = (forms[occasion]["phq9_9"] for occasion in ("pre", "post"))
    if "" in (before, after):
        return "unanswered"
    if before == "0" and after > "0":
        return "emergent"
    return "worsening" if after > before else "other"


def check_item_9(persons):
    found = [item_9(forms) for _, forms in persons.values() if "post" in forms]
    got = {name: found.count(name) for name in ITEM_9}
    require(got == ITEM_9, f"item 9: {got}")
    print("PHQ-9 item 9: " + ", ".join(f"{name} {n}" for name, n in got.items()))


def main():
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    wide = persons_of_wide(
        read(directory / "evaluation_wide.csv", ["id", "cohort"] + all_names("pre") + all_names("post")))
    long = persons_of_long(read(directory / "evaluation_long.csv", ["id", "cohort", "occasion"] + all_names()))
    require(wide == long, "the wide and the long file hold different answers")
    check_codes(wide)
    sizes = {cohort: sum(c == cohort for c, _ in wide.values()) for cohort in COHORTS}
    require(sizes == COHORTS and len(wide) == 94, f"cohorts: {sizes}")
    dropped_out = sum("post" not in forms for _, forms in wide.values())
    require(dropped_out == DROPPED_OUT, f"{dropped_out} dropped out")
    check_percentages(wide)
    check_item_9(wide)
    print(f"{len(wide)} people, {dropped_out} without a second occasion; wide and long agree")


if __name__ == "__main__":
    main()
