#include "report/xml.h"
#include "report/utf8.h"

#include <string.h>

void
om_xml_text(struct om_buffer *out, const char *text)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    const char *p = om_buffer_string(&shown);
    for (; *p; p++)
        if (*p == '<')
            om_buffer_text(out, "&lt;");
        else if (*p == '>')
            om_buffer_text(out, "&gt;");
        else if (*p == '&')
            om_buffer_text(out, "&amp;");
        else if (*p == '"')
            om_buffer_text(out, "&quot;");
        else if (strncmp(p, "\xEF\xBF\xBE", 3) == 0 || strncmp(p, "\xEF\xBF\xBF", 3) == 0) {
            om_buffer_text(out, "\xEF\xBF\xBD"); /* U+FFFE and U+FFFF are no characters of XML */
            p += 2;
        } else
            om_buffer_char(out, *p);
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
