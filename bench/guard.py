"""Compares what was measured with the baseline, or writes the baseline.

usage: guard.py compare|write ratios|instructions BASELINE MEASURED

A figure is lost when it is worse than the baseline by more than is allowed; then the exit code is 1. It is 2
when the rounds differ so much that nothing can be told, or should be written.
"""
import json
import sys

# Beyond the noise: bench/README.md says how these were chosen.
FIXED = {"ratios": 0.08, "instructions": 0.03}
MOST_SPREAD = 0.05
MOST_OTHERS = 0.1  # processors used by other work: it shares caches, memory and, with two threads a core, the core


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def spread(figure):
    """Half of the distance between the quartiles, relative to the median."""
    return (figure["upper_quartile"] - figure["lower_quartile"]) / 2 / figure["median"]


def loss(figure, base):
    """How much worse, relative to the baseline; negative when it is better."""
    change = figure["median"] / base["median"] - 1
    return -change if figure["better"] == "more" else change


def compare(kind, baseline, measured):
    base = baseline[kind]
    figures = {figure["figure"]: figure for figure in measured["figures"]}
    compared, lost, noisy = 0, 0, 0
    others = measured["machine"].get("others", 0)
    if others > MOST_OTHERS:
        print(f"note: other work used {others:.2f} processors meanwhile: a loss cannot be told from its effect")
    for key in ("cpu", "compiler"):
        if base["machine"].get(key) != measured["machine"].get(key):
            print(f"note: the baseline is of another {key}: {base['machine'].get(key)}")
    for name, was in base["figures"].items():
        now = figures.pop(name, None)
        if now is None:
            print(f"  {name:48} {was['median']:12.5g}   not measured here")
            continue
        allowed = FIXED[kind] + spread(was) + spread(now)
        worse = loss(now, was)
        if spread(now) > MOST_SPREAD or (worse > allowed and others > MOST_OTHERS):
            verdict = "too noisy"
        else:
            verdict = "LOST" if worse > allowed else "better" if -worse > allowed else ""
        compared += 1
        lost += verdict == "LOST"
        noisy += verdict == "too noisy"
        print(f"  {name:48} {was['median']:12.5g} {now['median']:12.5g} {-worse:+8.1%} (allowed {-allowed:.1%}) {verdict}")
    for name, now in figures.items():
        print(f"  {name:48} {'':12} {now['median']:12.5g}   not in the baseline")
    print(f"{compared} figures compared, {lost} lost, {noisy} too noisy to tell")
    return 1 if lost or not compared else 2 if noisy else 0


def write(kind, path, measured):
    noisy = [figure["figure"] for figure in measured["figures"] if spread(figure) > MOST_SPREAD]
    if noisy:
        print(f"not written: too noisy, other work is on the machine: {'; '.join(noisy)}")
        return 2
    if measured["machine"].get("others", 0) > MOST_OTHERS:
        print("note: other work was on the machine: write it again when it is quiet")
    try:
        baseline = read(path)
    except FileNotFoundError:
        baseline = {"schema": "omstat/bench-baseline/1"}
    keys = ("better", "median", "lower_quartile", "upper_quartile")
    baseline[kind] = {
        "machine": {key: measured["machine"].get(key) for key in ("cpu", "compiler")},
        "figures": {figure["figure"]: {key: figure[key] for key in keys} for figure in measured["figures"]},
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(baseline, file, indent=2)
        file.write("\n")
    print(f"{path}: {len(measured['figures'])} {kind}")
    return 0


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("compare", "write") or sys.argv[2] not in FIXED:
        print(__doc__, file=sys.stderr)
        return 64
    verb, kind, path, measured = sys.argv[1:]
    if verb == "write":
        return write(kind, path, read(measured))
    return compare(kind, read(path), read(measured))


sys.exit(main())
