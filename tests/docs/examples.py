#!/usr/bin/env python3
"""Holds the documents to the program.

    tests/docs/examples.py [--update] OMSTAT [DOCUMENT...]

Without documents: README.md and its neighbours, and everything in docs/. Checked are

examples  A block fenced as ```console holds commands, each on a line that begins with "$ " (and lines that begin
          with "> ", which continue it), and below each what it prints, standard error included. The commands of a
          document run one after the other with sh, in a directory of their own in which data/, docs/ and
          instruments/ are in reach and omstat is the program under test. A line of three dots stands for any number
          of lines. A command must end with exit code 0; to show another, append `; echo "exit code $?"`.
links     A link to a file names one that is there.
options   An option in `code` is one that the program has.

--update writes the outputs that do not fit anew. Between dots, the most similar lines are put in.
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ("report", "batch", "score", "validate", "verify", "claims", "tally", "merge", "slurm", "pair", "init", "instruments", "schema", "explain", "help")
OTHER_OPTIONS = {"--version", "--help", "--mdoc", "--completion", "--update"}
DOTS = "..."


class Example:
    """A command, where its output stands in the document, and that output."""

    def __init__(self, line, command, start, expected):
        self.line, self.command, self.start, self.expected = line, command, start, expected


def examples_of(lines):
    found, inside, example = [], False, None
    for number, line in enumerate(lines):
        if line.startswith("```"):
            inside, example = line.strip() == "```console", None
        elif not inside:
            continue
        elif line.startswith("$ "):
            example = Example(number + 1, line[2:], number + 1, [])
            found.append(example)
        elif example and not example.expected and line.startswith("> "):
            example.command += "\n" + line[2:]
            example.start = number + 1
        elif example:
            example.expected.append(line)
    return found


def segments(expected):
    """The runs of lines between dots."""
    runs = [[]]
    for line in expected:
        if line == DOTS:
            runs.append([])
        else:
            runs[-1].append(line)
    return runs


def at(run, actual, place):
    return actual[place : place + len(run)] == run


def fits(expected, actual):
    runs = segments(expected)
    if len(runs) == 1:
        return expected == actual
    if not at(runs[0], actual, 0):
        return False
    place = len(runs[0])
    for run in runs[1:-1]:
        while place <= len(actual) and not at(run, actual, place):
            place += 1
        place += len(run)
    last = len(actual) - len(runs[-1])
    return place <= last and at(runs[-1], actual, last)


def most_similar(run, actual, place):
    def likeness(start):
        pairs = zip(run, actual[start : start + len(run)])
        return sum(difflib.SequenceMatcher(None, a, b).ratio() for a, b in pairs)

    return max(range(place, max(place, len(actual) - len(run)) + 1), key=likeness)


def renewed(expected, actual):
    runs = segments(expected)
    if len(runs) == 1:
        return actual
    out, place = [], 0
    for index, run in enumerate(runs):
        if index == len(runs) - 1:
            place = len(actual) - len(run)
        elif index > 0 and run:
            place = most_similar(run, actual, place)
        out += actual[place : place + len(run)] + [DOTS]
        place += len(run)
    return out[:-1]


def run(command, room, environment):
    done = subprocess.run(["sh", "-c", command], cwd=room, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode("utf-8", "replace")
    return [line.rstrip() for line in text.splitlines()], done.returncode


def make_room(directory, program):
    room = pathlib.Path(directory)
    for name in ("data", "docs", "instruments"):
        (room / name).symlink_to(ROOT / name)
    (room / "build").mkdir()
    (room / "build" / "omstat").symlink_to(program)
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "OMSTAT")}
    environment.update(PATH=f"{room}/build:{os.environ['PATH']}", LC_ALL="C", TERM="dumb")
    return room, environment


def missing_links(path, text):
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        file = target.split("#")[0]
        if file and not re.match(r"[a-z]+:", file) and not (path.parent / file).exists():
            yield f"there is no {target}"


def unknown_options(text, known):
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    for code in re.findall(r"`([^`]+)`", prose):
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code):
            if option not in known:
                yield f"the program has no option {option}"


class Tally:
    passed = failed = 0

    def say(self, name, complaints):
        complaints = list(complaints)
        if complaints:
            self.failed += 1
        else:
            self.passed += 1
        for line in complaints:
            print(f"# {line}")
        print(f"{'not ok' if complaints else 'ok'} {self.passed + self.failed} - {name}")


def check_examples(path, program, update, tally):
    lines = path.read_text(encoding="utf-8").splitlines()
    name, moved = path.relative_to(ROOT), 0
    with tempfile.TemporaryDirectory() as directory:
        room, environment = make_room(directory, program)
        for example in examples_of(lines):
            actual, status = run(example.command, room, environment)
            complaints = [f"exit code {status}"] if status else []
            if not fits(example.expected, actual):
                if update and not complaints:
                    start = example.start + moved
                    fresh = renewed(example.expected, actual)
                    lines[start : start + len(example.expected)] = fresh
                    moved += len(fresh) - len(example.expected)
                    print(f"# {name}:{example.line}: written anew")
                else:
                    complaints += list(difflib.unified_diff(example.expected, actual, "shown", "written", lineterm=""))[:60]
            tally.say(f"{name}:{example.line} {example.command.splitlines()[0]}", complaints)
    if update:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments):
    update = arguments[:1] == ["--update"]
    arguments = arguments[update:]
    if not arguments:
        print("usage: tests/docs/run.sh [--update] OMSTAT [DOCUMENT...]", file=sys.stderr)
        return 64
    program = pathlib.Path(arguments[0]).resolve()
    documents = [pathlib.Path(name).resolve() for name in arguments[1:]]
    documents = documents or sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md"))
    known = set(OTHER_OPTIONS)
    for command in COMMANDS:
        text = subprocess.run([program, "help", command], stdout=subprocess.PIPE, check=True).stdout.decode()
        known.update(re.findall(r"--[a-z][a-z-]*", text))
    tally = Tally()
    for path in documents:
        check_examples(path, program, update, tally)
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        tally.say(f"{name}: links", missing_links(path, text))
        tally.say(f"{name}: options", unknown_options(text, known))
    print(f"1..{tally.passed + tally.failed}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
