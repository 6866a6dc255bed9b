/* The keys of a study: from the command line and from a file alike; and the file that init writes. */
#include "studies.h"

#include "analysis/study.h"

static struct om_study *
new_study(void)
{
    struct om_study *study;
    struct om_error err;
    assert_ok(om_study_new(&study, &err));
    return study;
}

/* Sets keys and values by turns. */
static struct om_study *
from_text(const char *const *setting)
{
    struct om_study *study = new_study();
    struct om_error err;
    for (size_t i = 0; setting[i]; i += 2)
        assert_ok(om_study_set(study, setting[i], setting[i + 1], &err));
    return study;
}
#define FROM_TEXT(...) from_text((const char *const[]){__VA_ARGS__, NULL})

/* One file serves all: a study file is read at once. */
static const char *
yaml_file(const char *text)
{
    static const char *path;
    path = path ? path : temporary_file(".yaml", "", 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static struct om_study *
from_file(const char *yaml)
{
    struct om_study *study = new_study();
    struct om_error err;
    assert_ok(om_study_load(study, yaml_file(yaml), &err));
    return study;
}

/* --- are two studies the same?
 * ------------------------------------------------------------------------------------ */

static void
assert_text(const char *a, const char *b)
{
    if (!a || !b)
        assert_true(a == b);
    else
        assert_string_equal(a, b);
}

static void
assert_texts(const struct om_texts *a, const struct om_texts *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_string_equal(a->at[i], b->at[i]);
}

static void
assert_numbers(const struct om_study_number *a, size_t n, const struct om_study_number *b, size_t m)
{
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        assert_text(a[i].instrument, b[i].instrument);
        assert_true(a[i].value.num == b[i].value.num && a[i].value.den == b[i].value.den);
    }
}

static void
assert_rule_settings(const struct om_rule_settings *a, const struct om_rule_settings *b)
{
    assert_int_equal(a->cutoff, b->cutoff);
    assert_int_equal(a->compatible, b->compatible);
    assert_int_equal(a->reliable_by_index, b->reliable_by_index);
    assert_int_equal(a->n_values, b->n_values);
    for (size_t i = 0; i < a->n_values; i++) {
        const struct om_rule_value *x = &a->value[i], *y = &b->value[i];
        assert_int_equal(x->kind, y->kind);
        assert_text(x->target, y->target);
        assert_int_equal(om_fraction_compare(x->first, y->first), 0);
        assert_int_equal(x->has_second, y->has_second);
        assert_true(!x->has_second || om_fraction_compare(x->second, y->second) == 0);
    }
}

static void
assert_panel(const struct om_panel_spec *a, const struct om_panel_spec *b)
{
    assert_int_equal(a->layout, b->layout);
    assert_int_equal(a->n_inputs, b->n_inputs);
    for (size_t i = 0; i < a->n_inputs; i++) {
        assert_text(a->input[i].occasion, b->input[i].occasion);
        assert_text(a->input[i].path, b->input[i].path);
    }
    assert_text(a->id, b->id);
    assert_text(a->occasion_column, b->occasion_column);
    assert_texts(&a->by, &b->by);
    assert_texts(&a->occasions, &b->occasions);
    assert_int_equal(a->n_maps, b->n_maps);
    for (size_t i = 0; i < a->n_maps; i++) {
        assert_text(a->map[i].instrument, b->map[i].instrument);
        assert_text(a->map[i].occasion, b->map[i].occasion);
        assert_text(a->map[i].pattern, b->map[i].pattern);
        assert_texts(&a->map[i].columns, &b->map[i].columns);
    }
    assert_int_equal(a->n_tokens, b->n_tokens);
    for (size_t i = 0; i < a->n_tokens; i++) {
        assert_text(a->token[i].column, b->token[i].column);
        assert_text(a->token[i].text, b->token[i].text);
        assert_int_equal(a->token[i].code, b->token[i].code);
    }
    assert_int_equal(a->n_recodes, b->n_recodes);
    for (size_t i = 0; i < a->n_recodes; i++) {
        assert_text(a->recode[i].column, b->recode[i].column);
        assert_text(a->recode[i].text, b->recode[i].text);
        assert_int_equal(a->recode[i].code, b->recode[i].code);
    }
    assert_int_equal(a->duplicates, b->duplicates);
    assert_int_equal(a->max_groups, b->max_groups);
    assert_int_equal(a->delimiter, b->delimiter);
    assert_int_equal(a->encoding, b->encoding);
    assert_int_equal(a->allow_empty, b->allow_empty);
}

static void
assert_settings(const struct om_study_settings *a, const struct om_study_settings *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_ptr_equal(a->at[i].key, b->at[i].key);
        assert_text(a->at[i].target, b->at[i].target);
        assert_texts(&a->at[i].values, &b->at[i].values);
    }
}

static void
assert_studies(struct om_study *a, struct om_study *b)
{
    assert_panel(&a->panel, &b->panel);
    assert_int_equal(a->missing_rule, b->missing_rule);
    assert_memory_equal(a->populations, b->populations, sizeof a->populations);
    assert_memory_equal(a->rules, b->rules, sizeof a->rules);
    assert_memory_equal(a->families, b->families, sizeof a->families);
    assert_numbers(a->shift, a->n_shifts, b->shift, b->n_shifts);
    assert_numbers(a->cutoff, a->n_cutoffs, b->cutoff, b->n_cutoffs);
    assert_rule_settings(&a->rule, &b->rule);
    assert_int_equal(a->joint_improvement, b->joint_improvement);
    assert_int_equal(a->rtm_alpha, b->rtm_alpha);
    assert_numbers(a->rtm_correlation, a->n_rtm_correlations, b->rtm_correlation, b->n_rtm_correlations);
    assert_text(a->reference, b->reference);
    assert_true(a->level == b->level);
    assert_int_equal(a->n_times, b->n_times);
    assert_memory_equal(a->time, b->time, sizeof a->time);
    assert_true(a->paired.wilcoxon.zeros == b->paired.wilcoxon.zeros &&
                a->paired.wilcoxon.p == b->paired.wilcoxon.p);
    assert_numbers(a->paired.equivalence, a->paired.n_equivalences, b->paired.equivalence,
                   b->paired.n_equivalences);
    assert_int_equal(a->paired.n_effects, b->paired.n_effects);
    assert_memory_equal(a->paired.effect, b->paired.effect, a->paired.n_effects * sizeof *a->paired.effect);
    assert_true(a->paired.seed == b->paired.seed && a->paired.replicates == b->paired.replicates);
    assert_int_equal(a->strict, b->strict);
    assert_int_equal(a->formula_guard, b->formula_guard);
    assert_memory_equal(a->panel.said, b->panel.said, sizeof a->panel.said);
    assert_int_equal(a->panel.max_input, b->panel.max_input);
    assert_int_equal(a->panel.show_values, b->panel.show_values);
    assert_settings(&a->set, &b->set); /* the manifest says the same too */
    om_study_free(a);
    om_study_free(b);
}

/* --- every key both ways
 * --------------------------------------------------------------------------------------------- */

#define TINY                                                                                                 \
    "id: tiny\nversion: 1.0\nname: Tiny\nsource: {citation: me, evidence: verified}\n"                       \
    "references: {me: none}\nitems: {1: a, 2: b}\nanswers: {0-3: }\nprefixes: [tiny]\n"                      \
    "scales:\n  total: {label: t, combine: sum, range: [0, 6]}\n"                                            \
    "vectors:\n  - {name: one, answers: 1 1, expect: {total: 2}}\n"

static void
test_every_key(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text, *yaml;
    } cases[] = {
        {"id", "person", "id: person"},
        {"by", "site,arm", "by: [site, arm]"},
        {"by", "site", "by: site"},
        {"occasion", "pre=a.csv", "occasion: {pre: a.csv}"},
        {"occasion", "pre=a=b.csv", "occasion: {pre: a=b.csv}"},
        {"occasion-column", "visit", "occasion-column: visit"},
        {"occasions", "t1, t9", "occasions: [t1, t9]"},
        {"layout", "wide", "layout: wide"},
        {"layout", "long", "layout: long"},
        {"layout", "auto", "layout: auto"},
        {"map", "phq9=Q{item}_{occasion}", "map: {phq9: 'Q{item}_{occasion}'}"},
        {"map", "phq2@pre=a,b", "map: {phq2@pre: [a, b]}"},
        {"scale", "bdi:bdi_total:range=0..63,who:w:better=higher",
         "scale: ['bdi:bdi_total:range=0..63', 'who:w:better=higher']"},
        {"input", "x.csv,y.csv", "input: [x.csv, y.csv]"},
        {"delimiter", "semicolon", "delimiter: semicolon"},
        {"delimiter", ";", "delimiter: ;"},
        {"delimiter", "\\t", "delimiter: tab"},
        {"duplicates", "first", "duplicates: first"},
        {"duplicates", "last", "duplicates: last"},
        {"duplicates", "reject-all", "duplicates: reject-all"},
        {"duplicates", "error", "duplicates: error"},
        {"max-groups", "7", "max-groups: 7"},
        {"threads", "3", "threads: 3"},
        {"memory", "64M", "memory: 64M"},
        {"shard", "3/64", "shard: '3/64'"},
        {"persons", "1/16", "persons: '1/16'"},
        {"digest", "xxh128", "digest: xxh128"},
        {"missing", "99,-9,", "missing: ['99', '-9', '']"},
        {"missing", "phq9=99", "missing: {phq9: ['99']}"},
        {"declined", "refused", "declined: {all: refused}"},
        {"not-applicable", "NA,N/A", "not-applicable: [NA, N/A]"},
        {"recode", "phq9=1:0,2:1,a:b:3", "recode: {phq9: {1: 0, 2: 1, 'a:b': 3}}"},
        {"recode", "phq9_1=1:0", "recode: {phq9_1: ['1:0']}"},
        {"missing-rule", "prorate", "missing-rule: prorate"},
        {"missing-rule", "complete", "missing-rule: complete"},
        {"population", "positive", "population: positive"},
        {"population", "all", "population: all"},
        {"population", "both", "population: both"},
        {"date", "date_{occasion}", "date: 'date_{occasion}'"},
        {"interval", "7..120", "interval: 7..120"},
        {"max-missing", ".3", "max-missing: .3"},
        {"min-group", "10", "min-group: 10"},
        {"checks", "a == 1 => b != na,c < 2 => d == 'x' => no d",
         "checks: [{when: a == 1, then: b != na}, {when: c < 2, then: \"d == 'x'\", message: no d}]"},
        {"checks", "a == 1=>b != na", "checks: a == 1=>b != na"},
        {"rule", "shift,reliable", "rule: [shift, reliable]"},
        {"rule", "jt,ha,functional-ha", "rule: [jt, ha, functional-ha]"},
        {"rule", "all", "rule: all"},
        {"percent", ".3", "percent: .3"},
        {"percent", "bdi=.3", "percent: {bdi: .3}"},
        {"anchor", "bdi=7:5", "anchor: {bdi: '7:5'}"},
        {"anchor", "pcl5.cluster_b=2.5", "anchor: {pcl5.cluster_b: 2.5}"},
        {"reliability", "bdi=.801", "reliability: {bdi: .801}"},
        {"reliability", "bdi=.801:.79", "reliability: {bdi: '.801:.79'}"},
        {"clinical-norms", "bdi=35.5:8.2", "clinical-norms: {bdi: '35.5:8.2'}"},
        {"functional-norms", "bdi=7.69:7.52", "functional-norms: {bdi: 7.69:7.52}"},
        {"jt-cutoff", "c", "jt-cutoff: c"},
        {"jt-cutoff", "auto", "jt-cutoff: auto"},
        {"compat", "clinicalsignificance", "compat: clinicalsignificance"},
        {"compat", "none", "compat: none"},
        {"reliable", "index", "reliable: index"},
        {"reliable", "points", "reliable: points"},
        {"shift", "4", "shift: 4"},
        {"shift", "bipf=7.5", "shift: {bipf: 7.5}"},
        {"cutoff", "pcl5=31", "cutoff: {pcl5: 31}"},
        {"describe", "age:number,sex", "describe: ['age:number', sex]"},
        {"nhs", "both", "nhs: both"},
        {"nhs", "composite", "nhs: composite"},
        {"rtm-correlation", "alpha", "rtm-correlation: alpha"},
        {"rtm-correlation", "sample", "rtm-correlation: {all: sample}"},
        {"rtm-correlation", "phq9=0.84", "rtm-correlation: {phq9: 0.84}"},
        {"statistics", "all", "statistics: all"},
        {"reference", "arm=TAU", "reference: arm=TAU"},
        {"occasion-times", "0,6,12.5", "occasion-times: [0, 6, 12.5]"},
        {"wilcoxon", "pratt", "wilcoxon: pratt"},
        {"wilcoxon", "split,normal-cc", "wilcoxon: [split, normal-cc]"},
        {"wilcoxon", "exact", "wilcoxon: [exact]"},
        {"equivalence", "2", "equivalence: 2"},
        {"equivalence", "bipf=7.5", "equivalence: {bipf: 7.5}"},
        {"effect", "0.3", "effect: 0.3"},
        {"effect", "0.2,0.35,1", "effect: [0.2, 0.35, 1]"},
        {"replicates", "2000", "replicates: 2000"},
        {"seed", "20261122", "seed: 20261122"},
        {"level", "0.9", "level: 0.9"},
        {"shareable", "nhs", "shareable: nhs"},
        {"shareable", "below=7,round=5", "shareable: 'below=7,round=5'"},
        {"strict", "true", "strict: true"},
        {"strict", "false", "strict: false"},
        {"severity", "OM143=off,om132=warning", "severity: [OM143=off, om132=warning]"},
        {"max-input", "10G", "max-input: 10G"},
        {"encoding", "utf-16", "encoding: utf-16"},
        {"encoding", "windows-1252", "encoding: windows-1252"},
        {"formula-guard", "escape", "formula-guard: escape"},
        {"formula-guard", "off", "formula-guard: off"},
        {"allow-empty", "true", "allow-empty: true"},
        {"show-values", "true", "show-values: true"},
    };
    size_t n, seen = 0;
    const struct om_study_key *keys = om_study_keys(&n);
    for (size_t k = 0; k < n; k++) {
        size_t before = seen;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            if (strcmp(cases[i].key, keys[k].name) != 0)
                continue;
            struct om_study *text = FROM_TEXT(cases[i].key, cases[i].text);
            struct om_study *file = from_file(cases[i].yaml);
            /* The manifest repeats what was written, and these are two ways to write one delimiter. */
            if (strcmp(cases[i].text, "\\t") == 0)
                om_settings_release(&text->set), om_settings_release(&file->set);
            assert_studies(text, file);
            seen++;
        }
        bool names_file = strcmp(keys[k].name, "instrument") == 0 || strcmp(keys[k].name, "schema") == 0;
        if (seen == before && !names_file) /* those have tests of their own */
            fail_msg("the key %s has no case here", keys[k].name);
    }
    assert_int_equal(seen, sizeof cases / sizeof cases[0]);
}

static void
test_instrument_key(void **state)
{
    (void)state;
    const char *tiny = temporary_file(".yaml", TINY, sizeof TINY - 1);
    char yaml[200];
    struct om_study *text = FROM_TEXT("instrument", tiny);
    snprintf(yaml, sizeof yaml, "instrument: [%s]\n", tiny);
    struct om_study *file = from_file(yaml);
    assert_non_null(om_registry_find(om_study_registry(text), "tiny"));
    assert_non_null(om_registry_find(om_study_registry(file), "tiny"));
    assert_studies(text, file);
    struct run run = RUN("instrument", tiny, "input",
                         file_of("id,tiny_1_pre,tiny_2_pre,tiny_1_post,tiny_2_post\n"
                                 "a,3,3,1,0\nb,2,1,1,1\n"));
    assert_true(value_of(&run, "all", "tiny", "total", "all", "change", "", "mean") == -3);
    release(&run);
}

/* What a key changes, all of it set at once, in a file and as text. */
static void
test_many_keys_together(void **state)
{
    (void)state;
    assert_studies(FROM_TEXT("layout", "long", "id", "p", "by", "s", "missing", "99", "missing", "phq9=88",
                             "shift", "4", "shift", "phq9=6", "rule", "band", "level", "0.99"),
                   from_file("layout: long\nid: p\nby: [s]\nmissing: {all: ['99'], phq9: ['88']}\n"
                             "shift: {all: 4, phq9: 6}\nrule: band\nlevel: 0.99\n"));
    struct om_study *study = FROM_TEXT("shift", "4", "shift", "phq9=6", "shift", "3");
    const struct om_registry *known = om_study_registry(study);
    assert_int_equal(om_study_shift(study, om_registry_find(known, "phq9")).num,
                     6); /* the particular before the general */
    assert_int_equal(om_study_shift(study, om_registry_find(known, "gad7")).num, 3);
    om_study_free(study);
    study = FROM_TEXT("rule", "shift,band", "rule", "screen", "occasions", "a,b", "occasions", "c,d", "by",
                      "a", "by", "b");
    assert_true(study->rules[OM_RULE_SCREEN] && !study->rules[OM_RULE_SHIFT]); /* the last word counts */
    assert_string_equal(study->panel.occasions.at[0], "c");
    assert_int_equal(study->panel.by.n, 2); /* but groups add up */
    om_study_free(study);
}

/* --- what is refused
 * ------------------------------------------------------------------------------------------------------ */

static void
test_impossible_values(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text, *hint_has;
    } cases[] = {
        {"by", "a,,b", "columns"},
        {"occasion", "pre", "NAME=FILE"},
        {"occasion", "=x.csv", "NAME=FILE"},
        {"occasion", "pre=", "NAME=FILE"},
        {"occasions", "a,,b", "first"},
        {"occasions", "a,A", "first"},
        {"layout", "tall", "auto, wide, long"},
        {"map", "Q{item}", "phq9="},
        {"map", "=Q{item}", "phq9="},
        {"map", "phq9=", "phq9="},
        {"delimiter", ";;", "semicolon"},
        {"delimiter", "", "semicolon"},
        {"delimiter", "\"", "semicolon"},
        {"delimiter", "\n", "semicolon"},
        {"delimiter", "\xe9", "semicolon"},
        {"duplicates", "reject", "reject-all"},
        {"max-groups", "0", "1 or more"},
        {"max-groups", "-3", "1 or more"},
        {"max-groups", "many", "1 or more"},
        {"threads", "0", "1 to 256"},
        {"threads", "257", "1 to 256"},
        {"threads", "all", "1 to 256"},
        {"memory", "1000", "500M"},
        {"memory", "M", "500M"},
        {"memory", "", "500M"},
        {"memory", "-5G", "500M"},
        {"shard", "3", "3/64"},
        {"shard", "3/2", "3/64"},
        {"shard", "0/2", "3/64"},
        {"persons", "3/2", "3/64"},
        {"digest", "md5", "sha256"},
        {"recode", "1:0", "phq9=1:0"},
        {"recode", "phq9=1", "phq9=1:0"},
        {"recode", "phq9=1:x", "phq9=1:0"},
        {"recode", "phq9=1:-1", "phq9=1:0"},
        {"recode", "phq9=1:300", "phq9=1:0"},
        {"date", "", "date_{occasion}"},
        {"interval", "120..7", "7..120"},
        {"interval", "7", "7..120"},
        {"interval", "-1..7", "7..120"},
        {"max-missing", "1.5", "from 0 to 1"},
        {"max-missing", "some", "from 0 to 1"},
        {"min-group", "0", "1 or more"},
        {"checks", "a == 1", "WHEN => THEN"},
        {"checks", "a == => b == 1", "conditions look like"},
        {"checks", "a == '=> b == 1", "WHEN => THEN"},
        {"missing-rule", "impute", "complete, prorate"},
        {"population", "some", "all, positive, both"},
        {"rule", "shift,magic", "band-or-shift"},
        {"rule", "shift,magic", "functional-ha, all"},
        {"percent", "0", "at most 1"},
        {"percent", "1.5", "at most 1"},
        {"percent", ".3:.2", "at most 1"},
        {"anchor", "7", "bdi=7"},
        {"anchor", "bdi=0", "above 0"},
        {"anchor", "bdi=7:0", "above 0"},
        {"anchor", "bdi=7:", "above 0"},
        {"reliability", ".8", "bdi=.88"},
        {"reliability", "bdi=1", "below 1"},
        {"reliability", "bdi=.8:1", "below 1"},
        {"reliability", "bdi=-.8", "below 1"},
        {"clinical-norms", "bdi=30", "MEAN:SD"},
        {"clinical-norms", "bdi=30:0", "MEAN:SD"},
        {"functional-norms", "7:8", "MEAN:SD"},
        {"functional-norms", "bdi=7:eight", "MEAN:SD"},
        {"jt-cutoff", "d", "auto, a, b, c"},
        {"compat", "SPSS", "clinicalsignificance"},
        {"reliable", "jt", "points, index"},
        {"shift", "-1", "0 or more"},
        {"shift", "five", "0 or more"},
        {"shift", "", "0 or more"},
        {"cutoff", "31", "pcl5=31"},
        {"cutoff", "pcl5=high", "0 or more"},
        {"nhs", "neither", "composite, both"},
        {"rtm-correlation", "0.84", "phq9=0.84"},
        {"rtm-correlation", "phq9=alpha", "phq9=0.84"},
        {"rtm-correlation", "phq9=1.2", "phq9=0.84"},
        {"rtm-correlation", "phq9=-.2", "phq9=0.84"},
        {"statistics", "magic", "all"},
        {"scale", "bdi", "NAME:COLUMN"},
        {"scale", "bdi:", "NAME:COLUMN"},
        {"scale", "bdi:x:range=9..1", "NAME:COLUMN"},
        {"scale", "bdi:x:better=more", "NAME:COLUMN"},
        {"occasion-times", "6", "ascending numbers"},
        {"occasion-times", "0,6,6", "ascending numbers"},
        {"occasion-times", "0,-1", "ascending numbers"},
        {"occasion-times", "0,week 6", "ascending numbers"},
        {"wilcoxon", "wilcox", "drop, pratt, split"},
        {"wilcoxon", "pratt,", "normal-cc"},
        {"equivalence", "0", "above 0"},
        {"equivalence", "-2", "above 0"},
        {"equivalence", "phq9=few", "above 0"},
        {"effect", "0.2,0", "above 0"},
        {"effect", "large", "above 0"},
        {"effect", "1,2,3,4,5,6,7,8,9", "at most 8"},
        {"replicates", "99", "from 100"},
        {"replicates", "1e4", "from 100"},
        {"seed", "-1", "from 0"},
        {"seed", "4294967296", "from 0"},
        {"level", "0", "0.95"},
        {"level", "1", "0.95"},
        {"level", "95", "0.95"},
        {"level", "-0.5", "0.95"},
        {"strict", "maybe", "false, true"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_study *study = new_study();
        struct om_error err = {.status = OM_OK};
        om_status status = om_study_set(study, cases[i].key, cases[i].text, &err);
        if (status != OM_ERR_USAGE || !strstr(err.message, cases[i].key) ||
            !strstr(err.hint, cases[i].hint_has))
            fail_msg("%s: %s is %s: \"%s\" (%s)", cases[i].key, cases[i].text, om_status_name(status),
                     err.message, err.hint);
        om_study_free(study);
    }
    struct om_study *study = new_study();
    struct om_error err;
    assert_int_equal(om_study_set(study, "shifft", "5", &err), OM_ERR_USAGE);
    assert_non_null(strstr(err.message, "'shifft'"));
    assert_non_null(strstr(err.hint, "shift"));
    assert_int_equal(om_study_set(study, "instrument", "/nowhere/tiny.yaml", &err), OM_ERR_NO_INPUT);
    assert_int_equal(study->set.n, 0); /* what was refused is not in the manifest */
    om_study_free(study);
}

static void
test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        uint64_t line;
        const char *message_has;
    } cases[] = {
        {"id: a\nlayout: tall\n", 2, "layout"},
        {"id: a\n\nshifft: 5\n", 3, "shifft"},
        {"by: []\n", 1, "by"},
        {"by:\n", 1, "by"},
        {"id: [a, b]\n", 1, "id"},
        {"missing:\n  phq9: [['99']]\n", 2, "missing"},
        {"recode:\n  phq9:\n    1: [0]\n", 3, "recode"},
        {"recode:\n  phq9:\n    1: zero\n", 3, "recode"},
        {"shift:\n  phq9: much\n", 2, "shift"},
        {"id: a\nid: b\n", 2, "id"},
        {"- id\n", 1, ""},
        {"id: a\n  by: x\n", 2, ""},
        {"map: 'Q{item}'\n", 1, "map"},
        {"instrument: /nowhere.yaml\n", 1, ""},
        {"level: 2\nid: x\n", 1, "level"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_study *study = new_study();
        struct om_error err = {.status = OM_OK};
        om_status status = om_study_load(study, yaml_file(cases[i].yaml), &err);
        if (status != OM_ERR_DEFINITION || err.line != cases[i].line ||
            !strstr(err.message, cases[i].message_has) || !*err.file)
            fail_msg("%s%s at line %d: \"%s\" (%s)", cases[i].yaml, om_status_name(status), (int)err.line,
                     err.message, err.hint);
        om_study_free(study);
    }
    struct om_study *study = new_study();
    struct om_error err;
    assert_int_equal(om_study_load(study, "/nowhere/study.yaml", &err), OM_ERR_NO_INPUT);
    om_study_free(study);
}

/* --- init
 * ----------------------------------------------------------------------------------------------------------------
 */

/* The report of a panel, and the report by the study file that describes it, are the same. */
static void
assert_described(const char *const *setting, bool files_in_study)
{
    struct om_study *study = from_text(setting);
    struct om_error err;
    char *yaml;
    assert_ok(om_study_describe(study, &yaml, &err));
    om_study_free(study);
    const char *path = yaml_file(yaml);
    struct run direct = run_settings(setting);
    struct run by_file = files_in_study ? RUN("study", path) : RUN("study", path, "input", setting[1]);
    if (by_file.status != OM_OK)
        fail_msg("%s: %s\n%s", by_file.err.message, by_file.err.hint, yaml);
    om_text_free(yaml);
    assert_same_results(&direct, &by_file, setting[1]);
}
#define ASSERT_DESCRIBED(...)       assert_described((const char *const[]){__VA_ARGS__, NULL}, false)
#define ASSERT_FILES_DESCRIBED(...) assert_described((const char *const[]){__VA_ARGS__, NULL}, true)

static const char *
nhanes_names(void)
{
    struct text text = {0};
    text_put(&text, "id");
    for (int i = 0; i < 18; i++) {
        char name[32];
        snprintf(name, sizeof name, ",DPQ0%d0_%s", i % 9 + 1, i < 9 ? "pre" : "post");
        text_put(&text, name);
    }
    text_put(&text, "\na,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,7\nb,3,3,3,1,1,1,1,1,1,0,0,0,0,0,0,0,0,9\n"
                    "c,2,2,3,1,1,1,1,1,1,0,1,2,0,0,0,0,1,0\n");
    return text_file(&text);
}

static void
test_init(void **state)
{
    (void)state;
    ASSERT_DESCRIBED("input", "data/evaluation_wide.csv");
    ASSERT_DESCRIBED("input", "data/evaluation_wide.csv", "by", "cohort", "missing-rule", "prorate",
                     "population", "positive", "rule", "shift,band,jt,ha,cwb,percent", "shift", "4", "shift",
                     "bipf=7.5", "cutoff", "pcl5=31", "reliability", "phq9=.86:.8", "reliability", "phq9=.9",
                     "functional-norms", "phq9=3.3:3.8", "clinical-norms", "gad7=14:4.5", "anchor",
                     "pcl5=9.5:7", "percent", ".3", "percent", "gad7=0.25", "jt-cutoff", "b", "compat",
                     "clinicalsignificance", "statistics", "all", "reference", "2", "occasion-times",
                     "-1,2.5", "level", "0.9", "max-groups", "5", "duplicates", "last");
    ASSERT_DESCRIBED("input", "data/evaluation_wide.csv", "statistics", "bootstrap,power,equivalence",
                     "wilcoxon", "split", "equivalence", "2.5", "equivalence", "pcl5=6", "effect", "0.2,0.35",
                     "replicates", "500", "seed", "7");
    ASSERT_DESCRIBED("input", "data/evaluation_long.csv", "by", "cohort");
    ASSERT_DESCRIBED("input", "data/evaluation_long.csv", "occasions", "post,pre", "missing", "phq9=3",
                     "missing", "0", "declined", "gad7_1=1", "not-applicable", "bipf=,6", "recode",
                     "pcl5=4:3,3:3,2:2,1:1");
    ASSERT_DESCRIBED("input", "data/nhanes_2015_2016_phq9.csv");
    ASSERT_DESCRIBED("input", "data/nhanes_2015_2016_phq9.csv", "missing", "7", "missing-rule", "prorate");
    ASSERT_DESCRIBED("input", nhanes_names());
    ASSERT_DESCRIBED("input",
                     file_of("it's;gad2_1_pre;gad2_2_pre;gad2_1_post;gad2_2_post\na;1;2;3;3\nb;0;2;1;3\n"),
                     "delimiter", ";", "id", "it's");
    ASSERT_DESCRIBED("input", file_of("id,GAD2_1_w1,GAD2_2_w1,gad2_1_w2,gad2_2_w2,gad2_1_"
                                      "note\na,1,2,3,3,x\nb,0,2,1,3,y\n"));
    ASSERT_DESCRIBED("input",
                     file_of("id,gad2_1_911f02,gad2_2_911f02,PHQ2 1,PHQ2 2\na,1,2,3,3\nb,0,2,1,3\n"));
    ASSERT_DESCRIBED("input", file_of("id,visit,sad,glum\na,1,0,3\na,2,1,3\nb,2,1,1\nb,1,3,2\n"), "map",
                     "phq2=glum,sad");
}

static void
test_init_of_files(void **state)
{
    (void)state;
    char first[200], last[200], odd[200];
    snprintf(first, sizeof first, "pre=%s", file_of("id,gad2_1,gad2_2\na,1,2\nb,3,3\n"));
    snprintf(last, sizeof last, "post=%s", file_of("gad2_2,gad2_1,id\n0,2,a\n1,0,b\n"));
    snprintf(odd, sizeof odd, "post: later=%s",
             file_of("GAD.2,GAD.1,GAD.3,GAD.4,GAD.5,GAD.6,GAD.7,id\n0,2,0,0,0,0,0,a\n"
                     "1,0,1,1,1,1,1,b\n"));
    ASSERT_FILES_DESCRIBED("occasion", first, "occasion", last);
    struct om_study *study = FROM_TEXT("occasion", last, "occasion", odd);
    struct om_error err;
    char *yaml;
    assert_ok(om_study_describe(study, &yaml, &err)); /* names differ from file to file: no map serves both */
    assert_null(strstr(yaml, "\nmap:"));
    om_study_free(study);
    study = from_file(yaml);
    assert_string_equal(study->panel.input[1].occasion, "post: later");
    om_study_free(study);
    om_text_free(yaml);
}

static void
test_init_of_the_collection(void **state)
{
    (void)state;
    if (!shared_path("pcl5_veterans/ptsd.csv"))
        skip();
    char path[300];
    snprintf(path, sizeof path, "%s", shared_path("pcl5_veterans/ptsd.csv"));
    ASSERT_DESCRIBED("input", path, "map", "pcl5=Q28_{item}_MONTH");
    snprintf(path, sizeof path, "%s", shared_path("phq9_gad7_two_waves/wide.csv"));
    ASSERT_DESCRIBED("input", path);
    snprintf(path, sizeof path, "%s", shared_path("bipf_constructed/bipf.csv"));
    ASSERT_DESCRIBED("input", path, "not-applicable", "NA,N/A,");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key),          cmocka_unit_test(test_instrument_key),
        cmocka_unit_test(test_many_keys_together), cmocka_unit_test(test_impossible_values),
        cmocka_unit_test(test_bad_files),          cmocka_unit_test(test_init),
        cmocka_unit_test(test_init_of_files),      cmocka_unit_test(test_init_of_the_collection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
