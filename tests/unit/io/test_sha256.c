#include "support/support.h"

#include "io/sha256.h"
#include <string.h>

/* FIPS 180-2, appendix B, and the empty message. */
static void
test_published_digests(void **state)
{
    (void)state;
    struct om_error err;
    char text[OM_SHA256_TEXT];
    assert_ok(om_sha256_text("abc", 3, text, &err));
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_ok(om_sha256_text("", 0, text, &err));
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_ok(om_sha256_text(two_blocks, strlen(two_blocks), text, &err));
    assert_string_equal(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    struct om_error err;
    struct om_sha256 hash;
    char whole[OM_SHA256_TEXT], pieces[OM_SHA256_TEXT], bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 % 251);
    assert_ok(om_sha256_text(bytes, sizeof bytes, whole, &err));
    assert_ok(om_sha256_init(&hash, &err));
    for (size_t i = 0; i < sizeof bytes; i += 8)
        om_sha256_update(&hash, bytes + i, 8);
    om_sha256_update(&hash, bytes, 0);
    assert_ok(om_sha256_final(&hash, pieces, &err));
    assert_string_equal(pieces, whole);
    bytes[999] ^= 1;
    assert_ok(om_sha256_text(bytes, sizeof bytes, pieces, &err));
    assert_string_not_equal(pieces, whole);
}

static void
test_release_is_always_safe(void **state)
{
    (void)state;
    struct om_error err;
    struct om_sha256 hash = {0};
    char text[OM_SHA256_TEXT];
    om_sha256_release(&hash);
    assert_ok(om_sha256_init(&hash, &err));
    om_sha256_release(&hash);
    om_sha256_release(&hash);
    assert_ok(om_sha256_init(&hash, &err));
    assert_ok(om_sha256_final(&hash, text, &err));
    om_sha256_release(&hash);
}

static void
test_a_failed_piece_shows_at_the_end(void **state)
{
    (void)state;
    struct om_error err;
    struct om_sha256 hash;
    char text[OM_SHA256_TEXT];
    assert_ok(om_sha256_init(&hash, &err));
    hash.failed = 1;
    assert_int_equal(om_sha256_final(&hash, text, &err), OM_ERR_INTERNAL);
    assert_null(hash.context);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_digests),
        cmocka_unit_test(test_pieces_give_the_digest_of_the_whole),
        cmocka_unit_test(test_release_is_always_safe),
        cmocka_unit_test(test_a_failed_piece_shows_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
