/* Tallies in files. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/sink.h"
#include "io/source.h"
#include "tally/tally.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Larger ones are no tallies: ten thousand groups of every instrument take a tenth of it. */
#define CEILING ((size_t)4 << 30)

static om_status
read_all(struct om_input *input, struct om_buffer *bytes, struct om_error *err)
{
    enum { STEP = 1 << 16 };
    for (size_t n = 1; n > 0;) {
        char *room = om_buffer_room(bytes, STEP);
        if (!room)
            return om_fail_memory(err);
        OM_TRY(om_input_read(input, room, STEP, &n, err));
        om_buffer_wrote(bytes, room + n);
        if (bytes->length >= OM_TALLY_MAGIC && !om_tally_is(bytes->data, bytes->length))
            return OM_OK; /* it is something else, perhaps large */
    }
    return OM_OK;
}

/* Of a file as it is stored; of a pipe, of what came out of it. */
static om_status
find_origin(const char *path, const struct om_buffer *bytes, const struct om_tally *tally,
            struct om_tally_origin *out, struct om_error *err)
{
    struct stat at;
    out->bytes = bytes->length;
    out->persons = om_tally_persons(tally);
    if (strcmp(path, "-") != 0 && stat(path, &at) == 0 && S_ISREG(at.st_mode))
        return om_digest_file(path, OM_DIGEST_SHA256, &out->bytes, out->sha256, err);
    return om_sha256_text(om_buffer_string(bytes), bytes->length, out->sha256, err);
}

om_status
om_tally_read(const char *path, struct om_tally **out, struct om_error *err)
{
    return om_tally_read_file(path, out, NULL, err);
}

om_status
om_tally_read_file(const char *path, struct om_tally **out, struct om_tally_origin *origin,
                   struct om_error *err)
{
    struct om_input input = OM_INPUT_CLOSED;
    struct om_buffer bytes = {.ceiling = CEILING};
    struct om_tally *tally = NULL;
    OM_TRY(om_input_open(&input, path, err));
    om_status status = read_all(&input, &bytes, err);
    if (status == OM_OK)
        status = om_tally_load(om_buffer_string(&bytes), bytes.length, om_input_name(&input), &tally, err);
    if (status == OM_OK && origin)
        status = find_origin(path, &bytes, tally, origin, err);
    if (status == OM_OK)
        *out = tally;
    else
        om_tally_free(tally);
    om_input_close(&input);
    om_buffer_release(&bytes);
    return status;
}

om_status
om_tally_write(const struct om_tally *tally, const char *path, struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    char *bytes = NULL;
    size_t length;
    OM_TRY(om_tally_save(tally, &bytes, &length, err));
    om_status status = om_sink_open(&sink, path, err);
    if (status == OM_OK)
        status = om_sink_write(&sink, bytes, length, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    om_free(bytes);
    return status;
}

/* The first bytes of a pipe can be looked at without taking them out of it. */
static bool
peek_pipe(int fd, void *bytes, size_t n)
{
    int copy[2];
    if (pipe2(copy, O_CLOEXEC) != 0)
        return false;
    ssize_t copied = tee(fd, copy[1], n, 0);
    ssize_t got = copied > 0 ? read(copy[0], bytes, n) : 0;
    close(copy[0]);
    close(copy[1]);
    return got == (ssize_t)n;
}

static bool
peek_standard_input(void *bytes, size_t n)
{
    struct stat at;
    if (fstat(STDIN_FILENO, &at) != 0)
        return false;
    if (S_ISREG(at.st_mode))
        return pread(STDIN_FILENO, bytes, n, lseek(STDIN_FILENO, 0, SEEK_CUR)) == (ssize_t)n;
    return S_ISFIFO(at.st_mode) && peek_pipe(STDIN_FILENO, bytes, n);
}

/* Only of a regular file: anything else gives its bytes once. */
static om_status
peek_file(const char *path, unsigned char *bytes, size_t n, bool *known, struct om_error *err)
{
    struct om_input input = OM_INPUT_CLOSED;
    struct stat at;
    size_t got = 0;
    *known = false;
    if (stat(path, &at) != 0 || !S_ISREG(at.st_mode))
        return OM_OK;
    om_status status = om_input_open(&input, path, err);
    for (size_t more = 1; more > 0 && got < n && status == OM_OK; got += more) {
        more = 0;
        status = om_input_read(&input, bytes + got, n - got, &more, err);
    }
    om_input_close(&input);
    *known = got == n;
    return status == OM_ERR_NOMEM ? status : OM_OK;
}

om_status
om_tally_is_file(const char *path, bool *is, struct om_error *err)
{
    unsigned char head[OM_TALLY_MAGIC];
    bool known;
    if (strcmp(path, "-") == 0)
        known = peek_standard_input(head, sizeof head);
    else
        OM_TRY(peek_file(path, head, sizeof head, &known, err));
    *is = known && om_tally_is(head, sizeof head);
    return OM_OK;
}
