/* The keys about what an input may be: its encoding, whether it may be empty, what its texts may begin with.
 */
#include "analysis/keys.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

/* As `--encoding` has them, by enum om_encoding. */
static const char *const encodings[] = {"utf-8", "utf-16", "utf-16le", "utf-16be", "latin1", "windows-1252"};
static const struct {
    const char *word;
    enum om_encoding is;
} other_names[] = {{"utf8", OM_ENCODING_UTF8},
                   {"utf16", OM_ENCODING_UTF16},
                   {"iso-8859-1", OM_ENCODING_LATIN1},
                   {"latin-1", OM_ENCODING_LATIN1},
                   {"cp1252", OM_ENCODING_WINDOWS1252}};

const char *
om_encoding_word(enum om_encoding encoding)
{
    return encodings[encoding];
}

om_status
om_key_encoding(struct om_study *study, const char *target, const struct om_texts *values,
                struct om_error *err)
{
    (void)target;
    const char *text = values->at[0];
    int found = om_key_word(text, encodings, sizeof encodings / sizeof *encodings);
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names && found < 0; i++)
        if (om_ascii_equal(text, strlen(text), other_names[i].word))
            found = (int)other_names[i].is;
    if (found < 0)
        return om_fail_key(err, "encoding",
                           "possible: utf-8, utf-16, utf-16le, utf-16be, latin1, windows-1252");
    study->panel.encoding = (enum om_encoding)found;
    return OM_OK;
}

om_status
om_key_formula_guard(struct om_study *study, const char *target, const struct om_texts *values,
                     struct om_error *err)
{
    static const char *const words[] = {"error", "escape", "off"};
    (void)target;
    int which = 0;
    OM_TRY(om_key_choose(values, "formula-guard", words, 3, &which, err));
    study->formula_guard = (enum om_formula_guard)which;
    return OM_OK;
}

om_status
om_key_allow_empty(struct om_study *study, const char *target, const struct om_texts *values,
                   struct om_error *err)
{
    static const char *const words[] = {"false", "true"};
    (void)target;
    int which = 0;
    OM_TRY(om_key_choose(values, "allow-empty", words, 2, &which, err));
    study->panel.allow_empty = which == 1;
    return OM_OK;
}
