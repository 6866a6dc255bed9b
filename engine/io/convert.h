/*
 * Bytes through another program: what it is given on standard input, and what it writes to standard output.
 *
 * The program gets no environment but a plain locale, no other descriptors and nothing on standard error's
 * place; what it makes of the bytes is taken as it is.
 */
#ifndef OM_IO_CONVERT_H
#define OM_IO_CONVERT_H

#include "base/buffer.h"

#include <stddef.h>

/* Runs argument[0], the path of a program, with argument[1...] (NULL ends them), and adds its output to *out.
 * Errors: OM_ERR_IO when it cannot be run or fails, OM_ERR_NOMEM. */
om_status om_convert(const char *const *argument, const void *bytes, size_t length, struct om_buffer *out,
                     struct om_error *err) OM_NODISCARD;

#endif
