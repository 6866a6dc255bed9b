/* Panels made up at random, regular and irregular, for tests of how they are cut. */
#ifndef TESTS_ANALYSIS_PANELS_H
#define TESTS_ANALYSIS_PANELS_H

#include "studies.h"
#include "base/buffer.h"

enum { ITEMS = 9, PERSONS = 60 };

static uint32_t seed;
static inline uint32_t
below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static inline const char *
end_of_line(unsigned style)
{
    return style == 0 ? "\n" : style == 1 ? "\r\n" : below(3) ? "\n" : "\r\n";
}

/* An answer, mostly in order. */
static inline void
put_answer(struct om_buffer *out, bool odd)
{
    static const char *const strange[] = {"07", " 2", "\"1\"", "\"NA\"",    "9",
                                          "-9", "x",  "2.0",   "\"2\"\"\"", ""};
    if (odd && below(12) == 0)
        om_buffer_text(out, strange[below(10)]);
    else if (below(30) == 0)
        om_buffer_text(out, below(2) ? "" : "NA");
    else
        om_buffer_format(out, "%u", below(4));
}

/* A note, which may hold delimiters, quotes and ends of lines, and be longer than a piece reaches. */
static inline void
put_note(struct om_buffer *out, bool odd)
{
    if (!odd || below(3)) {
        om_buffer_text(out, "none");
        return;
    }
    if (below(8) == 0) { /* a quote out of place, or one that never closes */
        static const char *const wrong[] = {"a\"b", "\"a\" b\"", "\"a\"b", "\"a"};
        om_buffer_text(out, wrong[below(4)]);
        return;
    }
    om_buffer_text(out, "\"a,b\n\"\"c\"\"\r\nd");
    if (below(10) == 0)
        om_buffer_repeat(out, "lorem\n", 900);
    om_buffer_char(out, '"');
}

static inline void
put_record(struct om_buffer *out, unsigned person, const char *occasion, unsigned style, bool odd)
{
    om_buffer_format(out, below(20) || !odd ? "P%05u" : " P%05u ", person);
    om_buffer_format(out, ",%s,%c,", occasion, "AB\xc3"[below(odd ? 3 : 2)]);
    put_note(out, odd);
    for (size_t i = 0; i < ITEMS; i++) {
        om_buffer_char(out, ',');
        put_answer(out, odd);
    }
    if (odd && below(25) == 0)
        om_buffer_text(out, below(2) ? "," : ",1");
    om_buffer_text(out, end_of_line(style));
    if (odd && below(25) == 0)
        om_buffer_text(out, below(2) ? "\n" : " \t\r\n");
}

/* A long panel: ascending ids, or shuffled, or with a repetition. */
static inline const char *
make_panel(unsigned style, bool odd, bool shuffled, bool twice)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "id,occasion,site,note");
    for (unsigned i = 1; i <= ITEMS; i++)
        om_buffer_format(&out, ",phq9_%u", i);
    om_buffer_text(&out, end_of_line(style));
    for (unsigned k = 0; k < PERSONS; k++) {
        unsigned person = shuffled ? k * 37 % PERSONS : k;
        if (!shuffled || below(2))
            put_record(&out, person, "pre", style, odd);
        if (below(10))
            put_record(&out, person, "post", style, odd);
        if (twice && k == PERSONS / 2)
            put_record(&out, person, "pre", style, odd);
    }
    for (unsigned k = 0; k < PERSONS && shuffled; k++)
        if (below(3))
            put_record(&out, 1000 + k * 31 % PERSONS, below(2) ? "pre" : "post", style, odd);
    const char *path = temporary_file(".csv", out.data, out.length);
    om_buffer_release(&out);
    return path;
}

/* A file of one occasion; `turned` has its columns the other way round and other ends of lines. */
static inline const char *
make_occasion(bool turned)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, turned ? "site,phq9_9,phq9_8,phq9_7,phq9_6,phq9_5,phq9_4,phq9_3,phq9_2,phq9_1,id\r\n"
                                : "id,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,site\n");
    for (unsigned k = 0; k < PERSONS; k++) {
        unsigned person = turned ? k * 7 % PERSONS : k;
        if (below(8) == 0)
            continue;
        om_buffer_format(&out, turned ? "%c" : "P%05u", turned ? 'A' + (int)below(2) : (int)person);
        for (size_t i = 0; i < ITEMS; i++) {
            om_buffer_char(&out, ',');
            put_answer(&out, true);
        }
        om_buffer_format(&out, turned ? ",P%05u\r\n" : ",%c\n", turned ? (int)person : 'A' + (int)below(2));
    }
    const char *path = temporary_file(".csv", out.data, out.length);
    om_buffer_release(&out);
    return path;
}

/* All that a run says: results or error, and the findings with their places. */
static inline char *
words_of(const struct run *run)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_format(&out, "%s\n", om_status_name(run->status));
    if (run->status == OM_OK) {
        char *csv = csv_of(run);
        om_buffer_format(&out, "%s%llu read %llu rejected %llu skipped, %s\n", csv,
                         (unsigned long long)run->analysis->records.read,
                         (unsigned long long)run->analysis->records.rejected,
                         (unsigned long long)run->analysis->records.skipped, run->analysis->input[0].digest);
        om_text_free(csv);
    } else {
        om_buffer_format(&out, "%s:%llu:%llu %s (%s)\n", run->err.file, (unsigned long long)run->err.line,
                         (unsigned long long)run->err.column, run->err.message, run->err.hint);
    }
    for (size_t i = 0; run->findings && i < om_findings_groups(run->findings); i++) {
        const struct om_finding_group *group = om_findings_group(run->findings, i);
        om_buffer_format(&out, "%d x %llu:", group->first[0].code, (unsigned long long)group->count);
        for (size_t k = 0; k < group->n_kept; k++)
            om_buffer_format(&out, " %llu/%llu/%s/%llu %s", (unsigned long long)group->first[k].line,
                             (unsigned long long)group->first[k].record, group->first[k].column,
                             (unsigned long long)group->first[k].byte_offset, group->first[k].message);
        om_buffer_char(&out, '\n');
    }
    return om_buffer_take(&out);
}

#endif
