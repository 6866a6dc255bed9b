#!/usr/bin/env python3
"""The hostile world around omstat: signals, full disks, links, FIFOs, hostile files.

    tests/faults/world.py BUILD [--large] [--unbounded]

Each function is a test; --large makes the hostile files as large as an attacker would, --unbounded does not look at
memory (a build with a sanitizer has its own).
"""
import gzip
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

OMSTAT = os.path.abspath(os.path.join(sys.argv[1], "omstat"))
LARGE = "--large" in sys.argv[2:]
MIB = 1 << 20
BOUND = sys.maxsize if "--unbounded" in sys.argv[2:] else 64 * MIB
NAMES = ",".join(f"phq9_{i}_{o}" for o in ("pre", "post") for i in range(1, 10))
ZEROS = ",".join("0" * 18)


def panel(path, n):
    with open(path, "w", encoding="ascii") as file:
        file.write(f"id,site,{NAMES}\n")
        for i in range(n):
            file.write(f"p{i:07},{'AB'[i % 2]},{','.join(str((i * 7 + k) % 4) for k in range(18))}\n")


def run(*arguments, **more):
    return subprocess.run([OMSTAT, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                          check=False, **more)


def largest(*arguments):
    """Exit code, and bytes in memory at most. A process of its own, for this one's size is inherited."""
    probe = ("import os,resource,subprocess,sys;p=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,"
             "stderr=subprocess.DEVNULL);print(p.returncode,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", probe, OMSTAT, *arguments], capture_output=True, check=True, timeout=600)
    code, kilobytes = done.stdout.split()
    return int(code), int(kilobytes) * 1024


def strangers():
    return [name for name in os.listdir(".") if name.startswith(".omstat")]


def ended_by(number, rounds):
    """Whenever a signal comes: the old file or the new one, and nothing else."""
    panel("panel.csv", 20000)
    assert run("score", "panel.csv", "-q", "-o", "whole.csv").returncode == 0
    with open("whole.csv", "rb") as file:
        whole = file.read()
    started = time.time()
    run("score", "panel.csv", "-q", "-o", "scores.csv")
    takes = time.time() - started
    rng = random.Random(number)
    for _ in range(rounds):
        with open("scores.csv", "wb") as file:
            file.write(b"old\n")
        with subprocess.Popen([OMSTAT, "score", "panel.csv", "-q", "-o", "scores.csv"], stdin=subprocess.DEVNULL) as process:
            time.sleep(rng.random() * takes * 1.2)
            process.send_signal(number)
            code = process.wait(60)
        with open("scores.csv", "rb") as file:
            text = file.read()
        assert code in (0, -number), code
        assert text in (b"old\n", whole), "half an output"
        assert code != 0 or text == whole
        assert number == signal.SIGKILL or not strangers(), strangers()
        for name in strangers(): # killed between naming and renaming: harmless, and to be recognised
            assert len(name) == len(".omstat-") + 16
            os.unlink(name)


def test_interrupt():
    ended_by(signal.SIGINT, 40 if LARGE else 8)


def test_terminate():
    ended_by(signal.SIGTERM, 40 if LARGE else 8)


def test_hang_up():
    ended_by(signal.SIGHUP, 40 if LARGE else 4)


def test_kill():
    ended_by(signal.SIGKILL, 100 if LARGE else 8)


def test_folder_killed():
    """A folder of reports is there whole, or not at all; what a run leaves that is ended, the next removes."""
    panel("panel.csv", 20000)
    with open("monthly.yaml", "w", encoding="ascii") as file:
        file.write("statistics: [paired]\nreports:\n  a: {outputs: [csv, json]}\n  b: {by: [site], outputs: [html]}\n")
    command = ("batch", "--study", "monthly.yaml", "-q", "panel.csv", "--period", "2026-12", "-o")
    started = time.time()
    assert run(*command, "reports").returncode == 0
    takes = time.time() - started

    def content(folder):
        return sorted((name, os.path.getsize(os.path.join(folder, name))) for name in os.listdir(folder))

    whole = content("reports/2026-12")
    rng = random.Random(9)
    for i in range(40 if LARGE else 8):
        number = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[i % 3]
        shutil.rmtree("reports")
        with subprocess.Popen([OMSTAT, *command, "reports"], stdin=subprocess.DEVNULL) as process:
            time.sleep(rng.random() * takes * 1.2)
            process.send_signal(number)
            process.wait(60)
        left = os.listdir("reports") if os.path.isdir("reports") else []
        assert all(name == "2026-12" or (name.startswith(".omstat-") and len(name) == 24) for name in left), left
        for name in left:
            os.utime(os.path.join("reports", name), (0, 0)) # an hour later
        assert "2026-12" in left or run(*command, "reports").returncode == 0
        assert os.listdir("reports") == ["2026-12"] and content("reports/2026-12") == whole


def test_full_disk():
    panel("panel.csv", 20000)
    assert run("tally", "panel.csv", "-q", "-o", "all.tally").returncode == 0
    with open("claims.yaml", "w", encoding="ascii") as file:
        file.write("claims: [{id: a, value: 79 %, n: 67}]\n")
    for arguments in (("score", "panel.csv", "-q"), ("report", "panel.csv", "-q", "--format", "csv"), ("validate", "panel.csv", "-q"),
                      ("report", "panel.csv", "-q", "--format", "xlsx"), ("report", "panel.csv", "-q", "--format", "html"),
                      ("report", "all.tally", "-q"), ("tally", "panel.csv", "-q"), ("merge", "all.tally"),
                      ("claims", "claims.yaml", "-q"), ("schema", "panel.csv")):
        if arguments[0] == "schema": # to standard output only
            with open("/dev/full", "wb") as full:
                done = subprocess.run([OMSTAT, *arguments], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, check=False)
        else:
            done = run(*arguments, "-o", "/dev/full")
        assert done.returncode == 74 and b"No space" in done.stderr, done


def test_limit_of_file_size():
    panel("panel.csv", 20000)
    with open("scores.csv", "w", encoding="ascii") as file:
        file.write("old\n")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    done = run("score", "panel.csv", "-q", "-o", "scores.csv", preexec_fn=limit)
    with open("scores.csv", encoding="ascii") as file:
        assert done.returncode == 74 and file.read() == "old\n", done
    assert not strangers()


def test_closed_pipe():
    panel("panel.csv", 20000)
    with subprocess.Popen([OMSTAT, "score", "panel.csv", "-q"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == -signal.SIGPIPE and said == b"", said


def test_shrinking_file():
    """A file that changes while it is read is told of, whatever was made of it."""
    big, small = 200000, 20
    for command in (("report", "--format", "csv"), ("score",), ("validate", "--format", "json"), ("tally",)):
        panel("panel.csv", big)
        panel("other.csv", small)
        for change in ("shrink", "replace"):
            if os.path.exists("out"):
                os.unlink("out")
            with subprocess.Popen([OMSTAT, command[0], "panel.csv", "-q", *command[1:], "--threads", "1", "-o", "out"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                time.sleep(0.05)
                if change == "shrink":
                    os.truncate("panel.csv", 1000)
                else:
                    os.rename("other.csv", "panel.csv")
                said = process.stderr.read()
                code = process.wait(60)
            assert code >= 0, (command, change, code)
            panel("panel.csv", big)
            if code == 0: # it had read all of it by then
                continue
            assert code in (1, 65, 74), (command, change, code, said)
            assert command[0] == "validate" or not os.path.exists("out"), (command, change)


def test_same_file():
    panel("panel.csv", 10)
    with open("panel.csv", "rb") as file:
        before = file.read()
    os.link("panel.csv", "hard.csv")
    os.symlink("panel.csv", "soft.csv")
    os.mkdir("inside")
    for other in ("panel.csv", "hard.csv", "./inside/../panel.csv", os.path.abspath("panel.csv"), "soft.csv"):
        for command in (("score", "panel.csv", "-o"), ("report", "panel.csv", "-o"), ("validate", "panel.csv", "--valid"),
                        ("tally", "panel.csv", "-o"), ("report", "panel.csv", "-o", "out.md", "--manifest"),
                        ("validate", "panel.csv", "--write-baseline")):
            done = run(*command, other, "-q")
            assert done.returncode in (64, 73), (other, command, done)
            with open("panel.csv", "rb") as file:
                assert file.read() == before


def test_links_at_the_output():
    panel("panel.csv", 10)
    with open("precious", "w", encoding="ascii") as file:
        file.write("precious\n")
    os.symlink("precious", "out.csv")
    os.symlink("nowhere", "dangling.csv")
    for name in ("out.csv", "dangling.csv"):
        for command in (("score", "panel.csv", "-q"), ("report", "panel.csv", "-q"), ("tally", "panel.csv", "-q"),
                        ("validate", "panel.csv", "-q")):
            done = run(*command, "-o", name)
            assert done.returncode == 73 and b"symbolic link" in done.stderr, done
    with open("precious", "rb") as file:
        assert file.read() == b"precious\n"
    os.mkdir("figures") # what stands in the way in a folder that somebody else may write to
    assert run("report", "panel.csv", "-q", "--figures", "figures").returncode == 0
    names = os.listdir("figures")
    for name in names:
        os.unlink(os.path.join("figures", name))
        os.symlink("../precious", os.path.join("figures", name))
    done = run("report", "panel.csv", "-q", "--figures", "figures")
    assert names and done.returncode == 73 and b"symbolic link" in done.stderr, done
    os.mkdir("elsewhere")
    with open("monthly.yaml", "w", encoding="ascii") as file:
        file.write("reports:\n  a: {outputs: [csv]}\n")
    os.mkdir("reports")
    os.symlink("../elsewhere", "reports/2026-12")
    done = run("batch", "--study", "monthly.yaml", "-q", "panel.csv", "--period", "2026-12", "-o", "reports")
    assert done.returncode == 73 and not os.listdir("elsewhere"), done
    with open("precious", encoding="ascii") as file:
        assert file.read() == "precious\n" and not os.path.exists("nowhere")


def test_fifos():
    panel("panel.csv", 100)
    want = run("score", "panel.csv", "-q").stdout
    os.mkfifo("in")
    os.mkfifo("out")
    with subprocess.Popen([OMSTAT, "score", "in", "-q", "-o", "out"]) as process, \
            subprocess.Popen(["cp", "panel.csv", "in"]):
        with open("out", "rb") as file:
            assert file.read() == want
        assert process.wait(60) == 0


def test_key_in_parts():
    """Half a key is another key: a pipe that gives it in parts gives all of it."""
    panel("panel.csv", 50)
    with open("key", "w", encoding="ascii") as file:
        file.write("0123456789abcdef" * 4)
    os.chmod("key", 0o600)
    want = run("pair", "panel.csv", "-q", "--pairing-key", "key").stdout
    os.mkfifo("parts", 0o600)
    with subprocess.Popen([OMSTAT, "pair", "panel.csv", "-q", "--pairing-key", "parts"], stdout=subprocess.PIPE) as process:
        with open("parts", "w", encoding="ascii", buffering=1) as file:
            for _ in range(4):
                file.write("0123456789abcdef")
                file.flush()
                time.sleep(0.05)
        got = process.stdout.read()
        assert process.wait(60) == 0
    assert want and got == want


def test_hostile_definitions():
    panel("panel.csv", 10)
    for name, text in (("depth", "by: " + "[" * 500000), ("nodes", "by: [" + "x," * 300000 + "]"),
                       ("aliases", "a: &a [x,x]\n" + "".join(f"b{i}: &b{i} [*a,*a]\n" for i in range(999))),
                       ("size", "by: [" + "x" * (2 * MIB) + "]"), ("keys", "by: a\nby: b\n"), ("number", "shift: 1e999999\n"),
                       ("nul", "by: a\0b\n"), ("bytes", "by: \udcff\n")):
        with open(name + ".yaml", "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        for arguments in (("report", "panel.csv", "-q", "--study"), ("instruments", "check")):
            code, size = largest(*arguments, name + ".yaml")
            assert code == 78, (name, arguments, code)
            assert size <= BOUND, (name, size)


def hostile_panels(n):
    header = f"id,site,{NAMES}\n"
    yield "line", ["x" * MIB] * (n // 4), 0
    yield "field", [header, "a,", *["y" * MIB] * (n // 4)], 0
    yield "columns", [f"c{i}," for i in range(n * 10000)], 0
    yield "record", [header, "a", *["," * MIB] * (n // 4)], 0
    yield "quotes", [header, '""\n' * (n * 10000)], 0
    yield "open quotes", [header, *[f'"a{i},A,{ZEROS}\n' for i in range(n * 2000)]], 0
    yield "groups", [header, *[f"p{i:07},g{i},{ZEROS}\n" for i in range(n * 10000)]], 0
    yield "findings", [header, *[f"p{i:07},A,{i % 9999 + 4},{ZEROS[2:]}\n" for i in range(n * 10000)]], 0
    yield "blank lines", [header, "\n" * (n * MIB // 2)], 0
    yield "NUL", [header, "\0" * (n * MIB // 2)], 0
    yield "one person", [header, *[f"p1,A,{ZEROS}\n"] * (n * 10000)], n * 10000 * 48
    yield "no order", [header, *[f"p{i * 7919 % (n * 10000):07},A,{ZEROS}\n" for i in range(n * 10000)]], n * 10000 * 48


def test_memory_is_bounded():
    for name, parts, persons in hostile_panels(100 if LARGE else 8):
        with open("hostile.csv", "w", encoding="ascii") as file:
            file.writelines(parts)
        for command in (("report", "--by", "site"), ("validate",), ("score",)):
            code, size = largest(command[0], "hostile.csv", "-q", *command[1:])
            assert code in (0, 1, 64, 65), (name, command, code)
            assert size <= BOUND + persons, (name, command, f"{size / MIB:.1f} MiB")


ITEMS = {"phq9": 9, "gad7": 7, "pcl5": 20}


def large_panel(path, persons, of, layout="long"):
    """A record a person and occasion with complete forms of three instruments, ids in no order. `of` makes the id
    of the k-th person."""
    names = [f"{name}_{i}" for name, items in ITEMS.items() for i in range(1, items + 1)]
    chance = random.Random(persons)
    answers = [",".join(str(chance.randrange(4)) for _ in names) for _ in range(9973)]
    if layout == "wide":
        header, occasions = ",".join(f"{name}_{o}" for o in ("pre", "post") for name in names), ("",)
        answers = [f"{a},{b}" for a, b in zip(answers, reversed(answers))]
    else:
        header, occasions = "visit," + ",".join(names), ("pre,", "post,")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"id,{header}\n")
        for o, occasion in enumerate(occasions):
            for k in range(persons):
                turned = k * 7919 % persons if persons % 7919 else k
                file.write(f"{of(turned)},{occasion}{answers[(k * 31 + o * 17) % 9973]}\n")


PANELS = {
    "wide": lambda path, n: large_panel(path, n, "{:07}".format, "wide"),
    "ids of 20 letters": lambda path, n: large_panel(path, n, "person-with-id-{:07}".format),
    "one id": lambda path, n: large_panel(path, n, lambda k: "p1"),
    "ids of ten records": lambda path, n: large_panel(path, n, lambda k: str(k // 5)),
}


def test_memory_does_not_grow_with_the_panel():
    """More persons take at most two bytes more each, and what the allocator likes; and a limit holds."""
    for name, make in PANELS.items():
        few = 80_000 if name in ("wide", "one id") else 20_000  # where more than the limit waits
        many = few * (10 if LARGE else 4)
        size = {}
        for persons in (few, many):
            make("large.csv", persons)
            for command in ("report", "score", "validate"):
                code, size[command, persons] = largest(command, "large.csv", "-q", "--threads", "1", "--memory", "1M")
                assert code in (0, 1, 65), (name, command, code)
                assert size[command, persons] <= BOUND, (name, command, f"{size[command, persons] / MIB:.1f} MiB")
                if command != "score":  # which keeps the text for a pipe
                    assert size[command, persons] <= 28 * MIB, (name, command, f"{size[command, persons] / MIB:.1f} MiB")
        for command in ("report", "validate"):
            more = size[command, many] - size[command, few]
            assert more < 2 * MIB + 2 * (many - few), (name, command, f"{more / (many - few):.1f} bytes a person")


def test_bombs():
    n = 1000 if LARGE else 64
    with gzip.open("zeros.gz", "wb", 1) as file:
        for _ in range(n):
            file.write(b"\0" * MIB)
    with gzip.open("lines.gz", "wb", 1) as file:
        file.write(f"id,site,{NAMES}\n".encode())
        for _ in range(n):
            file.write(b"a,b\n" * (MIB // 4))
    subprocess.run("gzip -dc zeros.gz | zstd -q -20 --ultra > zeros.zst; gzip -dc lines.gz | zstd -q > lines.zst",
                   shell=True, check=True)
    for name in ("zeros.gz", "lines.gz", "zeros.zst", "lines.zst"):
        for command in (("report",), ("validate", "--max-input", "10M")):
            code, size = largest(command[0], name, "-q", *command[1:])
            assert code in (1, 65), (name, command, code)
            assert size <= BOUND, (name, command, f"{size / MIB:.1f} MiB")


def main():
    passed = failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        room = tempfile.mkdtemp(prefix="world-")
        os.chdir(room)
        try:
            test()
            passed += 1
            print(f"ok {passed + failed} - {name[5:].replace('_', ' ')}")
        except (AssertionError, subprocess.SubprocessError, OSError) as problem:
            failed += 1
            print(f"not ok {passed + failed} - {name[5:].replace('_', ' ')}\n#   {str(problem)[:600]}")
        os.chdir("/")
        shutil.rmtree(room)
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
