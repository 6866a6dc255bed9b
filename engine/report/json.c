#include "report/json.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <omstat/analysis.h>
#include <string.h>

static void
new_line(struct om_json *json)
{
    om_buffer_char(json->out, '\n');
    om_buffer_repeat(json->out, "  ", json->depth);
}

/* What has to stand before the next name or value. */
static void
separate(struct om_json *json)
{
    if (json->named || json->depth == 0) {
        json->named = false;
        return;
    }
    size_t level = json->depth - 1;
    if (json->filled[level])
        om_buffer_text(json->out, json->lines[level] ? "," : ", ");
    json->filled[level] = true;
    if (json->lines[level])
        new_line(json);
}

void
om_json_begin(struct om_json *json, char bracket, enum om_json_layout layout)
{
    separate(json);
    om_buffer_char(json->out, bracket);
    if (json->depth == OM_JSON_DEPTH) {
        json->out->failed = 1;
        return;
    }
    json->lines[json->depth] = layout == OM_JSON_LINES;
    json->filled[json->depth] = false;
    json->depth++;
}

void
om_json_end(struct om_json *json, char bracket)
{
    if (json->depth > 0) {
        json->depth--;
        if (json->filled[json->depth] && json->lines[json->depth])
            new_line(json);
    }
    om_buffer_char(json->out, bracket);
    if (json->depth == 0)
        om_buffer_char(json->out, '\n');
}

/* Beyond U+FFFF, JSON escapes a character as the two halves of UTF-16. */
static void
add_escape(struct om_buffer *out, uint32_t character)
{
    if (character >= 0x10000) {
        om_buffer_format(out, "\\u%04x", (unsigned)(0xD800 + ((character - 0x10000) >> 10)));
        character = 0xDC00 + ((character - 0x10000) & 0x3FF);
    }
    om_buffer_format(out, "\\u%04x", (unsigned)character);
}

/* Quotes well-formed text. DEL, line separators and direction marks are legal in JSON, but no friends of
 * terminals and scripts. */
static void
quote(struct om_buffer *out, const char *text)
{
    uint32_t character, before = 0;
    om_buffer_char(out, '"');
    for (size_t left = strlen(text), n; left; text += n, left -= n, before = character) {
        n = om_utf8_next(text, left, &character);
        if (character == '"' || character == '\\')
            om_buffer_format(out, "\\%c", (char)character);
        else if (character == '\n' || character == '\t')
            om_buffer_text(out, character == '\n' ? "\\n" : "\\t");
        else if (!om_utf8_prints(character) ||
                 (character == '#' && before == '#')) /* ##vso[ and ##[ are commands to pipelines */
            add_escape(out, character);
        else
            om_buffer_add(out, text, n);
    }
    om_buffer_char(out, '"');
}

void
om_json_text(struct om_json *json, const char *text)
{
    struct om_buffer valid = OM_BUFFER_EMPTY;
    separate(json);
    om_utf8_repair(&valid, text);
    if (!om_buffer_ok(&valid))
        json->out->failed = 1;
    quote(json->out, om_buffer_string(&valid));
    om_buffer_release(&valid);
}

void
om_json_name(struct om_json *json, const char *name)
{
    om_json_text(json, name);
    om_buffer_text(json->out, ": ");
    json->named = true;
}

void
om_json_number(struct om_json *json, double value)
{
    separate(json);
    om_buffer_double(json->out, value);
}

void
om_json_count(struct om_json *json, uint64_t value)
{
    separate(json);
    om_buffer_format(json->out, "%" PRIu64, value);
}

void
om_json_null(struct om_json *json)
{
    separate(json);
    om_buffer_text(json->out, "null");
}

void
om_json_true(struct om_json *json)
{
    separate(json);
    om_buffer_text(json->out, "true");
}

void
om_json_member_optional(struct om_json *json, const char *name, const char *text)
{
    om_json_name(json, name);
    if (text && *text)
        om_json_text(json, text);
    else
        om_json_null(json);
}

void
om_json_member_text(struct om_json *json, const char *name, const char *text)
{
    om_json_name(json, name);
    om_json_text(json, text);
}

void
om_json_member_null(struct om_json *json, const char *name)
{
    om_json_name(json, name);
    om_json_null(json);
}

void
om_json_member_known(struct om_json *json, const char *name, uint64_t value)
{
    if (value == OM_WITHHELD)
        om_json_member_null(json, name);
    else
        om_json_member_count(json, name, value);
}

void
om_json_member_count(struct om_json *json, const char *name, uint64_t value)
{
    om_json_name(json, name);
    om_json_count(json, value);
}
