/* What libcsv passes over without a word, seen on the way to it. */
#include "csv/reader_state.h"
#include "base/memory.h"

#include <string.h>

static void
add_note(struct om_csv_reader *reader, struct om_csv_note note)
{
    if (om_grow(&reader->note, &reader->note_capacity, reader->n_notes, sizeof *reader->note))
        reader->note[reader->n_notes++] = note;
    else
        om_csv_no_memory(reader);
}

void
om_csv_watch_quotes(struct om_csv_reader *reader, const char *bytes, size_t length)
{
    char delimiter = (char)csv_get_delim(&reader->parser);
    const char *end = bytes + length;
    if (reader->field == FIELD_PLAIN)
        reader->stray |= memchr(bytes, '"', length) != NULL;
    while (reader->field == FIELD_QUOTED && bytes < end) {
        char c = *bytes++;
        if (!reader->closing) {
            const char *quote = c == '"' ? bytes - 1 : memchr(bytes, '"', (size_t)(end - bytes));
            bytes = quote ? quote + 1 : end;
            reader->closing = quote != NULL;
        } else if (c == '"') { /* doubled, unless blanks stand between */
            reader->stray |= reader->gap;
            reader->closing = reader->gap;
            reader->gap = false;
        } else if (c == delimiter || c == '\r' || c == '\n') {
            return;
        } else if (c == ' ' || c == '\t') {
            reader->gap = true;
        } else {
            reader->stray = true;
            reader->closing = reader->gap = false;
        }
    }
}

static enum om_csv_end
end_of(struct om_csv_stretch piece)
{
    const char *last = piece.bytes + piece.length - 1;
    if (*last == '\r')
        return OM_CSV_CR;
    return piece.rest || (piece.length > 1 && last[-1] == '\r') ? OM_CSV_CR_LF : OM_CSV_LF;
}

void
om_csv_watch_line(struct om_csv_reader *reader, struct om_csv_stretch piece, bool began, uint64_t records)
{
    struct om_csv_ends *ends = &reader->ends;
    enum om_csv_end end = end_of(piece);
    uint64_t line = piece.rest ? reader->lines.line - 1 : reader->lines.line;
    if (piece.rest && ends->first[OM_CSV_CR] == line) /* the CR alone was taken for an end */
        ends->first[OM_CSV_CR] = 0;
    if (ends->first[end] == 0)
        ends->first[end] = line;
    if (began && !piece.rest && reader->record.number == records)
        add_note(reader,
                 (struct om_csv_note){
                     .code = 111, .number = records + 1, .line = line, .byte_offset = reader->lines.start});
}

void
om_csv_watch_header(struct om_csv_reader *reader, struct om_csv_stretch piece)
{
    char delimiter = (char)csv_get_delim(&reader->parser);
    for (size_t i = 0; i < piece.length; i++) {
        char c = piece.bytes[i], before = reader->before;
        bool blank = (c == ' ' || c == '\t') && c != delimiter;
        bool edge = c == delimiter || c == '\r' || c == '\n';
        bool after_blank = (before == ' ' || before == '\t') && before != delimiter;
        reader->spaced |= (blank && (!before || before == delimiter)) || (edge && after_blank);
        reader->before = c;
    }
    if (!piece.whole)
        return;
    if (reader->spaced && reader->record.number == 1)
        add_note(reader, (struct om_csv_note){.code = 121,
                                              .number = 1,
                                              .line = reader->record.line,
                                              .byte_offset = reader->record.byte_offset});
    reader->before = 0;
    reader->spaced = false;
}

const struct om_csv_note *
om_csv_notes(const struct om_csv_reader *reader, size_t *n)
{
    *n = reader->n_notes;
    return reader->note;
}

void
om_csv_notes_clear(struct om_csv_reader *reader)
{
    reader->n_notes = 0;
}

bool
om_csv_marked(const struct om_csv_reader *reader)
{
    return reader->marked;
}

const struct om_csv_ends *
om_csv_ends(const struct om_csv_reader *reader)
{
    return &reader->ends;
}

void
om_csv_watch_ends(struct om_csv_reader *reader)
{
    reader->watch_ends = true;
}
