#include "line.h"

#include "fill.h"

#include <stdarg.h>

void
om_line_add(struct om_line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line->text + line->used, sizeof line->text - line->used, format, args);
    va_end(args);
    line->used += n > 0 ? (size_t)n : 0;
    if (line->used >= sizeof line->text)
        line->used = sizeof line->text - 1;
}

void
om_line_fraction(struct om_line *line, struct om_fraction f)
{
    if (f.num % f.den == 0)
        om_line_add(line, "%lld", (long long)(f.num / f.den));
    else
        om_line_add(line, "%.10g", om_fraction_value(f));
}

/* One piece more, behind `gap` unless it is the first. */
static void
add_piece(struct om_line *line, const char *gap, const char *text)
{
    if (!text || !*text)
        return;
    if (line->used)
        om_line_add(line, "%s", gap);
    om_line_add(line, "%s", text);
}

void
om_line_source(struct om_line *line, const struct om_source *source)
{
    bool alone = line->used == 0;
    if (alone)
        add_piece(line, "", source->citation);
    if (source->evidence)
        om_line_add(line, "%s[%s]", line->used ? " " : "", source->evidence);
    if (!alone)
        add_piece(line, "\n", source->citation);
    add_piece(line, "\n", source->note);
}

void
om_put_fact(FILE *stream, const char *label, const char *text)
{
    if (text && *text)
        om_fill_entry(stream, OM_LINE_MARGIN, label, text, OM_LINE_FACT);
}

void
om_put_source(FILE *stream, const char *label, const struct om_source *source)
{
    struct om_line line = {0};
    om_line_source(&line, source);
    om_put_fact(stream, label, line.text);
}

void
om_line_items(struct om_line *line, const struct om_instrument *instrument, uint64_t items)
{
    const char *gap = "";
    for (size_t i = 0; i < instrument->n_items; i++) {
        size_t last = i;
        if (!(items >> i & 1))
            continue;
        while (last + 1 < instrument->n_items && items >> (last + 1) & 1)
            last++;
        om_line_add(line, last > i ? "%s%s-%s" : "%s%s", gap, instrument->item[i].id,
                    instrument->item[last].id);
        gap = ", ";
        i = last;
    }
}
