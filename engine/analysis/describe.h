/* The parts of a study file that `omstat init` writes. */
#ifndef OM_ANALYSIS_DESCRIBE_H
#define OM_ANALYSIS_DESCRIBE_H

#include "analysis/study.h"
#include "base/buffer.h"
#include "panel/panel.h"

/* A YAML scalar in single quotes, the one form in which nothing but the quote itself is special; in double
 * quotes where it has control characters. */
void om_write_quoted(struct om_buffer *out, const char *text);
/* A line of remark; what could end it is written as \n. */
void om_write_comment(struct om_buffer *out, const char *text);

/* Everything but layout, roles, occasions and map: as it was set, and the defaults that are worth seeing.
 * Failures stay in the buffer. */
void om_write_settings(struct om_buffer *out, const struct om_study *study, const struct om_panel *panel);

/* What it says about change rules (describe_rules.c). */
void om_write_rules(struct om_buffer *out, const struct om_study *study);

#endif
