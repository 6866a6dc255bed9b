/* A definition, as text for people. */
#ifndef OM_CLI_INSTRUMENT_TEXT_H
#define OM_CLI_INSTRUMENT_TEXT_H

#include <stdio.h>
#include <omstat/instrument.h>

void om_put_scale(FILE *stream, const struct om_instrument *instrument, const struct om_scale *scale);
void om_put_instrument(FILE *stream, const struct om_instrument *instrument);

#endif
