/*
 * omstat-mpi: omstat by several processes, which share one panel.
 *
 *   mpirun -n 64 omstat-mpi report panel-*.csv --study study.yaml -o results.csv
 */
#include "mpi/exchange.h"
#include "cli/start.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Only the first process talks to people: the others would say the same. */
static bool
hush(void)
{
    int null = open("/dev/null", O_WRONLY);
    return null >= 0 && dup2(null, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0;
}

static int
run(int argc, char **argv, const struct om_exchange *exchange)
{
    const int code = om_program(argc, argv, exchange);
    struct om_error err = {.status = OM_ERR_INTERNAL, .message = "another process has failed"};
    om_status status =
        om_exchange_agree(exchange, code == 0 ? OM_OK : OM_ERR_INTERNAL, &err); /* nobody waits for it */
    return code != 0 || status == OM_OK ? code : om_status_exit_code(status);
}

int
main(int argc, char **argv)
{
    const struct om_exchange *exchange = om_mpi_start(&argc, &argv);
    if (!exchange) {
        fputs("omstat-mpi: no memory\n", stderr);
        return EXIT_FAILURE; /* which ends the others too */
    }
    const bool first = exchange->rank == 0;
    int code = first || hush() ? run(argc, argv, exchange) : EXIT_FAILURE;
    fflush(NULL);
    om_mpi_end();
    return first ? code : 0; /* mpirun ends with the code of the first that has one */
}
