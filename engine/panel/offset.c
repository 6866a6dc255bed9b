/* Where a record begins of which only the line is known: the lines before it are read again. */
#include "panel/places.h"
#include "base/error.h"
#include "io/source.h"

enum { STEP = 16 * 1024 };

/* LF, CR LF and a lone CR each end a line (csv/lines.h); the LF of a CR LF may come with the next bytes. */
struct walk {
    uint64_t lines, at;
    bool after_cr;
};

/* Passes line ends until there were `wanted`, and the LF of the last one. Returns true behind them. */
static bool
walk_on(struct walk *walk, uint64_t wanted, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++, walk->at++) {
        const bool rest = walk->after_cr && bytes[i] == '\n';
        if (walk->lines == wanted && !rest)
            return true;
        walk->lines += bytes[i] == '\r' || (bytes[i] == '\n' && !rest);
        walk->after_cr = bytes[i] == '\r';
    }
    return false;
}

uint64_t
om_panel_offset(const struct om_panel *panel, const struct om_record_place *place)
{
    struct om_panel_file *file = &panel->file[place->file];
    const struct om_input *source = om_csv_source(file->reader);
    char bytes[STEP];
    if (place->behind == 0)
        return place->byte_offset;
    if (!om_input_is_plain(source))
        return OM_OFFSET_UNKNOWN;
    struct walk walk = {.at = place->byte_offset};
    if (file->walked.from == place->byte_offset && file->walked.lines <= place->behind) /* mostly */
        walk = (struct walk){.lines = file->walked.lines, .at = file->walked.at};
    for (bool found = false; !found;) {
        const uint64_t left = source->total - walk.at;
        const size_t n = left < STEP ? (size_t)left : STEP;
        if (n == 0 || om_input_read_at(source, walk.at, bytes, n, NULL) != OM_OK)
            return OM_OFFSET_UNKNOWN;
        found = walk_on(&walk, place->behind, bytes, n);
    }
    file->walked.from = place->byte_offset;
    file->walked.lines = place->behind;
    file->walked.at = walk.at;
    return walk.at;
}
