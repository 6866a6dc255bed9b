/* HMAC-SHA-256 against the cases of RFC 4231. */
#include "io/hmac.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static void
check(const void *secret, size_t n_secret, const char *text, size_t length, const char *want)
{
    struct om_hmac_key key;
    struct om_error err = {0};
    uint8_t hash[OM_HMAC_BYTES];
    char got[2 * OM_HMAC_BYTES + 1];
    assert_ok(om_hmac_start(&key, secret, n_secret, &err));
    for (int again = 0; again < 2; again++) { /* the key is as it was */
        assert_ok(om_hmac(&key, text, length, hash, &err));
        for (size_t i = 0; i < OM_HMAC_BYTES; i++)
            snprintf(got + 2 * i, 3, "%02x", hash[i]);
        assert_string_equal(got, want);
    }
}

static void
cases_of_the_standard(void **state)
{
    (void)state;
    char b20[20], aa[131], dd[50];
    memset(b20, 0x0b, sizeof b20);
    memset(aa, 0xaa, sizeof aa);
    memset(dd, 0xdd, sizeof dd);
    const char *what = "what do ya want for nothing?",
               *larger = "Test Using Larger Than Block-Size Key - Hash Key First";
    check(b20, 20, "Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    check("Jefe", 4, what, strlen(what), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    check(aa, 20, dd, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    check(aa, 131, larger, strlen(larger),
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases_of_the_standard)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
