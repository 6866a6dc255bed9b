/* Which column is the id, the occasion, a group; and which are items (recognise.h). */
#include "panel/panel.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

static const char *const id_names[] = {
    "id",      "recordid",   "participantid", "patientid", "subjectid", "subjid",
    "usubjid", "seqn",       "pid",           "personid",  "clientid",  "respondentid",
    "caseid",  "userid",     "participant",   "patient",   "subject",   "person",
    "client",  "respondent", "observationid", "mrn"};
static const char *const occasion_names[] = {
    "occasion", "time",    "timepoint", "visit",           "wave",       "phase",
    "session",  "event",   "period",    "redcapeventname", "assessment", "visitnum",
    "occ",      "prepost", "zeitpunkt", "messzeitpunkt",   "welle"};

/* Equal when separators and case are left out. */
static bool
same_name(const char *header, const char *usual)
{
    for (; *header; header++) {
        if (*header == '_' || *header == '-' || *header == '.' || *header == ' ')
            continue;
        if (om_ascii_lower(*header) != *usual++)
            return false;
    }
    return !*usual;
}

/* A column the user names, or the one with a usual name. *found is OM_NONE when there is none. */
/* Is the column a group already? */
static bool
is_by(const struct om_panel_spec *spec, const char *column)
{
    for (size_t b = 0; b < spec->by.n; b++)
        if (om_by_is_column(spec->by.at[b], column))
            return true;
    return false;
}

/* The column of a --by or --describe name. "start_date:month" is the column of that name where there is one,
 * else the dates in start_date. */
static om_status
find_by(struct om_panel *panel, struct om_panel_file *file, size_t b, struct om_error *err)
{
    const char *name = om_panel_by_name(panel, b);
    size_t length;
    file->by[b] = om_texts_find(&file->header, name);
    enum om_by_unit unit = om_by_unit_of(name, &length);
    if (file->by[b] != OM_NONE || unit == OM_BY_VALUE || b >= panel->spec->by.n)
        return OM_OK;
    char *column = om_strndup(name, length);
    if (!column)
        return om_fail_memory(err);
    file->by[b] = om_texts_find(&file->header, column);
    if (file->by[b] != OM_NONE)
        panel->by_unit[b] = unit;
    om_free(column);
    return OM_OK;
}

static om_status
find_role(const struct om_panel *panel, const struct om_panel_file *file, const char *named,
          const char *option, const char *const *usual, size_t n_usual, int *found, struct om_error *err)
{
    *found = OM_NONE;
    if (named) {
        *found = om_texts_find(&file->header, named);
        if (*found >= 0)
            return OM_OK;
        om_fail(err, OM_ERR_USAGE, "there is no column '%s' (--%s)", named, option);
        om_place(err, file->path, 1, 0);
        om_hint(err, "name a column of the first line of the file");
        return OM_ERR_USAGE;
    }
    for (size_t c = 0; c < file->header.n; c++) {
        bool fits = false;
        for (size_t i = 0; i < n_usual && !fits; i++)
            fits = same_name(file->header.at[c], usual[i]);
        if (!fits || is_by(panel->spec, file->header.at[c]))
            continue;
        if (*found >= 0) {
            om_fail(err, OM_ERR_PANEL, "two columns could be the %s: '%s' and '%s'", option,
                    file->header.at[*found], file->header.at[c]);
            om_place(err, file->path, 1, 0);
            om_hint(err, "choose with --%s '%s' or --%s '%s'", option, file->header.at[*found], option,
                    file->header.at[c]);
            return OM_ERR_PANEL;
        }
        *found = (int)c;
    }
    return OM_OK;
}

/* Names no item, person, group or occasion twice: a duplicate header makes every reading a guess. */
static om_status
check_header(const struct om_panel_file *file, struct om_error *err)
{
    for (size_t c = 0; c < file->header.n; c++)
        for (size_t k = c + 1; k < file->header.n; k++)
            if (*file->header.at[c] && strcmp(file->header.at[c], file->header.at[k]) == 0) {
                om_fail(err, OM_ERR_PANEL, "OM122 duplicate header: columns %zu and %zu are both '%s'", c + 1,
                        k + 1, file->header.at[c]);
                om_place(err, file->path, 1, 0);
                om_hint(err, "give every column a name of its own");
                return OM_ERR_PANEL;
            }
    return OM_OK;
}

/* The character that separates more of the header than the delimiter does: '\0' where there is none. */
static char
other_delimiter(const struct om_panel_file *file)
{
    static const char others[] = ",;\t|^~:";
    size_t most = file->header.n - 1;
    char found = '\0';
    for (const char *other = others; *other; other++) {
        size_t n = 0;
        for (size_t c = 0; c < file->header.n; c++)
            for (const char *at = file->header.at[c]; (at = strchr(at, *other)) != NULL; at++)
                n++;
        if (n > most) {
            most = n;
            found = *other;
        }
    }
    return found;
}

enum { BELOW_BYTES = 64 * 1024, BELOW_RECORDS = 32 };

/* Do these fields name the items of an instrument, if not all of them? */
static om_status
names_items(const struct om_panel *panel, const struct om_record *record, const struct om_field *field,
            bool *names, struct om_error *err)
{
    struct om_texts header = {0};
    struct om_recognition recognition = {0};
    om_status status = OM_OK;
    for (size_t c = 0; c < record->n_fields && status == OM_OK; c++)
        status = om_texts_add(&header, field[c].data, field[c].length, err);
    if (status == OM_OK)
        status = om_recognise(panel->registry, panel->spec, &header, &recognition, err);
    *names = status == OM_ERR_PANEL || recognition.n_forms > 0;
    om_recognition_release(&recognition);
    om_texts_release(&header);
    return status == OM_ERR_NOMEM ? status : OM_OK;
}

/* The line of a header that stands below what was taken for one, such as a title; 0 where none is in sight.
 */
static om_status
find_header_below(const struct om_panel *panel, const struct om_panel_file *file, uint64_t *line,
                  struct om_error *err)
{
    const char *waiting;
    struct om_csv_lines at;
    size_t n = om_csv_waiting(file->reader, &waiting, &at);
    n = n < BELOW_BYTES ? n : BELOW_BYTES;
    struct om_csv_reader *reader = NULL;
    struct om_batch batch = {0};
    char *bytes = om_alloc(n + 1, 1);
    om_status status = bytes ? om_csv_open_fed(panel->spec->delimiter, &reader, err) : om_fail_memory(err);
    if (bytes && status == OM_OK && n > 0) {
        memcpy(bytes, waiting, n);
        om_csv_feed(reader, file->path, bytes, n, false);
        status = om_csv_next(reader, &batch, err);
    }
    bool names = false;
    *line = 0;
    for (size_t i = 0; i < batch.n_records && i < BELOW_RECORDS && status == OM_OK && !names; i++) {
        status = names_items(panel, &batch.record[i], &batch.field[batch.record[i].first_field], &names, err);
        *line = names ? at.line - 1 + batch.record[i].line : 0;
    }
    om_csv_close(reader);
    om_free(bytes);
    return status == OM_ERR_NOMEM ? status : OM_OK;
}

/* A header in which no instrument was found: say what is usual, and whether another delimiter, or a header
 * further down, is in sight. */
static om_status
fail_nothing(const struct om_panel *panel, const struct om_panel_file *file, char delimiter,
             struct om_error *err)
{
    const char *first = file->header.at[0];
    const char other = other_delimiter(file);
    uint64_t below;
    OM_TRY(find_header_below(panel, file, &below, err));
    if (strncmp(first, "sep=", 4) == 0) {
        om_fail(err, OM_ERR_PANEL, "OM115 the first line is a spreadsheet's 'sep=' line, not a header");
        om_hint(err, "delete that line; --delimiter says what separates the fields");
    } else if (below) {
        om_fail(err, OM_ERR_PANEL,
                "OM115 the first line looks like a title: the header seems to be line %llu",
                (unsigned long long)below);
        om_hint(err, "delete what stands above the header");
    } else if (other) {
        om_fail(err, OM_ERR_PANEL, "OM116 the first line has more '%s' than '%s'",
                other == '\t' ? "tab" : (char[2]){other, '\0'},
                delimiter == '\t' ? "tab" : (char[2]){delimiter ? delimiter : ',', '\0'});
        om_hint(err, "try --delimiter '%s'", other == '\t' ? "tab" : (char[2]){other, '\0'});
    } else {
        om_fail(err, OM_ERR_PANEL, "OM121 no instrument is recognised in the %zu column names",
                file->header.n);
        om_hint(err, "usual names are phq9_1 ... phq9_9, gad7_1_pre, DPQ010; others are named with "
                     "--map phq9='PATTERN with {item}' or --map phq9=COLUMN,COLUMN,...");
    }
    om_place(err, file->path, 1, 0);
    return OM_ERR_PANEL;
}

/* Is this the id column, or named like one where there is no other? */
static bool
is_id(const struct om_panel_file *file, int column)
{
    bool usual = false;
    for (size_t i = 0; i < sizeof id_names / sizeof id_names[0]; i++)
        usual |= same_name(file->header.at[column], id_names[i]);
    return column == file->id || (file->id == OM_NONE && usual);
}

static om_status
fail_by_id(const struct om_panel_file *file, const char *name, struct om_error *err)
{
    om_fail(err, OM_ERR_USAGE, "--by '%s' names the id: every person would be a group", name);
    om_place(err, file->path, 1, 0);
    om_hint(err, "choose a column that several persons share; if this is one, name the real id with --id");
    return OM_ERR_USAGE;
}

om_status
om_panel_find_columns(struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    OM_TRY(check_header(file, err));
    om_status status = om_recognise(panel->registry, spec, &file->header, &file->recognition, err);
    if (status != OM_OK) {
        om_place(err, file->path, 1, 0);
        return status;
    }
    if (file->recognition.n_forms == 0)
        return fail_nothing(panel, file, spec->delimiter, err);
    OM_TRY(find_role(panel, file, spec->id, "id", id_names, sizeof id_names / sizeof id_names[0], &file->id,
                     err));
    file->by = om_alloc(panel->n_by + 1, sizeof *file->by);
    if (!file->by)
        return om_fail_memory(err);
    for (size_t b = 0; b < panel->n_by; b++) {
        OM_TRY(find_by(panel, file, b, err));
        if (b < spec->by.n && file->by[b] != OM_NONE && is_id(file, file->by[b]))
            return fail_by_id(file, spec->by.at[b], err);
    }
    return OM_OK;
}

om_status
om_panel_find_occasion_column(const struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    return find_role(panel, file, panel->spec->occasion_column, "occasion-column", occasion_names,
                     sizeof occasion_names / sizeof occasion_names[0], &file->occasion_column, err);
}
