/* Other programs. */
#ifndef OM_CLI_PROGRAM_H
#define OM_CLI_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Finds a program on the PATH; path receives where it is. */
bool om_find_program(const char *name, char *path, size_t size);

#endif
