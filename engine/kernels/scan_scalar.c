/* The scanner a byte at a time: what the vector kernels must give too. */
#include "kernels/kernels.h"
#include "kernels/scan_bits.h"

static const uint64_t last_bit = UINT64_C(1) << 63; /* of the block before: its last byte */

static uint8_t
token_of(const uint8_t *text, size_t length, bool closed)
{
    if (closed) { /* the quotes are not text */
        text++;
        length -= 2;
    }
    if (length == 0)
        return OM_TOKEN_EMPTY;
    if (length == 1 && text[0] > ' ' && text[0] < 0x80)
        return text[0];
    if (length == 2 && text[0] == 'N' && text[1] == 'A')
        return OM_TOKEN_NA;
    return OM_TOKEN_ODD;
}

/* Is the byte, which comes after those that s remembers, not plain? */
static bool
is_bad(const struct om_scan *s, uint8_t c, bool quoted)
{
    bool at_separator = c == s->delimiter || c == '\n' || c == '\r';
    if (s->carriage && c != '\n')
        return true;
    if (c == '"')
        return !quoted || (!s->inside && s->field != s->position);
    if (s->inside)
        return c == '\n' || c == '\r';
    return s->closing && !at_separator;
}

static void
end_field(struct om_scan *s, const uint8_t *at)
{
    uint32_t length = s->position - s->field;
    s->token[s->n_tokens++] = token_of(at - length, length, s->closing != 0);
}

/* Reads a byte that is not bad; true when it ends a field. */
static bool
take_byte(struct om_scan *s, const uint8_t *at)
{
    uint8_t c = *at;
    bool ends = !s->inside && (c == s->delimiter || c == '\r' || (c == '\n' && !s->carriage));
    if (ends)
        end_field(s, at);
    s->closing = c == '"' && s->inside ? last_bit : 0;
    s->carriage = c == '\r' ? last_bit : 0;
    if (c == '"') {
        s->quotes = 1;
        s->inside = ~s->inside;
    }
    if (c == '\n' || (c == s->delimiter && ends))
        s->field = s->position + 1;
    if (c == '\n')
        s->row[++s->n_rows] = (struct om_scan_row){s->position + 1, s->n_tokens};
    return ends;
}

/* Reads a block; returns its separators. The two commonest cases, text and a delimiter where nothing special
 * came before, have a short way. */
static uint64_t
scan_block(struct om_scan *s, const uint8_t *bytes, const bool special[256], bool quoted)
{
    uint32_t start = s->position;
    uint64_t separator = 0;
    for (unsigned i = 0; i < OM_SCAN_BLOCK; i++) {
        bool usual = !(s->closing | s->carriage | s->inside);
        if (usual && !special[bytes[i]])
            continue;
        s->position = start + i;
        if (usual && bytes[i] == s->delimiter) {
            end_field(s, bytes + i);
            s->field = s->position + 1;
            separator |= UINT64_C(1) << i;
            continue;
        }
        if (is_bad(s, bytes[i], quoted)) {
            s->stop = s->position;
            break;
        }
        separator |= (uint64_t)take_byte(s, bytes + i) << i;
    }
    s->position = start + OM_SCAN_BLOCK;
    return separator;
}

static void
scan_blocks(struct om_scan *scan, const uint8_t *bytes, size_t n, bool quoted)
{
    bool special[256] = {['\n'] = true, ['\r'] = true, ['"'] = true};
    struct om_scan s = *scan;
    special[s.delimiter] = true;
    for (; n && s.stop == OM_SCAN_NO_STOP; n--, bytes += OM_SCAN_BLOCK) {
        struct om_scan before = s;
        uint64_t separator = scan_block(&s, bytes, special, quoted);
        if (!quoted && s.stop != OM_SCAN_NO_STOP) {
            s = before;
            break;
        }
        s.separator[before.position / OM_SCAN_BLOCK] = separator;
    }
    *scan = s;
}

void
om_scan_scalar(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, false);
}

void
om_scan_quoted_scalar(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, true);
}

void
om_locate_scalar(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
                 struct om_scan_span *span)
{
    om_scan_locate(separator, row, n, k, span);
}
