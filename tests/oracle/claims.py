"""What is possible for n people, by trying everything, in whole numbers: tests/oracle/claims.json.

    python3 tests/oracle/claims.py > tests/oracle/claims.json

For each published number a string of hexadecimal digits holds, from the lowest bit of the first digit on, for
n = 1, 2, ... 200 whether it is possible. Rates and means: every k and every sum is rounded and looked up. SDs: every sum
of squares near the published one, of the right parity and between the extremes of n scores from 0 to 27.
"""
import json
import math
import random

ROUNDINGS = ("half-up", "half-even", "either", "truncate")
N = 200


def rounded(num, den, rounding):
    """num/den to whole numbers: a set, as 'either' has two at a half."""
    sign = -1 if num < 0 else 1
    down, rest = divmod(abs(num), den)
    up, half = down + 1, (2 * rest > den) - (2 * rest < den)
    if rounding == "truncate" or half < 0:
        return {sign * down}
    if half > 0 or rounding == "half-up":
        return {sign * up}
    if rounding == "half-even":
        return {sign * (up if down % 2 else down)}
    return {sign * down, sign * up}


def rounded_root(num, den, scale, rounding):
    """sqrt(num/den) * scale to whole numbers."""
    down = math.isqrt(num * scale * scale // den)
    left, right = 4 * num * scale * scale, (2 * down + 1) ** 2 * den  # (down + 1/2)^2, four times
    half = (left > right) - (left < right)
    if rounding == "truncate" or half < 0:
        return {down}
    if half > 0 or rounding == "half-up":
        return {down + 1}
    if rounding == "half-even":
        return {down + 1 if down % 2 else down}
    return {down, down + 1}


def bits(possible):
    return "".join("%x" % sum(possible[i + j] << j for j in range(4)) for i in range(0, N, 4))


def rates(decimals, values):
    scale = 100 * 10**decimals
    for rounding in ROUNDINGS:
        seen = [set().union(*(rounded(k * scale, n, rounding) for k in range(n + 1))) for n in range(1, N + 1)]
        for value in values:
            yield {"rounding": rounding, "decimals": decimals, "units": value,
                   "n": bits([value in s for s in seen])}


def means(values):
    for rounding in ROUNDINGS:
        seen = [set().union(*(rounded(s * 100, n, rounding) for s in range(-27 * n, 27 * n + 1)))
                for n in range(1, N + 1)]
        for value in values:
            yield {"rounding": rounding, "units": value, "n": bits([value in s for s in seen])}


def extremes(total, n):
    """The least and the most sum of squares of n scores from 0 to 27 with this total."""
    q, over = divmod(total, n)
    least = (n - over) * q * q + over * (q + 1) ** 2
    at_top, rest = divmod(total, 27)
    return least, at_top * 27 * 27 + rest * rest


def sd_is_possible(mean, sd, n, rounding):
    for total in range(max(0, mean * n // 100 - 2), min(27 * n, mean * n // 100 + 3) + 1):
        if mean not in rounded(total * 100, n, rounding):
            continue
        least, most = extremes(total, n)
        low = math.floor((max(sd - 2, 0) / 100) ** 2 * (n - 1) + total * total / n) - 2
        high = math.ceil(((sd + 2) / 100) ** 2 * (n - 1) + total * total / n) + 2
        for squares in range(max(low, least), min(high, most) + 1):
            if (squares - total) % 2 == 0 and sd in rounded_root(n * squares - total * total, n * (n - 1), 100, rounding):
                return True
    return False


def sds(pairs):
    for rounding in ROUNDINGS:
        for mean, sd in pairs:
            yield {"rounding": rounding, "mean": mean, "sd": sd,
                   "n": bits([n > 1 and sd_is_possible(mean, sd, n, rounding) for n in range(1, N + 1)])}


def main():
    random.seed(7)
    pairs = [(random.randrange(0, 2700), random.randrange(0, 1300)) for _ in range(24)]
    print(json.dumps({
        "rates": [*rates(0, range(101)), *rates(1, random.sample(range(1001), 20))],
        "means": list(means(random.sample(range(-2700, 2701), 24))),
        "sds": list(sds(pairs + [(1250, 0), (0, 0), (100, 50), (1350, 1351)])),
    }, indent=0))


main()
