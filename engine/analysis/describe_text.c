/* Text that comes from a panel or a user, in a study file: it is a value or a remark, and never becomes
 * anything else. */
#include "analysis/describe.h"
#include "base/utf8.h"

#include <string.h>

/* Does it end a line, or turn its direction, or is it refused by readers of YAML (1.2, section 5.1), or
 * invisible? Or is it the second of two #, which can be a command to a pipeline? */
static bool
is_special(uint32_t character, uint32_t before)
{
    return !om_utf8_prints(character) || character == 0xFEFF || (character == '#' && before == '#');
}

static bool
has_special(const char *text)
{
    uint32_t character, before = 0;
    for (size_t left = strlen(text), n; left; text += n, left -= n, before = character) {
        n = om_utf8_next(text, left, &character);
        if (character == OM_UTF8_INVALID || is_special(character, before))
            return true;
    }
    return false;
}

/* \x1b, \u2028, \U0001fffe: as YAML has it in double quotes. A byte that is no UTF-8 is the letter of
 * Latin-1. */
static void
add_escaped(struct om_buffer *out, const char *text, const char *also)
{
    uint32_t character, before = 0;
    for (size_t left = strlen(text), n; left; text += n, left -= n, before = character) {
        n = om_utf8_next(text, left, &character);
        if (character == OM_UTF8_INVALID) {
            character = (unsigned char)*text;
            n = 1;
        }
        const bool special = is_special(character, before);
        if (character < 0x80 && !special && strchr(also, (char)character))
            om_buffer_format(out, "\\%c", (char)character);
        else if (n > 1 && !special)
            om_buffer_add(out, text, n);
        else if (character < 0x80 && !special)
            om_buffer_char(out, (char)character);
        else
            om_buffer_format(out,
                             character <= 0xFF     ? "\\x%02x"
                             : character <= 0xFFFF ? "\\u%04x"
                                                   : "\\U%08x",
                             (unsigned)character);
    }
}

void
om_write_quoted(struct om_buffer *out, const char *text)
{
    if (has_special(text)) {
        om_buffer_char(out, '"');
        add_escaped(out, text, "\"\\");
        om_buffer_char(out, '"');
        return;
    }
    om_buffer_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            om_buffer_char(out, '\'');
        om_buffer_char(out, *text);
    }
    om_buffer_char(out, '\'');
}

void
om_write_comment(struct om_buffer *out, const char *text)
{
    om_buffer_text(out, "# ");
    add_escaped(out, text, "");
    om_buffer_char(out, '\n');
}
