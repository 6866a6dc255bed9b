#include "csv/lines.h"

#include <string.h>

static size_t
find_byte(const struct om_csv_lines *lines, char wanted)
{
    const char *from = lines->block + lines->next;
    const char *found = memchr(from, wanted, lines->used - lines->next);
    return found ? (size_t)(found - lines->block) : lines->used;
}

void
om_csv_lines_block(struct om_csv_lines *lines, const char *block, size_t used)
{
    lines->block = block;
    lines->used = used;
    lines->next = 0;
    lines->searched = false;
}

void
om_csv_lines_skip(struct om_csv_lines *lines, size_t length)
{
    lines->next += length;
    lines->offset += length;
    lines->start = lines->offset;
}

void
om_csv_lines_jump(struct om_csv_lines *lines, size_t length, uint64_t n_lines)
{
    lines->next += length;
    lines->offset += length;
    lines->start = lines->offset;
    lines->line += n_lines;
    lines->after_cr = false;
}

/* Past the end of the line at block[next], or used. */
static size_t
line_end(struct om_csv_lines *lines, bool *whole)
{
    if (!lines->searched || lines->next_lf < lines->next)
        lines->next_lf = find_byte(lines, '\n');
    if (!lines->searched || lines->next_cr < lines->next)
        lines->next_cr = find_byte(lines, '\r');
    lines->searched = true;
    size_t end = lines->next_lf < lines->next_cr ? lines->next_lf : lines->next_cr;
    *whole = end < lines->used;
    if (!*whole)
        return lines->used;
    bool cr_lf = lines->next_lf == end + 1 && lines->next_lf < lines->used;
    return end + 1 + cr_lf;
}

struct om_csv_stretch
om_csv_lines_next(struct om_csv_lines *lines)
{
    struct om_csv_stretch piece = {.bytes = lines->block + lines->next, .length = 1, .whole = true};
    piece.rest = lines->after_cr && *piece.bytes == '\n';
    if (!piece.rest)
        piece.length = line_end(lines, &piece.whole) - lines->next;
    return piece;
}

void
om_csv_lines_pass(struct om_csv_lines *lines, struct om_csv_stretch piece)
{
    lines->next += piece.length;
    lines->offset += piece.length;
    lines->after_cr = piece.bytes[piece.length - 1] == '\r';
    if (piece.whole)
        lines->start = lines->offset;
    if (piece.whole && !piece.rest)
        lines->line++;
}
