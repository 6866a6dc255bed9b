#!/usr/bin/env python3
"""Every number of the reports on data/, computed a second time, from the files and the definitions alone.

usage: /usr/bin/python3 tests/oracle/reproduce_evaluation.py > tests/oracle/evaluation.csv

Needs SciPy. Shares nothing with the C code but the data: scores are sums over rows of people, statistics are taken
from lists of scores, and tests from scipy.stats. One line a number; `report` says which report it belongs to:

  evaluation        data/evaluation_wide.csv --by cohort
  evaluation-rules  the same, with the study of RULES_STUDY below: every rule that looks at norms
  nhanes            data/nhanes_2015_2016_phq9.csv
  nhanes-prorated   the same, --missing-rule prorate
"""

import csv
import math
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import optimize, special, stats

DATA = Path(__file__).resolve().parents[2] / "data"
BLANK, DECLINED, NA = "blank", "declined", "na"
FORM_ITEMS = {"phq9": 9, "gad7": 7, "pcl5": 20, "bipf": 7}
PHQ_BANDS = [("minimal", 0), ("mild", 5), ("moderate", 10), ("moderately_severe", 15), ("severe", 20)]
GAD_BANDS = PHQ_BANDS[:3] + [("severe", 15)]
BIPF_BANDS = [("none", 0), ("mild", 11), ("moderate", 31), ("severe", 51), ("extreme", 81)]


class Scale:
    """A score of an instrument. form is the questionnaire whose answers it reads."""

    def __init__(self, instrument, name, form, items, top, **more):
        self.instrument, self.name, self.form, self.items, self.top = instrument, name, form, items, top
        self.percent = more.get("percent", False)
        self.max_blank = more.get("max_blank", 0)
        self.bands = more.get("bands", [])
        self.cutoff = more.get("cutoff")
        self.others = more.get("others", {})
        self.reliable = more.get("reliable")
        self.remission = more.get("remission")
        self.norm = more.get("norm")  # of the definition: reliability and, where it has one, SD
        self.anchor = more.get("anchor")
        self.diagnosis = more.get("diagnosis")
        self.safety = more.get("safety", False)
        self.main = name == "total"

    def score(self, answers, prorate):
        """The exact score, or None."""
        if all(a == BLANK for a in answers):
            return None
        picked = [answers[i - 1] for i in self.items]
        given = [a for a in picked if isinstance(a, int)]
        blank = sum(a in (BLANK, DECLINED) for a in picked)
        if self.diagnosis:
            return self.diagnose(answers, blank, prorate)
        if len(given) + blank + sum(a == NA for a in picked) < len(picked):
            return None
        if blank > (self.max_blank if prorate else 0) or not given:
            return None
        if self.percent:
            return Fraction(100 * sum(given), self.top * len(given))
        return Fraction(sum(given) * len(picked), len(picked) - blank)

    def diagnose(self, answers, blank, prorate):
        """The diagnosis, where no completion of the blank answers changes it."""
        if blank and not prorate:
            return None
        low = self.diagnosis([a if isinstance(a, int) else 0 for a in answers])
        high = self.diagnosis([a if isinstance(a, int) else self.top for a in answers])
        return Fraction(low) if low == high else None

    def whole(self, score):
        return score if self.diagnosis else math.floor(score + Fraction(1, 2))

    def band(self, score):
        return max(i for i, (_, start) in enumerate(self.bands) if start <= self.whole(score))

    def reaches(self, score, cutoff):
        return self.whole(score) >= cutoff

    def positive(self, score):
        return self.reaches(score, self.cutoff)


def phq9_algorithm(a):
    symptoms = [a[i] >= 2 for i in range(8)] + [a[8] >= 1]
    if not (symptoms[0] or symptoms[1]):
        return 0
    return 2 if sum(symptoms) >= 5 else 1 if sum(symptoms) >= 2 else 0


def pcl5_provisional(a):
    e = [x >= 2 for x in a]
    return int(sum(e[0:5]) >= 1 and sum(e[5:7]) >= 1 and sum(e[7:14]) >= 2 and sum(e[14:20]) >= 2)


def run(first, last):
    return list(range(first, last + 1))


SCALES = [
    Scale("phq9", "total", "phq9", run(1, 9), 3, max_blank=2, bands=PHQ_BANDS, cutoff=10, reliable=6, remission=5,
          norm=(0.84, 5.6), anchor=5),
    Scale("phq9", "algorithm", "phq9", run(1, 9), 3, bands=[("none", 0), ("other", 1), ("major", 2)], cutoff=2,
          diagnosis=phq9_algorithm),
    Scale("phq9", "item9", "phq9", [9], 3, cutoff=1, safety=True),
    Scale("gad7", "total", "gad7", run(1, 7), 3, max_blank=1, bands=GAD_BANDS, cutoff=10, others={"8": 8}, reliable=4,
          remission=5, norm=(0.83, 4.7), anchor=4),
    Scale("pcl5", "total", "pcl5", run(1, 20), 4, max_blank=4, cutoff=33, others={"31": 31, "32": 32, "38": 38},
          reliable=15, norm=(0.94, None), anchor=10),
    Scale("pcl5", "cluster_b", "pcl5", run(1, 5), 4),
    Scale("pcl5", "cluster_c", "pcl5", run(6, 7), 4),
    Scale("pcl5", "cluster_d", "pcl5", run(8, 14), 4),
    Scale("pcl5", "cluster_e", "pcl5", run(15, 20), 4),
    Scale("pcl5", "provisional_ptsd", "pcl5", run(1, 20), 4, bands=[("no", 0), ("yes", 1)], cutoff=1,
          diagnosis=pcl5_provisional),
    Scale("bipf", "total", "bipf", run(1, 7), 6, percent=True, max_blank=1, bands=BIPF_BANDS, cutoff=11,
          others={"30": 31}),
    Scale("phq2", "total", "phq9", run(1, 2), 3, cutoff=3, others={"2": 2}),
    Scale("phq8", "total", "phq9", run(1, 8), 3, max_blank=1, bands=PHQ_BANDS, cutoff=10),
    Scale("gad2", "total", "gad7", run(1, 2), 3, cutoff=3),
]


# --- statistics ------------------------------------------------------------------------------------------------


def wilson(k, n):
    if n == 0:
        return None, None
    z = stats.norm.ppf(0.975)
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def t_quantile(df):
    """Of 0.975. Through the beta distribution: scipy.stats.t.ppf has nine digits only."""
    return math.sqrt(df * (1 / special.betaincinv(df / 2, 0.5, 0.05) - 1))


NODES, WEIGHTS = np.polynomial.legendre.leggauss(400)


def noncentral_t_cdf(t, df, delta):
    """The mean of Phi(t s - delta) over s = sqrt(chi-square(df) / df), which lies within 1 -+ 14 / sqrt(2 df)."""
    width = 14 / math.sqrt(2 * df)
    low, high = max(0.0, 1 - width), 1 + width
    s = (low + high) / 2 + (high - low) / 2 * NODES
    log = math.log(2) + (df / 2) * math.log(df / 2) - math.lgamma(df / 2) + (df - 1) * np.log(s) - df * s * s / 2
    return (high - low) / 2 * float(np.sum(WEIGHTS * special.ndtr(t * s - delta) * np.exp(log)))


def noncentral_bounds(t, df):
    def root(p):
        at = optimize.brentq(lambda d: noncentral_t_cdf(t, df, d) - p, t - 12 - abs(t), t + 12 + abs(t), xtol=1e-13,
                             rtol=1e-14)
        return at

    return root(0.975), root(0.025)


def alpha(matrix):
    k = matrix.shape[1]
    total = matrix.sum(axis=1)
    if k < 2 or len(matrix) < 2 or total.var() == 0:
        return None
    return k / (k - 1) * (1 - matrix.var(axis=0, ddof=1).sum() / total.var(ddof=1))


def pearson(x, y):
    x, y = x - x.mean(), y - y.mean()
    below = math.sqrt((x * x).sum() * (y * y).sum())
    return (x * y).sum() / below if below > 0 else None


# --- rows ------------------------------------------------------------------------------------------------------


class Report:
    def __init__(self, name):
        self.name, self.rows = name, []

    def add(self, where, statistic, value=None, lower=None, upper=None, k=None, of=None, n=None):
        self.rows.append([self.name, *where, statistic, value, lower, upper, k, of, n])

    def rate(self, where, statistic, k, n):
        self.add(where, statistic, k / n if n else None, *wilson(k, n), k, n, n)

    def count(self, where, statistic, k, n):
        self.add(where, statistic, k, None, None, k, n, n)


def describe(report, where, scores):
    x = np.array([float(s) for s in scores])
    n, counts = len(x), Counter(scores)
    exact = Fraction(sum(s * k for s, k in counts.items()), n)
    sd = math.sqrt(float(sum(k * (s - exact) ** 2 for s, k in counts.items()) / (n - 1)))
    mean = float(exact)
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    report.add(where, "mean", mean, mean - half, mean + half, n=n)
    report.add(where, "sd", sd, n=n)
    report.add(where, "se", sd / math.sqrt(n), n=n)
    for name, q in (("median", 50), ("q1", 25), ("q3", 75), ("min", 0), ("max", 100)):
        report.add(where, name, float(np.percentile(x, q)), n=n)


def tally(scores, holds):
    return sum(k for score, k in Counter(scores).items() if holds(score))


def occasion_rows(report, where, scale, scores, eligible):
    report.add(where, "n", len(scores), None, None, len(scores), eligible, len(scores))
    if not scale.diagnosis:
        describe(report, where, scores)
    for i, (band, _) in enumerate(scale.bands):
        report.rate(where, f"band.{band}", tally(scores, lambda s: scale.band(s) == i), len(scores))
    if scale.cutoff is not None:
        report.rate(where, "positive", tally(scores, scale.positive), len(scores))
    for name, cutoff in scale.others.items():
        report.rate(where, f"positive.{name}", tally(scores, lambda s: scale.reaches(s, cutoff)), len(scores))


def available_rows(report, where, scale, scores, persons):
    """Everyone with a score at the occasion, paired or not."""
    report.count(where, "available.n", len(scores), persons)
    if not scale.diagnosis:
        described = Report("")
        describe(described, where, scores)
        for row in described.rows:
            if row[7] in ("mean", "sd"):
                report.add(where, f"available.{row[7]}", *row[8:])
    if scale.cutoff is not None:
        report.rate(where, "available.positive", tally(scores, scale.positive), len(scores))


def item_rows(report, where, forms):
    """Unanswered items; who left all of them blank gave no form."""
    given = [form for form in forms if any(a != BLANK for a in form)]
    for item in range(len(forms[0])):
        report.rate(where, f"item_missing.{item + 1}", sum(form[item] in (BLANK, DECLINED) for form in given), len(given))


def reliability_rows(report, where, scale, forms):
    """Over every complete form of the occasion, paired or not."""
    complete = [[form[i - 1] for i in scale.items] for form in forms]
    m = np.array([row for row in complete if all(isinstance(a, int) for a in row)], dtype=float)
    n, k = m.shape
    a = alpha(m)
    d1, d2 = n - 1, (n - 1) * (k - 1)
    report.add(where, "alpha", a, 1 - (1 - a) * stats.f.ppf(0.975, d1, d2), 1 - (1 - a) * stats.f.ppf(0.025, d1, d2),
               n=n)
    total = m.sum(axis=1)
    for i, item in enumerate(scale.items):
        report.add(where, f"item_rest.{item}", pearson(m[:, i], total - m[:, i]), n=n)
        report.add(where, f"alpha_if_dropped.{item}", alpha(np.delete(m, i, axis=1)) if k > 2 else None, n=n)


def effect_rows(report, where, pre, post):
    n, df = len(pre), len(pre) - 1
    change = post - pre
    mean, sd = change.mean(), change.std(ddof=1)
    s1, s2, r = pre.std(ddof=1), post.std(ddof=1), pearson(pre, post)
    d_z = mean / sd
    low, high = (d / math.sqrt(n) for d in noncentral_bounds(d_z * math.sqrt(n), df))
    to_av, to_rm = sd / ((s1 + s2) / 2), math.sqrt(2 * (1 - r))
    j = math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
    for name, factor in (("d_z", 1), ("d_av", to_av), ("d_rm", to_rm), ("g_z", j), ("g_av", j * to_av)):
        report.add(where, name, d_z * factor, low * factor, high * factor, n=n)


def change_rows(report, where, pairs):
    n = len(pairs)
    changes = [b - a for a, b in pairs]
    pre, post = (np.array([float(p[i]) for p in pairs]) for i in (0, 1))
    c = np.array([float(x) for x in changes])
    mean, sd = c.mean(), c.std(ddof=1)
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    t = mean / (sd / math.sqrt(n))
    report.add(where, "mean", mean, mean - half, mean + half, n=n)
    report.add(where, "sd", sd, n=n)
    report.add(where, "se", sd / math.sqrt(n), n=n)
    report.add(where, "median", float(np.median(c)), n=n)
    report.add(where, "t.statistic", t, n=n)
    report.add(where, "t.df", n - 1, n=n)
    report.add(where, "t.p", 2 * stats.t.sf(abs(t), n - 1), n=n)
    r = pearson(pre, post)
    z, step = math.atanh(r), stats.norm.ppf(0.975) / math.sqrt(n - 3)
    report.add(where, "correlation", r, math.tanh(z - step), math.tanh(z + step), n=n)
    effect_rows(report, where, pre, post)
    wilcoxon_rows(report, where, [x for x in changes if x != 0])


def wilcoxon_rows(report, where, changes):
    """Ranks of exact sizes; the normal approximation with ties, which every panel here has."""
    sizes = sorted(abs(x) for x in changes)
    n = len(sizes)
    rank = {s: Fraction(2 * sizes.index(s) + 1 + sizes.count(s), 2) for s in set(sizes)}
    plus = sum(rank[abs(x)] for x in changes if x > 0)
    minus = sum(rank[abs(x)] for x in changes if x < 0)
    ties = sum(sizes.count(s) ** 3 - sizes.count(s) for s in set(sizes))
    sd = math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48)
    off = float(plus) - n * (n + 1) / 4
    z = off / sd
    corrected = math.copysign(max(abs(off) - 0.5, 0), off) / sd
    report.add(where, "wilcoxon.statistic", float(plus), n=n)
    report.add(where, "wilcoxon.p", 2 * stats.norm.sf(abs(corrected)), n=n)
    report.add(where, "wilcoxon.z", z, n=n)
    report.add(where, "wilcoxon.z_p", 2 * stats.norm.sf(abs(z)), n=n)
    report.add(where, "rank_biserial", float((plus - minus) / (plus + minus)), n=n)


def mcnemar_rows(report, where, scale, pairs):
    n = len(pairs)
    b = sum(scale.positive(x) and not scale.positive(y) for x, y in pairs)
    c = sum(not scale.positive(x) and scale.positive(y) for x, y in pairs)
    names = ("mcnemar.statistic", "mcnemar.p", "mcnemar.cc_statistic", "mcnemar.cc_p", "mcnemar.exact_p")
    if b + c == 0:
        for name in names:
            report.add(where, name, n=n)
        return
    chi2 = (b - c) ** 2 / (b + c)
    corrected = max(abs(b - c) - 1, 0) ** 2 / (b + c)
    exact = min(1.0, 2 * stats.binom.cdf(min(b, c), b + c, 0.5))
    for name, value in zip(names, (chi2, stats.chi2.sf(chi2, 1), corrected, stats.chi2.sf(corrected, 1), exact)):
        report.add(where, name, value, n=n)


def classify(scale, rule, x, y):
    """-1 improved, 0 unchanged, 1 worse, None does not apply. Lower is better on all of these scales."""

    def points(p):
        return -1 if x - y >= p else 1 if y - x >= p else 0

    def band():
        return (scale.band(y) > scale.band(x)) - (scale.band(y) < scale.band(x))

    if rule == "shift":
        return points(5)
    if rule == "reliable":
        return points(scale.reliable)
    if rule == "band":
        return band()
    if rule == "band-or-shift":
        both = {points(5), band()}
        return -1 if -1 in both else 1 if 1 in both else 0
    if rule == "screen":
        return int(scale.positive(y)) - int(scale.positive(x))
    if rule == "percent":
        return None if x == 0 else -1 if 2 * (x - y) >= x else 1 if 2 * (y - x) >= x else 0
    well = [scale.whole(s) < scale.remission for s in (x, y)]
    return int(well[0]) - int(well[1])


def rule_rows(report, where, scale, pairs):
    numeric = not scale.diagnosis
    points = numeric and len(scale.items) > 1
    rules = {"shift": points, "band": len(scale.bands) > 1, "band-or-shift": points and len(scale.bands) > 1,
             "screen": scale.cutoff is not None, "reliable": scale.reliable is not None, "percent": points,
             "remission": scale.remission is not None}
    for rule, applies in rules.items():
        if not applies:
            continue
        classes = [classify(scale, rule, x, y) for x, y in pairs]
        n = sum(c is not None for c in classes)
        for name, value in (("improved", -1), ("unchanged", 0), ("deteriorated", 1)):
            report.rate(where[:5] + [rule], f"class.{name}", classes.count(value), n)


# --- rules that look at norms ------------------------------------------------------------------------------------

# What tests/unit/analysis/test_evaluation.c asks for. phq9: norms of both populations, which overlap. gad7: a
# functional population far off, so that b is chosen, against a clinical one of its own. pcl5: only a reliability
# from the definition. bipf: nothing at all.
RULES_STUDY = {
    "reliability": {"phq9": (0.86, 0.8), "gad2": (0.7, 0.7)},
    "functional": {"phq9": (3.3, 3.8), "gad7": (0.5, 0.25), "bipf": (8.0, 11.0)},
    "clinical": {"gad7": (14.0, 4.0)},
    "anchor": {"phq9": (6, 4), "bipf": (12.5, 12.5)},
}
INDEX_RULES = ("jt", "gln", "hll", "en", "nk", "ha")
ORDER = ("recovered", "improved", "unchanged", "deteriorated", "harmed")


def side(x, at):
    return int(x > at) - int(x < at)


def sd_of(x):
    return float(np.std(x, ddof=1))


class Norms:
    """Of a scale, from everyone with both scores, and what a study and the definition say."""

    def __init__(self, scale, persons, study):
        pairs = [(scale.score(p["pre"][scale.form], False), scale.score(p["post"][scale.form], False)) for p in persons]
        pre, post = (np.array([float(s[i]) for s in pairs if None not in s]) for i in (0, 1))
        self.n = len(pre)
        self.m0, self.s0, self.m1, self.s1 = pre.mean(), sd_of(pre), post.mean(), sd_of(post)
        self.s_change = sd_of(post - pre)
        self.bounds = None
        main = scale.instrument if scale.main else None
        clinical = study.get("clinical", {}).get(main)
        self.functional = study.get("functional", {}).get(main)
        self.anchor = study.get("anchor", {}).get(main, (scale.anchor, scale.anchor))
        given = study.get("reliability", {}).get(main)
        self.forms = self.n
        own_sd = None
        if given:
            self.r, self.r_post = given
        elif scale.norm:
            self.r = self.r_post = scale.norm[0]
            own_sd = scale.norm[1]
        else:
            self.r, self.bounds, self.forms = self.alpha(scale, persons, "pre")
            self.r_post = self.alpha(scale, persons, "post")[0]
        self.clinical = clinical or (self.m0, self.s0)
        if clinical:
            self.m0 = clinical[0]
        self.s0 = clinical[1] if clinical else own_sd or self.s0

    @staticmethod
    def alpha(scale, persons, occasion):
        forms = [[p[occasion][scale.form][i - 1] for i in scale.items] for p in persons]
        m = np.array([f for f in forms if all(isinstance(a, int) for a in f)], dtype=float)
        n, k = m.shape
        a = alpha(m)
        f = [stats.f.ppf(q, n - 1, (n - 1) * (k - 1)) for q in (0.975, 0.025)]
        return a, (1 - (1 - a) * f[0], 1 - (1 - a) * f[1]), n

    def index(self, rule, r):
        """The index of one change as a function, and its parts."""
        sem = self.s0 * math.sqrt(1 - r)
        parts = {"sem": sem}
        if rule == "jt":
            parts["s_diff"] = math.sqrt(2 * sem**2)
            parts["points"] = stats.norm.ppf(0.975) * parts["s_diff"]
            return (lambda x, y: (y - x) / parts["s_diff"]), parts
        if rule in ("gln", "hll"):
            to = self.m0 if rule == "gln" else self.m1
            if rule == "hll":
                parts["m_post"] = self.m1
            parts["se_prediction"] = self.s0 * math.sqrt(1 - r * r)
            return (lambda x, y: ((y - to) - r * (x - self.m0)) / parts["se_prediction"]), parts
        if rule == "en":
            return (lambda x, y: (y - (r * (x - self.m0) + self.m0)) / sem), parts
        if rule == "nk":
            parts["se_difference"] = math.sqrt(r**2 * self.s0**2 * (1 - r) + self.s0**2 * (1 - self.r_post))
            return (lambda x, y: (y - (r * (x - self.m0) + self.m0)) / parts["se_difference"]), parts
        dd = 1 - 2 * sem**2 / self.s_change**2
        parts["r_dd"] = dd
        below = math.sqrt(dd) * math.sqrt(2 * sem**2)
        return (lambda x, y: ((y - x) * dd + (self.m1 - self.m0) * (1 - dd)) / below), parts

    def cutoff(self, true, r):
        """Kind, place, and whether a score before is clinical, functional; whether one after is."""
        sem = self.s0 * math.sqrt(1 - r)
        (mc, sc), f = self.clinical, self.functional
        kind = "a" if not f else "c" if -(mc - 2 * sc) >= -(f[0] + 2 * f[1]) else "b"
        shrink = (lambda s: s * math.sqrt((s**2 - sem**2) / s**2)) if true else (lambda s: s)
        if kind == "a":
            at = mc - 2 * shrink(sc)
        elif kind == "b":
            at = f[0] + 2 * shrink(f[1]) if not true or f[1] > sem else None
        else:
            at = (shrink(sc) * f[0] + shrink(f[1]) * mc) / (shrink(sc) + shrink(f[1]))
        if at is None:
            return kind, None, None, None
        if not true:
            return kind, at, lambda x: side(x, at), lambda y: side(y, at)
        r1 = (self.s1**2 - sem**2) / self.s1**2
        z = stats.norm.ppf(0.95)

        def after(y):
            t = (self.m1 + (y - self.m1) * r1 - at) / (math.sqrt(r1) * sem)
            return int(t > z) - int(t < -z)

        return kind, at, lambda x: side(x, at), after

    def change(self, rule, r):
        """1 worse, -1 better, 0 neither: of one pair."""
        if rule in ("anchor", "cwb"):
            return lambda x, y: -1 if x - y >= self.anchor[0] else 1 if y - x >= self.anchor[1] else 0
        index, z = self.index(rule, r)[0], stats.norm.ppf(0.95 if rule == "ha" else 0.975)
        return lambda x, y: int(index(x, y) > z) - int(index(x, y) < -z)

    def classes(self, rule, pairs, r):
        true = rule in ("ha", "functional-ha")
        _, at, before, after = self.cutoff(true, r)
        found = []
        for x, y in pairs:
            x, y = float(x), float(y)
            b, a = (before(x), after(y)) if at is not None else (0, 0)
            if rule.startswith("functional"):
                found.append("improved" if (b, a) == (1, -1) else "deteriorated" if (b, a) == (-1, 1) else "unchanged")
                continue
            c = self.change(rule, r)(x, y)
            name = {-1: "improved", 0: "unchanged", 1: "deteriorated"}[c]
            if rule != "anchor" and (c, b, a) == (-1, 1, -1):
                name = "recovered"
            if rule != "anchor" and (c, b, a) == (1, -1, 1):
                name = "harmed"
            found.append(name)
        return found


def norm_rows(report, where, scale, norms, pairs, rules, whole):
    pairs = [(float(x), float(y)) for x, y in pairs]
    n = len(pairs)
    for rule in rules:
        at_rule = where[:5] + [rule]
        true = rule in ("ha", "functional-ha")
        _, cut, before, _ = norms.cutoff(true, norms.r)
        if rule.startswith("functional") and cut is None:
            for name in ORDER[1:4]:
                report.add(at_rule, f"class.{name}", n=0)
            if whole:
                report.add(at_rule, "cutoff", n=norms.n)
            continue
        classes = norms.classes(rule, pairs, norms.r)
        combined = rule in INDEX_RULES + ("cwb",)
        for name in ORDER if combined and cut is not None else ORDER[1:4]:
            report.rate(at_rule, f"class.{name}", classes.count(name), n)
        if combined:
            report.rate(at_rule, "improved.any", sum(c in ORDER[:2] for c in classes), n)
            report.rate(at_rule, "deteriorated.any", sum(c in ORDER[3:] for c in classes), n)
        if combined and cut is not None:
            clinical = [c for c, (x, _) in zip(classes, pairs) if before(x) > 0]
            report.rate(at_rule, "clinical_before", len(clinical), n)
            for name in ORDER[:4]:
                report.rate(at_rule, f"of_clinical.{name}", clinical.count(name), len(clinical))
        if rule in INDEX_RULES and norms.bounds:
            ends = [norms.classes(rule, pairs, max(0.0, r)) for r in norms.bounds]
            report.rate(at_rule, "flips", sum(a != c or b != c for a, b, c in zip(*ends, classes)), n)
        if whole and rule in INDEX_RULES:
            index_rows(report, at_rule, norms, pairs, rule)
        if whole and rule != "anchor":
            report.add(at_rule, "cutoff", cut, n=norms.n)


def index_rows(report, where, norms, pairs, rule):
    index, parts = norms.index(rule, norms.r)
    report.add(where, "reliability", norms.r, *(norms.bounds or (None, None)), n=norms.forms)
    if rule == "nk":
        report.add(where, "reliability_post", norms.r_post, n=norms.forms)
    for name, value in parts.items():
        report.add(where, name, value, n=norms.n)
    report.add(where, "critical_value", stats.norm.ppf(0.95 if rule == "ha" else 0.975), n=norms.n)
    values = np.array([index(x, y) for x, y in pairs])
    mean = 0.0 if rule == "hll" and len(values) == norms.n and abs(values.mean()) < 1e-12 else values.mean()
    report.add(where, "index.mean", mean, n=len(values))
    report.add(where, "index.rms", math.sqrt((values**2).mean()), n=len(values))
    report.add(where, "index.min", values.min(), n=len(values))
    report.add(where, "index.max", values.max(), n=len(values))


def safety_rows(report, group, scale, persons, occasions):
    """Of forms with any answer, whatever became of the total."""
    where = [group, scale.instrument, scale.name, "all"]
    seen = []
    for occasion in occasions:
        forms = [p[occasion][scale.form] for p in persons]
        seen.append([None if all(a == BLANK for a in f) else f[8] for f in forms])
        answered = [a for a in seen[-1] if isinstance(a, int)]
        report.rate(where + [occasion, ""], "present", sum(a >= 1 for a in answered), len(answered))
        n = sum(a is not None for a in seen[-1])
        report.count(where + [occasion, ""], "unanswered", n - len(answered), n)
    if len(occasions) < 2:
        return
    pairs = [(x, y) for x, y in zip(*seen) if x is not None and y is not None]
    known = [(x, y) for x, y in pairs if isinstance(x, int) and isinstance(y, int)]
    counts = {
        "emergent": sum(x == 0 and y > 0 for x, y in known),
        "worsening": sum(0 < x < y for x, y in known),
        "persistent": sum(x > 0 and 0 < y <= x for x, y in known),
        "resolved": sum(x > 0 and y == 0 for x, y in known),
        "absent": sum(x == 0 and y == 0 for x, y in known),
        "unanswered": len(pairs) - len(known),
    }
    for name, k in counts.items():
        report.rate(where + ["change", "safety"], f"class.{name}", k, len(pairs))


def scale_rows(report, group, scale, persons, occasions, prorate, norms=None):
    two = len(occasions) == 2
    scores = [[scale.score(p[o][scale.form], prorate) for o in occasions] for p in persons]
    baseline = [s for s in scores if s[0] is not None]
    paired = [s for s in baseline if s[-1] is not None]
    screened = scale.cutoff is not None
    positive = [s for s in baseline if screened and scale.positive(s[0])]
    if scale.main:
        where = [group, scale.instrument, scale.name, "all", "", ""]
        report.count(where, "ledger.persons", len(persons), len(persons))
        report.count(where, "ledger.baseline", len(baseline), len(persons))
        if screened:
            report.count(where, "ledger.positive", len(positive), len(baseline))
        if two:
            report.count(where, "ledger.paired", len(paired), len(baseline))
            if screened:
                report.count(where, "ledger.used", sum(s in positive for s in paired), len(positive))
    if scale.safety:
        safety_rows(report, group, scale, persons, occasions)
    for population in ("all", "positive"):
        if population == "positive" and not screened:
            continue
        used = [s for s in paired if population == "all" or scale.positive(s[0])]
        eligible = len(persons) if population == "all" else len(positive)
        for i, occasion in enumerate(occasions):
            where = [group, scale.instrument, scale.name, population, occasion, ""]
            occasion_rows(report, where, scale, [s[i] for s in used], eligible)
            if population == "all":
                report.count(where, "missing", sum(s[i] is None for s in scores), len(persons))
                if two:
                    available_rows(report, where, scale, [s[i] for s in scores if s[i] is not None], len(persons))
                if scale.main and scale.instrument == scale.form:
                    item_rows(report, where, [p[occasion][scale.form] for p in persons])
                if not scale.diagnosis and len(scale.items) > 1:
                    reliability_rows(report, where, scale, [p[occasion][scale.form] for p in persons])
        if two:
            where = [group, scale.instrument, scale.name, population, "change", ""]
            report.add(where, "n", len(used), None, None, len(used), eligible, len(used))
            if not scale.diagnosis:
                change_rows(report, where, used)
            if screened and population == "all":
                mcnemar_rows(report, where, scale, used)
            rule_rows(report, where, scale, used)
            if norms:
                norm_rows(report, where, scale, norms, used, ["jt"], group == "all" and population == "all")


def nhs_rows(report, group, persons, both=False):
    """NHS Talking Therapies, in the words of its definition: a case is PHQ-9 >= 10 or GAD-7 >= 8."""
    phq, gad = (next(s for s in SCALES if s.instrument == i and s.main) for i in ("phq9", "gad7"))
    people = []
    for p in persons:
        scores = [[s.score(p[o][s.form], False) for o in ("pre", "post")] for s in (phq, gad)]
        if None in scores[0] + scores[1]:
            continue
        (p1, p2), (g1, g2) = scores
        was, is_ = p1 >= 10 or g1 >= 8, p2 >= 10 or g2 >= 8
        falls, rises = [p1 - p2 >= 6, g1 - g2 >= 4], [p2 - p1 >= 6, g2 - g1 >= 4]
        better = all(falls) if both else any(falls) and not any(rises)
        worse = all(rises) if both else any(rises) and not any(falls)
        people.append((was, is_, better, worse))
    cases = [x for x in people if x[0]]
    where = [group, "phq9+gad7", "total", "all"]
    report.rate(where + ["pre", "nhs"], "positive", len(cases), len(people))
    report.rate(where + ["post", "nhs"], "positive", sum(x[1] for x in people), len(people))
    for population, among in (("all", people), ("positive", cases)):
        where = [group, "phq9+gad7", "total", population, "change", "nhs"]
        report.count(where, "n", len(among), len(persons))
        report.rate(where, "class.recovery", sum(not x[1] for x in cases), len(cases))
        report.rate(where, "class.reliable_recovery", sum(not x[1] and x[2] for x in cases), len(cases))
        report.rate(where, "class.reliable_improvement", sum(x[2] for x in among), len(among))
        report.rate(where, "class.reliable_deterioration", sum(x[3] for x in among), len(among))
        report.rate(where, "class.no_reliable_change", sum(not x[2] and not x[3] for x in among), len(among))


# --- the data ----------------------------------------------------------------------------------------------------


def code(cell, form, declined=()):
    if cell == "":
        return BLANK
    if cell in declined:
        return DECLINED
    if cell == "NA":
        return NA if form == "bipf" else BLANK
    return int(cell)


def read_evaluation():
    with open(DATA / "evaluation_wide.csv", newline="", encoding="ascii") as file:
        for row in csv.DictReader(file):
            person = {"cohort": row["cohort"]}
            for occasion in ("pre", "post"):
                person[occasion] = {
                    form: [code(row[f"{form}_{i}_{occasion}"], form) for i in run(1, n)]
                    for form, n in FORM_ITEMS.items()
                }
            yield person


def read_nhanes():
    with open(DATA / "nhanes_2015_2016_phq9.csv", newline="", encoding="ascii") as file:
        for row in csv.DictReader(file):
            yield {"": {"phq9": [code(row[f"DPQ0{i}0"], "phq9", ("7", "9")) for i in run(1, 9)]}}


def main():
    evaluation = Report("evaluation")
    persons = list(read_evaluation())
    rules = Report("evaluation-rules")
    for cohort in (None, "1", "2", "3"):
        some = [p for p in persons if cohort in (None, p["cohort"])]
        group = f"cohort={cohort}" if cohort else "all"
        for scale in SCALES:
            norms = None if scale.diagnosis or len(scale.items) < 2 else Norms(scale, persons, {})
            scale_rows(evaluation, group, scale, some, ["pre", "post"], False, norms)
            if not norms or scale.instrument in ("phq2", "phq8") or not scale.main:
                continue
            norms = Norms(scale, persons, RULES_STUDY)
            pairs = [tuple(scale.score(p[o][scale.form], False) for o in ("pre", "post")) for p in some]
            pairs = [p for p in pairs if None not in p]
            asked = INDEX_RULES + (("anchor", "cwb") if norms.anchor[0] else ()) + ("functional", "functional-ha")
            norm_rows(rules, [group, scale.instrument, scale.name, "all", "change", ""], scale, norms, pairs, asked,
                      group == "all")
        nhs_rows(evaluation, group, some)
    reports = [evaluation, rules]
    persons = list(read_nhanes())
    for name, prorate in (("nhanes", False), ("nhanes-prorated", True)):
        reports.append(Report(name))
        for scale in (s for s in SCALES if s.form == "phq9"):
            scale_rows(reports[-1], "all", scale, persons, [""], prorate)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow("report group instrument scale population occasion rule statistic value lower upper numerator "
                 "denominator n".split())
    for report in reports:
        for row in report.rows:
            out.writerow("" if x is None else x if isinstance(x, (str, int)) else f"{x:.15g}" for x in row)


if __name__ == "__main__":
    main()
