/* Compressed input. The oracle is zlib, which shares no code with the decompressor, and libzstd's compressor.
 */
#include "support/support.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "io/codec.h"
#include "io/source.h"
#include "io/unpack.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* --- making input --------------------------------------------------------------------------------- */

/* Lines that compress about as well as a panel does, the same each time. */
static void
add_lines(struct om_buffer *text, size_t length, unsigned seed)
{
    size_t end = text->length + length;
    while (text->length < end) {
        seed = seed * 1664525 + 1013904223;
        om_buffer_format(text, "%u,%u,%u\n", seed >> 20, seed >> 12 & 3, seed >> 8 & 3);
    }
    text->length = end;
}

static void
add_noise(struct om_buffer *text, size_t length, unsigned seed)
{
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525 + 1013904223;
        om_buffer_char(text, (char)(seed >> 24));
    }
}

/* One gzip member; header may be NULL. */
static void
add_gzip(struct om_buffer *file, const struct om_buffer *text, int level, gz_header *header)
{
    z_stream z = {0};
    unsigned char out[4096];
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    if (header)
        assert_int_equal(deflateSetHeader(&z, header), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)om_buffer_string(text);
    z.avail_in = (unsigned)text->length;
    do {
        z.next_out = out;
        z.avail_out = sizeof out;
        deflate(&z, Z_FINISH);
        om_buffer_add(file, out, sizeof out - z.avail_out);
    } while (z.avail_out == 0);
    deflateEnd(&z);
}

/* One zstd frame with a checksum. */
static void
add_zstd(struct om_buffer *file, const struct om_buffer *text, int level)
{
    size_t room = ZSTD_compressBound(text->length);
    void *out = malloc(room);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t n = ZSTD_compress2(context, out, room, om_buffer_string(text), text->length);
    assert_false(ZSTD_isError(n));
    om_buffer_add(file, out, n);
    ZSTD_freeCCtx(context);
    free(out);
}

enum format { GZIP, ZSTD };

static void
add_member(struct om_buffer *file, enum format format, const struct om_buffer *text, int level)
{
    if (format == GZIP)
        add_gzip(file, text, level, NULL);
    else
        add_zstd(file, text, level);
}

/* A header with all it may hold. */
static gz_header
full_header(void)
{
    static unsigned char extra[] = {'A', 'p', 4, 0, 0, 1, 2, 0}, name[] = "panel.csv", comment[] = "of May";
    return (gz_header){.text = 1,
                       .time = 1700000000,
                       .os = 3,
                       .extra = extra,
                       .extra_len = sizeof extra,
                       .name = name,
                       .comment = comment,
                       .hcrc = 1};
}

/* --- reading it ----------------------------------------------------------------------------------- */

static const char *scratch; /* a file whose content the tests replace */

static void
put(const void *bytes, size_t length)
{
    int fd = open(scratch, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    assert_int_equal(ftruncate(fd, (off_t)length), 0);
    assert_int_equal(close(fd), 0);
}

/* Appends what the path holds, read with the given capacity. */
static om_status
take(const char *path, size_t capacity, struct om_buffer *text, struct om_error *err)
{
    struct om_input source = OM_INPUT_CLOSED;
    char *block = malloc(capacity); /* so that a sanitizer sees its end */
    size_t got = 1;
    om_status status = om_input_open(&source, path, err);
    while (status == OM_OK && got > 0) {
        status = om_input_read(&source, block, capacity, &got, err);
        if (status == OM_OK)
            om_buffer_add(text, block, got);
    }
    om_input_close(&source);
    free(block);
    return status;
}

static bool
same(const struct om_buffer *a, const struct om_buffer *b)
{
    return a->length == b->length && memcmp(om_buffer_string(a), om_buffer_string(b), a->length) == 0;
}

static void
assert_holds(const struct om_buffer *file, size_t capacity, const struct om_buffer *text)
{
    struct om_buffer got = OM_BUFFER_EMPTY;
    struct om_error err;
    put(om_buffer_string(file), file->length);
    assert_ok(take(scratch, capacity, &got, &err));
    assert_true(same(&got, text));
    om_buffer_release(&got);
}

static om_status
outcome_of(const void *bytes, size_t length, struct om_buffer *got, struct om_error *err)
{
    put(bytes, length);
    om_buffer_clear(got);
    return take(scratch, 4096, got, err);
}

/* --- what is in order ----------------------------------------------------------------------------- */

static void
every_size_comes_back(void **state)
{
    static const size_t sizes[] = {0,     1,     2,      3,      4,      5,      255,    1000,   32768,
                                   65535, 65536, 262143, 262144, 262145, 524288, 600000, 1500001};
    static const int levels[][4] = {[GZIP] = {0, 1, 6, 9}, [ZSTD] = {-5, 1, 9, 19}};
    (void)state;
    for (size_t s = 0; s < 2 * sizeof sizes / sizeof *sizes; s++) {
        struct om_buffer text = OM_BUFFER_EMPTY;
        (s % 2 ? add_noise : add_lines)(&text, sizes[s / 2], (unsigned)s);
        for (int format = GZIP; format <= ZSTD; format++)
            for (size_t l = 0; l < 4; l++) {
                struct om_buffer file = OM_BUFFER_EMPTY;
                add_member(&file, format, &text, levels[format][l]);
                if (text.length < 10000)
                    assert_holds(&file, 1, &text);
                assert_holds(&file, 4093, &text);
                assert_holds(&file, 1 << 20, &text);
                om_buffer_release(&file);
            }
        om_buffer_release(&text);
    }
}

static void
members_are_read_through(void **state)
{
    static const size_t sizes[] = {300, 0, 70000, 0, 1};
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++)
        for (size_t n = 1; n <= 5; n++) {
            struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
            for (size_t i = 0; i < n; i++) {
                struct om_buffer part = OM_BUFFER_EMPTY;
                add_lines(&part, sizes[i], (unsigned)(i + n));
                add_member(&file, format, &part, 6);
                om_buffer_add(&text, om_buffer_string(&part), part.length);
                om_buffer_release(&part);
            }
            assert_holds(&file, 1 << 16, &text);
            assert_holds(&file, 13, &text);
            om_buffer_release(&text);
            om_buffer_release(&file);
        }
}

/* Many members in a block, and members that end where a block of input or of output does. */
static void
many_small_members(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, part = OM_BUFFER_EMPTY;
        add_lines(&part, 1024, 5);
        for (size_t i = 0; i < 1024; i++) { /* 1 MiB in all: every 256th ends a block of output */
            add_member(&file, format, &part, 1);
            om_buffer_add(&text, om_buffer_string(&part), part.length);
        }
        assert_holds(&file, 1 << 18, &text);
        om_buffer_release(&part);
        om_buffer_release(&text);
        om_buffer_release(&file);
    }
}

static void
a_header_may_hold_anything(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    (void)state;
    add_lines(&text, 500, 1);
    for (unsigned set = 0; set < 32; set++) {
        gz_header header = full_header();
        struct om_buffer file = OM_BUFFER_EMPTY;
        header.text = set & 1;
        header.hcrc = set >> 1 & 1;
        header.extra = set & 4 ? header.extra : NULL;
        header.name = set & 8 ? header.name : NULL;
        header.comment = set & 16 ? header.comment : NULL;
        add_gzip(&file, &text, 6, &header);
        assert_holds(&file, 100, &text);
        om_buffer_release(&file);
    }
    om_buffer_release(&text);
}

static void
headers_of_extreme_lengths(void **state)
{
    static unsigned char extra[65535], name[200000];
    struct om_buffer text = OM_BUFFER_EMPTY, twice = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    gz_header header = {.extra = extra, .extra_len = sizeof extra, .name = name, .hcrc = 1};
    gz_header none = {.extra = extra, .extra_len = 0};
    (void)state;
    memset(name, 'n', sizeof name - 1);
    add_lines(&text, 500, 1);
    add_gzip(&file, &text, 6, &header);
    add_gzip(&file, &text, 6, &none);
    add_lines(&twice, 500, 1);
    add_lines(&twice, 500, 1);
    assert_holds(&file, 100, &twice);
    om_buffer_release(&text);
    om_buffer_release(&twice);
    om_buffer_release(&file);
}

static const char skippable[] = "\x5A\x2A\x4D\x18\x03\0\0\0abc";

static void
skippable_frames_are_skipped(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, none = OM_BUFFER_EMPTY;
    (void)state;
    om_buffer_add(&file, skippable, sizeof skippable - 1);
    assert_holds(&file, 10, &none);
    add_lines(&text, 500, 1);
    add_zstd(&file, &text, 3);
    om_buffer_add(&file, skippable, sizeof skippable - 1);
    assert_holds(&file, 10, &text);
    om_buffer_release(&text);
    om_buffer_release(&file);
    om_buffer_release(&none);
}

static void
other_text_is_left_alone(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {{"", 0},        {"a", 1},           {"(", 1},          {"P*", 2},
                 {"P*M", 3},     {"\x1F", 1},        {"\x1F,\n", 3},    {"(\xB5/\xFC", 4},
                 {"P*M\x19", 4}, {"id,a\n1,2\n", 9}, {"\0\x1F\x8B", 3}, {"x(\xB5/\xFD", 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct om_buffer file = OM_BUFFER_EMPTY;
        om_buffer_add(&file, cases[i].bytes, cases[i].length);
        assert_holds(&file, 1, &file);
        assert_holds(&file, 4, &file);
        assert_holds(&file, 100, &file);
        om_buffer_release(&file);
    }
}

/* --- steps of any size ---------------------------------------------------------------------------- */

/* Decompresses with at most `give` bytes of input and `room` bytes of output a step, the first `first` bytes
 * apart. */
static enum om_codec_state
decode(const struct om_codec *codec, const struct om_buffer *file, size_t first, size_t give, size_t room,
       struct om_buffer *got)
{
    void *decoder = codec->open();
    enum om_codec_state last = OM_CODEC_BETWEEN;
    bool more = false;
    size_t at = 0;
    assert_non_null(decoder);
    om_buffer_clear(got);
    while (last <= OM_CODEC_INSIDE && (at < file->length || more)) {
        size_t n = at < first ? first - at : give;
        n = n < file->length - at ? n : file->length - at;
        unsigned char *in = malloc(n + 1), *out = malloc(room); /* so that a sanitizer sees their ends */
        memcpy(in, om_buffer_string(file) + at, n);
        struct om_flow flow = {in, n, out, room};
        last = codec->step(decoder, &flow);
        om_buffer_add(got, out, room - flow.out_left);
        at += n - flow.in_left;
        more = flow.out_left == 0;
        free(in);
        free(out);
    }
    codec->close(decoder);
    return last;
}

static void
pieces_do_not_matter(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        const struct om_codec *codec = format == GZIP ? &om_codec_gzip : &om_codec_zstd;
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
        gz_header header = full_header();
        struct om_buffer part = OM_BUFFER_EMPTY;
        add_lines(&part, 700, 1);
        for (int i = 0; i < 3; i++) {
            if (format == GZIP)
                add_gzip(&file, &part, 3 * i, &header);
            else
                add_zstd(&file, &part, 1 + i);
            om_buffer_add(&text, om_buffer_string(&part), part.length);
        }
        for (size_t first = 0; first <= file.length; first++) {
            assert_int_equal(decode(codec, &file, first, file.length, 10000, &got), OM_CODEC_BETWEEN);
            assert_true(same(&got, &text));
        }
        static const size_t sizes[] = {1, 2, 3, 7, 64, 10000};
        for (size_t i = 0; i < 36; i++) {
            assert_int_equal(decode(codec, &file, 0, sizes[i / 6], sizes[i % 6], &got), OM_CODEC_BETWEEN);
            assert_true(same(&got, &text));
        }
        om_buffer_release(&part);
        om_buffer_release(&text);
        om_buffer_release(&file);
        om_buffer_release(&got);
    }
}

/* --- what is not in order ------------------------------------------------------------------------- */

/* Two members, the first with a full header; *boundary is where the second begins. */
static void
make_two(enum format format, struct om_buffer *text, struct om_buffer *file, size_t *boundary)
{
    gz_header header = full_header();
    add_lines(text, 400, 1);
    if (format == GZIP)
        add_gzip(file, text, 6, &header);
    else
        add_zstd(file, text, 3);
    *boundary = file->length;
    add_member(file, format, text, 9);
    add_lines(text, 400, 1);
}

static void
assert_fault(om_status status, const struct om_error *err)
{
    assert_int_equal(status, OM_ERR_PANEL);
    assert_int_equal(strncmp(err->message, "OM150 ", 6), 0);
    assert_string_equal(err->file, scratch);
    assert_true(err->hint[0] != '\0');
}

static void
a_cut_is_an_error_at_every_byte(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
        size_t boundary;
        make_two(format, &text, &file, &boundary);
        for (size_t cut = 2; cut < file.length; cut++) { /* fewer bytes are no sign of a format */
            struct om_error err;
            char offset[64];
            om_status status = outcome_of(om_buffer_string(&file), cut, &got, &err);
            if (cut == boundary) {
                assert_int_equal(status, OM_OK);
                assert_int_equal(got.length, text.length / 2);
                continue;
            }
            assert_fault(status, &err);
            snprintf(offset, sizeof offset, "after %zu compressed bytes", cut);
            assert_non_null(strstr(err.message, offset));
        }
        om_buffer_release(&text);
        om_buffer_release(&file);
        om_buffer_release(&got);
    }
}

/* Other bytes never pass for the ones that were compressed. A format that is not recognised any more gives
 * the bytes as they are, which no reader of text takes for a panel. */
static void
a_changed_byte_is_seen(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
        size_t boundary, magic = format == GZIP ? 2 : 4, harmless = 0;
        make_two(format, &text, &file, &boundary);
        for (size_t i = 0; i < 9 * file.length; i++) {
            struct om_error err;
            unsigned char *byte = (unsigned char *)file.data + i / 9;
            unsigned char change = i % 9 == 8 ? 0xFF : (unsigned char)(1U << i % 9);
            *byte ^= change;
            om_status status = outcome_of(file.data, file.length, &got, &err);
            if (i / 9 < magic)
                assert_true(status == OM_OK && same(&got, &file));
            else if (status == OM_OK)
                assert_true(same(&got, &text));
            else
                assert_fault(status, &err);
            harmless += status == OM_OK && i / 9 >= magic;
            *byte ^= change;
        }
        /* gzip: time, hints and system, the text flag, padding; zstd: the window's size, bits not in use */
        assert_in_range(harmless, 1, file.length / 4);
        om_buffer_release(&text);
        om_buffer_release(&file);
        om_buffer_release(&got);
    }
}

static void
what_follows_must_be_another_member(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        bool foreign; /* else it could be the start of a member */
    } cases[] = {{"\0", 1, true},        {"x", 1, true},
                 {"\n", 1, true},        {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, true},
                 {"\x1F", 1, false},     {"\x1F\x8C", 2, true},
                 {"\x1F\x8B", 2, false}, {"PK\x03\x04 and so on", 14, true}};
    struct om_buffer text = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
    (void)state;
    add_lines(&text, 400, 1);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        struct om_buffer file = OM_BUFFER_EMPTY;
        struct om_error err;
        char offset[64];
        enum format format = i % 2 ? ZSTD : GZIP;
        add_member(&file, format, &text, 6);
        snprintf(offset, sizeof offset, "follows at compressed byte offset %zu", file.length);
        om_buffer_add(&file, cases[i / 2].bytes, cases[i / 2].length);
        assert_fault(outcome_of(om_buffer_string(&file), file.length, &got, &err), &err);
        if (format == GZIP) /* libzstd wants five bytes before it judges */
            assert_int_equal(strstr(err.message, offset) != NULL, cases[i / 2].foreign);
        else if (cases[i / 2].length > 4)
            assert_non_null(strstr(err.message, offset));
        om_buffer_release(&file);
    }
    om_buffer_release(&text);
    om_buffer_release(&got);
}

static void
one_format_does_not_follow_the_other(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
    struct om_error err;
    (void)state;
    add_lines(&text, 400, 1);
    add_gzip(&file, &text, 6, NULL);
    add_zstd(&file, &text, 3);
    assert_fault(outcome_of(om_buffer_string(&file), file.length, &got, &err), &err);
    om_buffer_clear(&file);
    add_zstd(&file, &text, 3);
    add_gzip(&file, &text, 6, NULL);
    assert_fault(outcome_of(om_buffer_string(&file), file.length, &got, &err), &err);
    om_buffer_release(&text);
    om_buffer_release(&file);
    om_buffer_release(&got);
}

#define BYTES(text) text, sizeof(text) - 1

static void
faults_are_told_apart(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *message, *hint;
    } cases[] = {
        {BYTES("\x1F\x8B\x07\0\0\0\0\0\0\x03"), "gzip data are damaged near compressed byte offset 2",
         "gzip -t"},
        {BYTES("\x1F\x8B\x08\x20\0\0\0\0\0\x03"), "damaged near compressed byte offset 3", "gzip -t"},
        {BYTES("\x1F\x8B\x08\x02\0\0\0\0\0\x03\x12\x34\x03\0"), "checksum before compressed byte offset 11",
         "gzip -t"},
        {BYTES("\x1F\x8B\x08\0\0\0\0\0\0\x03\x07\0\0\0\0\0\0\0\0\0"), "damaged near", "gzip -t"},
        {BYTES("\x1F\x8B\x08\0\0\0\0\0\0\x03\x03\0\x01\0\0\0\0\0\0\0"),
         "checksum before compressed byte offset 20", "gzip -t"},
        {BYTES("\x1F\x8B\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\x01\0\0\0"),
         "checksum before compressed byte offset 20", "gzip -t"},
        /* windows of 256 and 36 MiB; one of 32 MiB, which is none too many; a dictionary by number */
        {BYTES("\x28\xB5\x2F\xFD\0\x90\x01\0\0"), "offset 0 needs more than 32 MiB", "--long=31"},
        {BYTES("\x28\xB5\x2F\xFD\0\x79\x01\0\0"), "offset 0 needs more than 32 MiB", "--long=31"},
        {BYTES("\x28\xB5\x2F\xFD\0\x78\x07\0\0"), "zstd data are damaged", "zstd -t"},
        {BYTES("\x28\xB5\x2F\xFD\x21\x05\0\x01\0\0"), "offset 0 needs a dictionary", "-D DICTIONARY"},
        {BYTES("\x28\xB5\x2F\xFD\x24\0\x01\0\0\0\0\0\0"), "zstd data do not match the checksum", "zstd -t"},
        {BYTES("\x28\xB5\x2F\xFD\x20\0\x07\0\0"), "zstd data are damaged", "zstd -t"},
    };
    struct om_buffer got = OM_BUFFER_EMPTY;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct om_error err;
        assert_fault(outcome_of(cases[i].bytes, cases[i].length, &got, &err), &err);
        if (!strstr(err.message, cases[i].message))
            print_error("case %zu: %s\n", i, err.message);
        assert_non_null(strstr(err.message, cases[i].message));
        assert_non_null(strstr(err.hint, cases[i].hint));
    }
    om_buffer_release(&got);
}

/* Bytes before the fault may have been handed out; the fault and the end stay what they are. */
static void
faults_and_ends_stay(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    char block[1000];
    (void)state;
    add_lines(&text, 1000, 1);
    add_gzip(&file, &text, 6, NULL);
    for (size_t cut = 0; cut < 2; cut++) {
        struct om_input source = OM_INPUT_CLOSED;
        struct om_error err;
        size_t got = 0;
        put(om_buffer_string(&file), file.length - cut);
        assert_ok(om_input_open(&source, scratch, &err));
        for (size_t left = sizeof block; left > 0; left -= got)
            assert_ok(om_input_read(&source, block, left, &got, &err));
        for (int i = 0; i < 3; i++) {
            om_status status = om_input_read(&source, block, sizeof block, &got, &err);
            if (cut)
                assert_fault(status, &err);
            else
                assert_true(status == OM_OK && got == 0 && source.ended);
        }
        om_input_close(&source);
    }
    om_buffer_release(&text);
    om_buffer_release(&file);
}

/* --- the file ------------------------------------------------------------------------------------- */

static void
collect(void *context, const void *bytes, size_t length)
{
    om_buffer_add(context, bytes, length);
}

static void
tap_and_sizes_are_those_of_the_file(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, seen = OM_BUFFER_EMPTY;
        struct om_input source = OM_INPUT_CLOSED;
        struct om_error err;
        char block[5000];
        size_t got;
        add_noise(&text, 400000, 3);
        add_member(&file, format, &text, 6);
        put(om_buffer_string(&file), file.length);
        assert_ok(om_input_open(&source, scratch, &err));
        assert_int_equal(source.total, file.length);
        source.tap = collect;
        source.tap_context = &seen;
        do {
            assert_ok(om_input_read(&source, block, sizeof block, &got, &err));
            assert_true(source.taken <= source.total);
        } while (got > 0);
        assert_int_equal(source.taken, source.total);
        assert_true(same(&seen, &file));
        om_input_close(&source);
        om_buffer_release(&text);
        om_buffer_release(&file);
        om_buffer_release(&seen);
    }
}

/* A file that was shortened is said to have changed, rather than to be damaged. */
static void
a_change_is_told_from_damage(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    char block[5000];
    size_t got;
    om_status status;
    (void)state;
    add_noise(&text, 3000000, 3);
    add_gzip(&file, &text, 1, NULL);
    put(om_buffer_string(&file), file.length);
    assert_ok(om_input_open(&source, scratch, &err));
    assert_ok(om_input_read(&source, block, sizeof block, &got, &err));
    assert_int_equal(truncate(scratch, (off_t)file.length - 5), 0);
    do
        status = om_input_read(&source, block, sizeof block, &got, &err);
    while (status == OM_OK && got > 0);
    assert_int_equal(status, OM_ERR_IO);
    assert_non_null(strstr(err.message, "changed while it was read"));
    om_input_close(&source);
    om_buffer_release(&text);
    om_buffer_release(&file);
}

static void
a_failed_read_is_an_error(void **state)
{
    struct om_unpack *unpack;
    struct om_error err;
    int directory = open("/", O_RDONLY | O_DIRECTORY);
    (void)state;
    assert_ok(om_unpack_open(&om_codec_gzip, directory, (const unsigned char *)"\x1F\x8B", 2, &unpack, &err));
    while (om_unpack_next(unpack))
        ;
    assert_int_equal(om_unpack_outcome(unpack, &err), OM_ERR_IO);
    assert_non_null(strstr(err.message, "after 2 compressed bytes"));
    om_unpack_close(unpack);
    close(directory);
}

/* --- pipes ---------------------------------------------------------------------------------------- */

/* A pipe into which a child writes the file, `piece` bytes at a time; it then keeps the pipe open if told to.
 */
static int
pipe_from(const struct om_buffer *file, size_t piece, bool stay, pid_t *child)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *child = fork();
    if (*child == 0) {
        signal(SIGPIPE, SIG_DFL);
        close(ends[0]);
        for (size_t at = 0; at < file->length; at += piece) {
            size_t n = file->length - at < piece ? file->length - at : piece;
            if (write(ends[1], om_buffer_string(file) + at, n) != (ssize_t)n)
                _exit(1);
        }
        if (stay)
            sleep(60); /* much longer than any test, but not for ever */
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void
pipes_are_recognised_too(void **state)
{
    static const size_t pieces[] = {1, 3, 1000};
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++)
        for (size_t i = 0; i < 3; i++) {
            struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
            struct om_error err;
            int status, keep = dup(STDIN_FILENO);
            pid_t child;
            add_lines(&text, 40000, 1);
            add_member(&file, format, &text, 6);
            int end = pipe_from(&file, pieces[i], false, &child);
            dup2(end, STDIN_FILENO);
            close(end);
            assert_ok(take("-", 4096, &got, &err));
            assert_true(same(&got, &text));
            dup2(keep, STDIN_FILENO);
            close(keep);
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_int_equal(status, 0);
            om_buffer_release(&text);
            om_buffer_release(&file);
            om_buffer_release(&got);
        }
}

/* --- stopping ------------------------------------------------------------------------------------- */

static size_t
open_descriptors(void)
{
    size_t n = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (!directory)
        return 0;
    while (readdir(directory))
        n++;
    closedir(directory);
    return n;
}

static void
reading_may_stop_anywhere(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    size_t live, descriptors = open_descriptors();
    static char block[100000];
    (void)state;
    add_lines(&text, 3000000, 1);
    add_gzip(&file, &text, 1, NULL);
    put(om_buffer_string(&file), file.length);
    live = om_memory_live();
    for (size_t reads = 0; reads < 60; reads++) {
        struct om_input source = OM_INPUT_CLOSED;
        struct om_error err;
        size_t got;
        assert_ok(om_input_open(&source, scratch, &err));
        for (size_t i = 0; i < reads; i++)
            assert_ok(om_input_read(&source, block, sizeof block, &got, &err));
        om_input_close(&source);
    }
    assert_int_equal(om_memory_live(), live);
    assert_int_equal(open_descriptors(), descriptors);
    om_buffer_release(&text);
    om_buffer_release(&file);
}

/* The writer neither writes nor closes; closing must not wait for it. */
static void
a_silent_pipe_can_be_closed(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    (void)state;
    add_lines(&text, 100000, 1);
    add_gzip(&file, &text, 1, NULL);
    file.length -= 10;
    for (int i = 0; i < 20; i++) {
        struct om_unpack *unpack;
        struct om_error err;
        pid_t child;
        int end = pipe_from(&file, 1000, true, &child);
        alarm(20);
        assert_ok(om_unpack_open(&om_codec_gzip, end, (const unsigned char *)"", 0, &unpack, &err));
        for (int reads = 0; reads < i % 2; reads++)
            assert_non_null(om_unpack_next(unpack));
        om_unpack_close(unpack);
        alarm(0);
        close(end);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
    }
    om_buffer_release(&text);
    om_buffer_release(&file);
}

/* The program's own threads get the signals: the one that decompresses has them all blocked. */
static void
signals_do_not_disturb(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    char path[300], line[256], blocked[64] = "";
    struct om_unpack *unpack;
    struct om_error err;
    pid_t child;
    int end, threads = 0;
    (void)state;
    add_gzip(&file, &text, 1, NULL);
    end = pipe_from(&file, 1000, true, &child);
    assert_ok(om_unpack_open(&om_codec_gzip, end, (const unsigned char *)"", 0, &unpack, &err));
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] == '.' || atoi(task->d_name) == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        FILE *status = fopen(path, "r");
        while (status && fgets(line, sizeof line, status))
            if (sscanf(line, "SigBlk: %63s", blocked) == 1 && strlen(blocked) == 16) {
                unsigned long long mask = strtoull(blocked, NULL, 16);
                threads += (mask >> (SIGINT - 1) & 1) && (mask >> (SIGTERM - 1) & 1);
            }
        if (status)
            fclose(status);
    }
    if (tasks) {
        closedir(tasks);
        assert_true(threads > 0);
    }
    om_unpack_close(unpack);
    close(end);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    om_buffer_release(&text);
    om_buffer_release(&file);
}

/* --- memory --------------------------------------------------------------------------------------- */

enum { MEGABYTES = 256 };

/* Zeros, MEGABYTES of them. */
static void
make_bomb(enum format format, struct om_buffer *file)
{
    struct om_buffer zeros = OM_BUFFER_EMPTY, member = OM_BUFFER_EMPTY;
    for (int i = 0; i < 1 << 20; i++)
        om_buffer_char(&zeros, '\0');
    add_member(&member, format, &zeros, 6);
    for (int i = 0; i < MEGABYTES; i++)
        om_buffer_add(file, om_buffer_string(&member), member.length);
    om_buffer_release(&zeros);
    om_buffer_release(&member);
}

static void
memory_is_constant(void **state)
{
    static char block[1 << 18];
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer file = OM_BUFFER_EMPTY;
        struct om_input source = OM_INPUT_CLOSED;
        struct rusage before, after;
        struct om_error err;
        size_t got, sum = 0;
        make_bomb(format, &file);
        put(om_buffer_string(&file), file.length);
        om_buffer_release(&file);
        getrusage(RUSAGE_SELF, &before);
        assert_ok(om_input_open(&source, scratch, &err));
        do {
            assert_ok(om_input_read(&source, block, sizeof block, &got, &err));
            sum += got;
        } while (got > 0);
        om_input_close(&source);
        getrusage(RUSAGE_SELF, &after);
        assert_int_equal(sum, (size_t)MEGABYTES << 20);
        assert_true(after.ru_maxrss - before.ru_maxrss < 32 * 1024); /* kilobytes */
    }
}

static void
memory_may_run_out(void **state)
{
    (void)state;
    for (int format = GZIP; format <= ZSTD; format++) {
        struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY, got = OM_BUFFER_EMPTY;
        size_t descriptors = open_descriptors(), k = 0;
        om_status status = OM_ERR_NOMEM;
        add_lines(&text, 1000, 1);
        add_member(&file, format, &text, 6);
        put(om_buffer_string(&file), file.length);
        om_buffer_repeat(&got, "x", text.length + 1);
        size_t live = om_memory_live();
        for (; status == OM_ERR_NOMEM && k < 100; k++) {
            struct om_error err;
            om_buffer_clear(&got);
            om_memory_fail_at(k);
            status = take(scratch, 100, &got, &err);
            om_memory_fail_at((size_t)-1);
            assert_int_equal(om_memory_live(), live);
            assert_int_equal(open_descriptors(), descriptors);
        }
        assert_int_equal(status, OM_OK);
        assert_true(k > 3);
        assert_true(same(&got, &text));
        om_buffer_release(&text);
        om_buffer_release(&file);
        om_buffer_release(&got);
    }
}

/* What could not be opened for want of memory is not taken for text the next time. */
static void
a_second_try_is_a_new_one(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY, file = OM_BUFFER_EMPTY;
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    char block[2000];
    size_t got;
    (void)state;
    add_lines(&text, 1000, 1);
    add_gzip(&file, &text, 6, NULL);
    put(om_buffer_string(&file), file.length);
    assert_ok(om_input_open(&source, scratch, &err));
    om_memory_fail_at(0);
    assert_int_equal(om_input_read(&source, block, sizeof block, &got, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_ok(om_input_read(&source, block, sizeof block, &got, &err));
    assert_int_equal(got, text.length);
    assert_memory_equal(block, om_buffer_string(&text), got);
    om_input_close(&source);
    om_buffer_release(&text);
    om_buffer_release(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_comes_back),
        cmocka_unit_test(members_are_read_through),
        cmocka_unit_test(many_small_members),
        cmocka_unit_test(a_header_may_hold_anything),
        cmocka_unit_test(headers_of_extreme_lengths),
        cmocka_unit_test(skippable_frames_are_skipped),
        cmocka_unit_test(other_text_is_left_alone),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(a_cut_is_an_error_at_every_byte),
        cmocka_unit_test(a_changed_byte_is_seen),
        cmocka_unit_test(what_follows_must_be_another_member),
        cmocka_unit_test(one_format_does_not_follow_the_other),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(faults_and_ends_stay),
        cmocka_unit_test(tap_and_sizes_are_those_of_the_file),
        cmocka_unit_test(a_change_is_told_from_damage),
        cmocka_unit_test(a_failed_read_is_an_error),
        cmocka_unit_test(pipes_are_recognised_too),
        cmocka_unit_test(reading_may_stop_anywhere),
        cmocka_unit_test(a_silent_pipe_can_be_closed),
        cmocka_unit_test(signals_do_not_disturb),
        cmocka_unit_test(memory_is_constant),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(a_second_try_is_a_new_one),
    };
    scratch = temporary_file(".csv", "", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
