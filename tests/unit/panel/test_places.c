/* A record is found where it stands, be the stretches long or of one record each. */
#include "support/support.h"

#include "base/memory.h"
#include "panel/places.h"

enum { RECORDS = 20000 };

static struct om_record_place place[RECORDS];

/* Files of some thousand records, of which some take several lines, with blank lines and lost records between
 * them. Line numbers grow beyond 32 bits. */
static void
make_places(unsigned irregular, uint64_t line)
{
    struct om_record_place at = {.line = line, .number = 2};
    for (size_t i = 0; i < RECORDS; i++) {
        place[i] = at;
        const bool odd = test_random() % 100 < irregular;
        at.byte_offset += 80 + test_random() % 100;
        at.line += 1 + (odd ? test_random() % 400 : 0);
        at.number += 1 + (odd && test_random() % 8 == 0 ? test_random() % 3 : 0);
        if (i % 7001 == 7000)
            at = (struct om_record_place){.file = at.file + 1, .line = 2, .number = 2};
    }
}

/* As om_places_add does it: a stretch where a record does not follow the one before. */
static struct om_places
fill(void)
{
    struct om_places places = {0};
    struct om_error err;
    for (size_t i = 0; i < RECORDS; i++) {
        const struct om_places_stretch stretch = {.ordinal = i, .place = place[i]};
        if (i == 0 || place[i].file != place[i - 1].file || place[i].line != place[i - 1].line + 1 ||
            place[i].number != place[i - 1].number + 1)
            assert_ok(om_places_append(&places, &stretch, &err));
    }
    return places;
}

/* Is it where record i stands? The byte offset is that of the record so far before it as it says. */
static void
assert_at(struct om_record_place a, size_t i)
{
    const struct om_record_place b = place[i];
    assert_true(a.behind <= i);
    assert_int_equal(a.file, b.file);
    assert_int_equal(a.line, b.line);
    assert_int_equal(a.number, b.number);
    assert_int_equal(a.byte_offset, place[i - a.behind].byte_offset);
}

static void
every_record_is_found(void **state)
{
    (void)state;
    static const unsigned irregular[] = {0, 1, 30, 100};
    const size_t live = om_memory_live();
    for (size_t k = 0; k < sizeof irregular / sizeof *irregular; k++) {
        make_places(irregular[k], k % 2 ? UINT64_C(5000000000) : 2);
        struct om_places places = fill();
        for (size_t i = 0; i < RECORDS; i++)
            assert_at(om_places_find(&places, i), i);
        om_places_release(&places);
    }
    assert_int_equal(om_memory_live(), live);
}

static void
a_list_makes_the_same_places(void **state)
{
    (void)state;
    struct om_places_stretch *stretch;
    struct om_error err;
    struct om_places again = {0};
    size_t n;
    make_places(30, 2);
    struct om_places places = fill();
    assert_ok(om_places_list(&places, &stretch, &n, &err));
    for (size_t i = 0; i < n; i++)
        assert_ok(om_places_append(&again, &stretch[i], &err));
    for (size_t i = 0; i < RECORDS; i++)
        assert_at(om_places_find(&again, i), i);
    assert_int_equal(again.bytes.length, places.bytes.length);
    assert_true(places.bytes.length + places.n_blocks * sizeof *places.block < 7 * n + 100);
    om_free(stretch);
    om_places_release(&places);
    om_places_release(&again);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_found),
        cmocka_unit_test(a_list_makes_the_same_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
