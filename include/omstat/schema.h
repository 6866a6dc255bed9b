/* A panel as a table schema, for programs that know nothing of questionnaires. */
#ifndef OMSTAT_SCHEMA_H
#define OMSTAT_SCHEMA_H

#include <omstat/study.h>

/* The Frictionless Table Schema (2.0, JSON) of the study's first input as it should be: a field for each
 * column of its header, with type, bounds and the texts that mean no answer. The caller frees it with
 * om_text_free. Errors as om_analyse has them for the header. */
OM_API OM_NODISCARD om_status om_schema_describe(const struct om_study *study, char **json,
                                                 struct om_error *err);

#endif
