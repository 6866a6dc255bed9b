#include "report/view_settings.h"

#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { DEFAULT_WIDTH = 100, WIDTH_LEAST = 40, WIDTH_MOST = 1000 };

static void
say(struct om_json *json, const char *key, const char *value)
{
    char text[64];
    snprintf(text, sizeof text, "%s: %s", key, value);
    om_json_text(json, text);
}

void
om_view_settings_json(struct om_json *json, const struct om_report_options *options)
{
    say(json, "format", om_format_name(options->format));
    if (options->format == OM_FORMAT_TEXT) {
        char width[24];
        snprintf(width, sizeof width, "%zu", options->width ? options->width : DEFAULT_WIDTH);
        say(json, "width", width);
        if (options->color)
            say(json, "color", "always");
    }
}

static bool
take_width(struct om_report_options *options, const char *value)
{
    int32_t width;
    if (om_integer_parse(value, strlen(value), &width) != 1 || width < WIDTH_LEAST || width > WIDTH_MOST)
        return false;
    options->width = (size_t)width;
    return true;
}

bool
om_view_settings_take(struct om_report_options *options, const char *text)
{
    const char *colon = strstr(text, ": ");
    const size_t length = colon ? (size_t)(colon - text) : 0;
    const char *value = colon ? colon + 2 : "";
    if (length == 6 && memcmp(text, "format", 6) == 0)
        return om_format_parse(value, &options->format);
    if (length == 5 && memcmp(text, "width", 5) == 0)
        return take_width(options, value);
    if (length == 5 && memcmp(text, "color", 5) == 0)
        return options->color = strcmp(value, "always") == 0;
    return false;
}
