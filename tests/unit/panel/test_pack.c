/* Packed answers come back as they were, but for those that no scale can tell apart. */
#include "support/support.h"

#include "panel/pack.h"
#include <string.h>

static struct om_panel_instrument chosen[8];
static struct om_pack_room room;
static struct om_panel panel = {.instrument = chosen};

static uint32_t seed = 5;

static uint32_t
below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Items of all instruments side by side, short forms in the columns of their parents. */
static struct om_registry *
make_panel(void)
{
    struct om_registry *registry;
    struct om_error err;
    size_t first[8] = {0};
    assert_ok(om_registry_new(&registry, &err));
    for (size_t i = 0; i < om_registry_count(registry); i++) {
        const struct om_instrument *in = om_registry_at(registry, i);
        size_t parent = 0;
        while (in->parent && strcmp(om_registry_at(registry, parent)->id, in->parent) != 0)
            parent++;
        first[i] = panel.n_items;
        chosen[i].instrument = in;
        for (size_t j = 0; j < in->n_items; j++)
            chosen[i].item[j] = in->parent ? first[parent] + in->parent_item[j] : panel.n_items++;
    }
    panel.n_instruments = om_registry_count(registry);
    return registry;
}

static const struct om_instrument *
owner_of(size_t item)
{
    for (size_t i = 0; i < panel.n_instruments; i++)
        for (size_t j = 0; j < chosen[i].instrument->n_items && !chosen[i].instrument->parent; j++)
            if (chosen[i].item[j] == item)
                return chosen[i].instrument;
    fail();
    return NULL;
}

/* The place of an answer in the order of the groups. */
static size_t
in_groups(const struct om_pack *pack, size_t answer)
{
    size_t i = 0;
    while (pack->order[i] != answer)
        i++;
    return i;
}

static void
answers_come_back(void **state)
{
    (void)state;
    static const uint8_t none[] = {OM_CODE_BLANK, OM_CODE_DECLINED, OM_CODE_NA, OM_CODE_INVALID};
    struct om_registry *registry = make_panel();
    struct om_error err;
    for (size_t times = 1; times <= 2; times++) {
        struct om_pack pack;
        uint8_t code[512], back[512], packed[512];
        uint32_t where[512];
        assert_ok(om_pack_make(&pack, &panel, times, &err));
        if (times == 1)
            assert_int_equal(pack.bytes, 17); /* 36 items of 3 bits and 7 of 4 */
        for (int round = 0; round < 2000; round++) {
            for (size_t i = 0; i < pack.n; i++) { /* as they come, or from behind, with gaps */
                const struct om_instrument *in = owner_of(i % panel.n_items);
                size_t at = round % 4 ? pack.n - 1 - i : (times == 1 ? i : in_groups(&pack, i)) + round % 8;
                where[i] = round % 4 == 0 || below(20) ? (uint32_t)at : OM_NOWHERE;
                code[at] = below(4) ? (uint8_t)below((uint32_t)in->maximum + 1) : none[below(4)];
            }
            memset(packed, 0xee, sizeof packed);
            struct om_pack_form form = om_pack_form(&pack, where);
            assert_true(round % 4 || form.straight == (uint32_t)(round % 8));
            om_pack(&pack, &form, code, packed, &room);
            assert_int_equal(packed[pack.bytes], 0xee);
            om_pack_open(&pack, packed, back, &room);
            for (size_t i = 0; i < pack.n; i++) {
                uint8_t want = where[i] == OM_NOWHERE ? OM_CODE_BLANK : code[where[i]];
                if (want == OM_CODE_NA && !owner_of(i % panel.n_items)->has_na)
                    want = OM_CODE_INVALID;
                assert_int_equal(back[i], want);
            }
        }
        om_pack_release(&pack);
    }
    om_registry_free(registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
