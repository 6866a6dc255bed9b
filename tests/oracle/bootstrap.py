"""python3 tests/oracle/bootstrap.py > tests/oracle/bootstrap.json

The intervals of given replicates, by NumPy and SciPy; and bootstrap distributions without any chance in them: every
table that resampling can give, with its multinomial probability. A bound from enough replicates must lie between the
quantiles a little below and a little above.
"""
import itertools
import json
import math

import numpy
from scipy.stats import norm


def bca_levels(below, acceleration, level):
    z0, z = norm.ppf(below), norm.ppf((1 + level) / 2)
    return [norm.cdf(z0 + (z0 + s * z) / (1 - acceleration * (z0 + s * z))) for s in (-1, 1)]


def from_replicates(values, estimate, acceleration, level):
    values = numpy.array(values)
    below = (numpy.mean(values < estimate) + numpy.mean(values <= estimate)) / 2
    tail = (1 - level) / 2
    return {
        "values": list(values), "estimate": estimate, "acceleration": acceleration, "level": level,
        "se": numpy.std(values, ddof=1),
        "percentile": list(numpy.quantile(values, [tail, 1 - tail])),
        "bca": list(numpy.quantile(values, bca_levels(below, acceleration, level))),
    }


def d_z(people):
    mean, sd = numpy.mean(people), numpy.std(people, ddof=1)
    if len(set(people)) == 1:
        return 0.0 if mean == 0 else math.copysign(math.inf, mean)
    return mean / sd


STATISTICS = {"mean": lambda x: sum(x) / len(x), "median": lambda x: float(numpy.median(x)), "d_z": d_z}


def tables(n, k):
    for bars in itertools.combinations(range(n + k - 1), k - 1):
        edges = (-1,) + bars + (n + k - 1,)
        yield [b - a - 1 for a, b in zip(edges, edges[1:])]


def around(steps, p):
    """Between which values the quantile of p lies, when p is known to 0.003."""
    totals = list(itertools.accumulate(mass for _, mass in steps))
    at = [next(x for (x, _), total in zip(steps, totals) if total >= min(q, totals[-1] - 1e-12))
          for q in (p - 0.003, p + 0.003)]
    return [x if math.isfinite(x) else None for x in at]


def exact(values, counts, level=0.95):
    people = [v for v, c in zip(values, counts) for _ in range(c)]
    n, out = len(people), {}
    for name, statistic in STATISTICS.items():
        mass = {}
        for table in tables(n, len(values)):
            p = float(math.factorial(n))
            for count, drawn in zip(counts, table):
                p *= (count / n) ** drawn / math.factorial(drawn)
            x = round(statistic([v for v, c in zip(values, table) for _ in range(c)]), 13)
            mass[x] = mass.get(x, 0) + p
        steps = sorted(mass.items())
        estimate = round(statistic(people), 13)
        below = sum(p for x, p in steps if x < estimate) + sum(p for x, p in steps if x == estimate) / 2
        left = numpy.array([statistic(people[:i] + people[i + 1:]) for i in range(n)])
        off = left.mean() - left
        a = (off ** 3).sum() / (6 * (off ** 2).sum() ** 1.5) if (off ** 2).sum() else 0.0
        mean = sum(x * p for x, p in steps) if all(map(math.isfinite, mass)) else None
        se = math.sqrt(sum((x - mean) ** 2 * p for x, p in steps)) if all(map(math.isfinite, mass)) else None
        out[name] = {"estimate": statistic(people), "se": se,
                     "percentile": [around(steps, p) for p in ((1 - level) / 2, (1 + level) / 2)],
                     "bca": [around(steps, p) for p in bca_levels(below, a, level)]}
    return {"values": values, "counts": counts, "expect": out}


if __name__ == "__main__":
    skewed = [round(math.exp(((i * 37) % 101) / 25 - 2), 6) for i in range(101)]
    tied = [float((i * i) % 11) for i in range(60)]
    print(json.dumps({
        "given": [from_replicates(skewed, 1.1, 0.03, 0.95), from_replicates(skewed, 0.7, -0.05, 0.9),
                  from_replicates(tied, 5.0, 0.0, 0.95), from_replicates(tied, 4.0, 0.1, 0.99)],
        "exact": [exact([-9, -4, 0, 3], [2, 4, 3, 1]), exact([-7, -6, -2, 1, 10], [1, 2, 4, 1, 1]),
                  exact([-1, 0, 5], [6, 5, 4]), exact([-8, -3, -2, 0], [3, 5, 2, 2])],
    }, indent=1))
