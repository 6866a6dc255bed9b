/* Different ids have different keys. */
#include "support/support.h"

#include "panel/id_key.h"
#include <stdio.h>
#include <string.h>

enum { KEYS = 65 * 65 * 65 + 65 * 65 + 65 + 1 };

struct key {
    uint8_t bytes[OM_ID_KEY_MAX];
};
static struct key keys[KEYS];
static size_t n_keys;

static int
compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct key));
}

static void
assert_all_different(void)
{
    qsort(keys, n_keys, sizeof *keys, compare);
    for (size_t i = 1; i < n_keys; i++)
        assert_true(memcmp(&keys[i - 1], &keys[i], sizeof *keys) != 0);
}

static size_t
add(const char *id, size_t length)
{
    struct key *key = &keys[n_keys++];
    memset(key, 0, sizeof *key);
    return om_id_key(id, length, 42, key->bytes);
}

/* Every short id of up to two characters, in every one of the ten places, behind the same beginning. */
static void
short_ids_are_exact(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    for (size_t start = 0; start <= 8; start++) {
        char id[11] = "zzzzzzzzzz";
        n_keys = 0;
        for (size_t i = 0; i < 64; i++) {
            id[start] = alphabet[i];
            assert_int_equal(add(id, start + 1), OM_ID_KEY_SHORT);
            for (size_t k = 0; k < 64; k++) {
                id[start + 1] = alphabet[k];
                assert_int_equal(add(id, start + 2), OM_ID_KEY_SHORT);
            }
        }
        if (start == 0)
            add("", 0);
        assert_all_different();
    }
}

static void
length_counts(void **state)
{
    (void)state;
    n_keys = 0;
    for (size_t length = 0; length <= 10; length++)
        assert_int_equal(add("0000000000", length), OM_ID_KEY_SHORT);
    assert_all_different();
}

static void
other_ids_are_hashed(void **state)
{
    (void)state;
    static const char *const ids[] = {"12345678901", "12345678902", "a b", "a.b", "\xc3\xa9", "a\xff", "a,"};
    uint8_t one[OM_ID_KEY_MAX], two[OM_ID_KEY_MAX];
    n_keys = 0;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        assert_int_equal(add(ids[i], strlen(ids[i])), OM_ID_KEY_LONG);
    assert_all_different();
    om_id_key("12345678901", 11, 1, one);
    om_id_key("12345678901", 11, 2, two);
    assert_memory_not_equal(one, two, sizeof one); /* the seed matters */
}

/* Ids one after the other fall into all parts alike: within five standard deviations of the mean. */
static void
keys_are_spread(void **state)
{
    (void)state;
    enum { IDS = 256 * 400 };
    static unsigned part[256];
    char id[16];
    uint8_t key[OM_ID_KEY_MAX];
    for (unsigned i = 0; i < IDS; i++) {
        int length = snprintf(id, sizeof id, "P%08u", i);
        assert_int_equal(om_id_key(id, (size_t)length, 0, key), OM_ID_KEY_SHORT);
        part[key[OM_ID_KEY_SHORT - 1]]++;
    }
    for (size_t p = 0; p < 256; p++)
        assert_in_range(part[p], 300, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ids_are_exact),
        cmocka_unit_test(length_counts),
        cmocka_unit_test(other_ids_are_hashed),
        cmocka_unit_test(keys_are_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
