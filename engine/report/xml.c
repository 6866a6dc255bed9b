#include "report/xml.h"
#include "report/utf8.h"

#include <string.h>

/* What a character that means something in markup is written as; U+FFFE and U+FFFF are no characters of XML.
 */
static const struct {
    const char *text, *written;
} escapes[] = {{"&", "&amp;"},
               {"<", "&lt;"},
               {">", "&gt;"},
               {"\"", "&quot;"},
               {"'", "&#39;"},
               {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
               {"\xEF\xBF\xBF", "\xEF\xBF\xBD"}};

/* Writes what stands first in text; returns its bytes. */
static size_t
put_next(struct om_buffer *out, const char *text)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        size_t length = strlen(escapes[i].text);
        if (strncmp(text, escapes[i].text, length) == 0) {
            om_buffer_text(out, escapes[i].written);
            return length;
        }
    }
    om_buffer_char(out, *text);
    return 1;
}

void
om_xml_text(struct om_buffer *out, const char *text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    for (const char *p = om_buffer_string(&shown); *p;) {
        size_t plain = strcspn(p, "&<>\"'\xEF");
        om_buffer_add(out, p, plain);
        p += plain;
        if (*p)
            p += put_next(out, p);
    }
    out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
}

void
om_xml_attribute(struct om_buffer *out, const char *name, const char *text)
{
    om_buffer_format(out, " %s=\"", name);
    om_xml_text(out, text);
    om_buffer_char(out, '"');
}
