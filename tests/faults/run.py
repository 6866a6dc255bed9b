#!/usr/bin/env python3
"""Makes every call of omstat for memory and to the system fail in turn, over a dozen scenarios.

    tests/faults/run.py BUILD [--every [--stride N]] [--only SCENARIO,...] [--jobs N]

A scenario is run once as it is. Then each time with one more of its calls failing (tests/faults/inject.c):
without --every some of them, spread evenly, for the tests of every change; with it all (of those for memory each
N-th, if so wanted), alone and together with all that come after, for the nightly check. Demanded each time:

    it ends by itself, with an exit code of the contract, and not by a signal;
    with the exit code of the undisturbed run, everything it wrote is the same;
    otherwise no output exists that is not whole, and nothing temporary is left;
    it has given back all memory, as the undisturbed run had.

A call that was interrupted, and a read or write that did a single byte, change nothing at all.
"""
import argparse
import concurrent.futures
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile

CODES = {0, 1, 64, 65, 66, 69, 70, 71, 73, 74, 77, 78}
SOME = {"memory": 24, "system": 16}

ITEMS = ",".join(f"phq9_{i}" for i in range(1, 10))


def answers(person, shift):
    return ",".join(str((person * 7 + k * shift) % 4) for k in range(9))


def wide(n):
    names = [f"phq9_{i}_{o}" for o in ("pre", "post") for i in range(1, 10)]
    lines = ["id,site," + ",".join(names)]
    lines += [f"P{p:03},{'AB'[p % 2]},{answers(p, 1)},{answers(p, 3)}" for p in range(n)]
    return "\n".join(lines) + "\n"


def long(n, order=lambda p, n: p):
    lines = [f"id,occasion,site,{ITEMS}"]
    for occasion, shift in (("pre", 1), ("post", 3)):
        for k in range(n):
            p = order(k, n)
            lines.append(f"P{p:03},{occasion},{'AB'[p % 2]},{answers(p, shift)}")
    return "\n".join(lines) + "\n"


def make_inputs(room, omstat):
    def put(name, data):
        with open(os.path.join(room, name), "wb") as file:
            file.write(data)

    put("wide.csv", wide(40).encode())
    put("ascending.csv", ("\n".join(sorted(long(40).split("\n")[1:-1])) + "\n").encode())
    with open(os.path.join(room, "ascending.csv"), "rb") as file:
        body = file.read()
    put("ascending.csv", f"id,occasion,site,{ITEMS}\n".encode() + body)
    put("shuffled.csv", long(40, lambda k, n: k * 7 % n).encode())
    put("wide.csv.gz", gzip.compress(wide(40).encode(), mtime=0))
    put("utf16.csv", wide(40).encode("utf-16"))
    bad = wide(40).replace("P003,B", '"P003,B').replace("P005,B,", "P005,B,9,").replace("P007,B", "=P007,B")
    put("bad.csv", bad.encode())
    put("study.yaml", b"by: [site]\nrule: [shift, band]\nstatistics: [paired, reliability]\n"
                      b"checks: ['phq9_1_pre > 2 => phq9_2_pre != blank']\n")
    lines = wide(40).splitlines(keepends=True)
    put("first.csv", "".join(lines[:20]).encode())
    put("second.csv", "".join(lines[:1] + lines[20:]).encode())
    put("monthly.yaml", b"statistics: [paired]\nreports:\n  by-site: {by: [site], outputs: [html, csv, xlsx]}\n"
                        b"  everybody: {outputs: [json, svg]}\n")
    put("claims.yaml", b"claims:\n  - {id: share, instrument: phq9, rule: shift, statistic: class.improved, value: 79 %, n: 40}\n"
                       b"  - {id: mean, instrument: phq9, occasion: pre, statistic: mean, value: 12.37, n: 20..30}\n"
                       b"  - {id: test, test: {t: 2.10, df: 39, p: .02}}\n")
    put("key", bytes(range(32)))
    os.chmod(os.path.join(room, "key"), 0o600)
    for made in ("tally first.csv --by site -o first.tally", "tally second.csv --by site -o second.tally",
                 "merge first.tally second.tally -o all.tally", "report wide.csv -o report.md"):
        subprocess.run([omstat, *made.split()], cwd=room, check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["zstd", "-q", "-c", "wide.csv"], cwd=room, check=True,
                   stdout=open(os.path.join(room, "wide.csv.zst"), "wb"))
    subprocess.run([omstat, "validate", "bad.csv", "-q", "--write-baseline", "accepted.json"], cwd=room,
                   stdout=subprocess.DEVNULL)
    subprocess.run([omstat, "schema", "wide.csv"], cwd=room, check=True, stdout=open(os.path.join(room, "schema.json"), "wb"),
                   stderr=subprocess.DEVNULL)


# name, arguments, standard input, files that it writes; of what ends in "/": whatever is in the folder
SCENARIOS = [
    ("report-wide", "report wide.csv --by site -o out.txt", None, ["out.txt"]),
    ("report-long", "report ascending.csv --format csv", None, []),
    ("report-shuffled", "report shuffled.csv --threads 2 --memory 1M --format json -o out.json", None, ["out.json"]),
    ("report-gzip", "report wide.csv.gz --format markdown", None, []),
    ("report-zstd", "report wide.csv.zst --format csv -o out.csv", None, ["out.csv"]),
    ("report-pipe", "report - --format csv", "shuffled.csv", []),
    ("report-utf16", "report utf16.csv --encoding utf-16 --format csv", None, []),
    ("report-study", "report wide.csv --study study.yaml --format csv -o out.csv", None, ["out.csv"]),
    ("report-html", "report wide.csv --by site -o out.html --manifest out.manifest", None, ["out.html", "out.manifest"]),
    ("report-xlsx", "report wide.csv --by site -o out.xlsx", None, ["out.xlsx"]),
    ("report-figures", "report wide.csv --figures figures", None, ["figures/"]),
    ("report-tally", "report all.tally --by site --format csv -o out.csv", None, ["out.csv"]),
    ("score", "score shuffled.csv -o scores.csv", None, ["scores.csv"]),
    ("score-pipe", "score - --duplicates last", "shuffled.csv", []),
    ("validate", "validate bad.csv --by site --format sarif -o out.sarif", None, ["out.sarif"]),
    ("validate-split", "validate bad.csv -q --baseline accepted.json --schema schema.json --valid good.csv "
                       "--invalid rejected.csv", None, ["good.csv", "rejected.csv"]),
    ("write-baseline", "validate bad.csv -q --write-baseline new.json", None, ["new.json"]),
    ("batch", "batch --study monthly.yaml -o reports --period 2026-12 wide.csv", None, ["reports/"]),
    ("verify", "verify report.md", None, []),
    ("claims", "claims claims.yaml wide.csv --format json -o out.json", None, ["out.json"]),
    ("claims-arithmetic", "claims claims.yaml --format junit", None, []),
    ("tally", "tally wide.csv --by site -o out.tally", None, ["out.tally"]),
    ("tally-shuffled", "tally shuffled.csv --threads 2 -q -o out.tally", None, ["out.tally"]),
    ("tally-show", "tally --show all.tally --format json", None, []),
    ("merge", "merge first.tally second.tally -o out.tally", None, ["out.tally"]),
    ("merge-subtract", "merge all.tally --subtract second.tally -o out.tally", None, ["out.tally"]),
    ("pair", "pair shuffled.csv --pairing-key key -o out.pairs", None, ["out.pairs"]),
    ("slurm", "slurm shuffled.csv --as make --shards 3", None, []),
    ("init", "init shuffled.csv", None, []),
    ("schema", "schema wide.csv", None, []),
    ("instruments", "instruments show pcl5", None, []),
    ("explain", "explain OM132", None, []),
    ("help", "help report", None, []),
]


def written(room, known):
    """All files that are not known, by their paths; an empty folder that has a strange name too."""
    for folder, folders, files in os.walk(room):
        here = os.path.relpath(folder, room)
        for name in sorted(files) + [name for name in folders if name.startswith(".")]:
            path = os.path.normpath(os.path.join(here, name))
            if path not in known:
                yield path


def is_output(path, outputs):
    within = any(output.endswith("/") and path.startswith(output) for output in outputs)
    return path in outputs or (within and not any(part.startswith(".") for part in path.split("/")))


class Outcome:
    def __init__(self, code, stdout, files, left, calls, live):
        self.code, self.stdout, self.files, self.left = code, stdout, files, left
        self.calls, self.live = calls, live


class Bench:
    def __init__(self, build):
        self.omstat = os.path.abspath(os.path.join(build, "omstat"))
        self.library = os.path.abspath(os.path.join(build, "tests/faults/inject.so"))
        self.top = tempfile.mkdtemp(prefix="faults-")
        self.inputs = os.path.join(self.top, "inputs")
        os.mkdir(self.inputs)
        make_inputs(self.inputs, self.omstat)
        self.known = set(os.listdir(self.inputs))
        self.programs = os.path.join(self.top, "programs")
        os.mkdir(self.programs)
        with open(os.path.join(self.programs, "rsvg-convert"), "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexec cat\n")  # what is tried here is how it is called
        os.chmod(file.name, 0o755)
        self.n_runs = 0

    def run(self, scenario, kind, at=None, how="once"):
        name, arguments, stdin, outputs = scenario
        room = tempfile.mkdtemp(dir=self.top)
        for file in self.known:
            os.link(os.path.join(self.inputs, file), os.path.join(room, file))
        report = os.path.join(self.top, os.path.basename(room) + ".report")
        environment = {"PATH": self.programs + ":/usr/bin:/bin", "SOURCE_DATE_EPOCH": "1800000000",
                       "LD_PRELOAD": self.library, "FAULT_KIND": kind, "FAULT_HOW": how, "FAULT_REPORT": report}
        if at is not None:
            environment["FAULT_AT"] = str(at)
        given = None
        if stdin:
            with open(os.path.join(room, stdin), "rb") as file:
                given = file.read()
        try:
            done = subprocess.run([self.omstat, *arguments.split()], cwd=room, env=environment, timeout=300,
                                  **({"input": given} if stdin else {"stdin": subprocess.DEVNULL}),
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            code, stdout = done.returncode, done.stdout.replace(room.encode(), b"ROOM")
        except subprocess.TimeoutExpired:
            code, stdout = "hangs", b""
        files, left = {}, []
        for file in written(room, self.known):
            if is_output(file, outputs):
                with open(os.path.join(room, file), "rb") as opened:
                    files[file] = opened.read()
            else:
                left.append(file)
        calls = live = None
        if os.path.exists(report):
            with open(report) as file:
                calls, live = map(int, file.read().split())
            os.unlink(report)
        shutil.rmtree(room)
        self.n_runs += 1
        return Outcome(code, stdout, files, left, calls, live)


def tells_of_fault(file, data):
    """A list of findings with the fault among them."""
    if not file.endswith(".sarif"):
        return False
    return any(result["ruleId"] in ("OM160", "OM161", "OM162") for result in json.loads(data)["runs"][0]["results"])


def judge(whole, got, how):
    """What is wrong with an outcome, or None."""
    if got.code == "hangs":
        return "it hangs"
    if got.code < 0:
        return f"it was ended by signal {-got.code}"
    if got.code not in CODES:
        return f"exit code {got.code}"
    if got.left:
        return "it left " + ", ".join(got.left)
    if got.live is None:
        return "it did not end in order"
    same = got.stdout == whole.stdout and got.files == whole.files
    if how in ("again", "short") and (got.code != whole.code or not same):
        return f"exit code {got.code} and other bytes" if not same else f"exit code {got.code}"
    if got.code == whole.code and not same:
        return f"exit code {got.code}, but other bytes"
    if got.code != whole.code and (set(got.files) - set(whole.files)):
        return "another output"
    if got.code != whole.code and any(file.startswith("reports/") for file in got.files):
        return "half a folder"
    for file, data in got.files.items():
        if got.code not in (0, 1) and data != whole.files[file] and not tells_of_fault(file, data):
            return "half an output"
    if got.live > whole.live:
        return f"{got.live - whole.live} blocks of memory were not given back"
    return None


def places(n, some, stride=1):
    if some is None or n <= some:
        return list(range(0, n, stride))
    return sorted({round(i * (n - 1) / (some - 1)) for i in range(some)})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--only", type=lambda names: names.split(","))
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    bench = Bench(options.build)
    passed = failed = 0
    try:
        for scenario in SCENARIOS:
            if options.only and scenario[0] not in options.only:
                continue
            wrong = []
            with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
                for kind in ("memory", "system"):
                    whole = bench.run(scenario, kind)
                    if whole.code not in (0, 1) or whole.calls is None:
                        wrong.append(f"undisturbed: exit code {whole.code}")
                        continue
                    for how in ("once", "on") if kind == "memory" else ("once", "on", "again", "short"):
                        if how == "on" and not options.every:
                            continue
                        stride = options.stride if kind == "memory" else 1
                        at = places(whole.calls, None if options.every else SOME[kind], stride)
                        runs = pool.map(lambda k: bench.run(scenario, kind, k, how), at)
                        for k, got in zip(at, runs):
                            problem = judge(whole, got, how)
                            if problem:
                                wrong.append(f"{kind} call {k} of {whole.calls}, {how}: {problem}")
            if wrong:
                failed += 1
                print(f"not ok - {scenario[0]}: {len(wrong)} wrong")
                for line in wrong[:10]:
                    print("#   " + line)
            else:
                passed += 1
                print(f"ok {passed} - {scenario[0]}")
            sys.stdout.flush()
    finally:
        shutil.rmtree(bench.top)
    print(f"# {bench.n_runs} runs")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
