/* Reading a file of claims: docs/formats/claims.md. Text stays in the tree, which is kept. */
#include <omstat/claims.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/yaml.h"

#include <omstat/change.h>
#include <stdlib.h>
#include <string.h>

struct loaded {
    struct om_claims claims;
    struct om_buffer bytes;
    struct om_yaml yaml;
    char *file;
    enum om_published_rounding rounding; /* where a claim says nothing */
    bool has_n;
    uint64_t n_from, n_to;
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char *const roundings[] = {"half-up", "half-even", "either", "truncate"};

/* Text of a key that may be left out. */
static const char *
text_of(struct om_yaml *yaml, const struct om_yaml_node *map, const char *key, const char *otherwise)
{
    const struct om_yaml_node *node = om_yaml_find(map, key);
    const char *text = node ? om_yaml_text(yaml, node) : NULL;
    return text ? text : otherwise;
}

static struct om_published
published(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    struct om_published value = {.relation = '='};
    const char *text = om_yaml_text(yaml, node);
    if (text && !om_published_parse(text, &value))
        om_yaml_fail(yaml, node, "Write it as it was published: 79 %, -7.6, .034, < .001; at most 15 digits.",
                     "\"%.40s\" is no published number", text);
    return value;
}

/* A whole number below 10^10. */
static bool
whole(const char *text, size_t length, uint64_t *out)
{
    enum { DIGITS = 10 };
    *out = 0;
    if (length == 0 || length > DIGITS)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!om_ascii_digit(text[i]))
            return false;
        *out = 10 * *out + (uint64_t)(text[i] - '0');
    }
    return true;
}

static uint64_t
count_of(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    uint64_t count = 0;
    const char *text = om_yaml_text(yaml, node);
    if (text && !whole(text, strlen(text), &count))
        om_yaml_fail(yaml, node, NULL, "a whole number of at most 10 digits is needed here");
    return count;
}

/* "57", or "20..94" for what is not known but lies there. */
static void
load_n(struct om_yaml *yaml, const struct om_yaml_node *node, uint64_t *from, uint64_t *to)
{
    enum { WIDEST = 100000 };
    const char *text = om_yaml_text(yaml, node);
    if (!text)
        return;
    const char *dots = strstr(text, "..");
    const size_t length = dots ? (size_t)(dots - text) : strlen(text);
    const char *last = dots ? dots + 2 : text;
    if (!whole(text, length, from) || !whole(last, strlen(last), to) || *from == 0 || *from > *to)
        om_yaml_fail(yaml, node, "Write 57, or 20..94 where it is not known.", "this is no n");
    else if (*to - *from > WIDEST)
        om_yaml_fail(yaml, node, NULL, "at most 100000 different n can be looked at");
}

static double
degrees(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    const struct om_fraction df = om_yaml_fraction(yaml, node);
    if (node && yaml->status == OM_OK && df.num <= 0)
        om_yaml_fail(yaml, node, NULL, "degrees of freedom are above 0");
    return om_fraction_value(df);
}

static void
load_degrees(struct om_yaml *yaml, const struct om_yaml_node *map, struct om_published_test *test)
{
    const struct om_yaml_node *df = test->kind == OM_TEST_Z ? NULL : om_yaml_get(yaml, map, "df");
    if (test->kind != OM_TEST_F) {
        test->df = df ? degrees(yaml, df) : 1;
        return;
    }
    if (!df || df->kind != OM_YAML_SEQUENCE || df->n != 2) {
        om_yaml_fail(yaml, df, NULL, "an F has two degrees of freedom: df: [2, 91]");
        return;
    }
    test->df = degrees(yaml, df->first);
    test->df2 = degrees(yaml, df->first->next);
}

static void
load_test(struct om_yaml *yaml, const struct om_yaml_node *map, struct om_published_test *test)
{
    static const char *const known[] = {"t", "z", "chi2", "f", "r", "df", "p", "d_z", "one-sided"};
    om_yaml_known_keys(yaml, map, known, COUNT(known));
    for (int kind = OM_TEST_T; kind <= OM_TEST_R; kind++) {
        const struct om_yaml_node *node = om_yaml_find(map, known[kind - OM_TEST_T]);
        if (node && test->kind != OM_TEST_NONE)
            om_yaml_fail(yaml, node, NULL, "a test has one statistic, and this is the second");
        if (!node)
            continue;
        test->kind = (enum om_test_kind)kind;
        test->statistic = published(yaml, node);
        if (test->statistic.relation != '=' || test->statistic.percent)
            om_yaml_fail(yaml, node, NULL, "the statistic of a test is a number");
        if (kind == OM_TEST_R) {
            struct om_fraction r = om_yaml_fraction(yaml, node);
            if (r.num > r.den || r.num < -r.den)
                om_yaml_fail(yaml, node, NULL, "a correlation lies between -1 and 1");
        }
    }
    if (test->kind == OM_TEST_NONE) {
        om_yaml_fail(yaml, map, "Give one of t, z, chi2, f and r.", "a test needs its statistic");
        return;
    }
    load_degrees(yaml, map, test);
    const struct om_yaml_node *p = om_yaml_find(map, "p"), *d_z = om_yaml_find(map, "d_z");
    test->has_p = p != NULL;
    test->has_d_z = d_z != NULL;
    if (p)
        test->p = published(yaml, p);
    if (d_z)
        test->d_z = published(yaml, d_z);
    if (d_z && test->kind != OM_TEST_T)
        om_yaml_fail(yaml, d_z, NULL, "d_z follows from a paired t only");
    const struct om_yaml_node *one_sided = om_yaml_find(map, "one-sided");
    test->one_sided = one_sided && om_yaml_bool(yaml, one_sided);
}

static const char *
load_rule(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    const char *rule = node ? om_yaml_text(yaml, node) : "", *known[OM_RULES + 1];
    size_t n = 0;
    while (n < OM_RULES) {
        known[n] = om_rule_id((enum om_rule)n);
        n++;
    }
    known[n++] = "safety";
    if (!node || !rule)
        return "";
    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i], rule) == 0)
            return rule;
    om_yaml_fail_unknown(yaml, node, "rule", rule, known, n);
    return "";
}

/* decimals: a number that was published as 0.90 but is written 0.9. */
static void
load_value(struct om_yaml *yaml, const struct om_yaml_node *map, struct om_claim *claim)
{
    const struct om_yaml_node *decimals = om_yaml_find(map, "decimals"),
                              *tolerance = om_yaml_find(map, "tolerance");
    claim->value = published(yaml, om_yaml_find(map, "value"));
    claim->value_text = text_of(yaml, map, "value", "");
    claim->has_value = om_yaml_find(map, "value") != NULL;
    if (decimals) {
        const int places = om_yaml_int(yaml, decimals, 0, OM_PUBLISHED_DECIMALS);
        if (places < claim->value.decimals)
            om_yaml_fail(yaml, decimals, NULL, "the value has more decimals than that");
        while (claim->value.decimals < places && claim->value.units < (int64_t)1 << 58 &&
               claim->value.units > -((int64_t)1 << 58)) {
            claim->value.units *= 10;
            claim->value.decimals++;
        }
    }
    claim->tolerance = (struct om_fraction){0, 1};
    if (!tolerance)
        return;
    claim->tolerance = om_yaml_fraction(yaml, tolerance);
    if (yaml->status == OM_OK && (claim->tolerance.num < 0 || claim->tolerance.den > 1000000000 ||
                                  claim->tolerance.num / claim->tolerance.den > 1000000))
        om_yaml_fail(yaml, tolerance, NULL, "a tolerance is a number from 0 to 1000000, of 9 decimals");
}

static void
load_claim(struct loaded *l, const struct om_yaml_node *map, struct om_claim *claim)
{
    static const char *const known[] = {
        "id",        "text",  "source",   "instrument", "scale", "group", "rule", "population", "occasion",
        "statistic", "value", "rounding", "n",          "k",     "mean",  "test", "tolerance",  "decimals"};
    static const char *const populations[] = {"all", "positive"};
    struct om_yaml *yaml = &l->yaml;
    om_yaml_known_keys(yaml, map, known, COUNT(known));
    *claim = (struct om_claim){
        .id = om_yaml_text(yaml, om_yaml_get(yaml, map, "id")),
        .text = text_of(yaml, map, "text", ""),
        .source = text_of(yaml, map, "source", ""),
        .instrument = text_of(yaml, map, "instrument", ""),
        .scale = text_of(yaml, map, "scale", "total"),
        .group = text_of(yaml, map, "group", "all"),
        .occasion = text_of(yaml, map, "occasion", "change"),
        .rule = load_rule(yaml, om_yaml_find(map, "rule")),
        .statistic = text_of(yaml, map, "statistic", ""),
        .rounding = l->rounding,
        .has_n = l->has_n,
        .n_from = l->n_from,
        .n_to = l->n_to,
        .line = map->line,
    };
    const struct om_yaml_node *population = om_yaml_find(map, "population"),
                              *rounding = om_yaml_find(map, "rounding"), *n = om_yaml_find(map, "n"),
                              *k = om_yaml_find(map, "k"), *mean = om_yaml_find(map, "mean"),
                              *test = om_yaml_find(map, "test");
    claim->population = populations[population ? om_yaml_enum(yaml, population, populations, 2) : 0];
    if (rounding)
        claim->rounding = (enum om_published_rounding)om_yaml_enum(yaml, rounding, roundings, 4);
    if (n) {
        load_n(yaml, n, &claim->n_from, &claim->n_to);
        claim->has_n = true;
    }
    claim->has_k = k != NULL;
    claim->k = k ? count_of(yaml, k) : 0;
    claim->has_mean = mean != NULL;
    if (mean)
        claim->mean = published(yaml, mean);
    load_value(yaml, map, claim);
    if (test)
        load_test(yaml, test, &claim->test);
    if (yaml->status == OM_OK && !claim->has_value && !test)
        om_yaml_fail(yaml, map, NULL, "a claim needs a value, or a test");
}

/* Names that stand in reports of others: one of its kind, and short. */
static void
check_id(struct om_yaml *yaml, const struct om_yaml_node *node, const char *id)
{
    if (strlen(id) > 64 ||
        strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen(id))
        om_yaml_fail(yaml, node, "Use letters, digits, and . _ -, at most 64 of them.",
                     "\"%.70s\" cannot be the id of a claim", id);
}

static int
compare_ids(const void *a, const void *b)
{
    const struct om_claim *const *x = a, *const *y = b;
    const int order = strcmp((*x)->id, (*y)->id);
    return order ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static void
check_unique(struct loaded *l)
{
    const size_t n = l->claims.n_claims;
    const struct om_claim **sorted = om_yaml_array(&l->yaml, n + 1, sizeof *sorted);
    if (!sorted)
        return;
    for (size_t i = 0; i < n; i++)
        sorted[i] = &l->claims.claim[i];
    qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            const struct om_yaml_node at = {.line = sorted[i]->line, .column = 1};
            om_yaml_fail(&l->yaml, &at, NULL, "there is a claim \"%.64s\" already, on line %llu",
                         sorted[i]->id, (unsigned long long)sorted[i - 1]->line);
            break;
        }
    om_free(sorted);
}

static void
load_all(struct loaded *l)
{
    static const char *const known[] = {"source", "rounding", "n", "claims"};
    struct om_yaml *yaml = &l->yaml;
    const struct om_yaml_node *root = om_yaml_mapping(yaml, yaml->root);
    om_yaml_known_keys(yaml, root, known, COUNT(known));
    const struct om_yaml_node *rounding = om_yaml_find(root, "rounding"), *n = om_yaml_find(root, "n");
    const struct om_yaml_node *list = om_yaml_sequence(yaml, om_yaml_get(yaml, root, "claims"));
    l->claims.source = text_of(yaml, root, "source", "");
    if (rounding)
        l->rounding = (enum om_published_rounding)om_yaml_enum(yaml, rounding, roundings, 4);
    if (n)
        load_n(yaml, n, &l->n_from, &l->n_to);
    l->has_n = n != NULL;
    l->claims.claim = om_yaml_array(yaml, (list ? list->n : 0) + 1, sizeof *l->claims.claim);
    om_yaml_each(entry, list)
    {
        if (yaml->status != OM_OK || !om_yaml_mapping(yaml, entry))
            return;
        struct om_claim *claim = &l->claims.claim[l->claims.n_claims];
        load_claim(l, entry, claim);
        if (yaml->status == OM_OK)
            check_id(yaml, om_yaml_find(entry, "id"), claim->id);
        l->claims.n_claims++;
    }
    if (yaml->status == OM_OK && l->claims.n_claims == 0)
        om_yaml_fail(yaml, list, NULL, "there is no claim here");
    if (yaml->status == OM_OK)
        check_unique(l);
}

void
om_claims_free(struct om_claims *claims)
{
    if (!claims)
        return;
    struct loaded *l = claims->owned;
    om_free(l->claims.claim);
    om_yaml_release(&l->yaml);
    om_buffer_release(&l->bytes);
    om_free(l->file);
    om_free(l);
}

om_status
om_claims_load(const char *path, struct om_claims **out, struct om_error *err)
{
    struct loaded *l = om_calloc(1, sizeof *l);
    if (!l)
        return om_fail_memory(err);
    l->claims.owned = l;
    l->file = om_strdup(path);
    om_status status = l->file ? om_yaml_read_file(path, &l->bytes, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = om_yaml_parse(&l->yaml, l->file, om_buffer_string(&l->bytes), l->bytes.length, err);
    if (status == OM_OK) {
        load_all(l);
        status = l->yaml.status;
    }
    if (status == OM_OK)
        *out = &l->claims;
    else
        om_claims_free(&l->claims);
    return status;
}
