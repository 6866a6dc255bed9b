/* Scales that leave items out, and classes where items may not apply: all patterns of four items. */
#include "sweep.h"

#define HEAD  "id: kind\nversion: 1\nname: Kind\n"
#define PLAIN "items: {1: a, 2: b, 3: c, 4: d}\n"
#define NA    "not_applicable: [NA]\n"

static struct sweep sweep;

/* A scale of items 2 to 4, of which item 3 is reversed; item 1 is, too, and is no part of it. */
static struct expected
plain_part(const uint8_t *row, bool prorate)
{
    struct plain_counts c = plain_count(row + 1, 3, 3, false), all = plain_count(row, 4, 3, false);
    if (all.untouched == 4)
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank > (prorate ? 1 : 0))
        return no_score(OM_REASON_BLANK);
    if (row[2] <= 3)
        c.sum += 3 - 2 * row[2];
    return (struct expected){.num = c.sum * 3, .den = c.answered};
}

/* Of items 2 and 4: how many are endorsed, item 2 from 1, item 4 from 3. */
static struct expected
plain_several(const uint8_t *row, bool prorate)
{
    const uint8_t part[] = {row[1], row[3]};
    struct plain_counts c = plain_count(part, 2, 3, false), all = plain_count(row, 4, 3, false);
    if (all.untouched == 4)
        return no_score(OM_REASON_NO_FORM);
    if (c.invalid)
        return no_score(OM_REASON_INVALID);
    if (c.blank)
        return no_score(prorate ? OM_REASON_UNDETERMINED : OM_REASON_BLANK);
    return (struct expected){.num = (part[0] >= 1) + (part[1] >= 3), .den = 1};
}

static void
test_items_of_a_part(void **state)
{
    (void)state;
    static const uint8_t answers[] = {0, 1, 2, 3, 4, 0x80, 0x81, 0x82};
    static const char text[] =
        HEAD "items: {1: {label: a, reversed: true}, 2: b, 3: {label: c, reversed: true}, 4: d}\n"
             "answers: {0-3: }\nscales:\n  part:\n    combine: sum\n    items: 2-4\n"
             "    missing: {max_blank: 1, source: {evidence: recommended, note: n}}\n"
             "  several: {combine: count, items: [2, 4], endorsed: {2: 1, 4: 3}}\n";
    struct om_error err;
    uint8_t row[4];
    sweep_init(&sweep, 4);
    assert_ok(om_registry_add_text(sweep.registry, "kind.yaml", text, strlen(text), NULL, &err));
    sweep_add(&sweep, "kind", "part", plain_part);
    sweep_add(&sweep, "kind", "several", plain_several);
    sweep_all(&sweep, row, 0, 4, answers, sizeof answers);
    sweep_reached(&sweep);
    sweep_release(&sweep);
}

/* A class scale where items may not apply: such an item is not endorsed, and cannot be. */
static struct expected
plain_class(const uint8_t *row, bool prorate)
{
    static const char *const name[] = {"none", "some", "much"};
    int sure[3] = {0}, possible[3] = {0}, blank = 0, na = 0; /* items 1 and 2, items 3 and 4, all */
    for (int i = 0; i < 4; i++) {
        bool yes = row[i] <= 2 && row[i] >= 1, may = yes || row[i] == 0x80 || row[i] == 0x81;
        sure[i / 2] += yes, sure[2] += yes;
        possible[i / 2] += may, possible[2] += may;
        blank += row[i] == 0x80 || row[i] == 0x81;
        na += row[i] == 0x82;
        if (row[i] > 2 && row[i] < 0x80)
            return no_score(OM_REASON_INVALID);
    }
    int least = sure[0] >= 1 && sure[1] >= 2 ? 2 : sure[2] >= 2 ? 1 : 0;
    int most = possible[0] >= 1 && possible[1] >= 2 ? 2 : possible[2] >= 2 ? 1 : 0;
    if (row[0] == 0x80 && row[1] == 0x80 && row[2] == 0x80 && row[3] == 0x80)
        return no_score(OM_REASON_NO_FORM);
    if (na == 4)
        return no_score(OM_REASON_NOT_APPLICABLE);
    if (blank && !prorate)
        return no_score(OM_REASON_BLANK);
    if (least != most)
        return no_score(OM_REASON_UNDETERMINED);
    return (struct expected){.num = least, .den = 1, .band = name[least], .positive = least >= 1};
}

static void
test_classes_where_items_may_not_apply(void **state)
{
    (void)state;
    static const uint8_t answers[] = {0, 1, 2, 3, 0x80, 0x81, 0x82};
    static const char text[] = HEAD PLAIN
        "answers: {0-2: }\n" NA "scales:\n  total:\n    combine: class\n    endorsed: 1\n    classes:\n"
        "      much: {positive: true, requires: [{of: 1-2, at_least: 1}, "
        "{of: 3-4, at_least: 2}]}\n"
        "      some: {positive: true, requires: [{at_least: 2}]}\n"
        "      none:\n";
    struct om_error err;
    uint8_t row[4];
    sweep_init(&sweep, 4);
    assert_ok(om_registry_add_text(sweep.registry, "kind.yaml", text, strlen(text), NULL, &err));
    sweep_add(&sweep, "kind", "total", plain_class);
    sweep_all(&sweep, row, 0, 4, answers, sizeof answers);
    sweep_reached(&sweep);
    sweep_release(&sweep);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_of_a_part),
        cmocka_unit_test(test_classes_where_items_may_not_apply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
