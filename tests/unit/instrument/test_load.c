/* Reading a definition: what it becomes, and every way in which a single value can be wrong. */
#include "unit/instrument/tiny.h"

#include <math.h>
#include <stdio.h>

static struct om_registry *registry;
static struct om_error err;

static const struct om_instrument *
loaded(const char *text)
{
    const struct om_instrument *in = NULL;
    assert_ok(om_registry_new(&registry, &err));
    assert_ok(om_registry_add_text(registry, "t.yaml", text, strlen(text), &in, &err));
    return in;
}

static int
finish(void **state)
{
    (void)state;
    om_registry_free(registry);
    registry = NULL;
    return 0;
}

/* --- what is left out --- */

static void
test_defaults(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(TINY);
    assert_string_equal(in->id, "tiny");
    assert_string_equal(in->version, "1");
    assert_string_equal(in->title, "Tiny");
    assert_string_equal(in->authors, "");
    assert_string_equal(in->recall, "");
    assert_string_equal(in->license, "");
    assert_int_equal(in->year, 0);
    assert_null(in->source.citation);
    assert_null(in->source.evidence);
    assert_null(in->parent);
    assert_int_equal(in->n_prefixes, 1);
    assert_string_equal(in->prefix[0], "tiny");
    assert_int_equal(in->n_namings, 0);
    assert_int_equal(in->n_safety, 0);
    assert_int_equal(in->n_vectors, 0);
    assert_false(in->has_na);
    assert_int_equal(in->minimum, 0);
    assert_int_equal(in->maximum, 2);
    const struct om_scale *total = om_instrument_scale(in, "total");
    assert_string_equal(total->label, "total");
    assert_int_equal(total->combine, OM_COMBINE_SUM);
    assert_int_equal(total->direction, OM_HIGHER_WORSE);
    assert_int_equal(total->items, 7);
    assert_int_equal(total->n_items, 3);
    assert_int_equal(total->max_blank, 0);
    assert_int_equal(total->min_answered, 1);
    assert_int_equal(total->rounding, OM_ROUND_HALF_UP);
    assert_int_equal(total->maximum.num, 6);
    assert_false(total->has_remission);
    assert_null(om_scale_default_cutoff(total));
    assert_null(om_instrument_scale(in, "Total"));
    assert_int_equal(om_instrument_item(in, "3"), 2);
    assert_int_equal(om_instrument_item(in, "4"), -1);
}

static void
test_computed_labels_and_amounts(void **state)
{
    (void)state;
    const struct om_instrument *in =
        loaded(TINY "    bands: {rather_low: 0, high: {from: 3, label: top}}\n"
                    "    cutoffs: {3: {default: true}, half: {at: 4}}\n"
                    "    reliable_change: {2: {}, one: {points: 1, default: true}}\n"
                    "    meaningful_change: {2: {default: true, label: much}}\n");
    const struct om_scale *total = om_instrument_scale(in, "total");
    assert_string_equal(total->band[0].label, "rather low");
    assert_string_equal(total->band[1].label, "top");
    assert_int_equal(total->band[1].from.num, 3);
    assert_string_equal(total->cutoff[0].label, "3 or more");
    assert_string_equal(total->cutoff[1].id, "half");
    assert_int_equal(total->cutoff[1].at.num, 4);
    assert_ptr_equal(om_scale_default_cutoff(total), &total->cutoff[0]);
    assert_int_equal(total->n_thresholds, 3);
    assert_string_equal(total->threshold[0].kind, "reliable");
    assert_string_equal(total->threshold[0].label, "2 points");
    assert_string_equal(total->threshold[1].label, "1 point");
    assert_true(total->threshold[1].is_default);
    assert_string_equal(total->threshold[2].kind, "meaningful");
    assert_string_equal(total->threshold[2].label, "much");
}

static void
test_joint_rules(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(
        TINY "    cutoffs: {3: {default: true}, half: {at: 4}}\n"
             "    reliable_change: {2: {}, most: {points: 5}}\n    meaningful_change: {most: {points: 1}}\n"
             "    joint_rules: {nhs: {caseness: half, reliable_change: most}}\n");
    const struct om_scale *total = om_instrument_scale(in, "total");
    assert_int_equal(total->n_joint_rules, 1);
    assert_string_equal(total->joint_rule[0].id, "nhs");
    assert_int_equal(total->joint_rule[0].caseness.num, 4);
    assert_int_equal(total->joint_rule[0].points.num, 5); /* the reliable one, not the meaningful one */
}

static void
test_ways_to_combine(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(
        START "scales:\n"
              "  average: {combine: mean, higher_is: better, range: [0, 2], cutoffs: {low: {at: 0.5}}}\n"
              "  share: {combine: percent, items: 1-2, range: [0, 100]}\n"
              "  symptoms: {combine: count, items: [1, 3], endorsed: {1: 1, 3: 2}, range: [0, 2]}\n"
              "  kind:\n"
              "    combine: class\n"
              "    endorsed: 1\n"
              "    classes:\n"
              "      all_three: {positive: true, requires: [{at_least: 3}]}\n"
              "      first: {positive: true, requires: [{of: 1, at_least: 1}, {of: 2-3, at_least: 1}]}\n"
              "      some: {requires: [{at_least: 1}]}\n"
              "      none:\n");
    const struct om_scale *average = om_instrument_scale(in, "average");
    assert_int_equal(average->rounding, OM_ROUND_NONE);
    assert_int_equal(average->direction, OM_HIGHER_BETTER);
    assert_string_equal(average->cutoff[0].label, "0.5 or less");
    const struct om_scale *share = om_instrument_scale(in, "share");
    assert_int_equal(share->items, 3);
    assert_int_equal(share->maximum.num, 100);
    assert_int_equal(share->rounding, OM_ROUND_HALF_UP);
    const struct om_scale *symptoms = om_instrument_scale(in, "symptoms");
    assert_int_equal(symptoms->items, 5);
    assert_int_equal(symptoms->endorsed[0], 1);
    assert_int_equal(symptoms->endorsed[1], 0);
    assert_int_equal(symptoms->endorsed[2], 2);
    assert_int_equal(symptoms->rounding, OM_ROUND_NONE);
    /* classes: scores ascend with severity, the cut-off is the mildest positive one */
    const struct om_scale *kind = om_instrument_scale(in, "kind");
    assert_int_equal(kind->n_classes, 4);
    assert_string_equal(kind->class_[0].label, "all three");
    assert_int_equal(kind->class_[0].criterion[0].items, 7);
    assert_int_equal(kind->class_[1].criterion[1].items, 6);
    assert_int_equal(kind->n_bands, 4);
    assert_string_equal(kind->band[0].id, "none");
    assert_string_equal(kind->band[3].id, "all_three");
    assert_int_equal(kind->band[3].from.num, 3);
    assert_int_equal(kind->maximum.num, 3);
    assert_int_equal(kind->n_cutoffs, 1);
    assert_string_equal(kind->cutoff[0].id, "first");
    assert_int_equal(kind->cutoff[0].at.num, 2);
    assert_true(kind->cutoff[0].is_default);
}

static void
test_answers_in_any_order_and_in_ranges(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(
        HEAD ITEMS "answers:\n  4: [most, very much]\n  1-3:\n  0: none\nnot_applicable: n.a.\n" TOTAL);
    assert_int_equal(in->n_answers, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(in->answer[i].code, i);
    assert_string_equal(in->answer[0].label[0], "none");
    assert_int_equal(in->answer[2].n_labels, 0);
    assert_string_equal(in->answer[4].label[1], "very much");
    assert_true(in->allowed[3]);
    assert_false(in->allowed[5]);
    assert_true(in->has_na);
    assert_string_equal(in->na_label[0], "n.a.");
}

static void
test_items_with_words_and_reversed(void **state)
{
    (void)state;
    const struct om_instrument *in =
        loaded(HEAD "items: {work: at work, home: {label: at home, reversed: true}, play: at play}\n" ANSWERS
                    "scales: {part: {combine: sum, items: work-home}}\n");
    assert_string_equal(in->item[1].id, "home");
    assert_string_equal(in->item[1].label, "at home");
    assert_true(in->item[1].reversed);
    assert_false(in->item[0].reversed);
    assert_int_equal(in->scale[0].items, 3);
}

static void
test_citations_are_written_out(void **state)
{
    (void)state;
    const struct om_instrument *in =
        loaded(TINY "references: {a2001: A and others 2001, b2002: B 2002}\n"
                    "source: {citation: [a2001, C personal communication, b2002], evidence: verified}\n");
    assert_string_equal(in->source.citation, "A and others 2001; C personal communication; B 2002");
    assert_string_equal(in->source.evidence, "verified");
    assert_null(in->source.note);
}

static void
test_norms_may_lack_values(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(
        TINY
        "    norms:\n      a: {population: everybody, sd: 1.7, reliability: 0.84, reliability_kind: alpha}\n"
        "      b: {population: some, n: 30, mean: 2.5}\n");
    const struct om_norm *norm = in->scale[0].norm;
    assert_true(isnan(norm[0].n));
    assert_true(isnan(norm[0].mean));
    assert_close(norm[0].sd, 1.7, 0);
    assert_close(norm[0].reliability, 0.84, 0);
    assert_string_equal(norm[0].reliability_kind, "alpha");
    assert_close(norm[1].n, 30, 0);
    assert_close(norm[1].mean, 2.5, 0);
    assert_null(norm[1].reliability_kind);
}

static void
test_vectors(void **state)
{
    (void)state;
    const struct om_instrument *in = loaded(
        HEAD ITEMS ANSWERS "not_applicable: [NA]\n" TOTAL "    bands: {low: 0, high: 3}\n"
                           "    cutoffs: {3: {default: true}, 4: {}}\n"
                           "vectors:\n"
                           "  - name: all kinds\n"
                           "    answers: 2  . na\n"
                           "    missing_rule: prorate\n"
                           "    expect: {total: {score: 4.5, band: high, positive: {3: true, 4: false}}}\n"
                           "  - name: short\n"
                           "    answers: 1 declined 0\n"
                           "    expect: {total: no score}\n"
                           "  - {name: number, answers: 1 1 1, expect: {total: 3}}\n"
                           "  - {name: word, answers: 1 1 1, expect: {total: high}}\n"
                           "  - {name: only positive, answers: 1 1 1, expect: {total: {positive: true}}}\n");
    assert_int_equal(in->n_vectors, 5);
    const struct om_vector *v = in->vector;
    assert_true(v[0].prorate);
    assert_false(v[1].prorate);
    assert_int_equal(v[0].code[0], 2);
    assert_int_equal(v[0].code[1], OM_CODE_BLANK);
    assert_int_equal(v[0].code[2], OM_CODE_NA);
    assert_int_equal(v[1].code[1], OM_CODE_DECLINED);
    assert_int_equal(v[0].line, 13);
    assert_int_equal(v[0].n_expect, 3);
    assert_true(v[0].expect[0].has_score);
    assert_int_equal(v[0].expect[0].score.num, 9);
    assert_int_equal(v[0].expect[0].score.den, 2);
    assert_string_equal(v[0].expect[0].band, "high");
    assert_int_equal(v[0].expect[0].positive, -1);
    assert_int_equal(v[0].expect[0].line, 16);
    assert_string_equal(v[0].expect[1].cutoff, "3");
    assert_int_equal(v[0].expect[1].positive, 1);
    assert_string_equal(v[0].expect[2].cutoff, "4");
    assert_int_equal(v[0].expect[2].positive, 0);
    assert_true(v[1].expect[0].no_score);
    assert_false(v[1].expect[0].has_score);
    assert_true(v[2].expect[0].has_score);
    assert_string_equal(v[3].expect[0].band, "high");
    assert_int_equal(v[4].n_expect, 1);
    assert_int_equal(v[4].expect[0].positive, 1);
    assert_null(v[4].expect[0].cutoff);
}

static void
test_derived(void **state)
{
    (void)state;
    const struct om_instrument *in =
        loaded("id: short\nversion: 1\nname: Short\nderived_from: bipf\nitems: [2, 5-6]\n"
               "scales: {total: {combine: percent}}\n");
    assert_string_equal(in->parent, "bipf");
    assert_int_equal(in->n_items, 3);
    assert_string_equal(in->item[0].id, "2");
    assert_string_equal(in->item[1].label, "work");
    assert_int_equal(in->parent_item[0], 1);
    assert_int_equal(in->parent_item[1], 4);
    assert_int_equal(in->parent_item[2], 5);
    assert_true(in->has_na);
    assert_int_equal(in->n_na_labels, 4);
    assert_string_equal(in->na_label[1], "N/A");
    assert_int_equal(in->maximum, 6);
    assert_true(in->allowed[6]);
    assert_string_equal(in->recall, "30 days");
    assert_int_equal(in->n_namings, 0); /* those are the parent's columns */
    assert_string_equal(in->prefix[0], "short");
    assert_int_equal(in->scale[0].items, 7);
}

/* --- what is wrong with a single value --- */

static void
test_faults_of_the_whole(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"id: [", 2, 1, "not YAML", "brackets"},
        {"just a text", 1, 1, "must be a mapping", "key: value"},
        {TINY "licence: free\n", 9, 1, "unknown key \"licence\"", "Did you mean \"license\"?"},
        {"version: 1\nname: T\n", 1, 1, "\"id\" is missing", "Add \"id: ...\""},
        {"id: t\nname: T\n", 1, 1, "\"version\" is missing", "Add"},
        {"id: t\nversion: 1\n", 1, 1, "\"name\" is missing", "Add"},
        {"id: Tiny\nversion: 1\nname: T\n", 1, 5, "\"Tiny\" cannot be the id of an instrument",
         "small letters"},
        {"id: 9t\nversion: 1\nname: T\n", 1, 5, "cannot be the id", "a letter first"},
        {"id: a-b\nversion: 1\nname: T\n", 1, 5, "cannot be the id", "small letters"},
        {"id: a23456789012345678901234567890123\nversion: 1\nname: T\n", 1, 5, "cannot be the id",
         "at most 32"},
        {"id: t\nversion:\nname: T\n", 2, 9, "it is empty", "leave the key out"},
        {TINY "year: 20x\n", 9, 7, "whole number from 1800 to 2200", ""},
        {TINY "title: {a: b}\n", 9, 8, "\"title\" must be a text", "quotes"},
        {HEAD ANSWERS TOTAL, 1, 1, "\"items\" is missing", "Add"},
        {HEAD ITEMS TOTAL, 1, 1, "\"answers\" is missing", "Add"},
        {START, 1, 1, "\"scales\" is missing", "Add"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_sources(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "source: {evidence: verified}\n", 9, 9, "a verified fact needs a citation", "recalled"},
        {TINY "source: {evidence: recommended}\n", 9, 9, "a recommendation needs a note", "note"},
        {TINY "source: {note: n}\n", 9, 9, "\"evidence\" is missing", "Add"},
        {TINY "source: {evidence: verifed, citation: A B}\n", 9, 20, "\"verifed\"",
         "Did you mean \"verified\"?"},
        {TINY "source: {evidence: derived, from: x}\n", 9, 29, "unknown key \"from\"",
         "Known here: \"citation\""},
        {TINY "source: Smith 2001\n", 9, 9, "must be a mapping", "key: value"},
        {TINY "references: {smith2001: S}\nsource: {evidence: derived, citation: smth2001}\n", 10, 39,
         "unknown reference \"smth2001\"", "Did you mean \"smith2001\"?"},
        {TINY "source: {evidence: derived, citation: smith2001}\n", 9, 39, "unknown reference",
         "None is defined."},
        {TINY "source: {evidence: derived, citation: [A B, x]}\n", 9, 45, "unknown reference \"x\"", "None"},
        {TINY "source: {evidence: derived, citation: {a: b}}\n", 9, 39, "must be a list", "[a, b]"},
        {TINY "references: {a b: S}\n", 9, 14, "has a blank", "smith2001"},
        {TINY "references: {a: [S]}\n", 9, 17, "must be a text", "quotes"},
        {TINY "references: [S]\n", 9, 13, "must be a mapping", "key: value"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_items_and_answers(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {HEAD "items: [a, b]\n", 4, 8, "\"items\" must be a mapping", "key: value"},
        {HEAD "items: {}\n", 4, 8, "needs items", "number: label"},
        {HEAD "items: {A: a}\n", 4, 9, "\"A\" cannot be the id of an item", "small letters"},
        {HEAD "items: {1: a, 1: b}\n", 4, 15, "\"1\" was already given", "Keep one"},
        {HEAD "items: {1: }\n", 4, 12, "it is empty", ""},
        {HEAD "items: {1: {reversed: true}}\n", 4, 12, "\"label\" is missing", "Add"},
        {HEAD "items: {1: {label: a, reverse: true}}\n", 4, 23, "unknown key \"reverse\"", "\"reversed\""},
        {HEAD "items: {1: {label: a, reversed: yes}}\n", 4, 33, "true or false", "lower case"},
        {HEAD ITEMS "answers: [no, yes]\n", 5, 10, "\"answers\" must be a mapping", "key: value"},
        {HEAD ITEMS "answers: {0: no}\n", 5, 10, "two answers or more", "code: wording"},
        {HEAD ITEMS "answers: {no: 0, yes: 1}\n", 5, 11, "whole number from 0 to 119", "0: not at all"},
        {HEAD ITEMS "answers: {0: no, 120: yes}\n", 5, 18, "whole number from 0 to 119", ""},
        {HEAD ITEMS "answers: {-1: no, 1: yes}\n", 5, 11, "whole number from 0 to 119", ""},
        {HEAD ITEMS "answers: {3-1: }\n", 5, 11, "whole number from 0 to 119", "1-7"},
        {HEAD ITEMS "answers: {0-: }\n", 5, 11, "whole number from 0 to 119", "1-7"},
        {HEAD ITEMS "answers: {0-3: , 2: two}\n", 5, 18, "the code 2 was already given", "once"},
        {HEAD ITEMS "answers: {0-3: no}\n", 5, 16, "cannot stand for several codes", "line of its own"},
        {HEAD ITEMS "answers: {0: no, 1: {a: b}}\n", 5, 21, "must be a list", "[a, b]"},
        {START "not_applicable:\n" TOTAL, 6, 16, "it is empty", "leave the key out"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_too_many_items(void **state)
{
    (void)state;
    char text[2048] = HEAD "items:\n";
    for (int i = 1; i <= 65; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "  %d: a\n", i);
    const struct fault fault = {text, 4 + 65, 3, "more than 64 items", "split"};
    assert_faults(&fault, 1);
}

static void
test_faults_of_columns(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "prefixes: {a: b}\n", 9, 11, "must be a list", "[a, b]"},
        {TINY "namings: [x]\n", 9, 10, "must be a mapping", "key: value"},
        {TINY "namings: {X: {missing: [9]}}\n", 9, 14, "\"columns\" is missing", "Add"},
        {TINY "namings: {X: {columns: a}}\n", 9, 24, "must be a list", "[a, b]"},
        {TINY "namings: {X: {columns: [a, b]}}\n", 9, 24, "2 columns for 3 items",
         "in the order of the items"},
        {TINY "namings: {X: {columns: [a, b, c], refused: 7}}\n", 9, 35, "unknown key \"refused\"",
         "\"declined\""},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_derivation(void **state)
{
    (void)state;
#define DERIVED HEAD "derived_from: phq9\n"
    static const struct fault faults[] = {
        {HEAD "derived_from: phq99\n", 4, 15, "unknown instrument \"phq99\"", "Did you mean \"phq9\""},
        {HEAD "derived_from: [phq9]\n", 4, 15, "must be a text", ""},
        {DERIVED "items: 1-12\n", 5, 8, "unknown item \"12\"", "\"1\""},
        {DERIVED "items: {1: a}\n", 5, 8, "must be a list", "[a, b]"},
        {DERIVED "items: 1-2\nanswers: {0: a, 1: b}\n", 6, 1, "the answers are those of \"phq9\"",
         "deriving"},
        {DERIVED "items: 1-2\nnot_applicable: NA\n", 6, 1, "the answers are those of \"phq9\"", "Leave"},
        {"id: phq9\nversion: 2\nname: P\nderived_from: phq9\n", 4, 15, "derived from itself", "another id"},
        {"id: phq9\nversion: 2\nname: P\nderived_from: phq2\n", 4, 15, "derived from itself", "another id"},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_scales(void **state)
{
    (void)state;
#define SCALE START "scales:\n  s:\n" /* the next line is 8, indented by 4 */
    static const struct fault faults[] = {
        {START "scales: [a]\n", 6, 9, "must be a mapping", "key: value"},
        {START "scales: {}\n", 6, 9, "needs a scale", "total"},
        {START "scales: {S: {combine: sum}}\n", 6, 10, "\"S\" cannot be the id of a scale", "letter first"},
        {START "scales: {1: {combine: sum}}\n", 6, 10, "\"1\" cannot be the id of a scale", "letter first"},
        {START "scales: {s: sum}\n", 6, 13, "must be a mapping", "key: value"},
        {START "scales: {s: {label: x}}\n", 6, 13, "\"combine\" is missing", "Add"},
        {SCALE "    combine: summ\n", 8, 14, "\"summ\"", "Did you mean \"sum\"?"},
        {SCALE "    combine: sum\n    cutoff: 3\n", 9, 5, "unknown key \"cutoff\"",
         "Did you mean \"cutoffs\"?"},
        {SCALE "    combine: sum\n    higher_is: good\n", 9, 16, "\"good\"", "\"worse\", \"better\""},
        {SCALE "    combine: sum\n    round: up\n", 9, 12, "\"up\"", "\"none\", \"half_up\""},
        {SCALE "    combine: sum\n    items: 4\n", 9, 12, "unknown item \"4\"", "\"1\""},
        {SCALE "    combine: sum\n    items: 1-\n", 9, 12, "unknown item \"\"", "\"1\""},
        {SCALE "    combine: sum\n    items: 3-1\n", 9, 12, "runs backwards", "earlier item first"},
        {SCALE "    combine: sum\n    items: [1-2, 2]\n", 9, 18, "named twice", "once"},
        {SCALE "    combine: sum\n    items: []\n", 9, 12, "no items are named", "leave the key out"},
        {SCALE "    combine: sum\n    items: {1: 2}\n", 9, 12, "must be a list", "[a, b]"},
        {SCALE "    combine: sum\n    missing: 2\n", 9, 14, "must be a mapping", "key: value"},
        {SCALE "    combine: sum\n    missing: {max_blank: 3}\n", 9, 26, "from 0 to 2", ""},
        {SCALE "    combine: sum\n    missing: {min_answered: 2}\n", 9, 14, "\"max_blank\" is missing",
         "Add"},
        {SCALE "    combine: sum\n    missing: {max_blank: 1, min_answered: 0}\n", 9, 43, "from 1 to 3", ""},
        {SCALE "    combine: sum\n    missing: {max_blanks: 1}\n", 9, 15, "unknown key", "\"max_blank\""},
    };
    ASSERT_FAULTS(faults);
}

/* Cut-off 3 and a reliable change of 2, for joint rules to name; the next line is 11. */
#define CASES TINY "    cutoffs: {3: {}}\n    reliable_change: {2: {}}\n"

static void
test_faults_of_limits(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {TINY "    bands: [0, 3]\n", 9, 12, "must be a mapping", "key: value"},
        {TINY "    bands: {Low: 0}\n", 9, 13, "\"Low\" cannot be the id of a band", "small letters"},
        {TINY "    bands: {low: none}\n", 9, 18, "must be a number", "12.5"},
        {TINY "    bands: {low: {label: x}}\n", 9, 18, "\"from\" is missing", "Add"},
        {TINY "    bands: {low: {from: 0, to: 3}}\n", 9, 28, "unknown key \"to\"", "Known here"},
        {TINY "    cutoffs: 3\n", 9, 14, "must be a mapping", "key: value"},
        {TINY "    cutoffs: {x: {default: true}}\n", 9, 18, "\"at\" is missing", "Add"},
        {TINY "    cutoffs: {x y: {at: 1}}\n", 9, 15, "cannot be the id of a cut-off", "small letters"},
        {TINY "    cutoffs: {x: {at: high}}\n", 9, 23, "must be a number", ""},
        {TINY "    cutoffs: {3: true}\n", 9, 18, "must be a mapping", "key: value"},
        {TINY "    cutoffs: {3: {defualt: true}}\n", 9, 19, "unknown key \"defualt\"", "\"default\""},
        {TINY "    cutoffs: {3: {default: 1}}\n", 9, 28, "true or false", ""},
        {TINY "    remission: 5\n", 9, 16, "must be a mapping", "key: value"},
        {TINY "    remission: {at: 5}\n", 9, 17, "unknown key \"at\"", "\"below\""},
        {TINY "    remission: {}\n", 9, 16, "\"below\" is missing", "Add"},
        {TINY "    reliable_change: 5\n", 9, 22, "must be a mapping", "key: value"},
        {TINY "    reliable_change: {nhs: {default: true}}\n", 9, 28, "\"points\" is missing", "Add"},
        {TINY "    reliable_change: {NHS: {points: 2}}\n", 9, 23, "cannot be the id of a threshold", "small"},
        {TINY "    meaningful_change: {a: {points: two}}\n", 9, 37, "must be a number", ""},
        {TINY "    meaningful_change: {a: {point: 2}}\n", 9, 29, "unknown key \"point\"", "\"points\""},
        {TINY "    joint_rules: nhs\n", 9, 18, "must be a mapping", "key: value"},
        {TINY "    joint_rules: {other: {}}\n", 9, 19, "unknown key \"other\"", "\"nhs\""},
        {CASES "    joint_rules: {nhs: {reliable_change: 2}}\n", 11, 24, "\"caseness\" is missing", "Add"},
        {CASES "    joint_rules: {nhs: {caseness: 3}}\n", 11, 24, "\"reliable_change\" is missing", "Add"},
        {CASES "    joint_rules: {nhs: {caseness: 4, reliable_change: 2}}\n", 11, 35, "names no cut-off",
         "\"cutoffs\""},
        {CASES "    joint_rules: {nhs: {caseness: 3, reliable_change: much}}\n", 11, 55,
         "names no such change", "\"reliable_change\""},
        {CASES "    joint_rules: {nhs: {caseness: 3, reliable: 2}}\n", 11, 38, "unknown key \"reliable\"",
         "\"reliable_change\""},
        {TINY "    norms: [a]\n", 9, 12, "must be a mapping", "key: value"},
        {TINY "    norms: {a: {sd: 2}}\n", 9, 16, "\"population\" is missing", "Add"},
        {TINY "    norms: {a: {population: p, SD: 2}}\n", 9, 32, "unknown key \"SD\"", "\"sd\""},
        {TINY "    norms: {a: {population: p, sd: two}}\n", 9, 36, "must be a number", ""},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_endorsement_and_classes(void **state)
{
    (void)state;
#define COUNT START "scales:\n  s:\n    combine: count\n    items: 1-2\n" /* next: line 10 */
#define CLASS                                                                                                \
    START "scales:\n  s:\n    combine: class\n    items: 1-2\n    endorsed: 1\n" /* next: line 11            \
                                                                                  */
    static const struct fault faults[] = {
        {COUNT "    endorsed: some\n", 10, 15, "whole number", ""},
        {COUNT "    endorsed: {1-3: 1}\n", 10, 16, "not all in this scale", "no other"},
        {COUNT "    endorsed: {1: 1, 1-2: 1}\n", 10, 22, "named twice", "once"},
        {COUNT "    endorsed: {1: 1}\n", 10, 15, "no endorsement code", "every item"},
        {COUNT "    endorsed: {x: 1}\n", 10, 16, "unknown item \"x\"", "Known here"},
        {CLASS "", 8, 5, "\"classes\" is missing", "Add"},
        {CLASS "    classes: [a]\n", 11, 14, "must be a mapping", "key: value"},
        {CLASS "    classes: {Yes: , no: }\n", 11, 15, "cannot be the id of a class", "small letters"},
        {CLASS "    classes: {a: x, no: }\n", 11, 18, "must be a mapping", "key: value"},
        {CLASS "    classes: {a: {require: []}, no: }\n", 11, 19, "unknown key", "\"requires\""},
        {CLASS "    classes: {a: {requires: {at_least: 1}}, no: }\n", 11, 29, "must be a list", "[a, b]"},
        {CLASS "    classes: {a: {requires: [1]}, no: }\n", 11, 30, "must be a mapping", "key: value"},
        {CLASS "    classes: {a: {requires: [{of: 1}]}, no: }\n", 11, 30, "\"at_least\" is missing", "Add"},
        {CLASS "    classes: {a: {requires: [{of: 1, at_least: 2}]}, no: }\n", 11, 48, "from 1 to 1", ""},
        {CLASS "    classes: {a: {requires: [{at_least: 0}]}, no: }\n", 11, 41, "from 1 to 2", ""},
        {CLASS "    classes: {a: {requires: [{of: 2-3, at_least: 1}]}, no: }\n", 11, 35, "not in this scale",
         "Add"},
        {CLASS "    classes: {a: {requires: [{off: 1, at_least: 1}]}, no: }\n", 11, 31, "unknown key",
         "\"of\""},
    };
    ASSERT_FAULTS(faults);
}

static void
test_faults_of_safety_and_vectors(void **state)
{
    (void)state;
#define BANDED TINY "    bands: {low: 0, high: 3}\n    cutoffs: {3: {}}\n" /* the next line is 11 */
#define VECTOR BANDED "vectors:\n  - name: v\n"                            /* the next line is 13 */
    static const struct fault faults[] = {
        {TINY "safety: [total]\n", 9, 9, "must be a mapping", "key: value"},
        {TINY "safety: {total: {at_least: 1}}\n", 9, 17, "\"item\" is missing", "Add"},
        {TINY "safety: {total: {item: 1}}\n", 9, 17, "\"at_least\" is missing", "Add"},
        {TINY "safety: {total: {item: 7, at_least: 1}}\n", 9, 24, "unknown item \"7\"", "Known here"},
        {TINY "safety: {total: {item: 1, atleast: 1}}\n", 9, 27, "unknown key", "\"at_least\""},
        {BANDED "vectors: {a: b}\n", 11, 10, "must be a list", "[a, b]"},
        {BANDED "vectors: [{answers: 1 1 1}]\n", 11, 11, "\"name\" is missing", "Add"},
        {VECTOR "    expect: {total: 3}\n", 12, 5, "\"answers\" is missing", "Add"},
        {VECTOR "    answers: 1 1 1\n", 12, 5, "\"expect\" is missing", "Add"},
        {VECTOR "    answers: 1 1\n", 13, 14, "2 answers for 3 items", "one answer for each item"},
        {VECTOR "    answers: 1 1 1 1\n", 13, 14, "4 answers for 3 items", "one answer for each item"},
        {VECTOR "    answers: 1 1 3\n", 13, 14, "\"3\" is not an answer", ". for blank"},
        {VECTOR "    answers: 1 1 na\n", 13, 14, "\"na\" is not an answer", "declined"},
        {VECTOR "    answers: [1, 1, 1]\n", 13, 14, "must be a text", ""},
        {VECTOR "    answers: 1 1 1\n    missing_rule: strict\n", 14, 19, "\"strict\"",
         "\"complete\", \"prorate\""},
        {VECTOR "    answers: 1 1 1\n    expects: {}\n", 14, 5, "unknown key", "\"expect\""},
        {VECTOR "    answers: 1 1 1\n    expect: 3\n", 14, 13, "must be a mapping", "key: value"},
        {VECTOR "    answers: 1 1 1\n    expect: {}\n", 12, 5, "expects nothing", "expect"},
        {VECTOR "    answers: 1 1 1\n    expect: {totl: 3}\n", 14, 14, "unknown scale \"totl\"", "\"total\""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: 7}\n", 14, 21, "outside the range", "combine"},
        {VECTOR "    answers: 1 1 1\n    expect: {total: -1}\n", 14, 21, "outside the range", "combine"},
        {VECTOR "    answers: 1 1 1\n    expect: {total: hgih}\n", 14, 21, "unknown band \"hgih\"",
         "\"high\""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: no scor}\n", 14, 21, "must be a number", ""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {}}\n", 14, 21, "\"positive\" is missing", ""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {band: hi}}\n", 14, 28, "unknown band \"hi\"", ""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {bands: low}}\n", 14, 22, "unknown key", "\"band\""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {positive: true}}\n", 14, 32, "no default cut-off",
         "Name one"},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {positive: {4: true}}}\n", 14, 33,
         "unknown cut-off \"4\"", "\"3\""},
        {VECTOR "    answers: 1 1 1\n    expect: {total: {positive: {3: 1}}}\n", 14, 36, "true or false", ""},
    };
    ASSERT_FAULTS(faults);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_defaults, finish),
        cmocka_unit_test_teardown(test_computed_labels_and_amounts, finish),
        cmocka_unit_test_teardown(test_joint_rules, finish),
        cmocka_unit_test_teardown(test_ways_to_combine, finish),
        cmocka_unit_test_teardown(test_answers_in_any_order_and_in_ranges, finish),
        cmocka_unit_test_teardown(test_items_with_words_and_reversed, finish),
        cmocka_unit_test_teardown(test_citations_are_written_out, finish),
        cmocka_unit_test_teardown(test_norms_may_lack_values, finish),
        cmocka_unit_test_teardown(test_vectors, finish),
        cmocka_unit_test_teardown(test_derived, finish),
        cmocka_unit_test(test_faults_of_the_whole),
        cmocka_unit_test(test_faults_of_sources),
        cmocka_unit_test(test_faults_of_items_and_answers),
        cmocka_unit_test(test_too_many_items),
        cmocka_unit_test(test_faults_of_columns),
        cmocka_unit_test(test_faults_of_derivation),
        cmocka_unit_test(test_faults_of_scales),
        cmocka_unit_test(test_faults_of_limits),
        cmocka_unit_test(test_faults_of_endorsement_and_classes),
        cmocka_unit_test(test_faults_of_safety_and_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
