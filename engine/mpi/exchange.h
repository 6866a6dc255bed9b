/* The processes of an MPI program, as an exchange (<omstat/exchange.h>). */
#ifndef OM_MPI_EXCHANGE_H
#define OM_MPI_EXCHANGE_H

#include <omstat/exchange.h>

/* Starts MPI, but for a process that is alone. What is returned is valid until om_mpi_end; NULL without
 * memory. */
const struct om_exchange *om_mpi_start(int *argc, char ***argv);
/* Ends it. Every process comes here, whatever happened. */
void om_mpi_end(void);

#endif
