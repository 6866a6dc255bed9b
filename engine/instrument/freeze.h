/*
 * A loaded definition as C: the initialiser of a constant struct om_instrument.
 *
 * The build loads the definitions in instruments/ with the loader that reads a user's file, and compiles what
 * it made of them (tools/freeze.c). A program then starts with instruments that need neither reading nor
 * memory.
 */
#ifndef OM_INSTRUMENT_FREEZE_H
#define OM_INSTRUMENT_FREEZE_H

#include "base/buffer.h"

#include <omstat/instrument.h>

/* Adds "{.id = ...}" with everything the instrument points to. Same instrument, same text. */
void om_instrument_freeze(struct om_buffer *out, const struct om_instrument *instrument);

#endif
