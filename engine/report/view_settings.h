/*
 * How an output was rendered, as text for the manifest: "format: text", "width: 100". Only what a view looks
 * at and what differs from the default is said, but for the format. A new option of a view gets a line here
 * and is then re-run by `omstat verify`.
 */
#ifndef OM_REPORT_VIEW_SETTINGS_H
#define OM_REPORT_VIEW_SETTINGS_H

#include "report/json.h"

#include <omstat/report.h>

/* Adds each as a text, to an open array. */
void om_view_settings_json(struct om_json *json, const struct om_report_options *options);

/* Takes one of these texts. False for what is none: a manifest can ask for nothing else. */
bool om_view_settings_take(struct om_report_options *options, const char *text);

#endif
