#include "csv/encoding.h"
#include "base/error.h"

#include <string.h>

enum { WIDE = 4 }; /* bytes that tell wide characters */

/* In this order: the UTF-32 mark for little-endian text begins like that of UTF-16. */
static const struct signature {
    const char *name;
    const char *hint;
    char bytes[OM_CSV_PROBE];
    size_t length;
} signatures[] = {
    {"UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8", "\xFF\xFE\0\0", 4},
    {"UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8", "\0\0\xFE\xFF", 4},
    {"UTF-16 text", "say --encoding utf-16, or convert it: iconv -f UTF-16 -t UTF-8", "\xFF\xFE", 2},
    {"UTF-16 text", "say --encoding utf-16, or convert it: iconv -f UTF-16 -t UTF-8", "\xFE\xFF", 2},
    {"a workbook or a zip archive", "save the sheet as CSV (UTF-8)", "PK\x03\x04", 4},
    {"an old workbook", "save the sheet as CSV (UTF-8)", "\xD0\xCF\x11\xE0", 4},
    {"an SPSS file", "export it as CSV (UTF-8)", "$FL2", 4},
    {"an SPSS file", "export it as CSV (UTF-8)", "$FL3", 4},
    {"a Stata file", "export it as CSV (UTF-8)", "<stata_dta>", 11},
    {"a SAS transport file", "export it as CSV (UTF-8)", "HEADER RECORD*******", 20},
    {"a Parquet file", "export it as CSV (UTF-8)", "PAR1\x15", 5},
    {"a PDF document", "ask for the data as CSV (UTF-8)", "%PDF-", 5},
    {"compressed by xz", "unpack it: xz -d",
     "\xFD"
     "7zXZ",
     5},
    {"compressed by bzip2", "unpack it: bzip2 -d", "BZh91AY&SY", 10},
};

/* Without a mark, text of wide characters shows in where the NUL bytes of its first characters are. */
static const struct pattern {
    const char *name, *option; /* option: what --encoding calls it */
    char zero[WIDE + 1];       /* '0' where a NUL is, 'x' where not */
} patterns[] = {
    {"UTF-32LE", NULL, "x000"},
    {"UTF-32BE", NULL, "000x"},
    {"UTF-16LE", "utf-16le", "x0x0"},
    {"UTF-16BE", "utf-16be", "0x0x"},
};

static const struct pattern *
wide_without_mark(const char *bytes)
{
    char zero[WIDE];
    for (size_t i = 0; i < WIDE; i++)
        zero[i] = bytes[i] ? 'x' : '0';
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (memcmp(zero, patterns[i].zero, WIDE) == 0)
            return &patterns[i];
    return NULL;
}

om_status
om_csv_probe(const char *bytes, size_t length, size_t *mark, struct om_error *err)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *s = &signatures[i];
        if (length < s->length || memcmp(bytes, s->bytes, s->length) != 0)
            continue;
        om_fail(err, OM_ERR_PANEL, "OM103 the input is %s, not UTF-8 text", s->name);
        om_hint(err, "%s", s->hint);
        return OM_ERR_PANEL;
    }
    const struct pattern *wide = length >= WIDE ? wide_without_mark(bytes) : NULL;
    if (wide) {
        om_fail(err, OM_ERR_PANEL, "OM103 the input is %s text, not UTF-8", wide->name);
        om_hint(err, "%s%s%sconvert it: iconv -f %s -t UTF-8", wide->option ? "say --encoding " : "",
                wide->option ? wide->option : "", wide->option ? ", or " : "", wide->name);
        return OM_ERR_PANEL;
    }
    *mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return OM_OK;
}
