/* Records put away by several threads come out person by person, each once, with and without a file. */
#include "support/support.h"

#include "base/parallel.h"
#include "panel/store.h"
#include <stdio.h>
#include <string.h>

enum { PERSONS = 30000, THREADS = 3, KINDS = 4 };

/* Ids of different kinds, all different: packed ones, long ones, such as differ in one place or in length. */
static size_t
make_id(char id[64], size_t kind, size_t person)
{
    static const char *const form[KINDS] = {"%zu", "P%08zu", "person-with-a-long-id-%zu", "%zu\xc3\xa9"};
    return (size_t)snprintf(id, 64, form[kind], person);
}

struct payload {
    uint32_t person, kind, record;
};

struct task {
    struct om_store *store;
    om_status status[THREADS];
};

/* Every thread puts one record of every person away. */
static void
put_all(void *context, size_t thread)
{
    struct task *task = context;
    char id[64];
    for (size_t i = 0; i < PERSONS && task->status[thread] == OM_OK; i++)
        for (size_t kind = 0; kind < KINDS; kind++) {
            size_t person = thread % 2 ? PERSONS - 1 - i : i;
            size_t length = make_id(id, kind, person);
            struct payload payload = {(uint32_t)person, (uint32_t)kind, (uint32_t)thread};
            task->status[thread] = om_store_put(task->store, thread, id, length, &payload, NULL);
            if (task->status[thread] != OM_OK)
                return;
        }
}

static uint8_t seen[KINDS][PERSONS];
static _Atomic bool wrong;

static uint64_t
ordinal_of(const void *context, const uint8_t *record)
{
    struct payload payload;
    (void)context;
    memcpy(&payload, record, sizeof payload);
    return payload.record;
}

static om_status
take(void *context, size_t thread, const uint8_t *const *record, size_t n, struct om_error *err)
{
    struct payload payload[THREADS];
    unsigned records = 0;
    (void)context, (void)thread, (void)err;
    if (n != THREADS) {
        wrong = true;
        return OM_OK;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(&payload[i], record[i], sizeof payload[i]);
        records |= 1u << payload[i].record;
        if (payload[i].person != payload[0].person || payload[i].kind != payload[0].kind)
            wrong = true;
    }
    if (records != (1u << THREADS) - 1)
        wrong = true;
    seen[payload[0].kind][payload[0].person]++;
    return OM_OK;
}

static void
check_limit(size_t limit)
{
    struct task task = {0};
    struct om_error err;
    const struct om_panel_spec spec = {.memory = limit};
    assert_ok(om_store_new(&spec, sizeof(struct payload), THREADS, &task.store, &err));
    om_parallel(THREADS, put_all, &task);
    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(task.status[t], OM_OK);
    memset(seen, 0, sizeof seen);
    wrong = false;
    const struct om_store_visitor visitor = {.person = take, .ordinal = ordinal_of};
    assert_ok(om_store_visit(task.store, &visitor, &err));
    assert_false(wrong);
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < PERSONS; i++)
            assert_int_equal(seen[kind][i], 1);
    om_store_free(task.store);
}

static void
each_person_comes_out_once(void **state)
{
    (void)state;
    check_limit(0);
}

static void
a_limit_makes_no_difference(void **state)
{
    (void)state;
    check_limit(1);       /* every block goes to the file */
    check_limit(1 << 20); /* most of them */
}

/* --- a person with very many records -------------------------------------------------------------------- */

enum { RECORDS = 400000, OTHERS = 1000 };

struct thinned {
    size_t dropped, persons, records;
    bool wrong;
};

/* All but the first and the last are dropped, each once. */
static om_status
thin(void *context, size_t thread, const uint8_t *const *record, size_t n, bool *drop, struct om_error *err)
{
    struct thinned *thinned = context;
    (void)thread, (void)err;
    for (size_t i = 0; i < n; i++) {
        drop[i] = i > 0 && i + 1 < n;
        thinned->dropped += drop[i];
        thinned->wrong |= i > 0 && ordinal_of(NULL, record[i - 1]) >= ordinal_of(NULL, record[i]);
    }
    return OM_OK;
}

static om_status
take_thinned(void *context, size_t thread, const uint8_t *const *record, size_t n, struct om_error *err)
{
    struct thinned *thinned = context;
    (void)thread, (void)err;
    thinned->persons++;
    thinned->records += n;
    if (n > 1) /* the one with many */
        thinned->wrong |= ordinal_of(NULL, record[0]) != 0 || ordinal_of(NULL, record[n - 1]) != RECORDS - 1;
    return OM_OK;
}

static void
check_thinning(size_t limit)
{
    struct om_error err;
    struct om_store *store;
    struct thinned thinned = {0};
    const struct om_panel_spec spec = {.memory = limit};
    assert_ok(om_store_new(&spec, sizeof(struct payload), 1, &store, &err));
    for (uint32_t i = 0; i < RECORDS + OTHERS; i++) {
        char id[64];
        const struct payload payload = {.record = i};
        const size_t length =
            i < RECORDS ? (size_t)snprintf(id, sizeof id, "one") : make_id(id, 1, i); /* of the same kind */
        assert_ok(om_store_put(store, 0, id, length, &payload, &err));
    }
    const struct om_store_visitor visitor = {
        .person = take_thinned, .thin = thin, .ordinal = ordinal_of, .context = &thinned};
    assert_ok(om_store_visit(store, &visitor, &err));
    assert_false(thinned.wrong);
    assert_int_equal(thinned.persons, 1 + OTHERS);
    assert_true(thinned.records < OTHERS + 64 * 1024);
    assert_int_equal(thinned.records + thinned.dropped, RECORDS + OTHERS);
    om_store_free(store);
}

static void
many_records_of_one_person_are_thinned_out(void **state)
{
    (void)state;
    check_thinning(0);
    check_thinning(1 << 20);
}

static uint64_t
nothing(const void *context, const uint8_t *record)
{
    (void)context, (void)record;
    return 0;
}

static om_status
refuse(void *context, size_t thread, const uint8_t *const *record, size_t n, struct om_error *err)
{
    (void)context, (void)thread, (void)record, (void)n, (void)err;
    return OM_ERR_DATA;
}

static void
an_error_ends_the_visit(void **state)
{
    (void)state;
    struct om_store *store;
    struct om_error err;
    assert_ok(om_store_new(&(struct om_panel_spec){0}, 0, 1, &store, &err));
    assert_ok(om_store_put(store, 0, "a", 1, "", &err));
    const struct om_store_visitor visitor = {.person = refuse, .ordinal = nothing};
    assert_int_equal(om_store_visit(store, &visitor, &err), OM_ERR_DATA);
    om_store_free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_person_comes_out_once),
        cmocka_unit_test(a_limit_makes_no_difference),
        cmocka_unit_test(many_records_of_one_person_are_thinned_out),
        cmocka_unit_test(an_error_ends_the_visit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
