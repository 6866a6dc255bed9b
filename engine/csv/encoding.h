/* What the first bytes of an input say about the rest. */
#ifndef OM_CSV_ENCODING_H
#define OM_CSV_ENCODING_H

#include <stddef.h>
#include <omstat/status.h>

enum { OM_CSV_PROBE = 20 }; /* bytes to look at; fewer only when the input has fewer */

/* Sets *mark to the length of a UTF-8 byte-order mark. Errors: OM_ERR_PANEL for UTF-16, UTF-32 and workbooks;
 * the caller adds the place. */
om_status om_csv_probe(const char *bytes, size_t length, size_t *mark, struct om_error *err);

#endif
