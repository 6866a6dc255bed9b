#!/usr/bin/env python3
"""The families agreement, sensitivity and regression-to-mean on data/, computed a second time.

usage: /usr/bin/python3 tests/oracle/agreement_evaluation.py > tests/oracle/agreement_evaluation.csv

Needs SciPy. People are classified one by one, from lists of scores; kappa and its variance as Fleiss, Cohen & Everitt
(1969) print it; the normal theory of regression to the mean by numeric integration. One line a number; `report` is
the family, of data/evaluation_wide.csv.
"""

import csv
import math
import sys

import numpy as np
from reproduce_evaluation import ORDER, SCALES, Norms, Report, classify, pearson, read_evaluation, t_quantile
from scipy import integrate, stats

NAMES = {-1: "improved", 0: "unchanged", 1: "deteriorated"}


def rules_of(scale):
    points, bands = not scale.diagnosis and len(scale.items) > 1, len(scale.bands) > 1
    rules = [("shift", points), ("band", bands), ("band-or-shift", points and bands), ("screen", scale.cutoff is not None),
             ("reliable", scale.reliable is not None), ("percent", points), ("remission", scale.remission is not None),
             ("jt", points)]
    return [rule for rule, applies in rules if applies]


def class_of(scale, rule, pair, norms):
    """-1 improved or recovered, 0 unchanged, 1 deteriorated or harmed, None does not apply."""
    if rule != "jt":
        return classify(scale, rule, *pair)
    class_ = norms.classes("jt", [pair], norms.r)[0]
    return -1 if class_ in ORDER[:2] else 1 if class_ in ORDER[3:] else 0


def kappa_of(table):
    n = table.sum()
    p, r, c = table / n, table.sum(1) / n, table.sum(0) / n
    po, pe = np.trace(p), float(r @ c)
    if pe == 1:
        return None, None, None
    kappa = (po - pe) / (1 - pe)
    a = sum(p[i, i] * ((1 - pe) - (r[i] + c[i]) * (1 - po)) ** 2 for i in range(3))
    b = (1 - po) ** 2 * sum(p[i, j] * (c[i] + r[j]) ** 2 for i in range(3) for j in range(3) if i != j)
    variance = (a + b - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4)
    if variance < 1e-15:
        return kappa, None, None
    half = stats.norm.ppf(0.975) * math.sqrt(variance)
    return kappa, max(-1, kappa - half), min(1, kappa + half)


def agreement_rows(report, where, scale, pairs, norms):
    rules = rules_of(scale)
    for i, a in enumerate(rules):
        for b in rules[i + 1:]:
            classes = [(class_of(scale, a, p, norms), class_of(scale, b, p, norms)) for p in pairs]
            classes = [c for c in classes if None not in c]
            table = np.array([[classes.count((x, y)) for y in (-1, 0, 1)] for x in (-1, 0, 1)])
            at, n = where + ["change", f"{a}*{b}"], len(classes)
            report.rate(at, "agree", int(np.trace(table)), n)
            report.add(at, "kappa", *(kappa_of(table) if n else (None, None, None)), n=n)
            for x in (-1, 0, 1):
                for y in (-1, 0, 1):
                    report.count(at, f"cross.{NAMES[x]}.{NAMES[y]}", int(table[x + 1, y + 1]), n)


def threshold_rows(report, where, scale, pairs):
    top = 100 if scale.percent else scale.top * len(scale.items)
    for p in range(1, top + 1):
        report.rate(where + ["change", "shift"], f"improved.{p}", sum(x - y >= p for x, y in pairs), len(pairs))
        report.rate(where + ["change", "shift"], f"deteriorated.{p}", sum(y - x >= p for x, y in pairs), len(pairs))
    for c in range(1, top + 1):
        if where[3] != "all":
            break
        was = [(scale.reaches(x, c), scale.reaches(y, c)) for x, y in pairs]
        before = sum(x for x, _ in was)
        report.rate(where + ["change", "screen"], f"left.{c}", was.count((True, False)), before)
        report.rate(where + ["change", "screen"], f"entered.{c}", was.count((False, True)), len(was) - before)


def bound_rows(report, where, scale, started, norms):
    for rule in rules_of(scale):
        people = [s for s in started if rule != "percent" or s[0] > 0]
        classes = [class_of(scale, rule, s, norms) for s in people if s[1] is not None]
        lost, n = len(people) - len(classes), len(classes)
        at = where + ["change", rule]
        for name, value, none, every in (("improved", -1, "worst_case", "best_case"),
                                         ("deteriorated", 1, "best_case", "worst_case")):
            k = classes.count(value)
            report.rate(at, f"completers.{name}", k, n)
            report.rate(at, f"{none}.{name}", k, n + lost)
            report.rate(at, f"{every}.{name}", k + lost, n + lost)


def regression_rows(report, where, scale, pairs):
    x, y = (np.array([float(s[i]) for s in pairs]) for i in (0, 1))
    picked = np.array([scale.positive(s[0]) for s in pairs], dtype=bool)
    at, n, k = where + ["change", ""], len(pairs), int(picked.sum())
    r = pearson(x, y)
    observed = float((y - x)[picked].mean()) if k else None
    report.add(at, "rtm.observed", observed, n=k)
    report.add(at, "rtm.correlation", r, n=n)
    expected = {"rtm": None, "rtm_normal": None}
    if 0 < k < n:
        mean, sd = x.mean(), x.std(ddof=1)
        expected["rtm"] = float((mean + r * (x[picked] - mean) - x[picked]).mean())
        f = stats.norm(mean, sd).pdf
        above = [integrate.quad(g, scale.cutoff, np.inf, epsabs=0, epsrel=1e-12)[0]
                 for g in (lambda v: (mean + r * (v - mean) - v) * f(v), f)]
        expected["rtm_normal"] = above[0] / above[1]
    for name, e in expected.items():
        report.add(at, f"{name}.expected", e, n=k)
        report.add(at, f"{name}.beyond", None if e is None else observed - e, n=k)
        report.add(at, f"{name}.share", e / observed if e is not None and e * observed > 0 else None, n=k)


def baseline_rows(report, where, started):
    """Who came back against who did not, by the first score."""
    groups = [[float(s[0]) for s in started if (s[1] is None) == lost] for lost in (False, True)]
    at = where + ["pre", ""]
    for name, scores in zip(("completers", "dropouts"), groups):
        x, n = np.array(scores), len(scores)
        sd = float(x.std(ddof=1)) if n > 1 else None
        half = t_quantile(n - 1) * sd / math.sqrt(n) if sd else None
        mean = float(x.mean()) if n else None
        report.count(at, f"{name}.n", n, len(started))
        report.add(at, f"{name}.mean", mean, None if half is None else mean - half, None if half is None else mean + half, n=n)
        report.add(at, f"{name}.sd", sd, n=n)
    a, b = (np.array(g) for g in groups)
    difference = float(a.mean() - b.mean()) if len(a) and len(b) else None
    bounds, p, smd, smd_bounds = (None, None), None, None, (None, None)
    if len(a) > 1 and len(b) > 1 and a.var() + b.var() > 0:
        v, w = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
        df = (v + w) ** 2 / (v ** 2 / (len(a) - 1) + w ** 2 / (len(b) - 1))
        half = t_quantile(df) * math.sqrt(v + w)
        bounds = (difference - half, difference + half)
        p = float(stats.ttest_ind(a, b, equal_var=False).pvalue)
        smd = float(difference / math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))
        half = stats.norm.ppf(0.975) * math.sqrt(1 / len(a) + 1 / len(b) + smd ** 2 / (2 * (len(a) + len(b))))
        smd_bounds = (smd - half, smd + half)
    report.add(at, "completers.difference", difference, *bounds, n=len(started))
    report.add(at, "completers.welch.p", p, n=len(started))
    report.add(at, "completers.smd", smd, *smd_bounds, n=len(started))


def main():
    reports = {name: Report(name) for name in ("agreement", "sensitivity", "regression-to-mean")}
    persons = list(read_evaluation())
    for scale in SCALES:
        scores = [[scale.score(p[o][scale.form], False) for o in ("pre", "post")] for p in persons]
        started = [s for s in scores if s[0] is not None]
        norms = None if scale.diagnosis or len(scale.items) < 2 else Norms(scale, persons, {})
        for population in ("all", "positive"):
            if population == "positive" and scale.cutoff is None:
                continue
            where = ["all", scale.instrument, scale.name, population]
            entered = [s for s in started if population == "all" or scale.positive(s[0])]
            pairs = [s for s in entered if s[1] is not None]
            points = not scale.diagnosis and len(scale.items) > 1
            agreement_rows(reports["agreement"], where, scale, pairs, norms)
            if points:
                threshold_rows(reports["sensitivity"], where, scale, pairs)
            bound_rows(reports["sensitivity"], where, scale, entered, norms)
            if not scale.diagnosis:
                baseline_rows(reports["sensitivity"], where, entered)
            if population == "positive" and points:
                regression_rows(reports["regression-to-mean"], where, scale, [s for s in started if s[1] is not None])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow("report group instrument scale population occasion rule statistic value lower upper numerator "
                 "denominator n".split())
    for report in reports.values():
        for row in report.rows:
            out.writerow("" if x is None else x if isinstance(x, (str, int)) else f"{x:.15g}" for x in row)


if __name__ == "__main__":
    main()
