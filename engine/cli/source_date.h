/* The date that an output may bear: reproducible builds say it, no clock is asked. */
#ifndef OM_CLI_SOURCE_DATE_H
#define OM_CLI_SOURCE_DATE_H

enum { OM_SOURCE_DATE_TEXT = 32 };

/* What the environment variable SOURCE_DATE_EPOCH says, in ISO 8601 and UTC ("2026-11-22T14:05:00Z"); "" when
 * it is not set. Returns OM_EXIT_OK, or another exit code after saying why. */
int om_source_date(char text[OM_SOURCE_DATE_TEXT]);

#endif
