/* A panel once more, with keyed hashes in place of its ids (<omstat/pairing.h>). */
#include "analysis/counted.h"
#include "base/error.h"
#include "base/memory.h"
#include "csv/writer.h"
#include "io/hmac.h"
#include "io/sink.h"
#include "panel/flow.h"

#include <errno.h>
#include <omstat/pairing.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH = 16 }; /* bytes of a hash: two of 10^9 persons share one with a probability of 10^-21 */

struct pairing {
    const struct om_study *study;
    struct om_pairing *out;
    struct om_panel *panel;
    struct om_sink sink;
    struct om_hmac_key key;
    size_t *kept; /* per column of the output: which of the kept texts it is; SIZE_MAX: the id */
    size_t n_columns;
    struct om_buffer *text; /* per thread: the records of its block */
    size_t threads;
};

/* --- the key -------------------------------------------------------------------------------------------- */

static om_status
fail_key(const char *path, om_status status, const char *what, const char *hint, struct om_error *err)
{
    om_fail(err, status, "%s", what);
    om_place(err, path, 0, 0);
    om_hint(err, "%s", hint);
    return status;
}

static int
open_key(const char *path)
{
    int fd;
    do
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* All of it: a pipe may give it in parts, and half a key would be another key. */
static ssize_t
read_whole(int fd, char *bytes, size_t most)
{
    size_t n = 0;
    while (n < most) {
        const ssize_t got = read(fd, bytes + n, most - n);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return -1;
        n += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)n;
}

static om_status
read_key(struct pairing *p, const char *path, struct om_error *err)
{
    struct stat state;
    char secret[OM_PAIRING_KEY_MOST];
    int fd = open_key(path);
    if (fd < 0)
        return fail_key(path, OM_ERR_NO_INPUT, "the key cannot be read",
                        "make one: (umask 077; openssl rand -hex 32 > FILE), the same for all parts", err);
    const bool known = fstat(fd, &state) == 0;
    const ssize_t n = read_whole(fd, secret, sizeof secret);
    close(fd);
    if (!known || n < 0)
        return fail_key(path, OM_ERR_IO, "the key cannot be read", "look at the file", err);
    if (S_ISREG(state.st_mode) && (state.st_mode & 077))
        return fail_key(path, OM_ERR_PERMISSION, "others may read the key, and so could look ids up",
                        "chmod 600 FILE, and think about who has read it", err);
    size_t length = (size_t)n;
    while (length > 0 && (secret[length - 1] == '\n' || secret[length - 1] == '\r'))
        length--;
    if (length < OM_PAIRING_KEY_LEAST)
        return fail_key(path, OM_ERR_USAGE, "a key has 16 bytes at least",
                        "make one: (umask 077; openssl rand -hex 32 > FILE)", err);
    om_status status = om_hmac_start(&p->key, secret, length, err);
    explicit_bzero(secret, sizeof secret);
    return status;
}

/* --- columns -------------------------------------------------------------------------------------------- */

static om_status
fail_columns(const struct om_panel *panel, size_t f, const char *what, const char *hint, struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "%s", what);
    om_place(err, panel->file[f].path, 1, 0);
    om_hint(err, "%s", hint);
    return OM_ERR_USAGE;
}

/* The next column that something is read from, at or behind `column`. */
static size_t
next_column(const struct om_panel *panel, size_t f, size_t column)
{
    while (column < panel->file[f].header.n && !om_panel_uses(panel, &panel->file[f], column))
        column++;
    return column;
}

/* All files have the columns of the first, in its order. */
static om_status
choose_columns(struct pairing *p, struct om_error *err)
{
    struct om_panel *panel = p->panel;
    p->kept = om_alloc(panel->file[0].header.n + 1, sizeof *p->kept);
    if (!p->kept)
        return om_fail_memory(err);
    for (size_t f = 0; f < panel->n_files; f++) {
        const struct om_panel_file *file = &panel->file[f];
        size_t n = 0, first = next_column(panel, 0, 0);
        if (file->id == OM_NONE)
            return fail_columns(panel, f, "there is no id to pair by", "name its column with --id", err);
        if (file->fixed_occasion != OM_NONE && panel->n_files > 1)
            return fail_columns(panel, f, "files of one occasion each", "make a pairing file of each", err);
        for (size_t c = next_column(panel, f, 0); c < file->header.n; c = next_column(panel, f, c + 1), n++) {
            if (first == panel->file[0].header.n ||
                strcmp(file->header.at[c], panel->file[0].header.at[first]) != 0)
                return fail_columns(panel, f, "its columns are not those of the first file",
                                    "make a pairing file of each", err);
            p->kept[n] = SIZE_MAX;
            if ((int)c != file->id)
                OM_TRY(om_panel_keep(panel, f, c, &p->kept[n], err));
            first = next_column(panel, 0, first + 1);
        }
        if (f > 0 && n != p->n_columns)
            return fail_columns(panel, f, "its columns are not those of the first file",
                                "make a pairing file of each", err);
        p->n_columns = n;
    }
    return OM_OK;
}

/* --- records -------------------------------------------------------------------------------------------- */

static om_status
write_id(const struct pairing *p, struct om_csv_writer *writer, const struct om_record_row *row,
         struct om_error *err)
{
    static const char digit[] = "0123456789abcdef";
    uint8_t hash[OM_HMAC_BYTES];
    char text[2 * HASH];
    OM_TRY(om_hmac(&p->key, row->id, row->id_length, hash, err));
    for (size_t i = 0; i < HASH; i++) {
        text[2 * i] = digit[hash[i] >> 4];
        text[2 * i + 1] = digit[hash[i] & 15];
    }
    om_csv_write_bytes(writer, text, sizeof text);
    return OM_OK;
}

/* A record that is of no use has one field, which is empty: it is rejected again. */
static om_status
write_records(void *context, size_t thread, const struct om_record_block *block, struct om_error *err)
{
    struct pairing *p = context;
    struct om_csv_writer writer = {.out = &p->text[thread], .delimiter = p->study->panel.delimiter};
    om_buffer_clear(&p->text[thread]);
    for (size_t r = 0; r < block->n; r++) {
        const bool rejected = block->row[r].rejected;
        if (rejected)
            om_buffer_text(writer.out, "\"\"\n");
        for (size_t c = 0; c < p->n_columns && !rejected; c++) {
            if (p->kept[c] == SIZE_MAX) {
                OM_TRY(write_id(p, &writer, &block->row[r], err));
                continue;
            }
            const struct om_field *field = &block->kept[r * block->n_kept + p->kept[c]];
            om_csv_write_bytes(&writer, field->data, field->length);
        }
        if (!rejected)
            om_csv_write_end(&writer);
    }
    return om_buffer_ok(&p->text[thread]) ? OM_OK : om_fail_memory(err);
}

static om_status
join_records(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct pairing *p = context;
    (void)stop;
    p->out->read += block->n;
    p->out->rejected += block->n_rejected;
    return om_sink_write(&p->sink, om_buffer_string(&p->text[thread]), p->text[thread].length, err);
}

static om_status
write_header(struct pairing *p, struct om_error *err)
{
    const struct om_panel_file *file = &p->panel->file[0];
    struct om_buffer text = OM_BUFFER_EMPTY;
    struct om_csv_writer writer = {.out = &text, .delimiter = p->study->panel.delimiter};
    for (size_t c = next_column(p->panel, 0, 0); c < file->header.n; c = next_column(p->panel, 0, c + 1))
        om_csv_write_text(&writer, file->header.at[c]);
    om_csv_write_end(&writer);
    om_status status =
        om_buffer_ok(&text) ? om_sink_write(&p->sink, text.data, text.length, err) : om_fail_memory(err);
    om_buffer_release(&text);
    return status;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static om_status
prepare(struct pairing *p, const char *key_path, const char *path, struct om_error *err)
{
    if (p->study->panel.n_inputs == 0)
        return om_fail(err, OM_ERR_USAGE, "no input file");
    OM_TRY(read_key(p, key_path, err));
    OM_TRY(om_panel_open(&p->study->panel, p->study->registry, om_findings_collect, p->out->findings,
                         &p->panel, err));
    OM_TRY(choose_columns(p, err));
    p->threads = om_flow_threads(p->panel);
    p->text = om_calloc(p->threads, sizeof *p->text);
    if (!p->text)
        return om_fail_memory(err);
    p->sink.secret = true;
    OM_TRY(om_sink_open(&p->sink, path, err));
    return write_header(p, err);
}

static om_status
copy_reading(struct om_pairing *out, const struct om_panel *panel, struct om_error *err)
{
    struct om_texts reading = {0};
    om_status status = om_texts_add_all(&reading, &panel->reading, err);
    out->reading = reading.at;
    out->n_reading = reading.n;
    return status;
}

om_status
om_pair(const struct om_study *study, const char *key_path, const char *path, const struct om_hooks *hooks,
        struct om_pairing *out, struct om_error *err)
{
    *out = (struct om_pairing){0};
    OM_TRY(om_refuse_tallies(study, err));
    OM_TRY(om_findings_new(&out->findings, err));
    struct pairing p = {.study = study, .out = out, .sink = OM_SINK_CLOSED};
    struct om_flow_user user = {.prepare = write_records,
                                .join = join_records,
                                .context = &p,
                                .progress = hooks ? hooks->progress : NULL,
                                .progress_context = hooks ? hooks->context : NULL};
    om_status status = prepare(&p, key_path, path, err);
    if (status == OM_OK && p.panel)
        status = copy_reading(out, p.panel, err);
    if (status == OM_OK)
        status = om_flow_run(p.panel, &user, err);
    if (status == OM_OK)
        status = om_check_strict(study, out->findings, err);
    if (status == OM_OK)
        status = om_sink_commit(&p.sink, err);
    om_sink_abort(&p.sink);
    for (size_t t = 0; p.text && t < p.threads; t++)
        om_buffer_release(&p.text[t]);
    om_free(p.text);
    om_free(p.kept);
    om_panel_close(p.panel);
    explicit_bzero(&p.key, sizeof p.key);
    return status;
}

void
om_pairing_release(struct om_pairing *pairing)
{
    om_findings_free(pairing->findings);
    for (size_t i = 0; i < pairing->n_reading; i++)
        om_free(pairing->reading[i]);
    om_free(pairing->reading);
    *pairing = (struct om_pairing){0};
}
