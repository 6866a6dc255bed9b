"""python3 tests/oracle/signed_ranks.py > tests/oracle/signed_ranks.json

The panels of nonparametric.json by SciPy (normal approximations), and by counting sets of signs in whole numbers:
one by one up to 16 changes, else through a dictionary of all sums.
"""
import itertools
import json
import warnings
from fractions import Fraction

from scipy import stats

warnings.simplefilter("ignore")
NAMES = {"drop": "wilcox", "pratt": "pratt", "split": "zsplit"}


def mid_ranks(sizes):
    return [Fraction(sum(s < x for s in sizes) * 2 + sum(s == x for s in sizes) + 1, 2) for x in sizes]


def sums_of_signs(weights):
    """How many of the 2^n sets of signs give each sum of the positive ones."""
    if len(weights) <= 16:
        ways = {}
        for signs in itertools.product((0, 1), repeat=len(weights)):
            total = sum(w for w, s in zip(weights, signs) if s)
            ways[total] = ways.get(total, 0) + 1
        return ways
    ways = {0: 1}
    for w in weights:
        after = dict(ways)
        for total, count in ways.items():
            after[total + w] = after.get(total + w, 0) + count
        ways = after
    return ways


def two_sided(weights, plus):
    total = sum(weights)
    smaller = min(plus, total - plus)
    at_most = sum(count for s, count in sums_of_signs(weights).items() if s <= smaller)
    return float(min(1, Fraction(2 * at_most, 2 ** len(weights))))


def signed_ranks(d, zeros):
    if zeros == "drop":
        d = [x for x in d if x]
    ranks = mid_ranks([abs(x) for x in d])
    plus = sum(r for r, x in zip(ranks, d) if x > 0)
    if zeros == "split":
        plus += sum(r for r, x in zip(ranks, d) if x == 0) / 2
    else:
        ranks = [r for r, x in zip(ranks, d) if x]
    return ranks, plus


def one(d):
    out = {}
    for zeros, name in NAMES.items():
        ranks, plus = signed_ranks(d, zeros)
        expect = {"w_plus": float(plus), "exact_p": two_sided(ranks, plus)}
        for key, correction in (("z_p", False), ("z_cc_p", True)):
            test = stats.wilcoxon(d, zero_method=name, correction=correction, alternative="greater", method="approx")
            assert test.statistic == plus
            expect[key] = stats.wilcoxon(d, zero_method=name, correction=correction, method="approx").pvalue
        out[zeros] = expect
    sizes = [abs(x) for x in d if x]
    out["flip_p"] = two_sided(sizes, sum(x for x in d if x > 0))
    return out


if __name__ == "__main__":
    with open("tests/oracle/nonparametric.json", encoding="utf-8") as file:
        panels = json.load(file)
    print(json.dumps({name: one([int(x) for x in panel["d"]]) for name, panel in panels.items()}, indent=1))
