/* The program, by one process or by several. */
#ifndef OM_CLI_START_H
#define OM_CLI_START_H

#include <omstat/exchange.h>

/* Runs a command line; returns the exit code. exchange: the processes that run it together; NULL: this one
 * alone. Only rank 0 writes output, and what it says is what there is to say: the errors of the others reach
 * it. */
int om_program(int argc, char **argv, const struct om_exchange *exchange);

#endif
