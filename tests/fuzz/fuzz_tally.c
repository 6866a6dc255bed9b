/*
 * Tally files. What is accepted is canonical, and adds up: saved again it is the same bytes; added to itself
 * it is refused, and taken out of itself nothing is left to add it to; a report that can be made of it is
 * made twice the same.
 *
 * Each input is tried as it is, and mended: behind the magic stand the version and the length it has, before
 * each known tag the length of the section that ends there, and at the end the checksum. Otherwise no change
 * to a tally would ever be looked at.
 */
#include "fuzz/studies.h"
#include "base/hash.h"
#include "tally/wire.h"

#include <omstat/report.h>

enum { MOST = 1 << 14 };

static void
put_fixed(uint8_t *at, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(number >> (8 * i));
}

static bool
is_tag(const uint8_t *at)
{
    static const char about[][5] = {"STDY", "SHRD", "GONE", "NAME"};
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
        if (memcmp(at, about[i], 4) == 0)
            return true;
    for (size_t i = 0; i < OM_TALLY_KINDS; i++)
        if (memcmp(at, om_wire_kind[i], 4) == 0)
            return true;
    return false;
}

/* Gives each section the length up to the next tag. */
static void
mend_sections(uint8_t *bytes, size_t end)
{
    for (size_t at = OM_WIRE_HEADER; at + OM_WIRE_SECTION <= end;) {
        const size_t payload = at + OM_WIRE_SECTION;
        size_t next = payload;
        while (next < end && (next + OM_WIRE_SECTION > end || !is_tag(bytes + next)))
            next++;
        put_fixed(bytes + at + 8, next - payload, 8);
        at = next;
    }
}

static size_t
mend(const uint8_t *data, size_t size, uint8_t *bytes)
{
    const size_t length = size < OM_WIRE_HEADER + OM_WIRE_CHECKSUM ? OM_WIRE_HEADER + OM_WIRE_CHECKSUM : size;
    const size_t end = length - OM_WIRE_CHECKSUM;
    memset(bytes, 0, length);
    memcpy(bytes, data, size);
    memcpy(bytes, om_wire_magic, OM_TALLY_MAGIC);
    put_fixed(bytes + OM_TALLY_MAGIC, OM_WIRE_VERSION, 8);
    put_fixed(bytes + OM_TALLY_MAGIC + 8, length, 8);
    mend_sections(bytes, end);
    const struct om_hash128 checksum = om_hash128(bytes, end, 0);
    put_fixed(bytes + end, checksum.low, 8);
    put_fixed(bytes + end + 8, checksum.high, 8);
    return length;
}

static struct om_tally *
loaded(const void *bytes, size_t length)
{
    struct om_tally *tally = NULL;
    require(om_tally_load(bytes, length, "again", &tally, NULL) == OM_OK);
    return tally;
}

static void
require_bytes(const struct om_tally *tally, const void *bytes, size_t length)
{
    char *saved = NULL;
    size_t n;
    require(om_tally_save(tally, &saved, &n, NULL) == OM_OK);
    require(n == length && memcmp(saved, bytes, n) == 0);
    om_text_free(saved);
}

/* Refused operations leave a tally as it was; the rest of one is a tally. */
static void
check_sums(const void *bytes, size_t length)
{
    struct om_tally *one = loaded(bytes, length), *two = loaded(bytes, length);
    struct om_error err = {0};
    char *rest = NULL;
    size_t n;
    om_status status = om_tally_merge(one, two, "twice", &err);
    require(status == (two->n_shards ? OM_ERR_PANEL : OM_OK));
    require_words(status, &err);
    if (status != OM_OK)
        require_bytes(one, bytes, length);
    require_bytes(two, bytes, length);
    status = om_tally_subtract(one, two, "all", &err);
    require_words(status, &err);
    if (status == OM_OK) {
        require(one->n_shards == 0 && one->n_groups == 0);
        require(om_tally_save(one, &rest, &n, NULL) == OM_OK);
        om_tally_free(one);
        one = loaded(rest, n);
        require_bytes(one, rest, n);
        om_text_free(rest);
        status = om_tally_merge(one, two, "back", &err); /* and in again */
        require_words(status, &err);
    }
    om_tally_free(one);
    om_tally_free(two);
}

/* Only sections that a reader may do without are not written again. */
static void
check_canonical(const struct om_tally *tally, const void *bytes, size_t length)
{
    char *saved = NULL;
    size_t n;
    require(om_tally_save(tally, &saved, &n, NULL) == OM_OK);
    require(n <= length && (n < length || memcmp(saved, bytes, n) == 0));
    struct om_tally *again = loaded(saved, n);
    require_bytes(again, saved, n);
    check_sums(saved, n);
    om_tally_free(again);
    om_text_free(saved);
}

static char *
reported(const struct om_tally *tally, enum om_format format, struct om_study *study, struct om_error *err)
{
    struct om_analysis *analysis = NULL;
    struct om_report_options options = {.format = format};
    char *text = NULL;
    size_t length;
    om_status status = om_analyse_tally(study, tally, "fuzz", &analysis, err);
    require_words(status, err);
    require(status == OM_OK || (status != OM_ERR_INTERNAL && status != OM_ERR_INVALID));
    if (status == OM_OK)
        require(om_report_render(analysis, &options, &text, &length, NULL) == OM_OK);
    om_analysis_free(analysis);
    fuzz_study_free(study);
    return text;
}

static void
check_reports(const struct om_tally *tally, const uint8_t *bytes, size_t length)
{
    static const enum om_format formats[] = {OM_FORMAT_CSV, OM_FORMAT_CSV, OM_FORMAT_TEXT, OM_FORMAT_JSON};
    const enum om_format format = formats[length % (sizeof formats / sizeof formats[0])];
    struct om_error err = {0};
    char *text = reported(tally, format, fuzz_study_new(bytes, length), &err), *again = NULL;
    if (text) {
        again = reported(tally, format, fuzz_study_new(bytes, length), &err);
        require(strcmp(text, again) == 0);
    }
    om_text_free(text);
    om_text_free(again);
}

static void
try_bytes(const uint8_t *bytes, size_t length)
{
    struct om_tally *tally = NULL;
    struct om_error err = {0};
    fuzz_new_study(); /* before memory is counted */
    const size_t live = om_memory_live();
    om_status status = om_tally_load(bytes, length, "fuzz", &tally, &err);
    require_words(status, &err);
    require(status == OM_OK || status == OM_ERR_PANEL);
    if (status == OM_OK) {
        require(om_tally_is(bytes, length));
        check_canonical(tally, bytes, length);
        check_reports(tally, bytes, length);
    }
    om_tally_free(tally);
    require(om_memory_live() == live);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t mended[MOST];
    if (size > MOST)
        return 0;
    try_bytes(data, size);
    uint8_t *copy = NULL;
    const size_t length = mend(data, size, mended);
    require((copy = malloc(length)) != NULL); /* of this size: a read beyond it is seen */
    memcpy(copy, mended, length);
    if (length != size || memcmp(data, copy, size) != 0)
        try_bytes(copy, length);
    free(copy);
    return 0;
}
