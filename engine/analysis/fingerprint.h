/* What the counts of an instrument depend on, as a digest: when it is the same, levels mean the same. */
#ifndef OM_ANALYSIS_FINGERPRINT_H
#define OM_ANALYSIS_FINGERPRINT_H

#include "io/sha256.h"

#include <omstat/instrument.h>

/* SHA-256 of items, codes and how scales are made of them. Names, bands, cut-offs, thresholds, norms and
 * sources are not in it: reports ask for them anew. Errors: OM_ERR_NOMEM, OM_ERR_INTERNAL. */
om_status om_instrument_fingerprint(const struct om_instrument *instrument, char text[OM_SHA256_TEXT],
                                    struct om_error *err) OM_NODISCARD;

#endif
