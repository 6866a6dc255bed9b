/*
 * Every way to combine items, on instruments of four items: all patterns of every answer that is allowed, of
 * those next to the allowed ones, and of each reason for no answer.
 */
#include "sweep.h"

enum kind_of_score { SUM, MEAN, PERCENT, COUNT };

/* What the definition in `text` says, for the plain scorer. Limits are in quarters of a point. */
struct kind {
    const char *text;
    enum kind_of_score score;
    const char *codes; /* the allowed ones */
    bool has_na, half_up, better;
    const char *reversed; /* '1' for each item that is */
    int max_blank, min_answered;
    int cutoff;  /* quarters; -1: none */
    int from[3]; /* of the bands low, middle, high; the first is the lowest score; -1: none */
    int endorsed[4];
};

#define HEAD  "id: kind\nversion: 1\nname: Kind\n"
#define PLAIN "items: {1: a, 2: b, 3: c, 4: d}\n"
#define TURNS "items: {1: a, 2: {label: b, reversed: true}, 3: c, 4: {label: d, reversed: true}}\n"
#define NA    "not_applicable: [NA]\n"

static const struct kind kinds[] = {
    /* a sum with reversed items, one blank item made up for, limits after rounding half-up */
    {HEAD TURNS "answers: {0-3: }\nscales:\n  total:\n    combine: sum\n    range: [0, 12]\n"
                "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n"
                "    bands: {low: 0, middle: 5, high: 9}\n    cutoffs: {6: {default: true}}\n",
     SUM,
     "0123",
     false,
     true,
     false,
     "0101",
     1,
     1,
     24,
     {0, 20, 36},
     {0}},
    /* the same limits, looked at without rounding */
    {HEAD TURNS "answers: {0-3: }\nscales:\n  total:\n    combine: sum\n    round: none\n"
                "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n"
                "    bands: {low: 0, middle: 5, high: 9}\n    cutoffs: {6: {default: true}}\n",
     SUM,
     "0123",
     false,
     false,
     false,
     "0101",
     1,
     1,
     24,
     {0, 20, 36},
     {0}},
    /* a sum of codes from 1, where items may not apply: they leave the sum, and are not made up for */
    {HEAD TURNS "answers: {1-5: }\n" NA "scales:\n  total:\n    combine: sum\n"
                "    missing: {max_blank: 2, min_answered: 2, source: {evidence: recommended, note: n}}\n"
                "    cutoffs: {12: {default: true}}\n",
     SUM,
     "12345",
     true,
     true,
     false,
     "0101",
     2,
     2,
     48,
     {-1, -1, -1},
     {0}},
    /* higher is better: positive at or below the cut-off */
    {HEAD PLAIN "answers: {0-5: }\n" NA "scales:\n  total:\n    combine: sum\n    higher_is: better\n"
                "    missing: {max_blank: 3, source: {evidence: recommended, note: n}}\n"
                "    bands: {low: 0, middle: 7, high: 13}\n    cutoffs: {7: {default: true}}\n",
     SUM,
     "012345",
     true,
     true,
     true,
     "0000",
     3,
     1,
     28,
     {0, 28, 52},
     {0}},
    /* codes with gaps */
    {HEAD PLAIN "answers: {0: a, 2: b, 4: c}\nscales:\n  total:\n    combine: sum\n"
                "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n",
     SUM,
     "024",
     false,
     true,
     false,
     "0000",
     1,
     1,
     -1,
     {-1, -1, -1},
     {0}},
    /* a mean, limits between whole numbers */
    {HEAD TURNS "answers: {1-5: }\n" NA "scales:\n  total:\n    combine: mean\n    range: [1, 5]\n"
                "    missing: {max_blank: 1, min_answered: 2, source: {evidence: recommended, note: n}}\n"
                "    bands: {low: 1, middle: 2.5, high: 15/4}\n    cutoffs: {x: {at: 2.5, default: true}}\n",
     MEAN,
     "12345",
     true,
     false,
     false,
     "0101",
     1,
     2,
     10,
     {4, 10, 15},
     {0}},
    /* a mean whose limits look at the rounded score, higher is better */
    {HEAD PLAIN
     "answers: {1-5: }\nscales:\n  total:\n    combine: mean\n    round: half_up\n"
     "    higher_is: better\n    missing: {max_blank: 2, source: {evidence: recommended, note: n}}\n"
     "    bands: {low: 1, middle: 3, high: 4}\n    cutoffs: {3: {default: true}}\n",
     MEAN,
     "12345",
     false,
     true,
     true,
     "0000",
     2,
     1,
     12,
     {4, 12, 16},
     {0}},
    /* per cent of the highest possible */
    {HEAD TURNS "answers: {0-4: }\n" NA "scales:\n  total:\n    combine: percent\n    range: [0, 100]\n"
                "    missing: {max_blank: 2, source: {evidence: recommended, note: n}}\n"
                "    bands: {low: 0, middle: 25, high: 67}\n    cutoffs: {33: {default: true}}\n",
     PERCENT,
     "01234",
     true,
     true,
     false,
     "0101",
     2,
     1,
     132,
     {0, 100, 268},
     {0}},
    {HEAD TURNS
     "answers: {0-4: }\n" NA "scales:\n  total:\n    combine: percent\n    round: none\n"
     "    higher_is: better\n    missing: {max_blank: 0, source: {evidence: recommended, note: n}}\n"
     "    bands: {low: 0, middle: 25, high: 67.5}\n    cutoffs: {x: {at: 37.5, default: true}}\n",
     PERCENT,
     "01234",
     true,
     false,
     true,
     "0101",
     0,
     1,
     150,
     {0, 100, 270},
     {0}},
    /* how many items are endorsed, each from its own code */
    {HEAD PLAIN "answers: {0-3: }\n" NA "scales:\n  total:\n    combine: count\n    range: [0, 4]\n"
                "    endorsed: {1-2: 2, 3: 1, 4: 3}\n    bands: {low: 0, middle: 2, high: 4}\n"
                "    cutoffs: {3: {default: true}}\n",
     COUNT,
     "0123",
     true,
     false,
     false,
     "0000",
     0,
     1,
     12,
     {0, 8, 16},
     {2, 2, 1, 3}},
    {HEAD PLAIN "answers: {1-3: }\nscales:\n  total:\n    combine: count\n    higher_is: better\n"
                "    endorsed: 2\n    cutoffs: {1: {default: true}}\n",
     COUNT,
     "123",
     false,
     false,
     true,
     "0000",
     0,
     1,
     4,
     {-1, -1, -1},
     {2, 2, 2, 2}},
};

static const struct kind *kind;

static bool
is_code(int c)
{
    return c < 10 && strchr(kind->codes, '0' + c);
}

/* The score that the definition asks for. */
static struct expected
plain_score(const uint8_t *row, int answered, int blank)
{
    int low = kind->codes[0] - '0', high = kind->codes[strlen(kind->codes) - 1] - '0', sum = 0, endorsed = 0;
    for (int i = 0; i < 4; i++) {
        if (!is_code(row[i]))
            continue;
        sum += kind->reversed[i] == '1' ? low + high - row[i] : row[i];
        endorsed += row[i] >= kind->endorsed[i];
    }
    switch (kind->score) {
    case SUM: /* the mean of the answers stands for each blank one; what does not apply adds nothing */
        return (struct expected){.num = sum * (answered + blank), .den = answered};
    case MEAN:
        return (struct expected){.num = sum, .den = answered};
    case PERCENT:
        return (struct expected){.num = 100 * sum, .den = high * answered};
    case COUNT:
        break;
    }
    return (struct expected){.num = endorsed, .den = 1};
}

static void
judge(struct expected *score)
{
    static const char *const band[] = {"low", "middle", "high"};
    int64_t quarters = 4 * score->num, den = score->den;
    if (kind->half_up) {
        quarters = 4 * plain_half_up(score->num, score->den);
        den = 1;
    }
    for (int b = 0; b < 3; b++)
        if (kind->from[b] >= 0 && quarters >= kind->from[b] * den)
            score->band = band[b];
    if (kind->cutoff >= 0)
        score->positive = kind->better ? quarters <= kind->cutoff * den : quarters >= kind->cutoff * den;
}

static struct expected
plain(const uint8_t *row, bool prorate)
{
    int answered = 0, blank = 0, na = 0, invalid = 0, untouched = 0;
    for (int i = 0; i < 4; i++) {
        answered += is_code(row[i]);
        blank += row[i] == 0x80 || row[i] == 0x81;
        na += row[i] == 0x82 && kind->has_na;
        untouched += row[i] == 0x80;
    }
    invalid = 4 - answered - blank - na;
    if (untouched == 4)
        return no_score(OM_REASON_NO_FORM);
    if (invalid)
        return no_score(OM_REASON_INVALID);
    if (na == 4)
        return no_score(OM_REASON_NOT_APPLICABLE);
    if (kind->score == COUNT && blank)
        return no_score(prorate ? OM_REASON_UNDETERMINED : OM_REASON_BLANK);
    if (blank > (prorate ? kind->max_blank : 0))
        return no_score(OM_REASON_BLANK);
    if (answered < kind->min_answered)
        return no_score(blank ? OM_REASON_BLANK : OM_REASON_NOT_APPLICABLE);
    struct expected score = plain_score(row, answered, blank);
    judge(&score);
    return score;
}

static struct sweep sweep;

static void
test_every_pattern_of_each_kind(void **state)
{
    (void)state;
    static const uint8_t answers[] = {0, 1, 2, 3, 4, 5, 6, 0x7f, 0x80, 0x81, 0x82, 0x83, 0xff};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct om_error err;
        uint8_t row[4];
        kind = &kinds[k];
        sweep_init(&sweep, 4);
        assert_ok(
            om_registry_add_text(sweep.registry, "kind.yaml", kind->text, strlen(kind->text), NULL, &err));
        sweep_add(&sweep, "kind", "total", plain);
        sweep_all(&sweep, row, 0, 4, answers, sizeof answers);
        assert_int_equal(sweep.forms, 13 * 13 * 13 * 13);
        if (strcmp(kind->codes, "024") != 0) /* levels are not thinned out for gaps in the codes */
            sweep_reached(&sweep);
        sweep_release(&sweep);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pattern_of_each_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
