/*
 * MPI_Ialltoallv for parcels of any size, and the only file that knows MPI.
 *
 *   0. all are there                                                     MPI_Ibarrier
 *   1. everyone tells everyone how it has fared and how much is coming   MPI_Ialltoall
 *   2. if somebody has failed: its error to all, and no more             MPI_Ibcast
 *   3. do all have room, and how many rounds will it take?               MPI_Iallreduce
 *   4. a piece of every parcel in each round, as MPI counts in ints      MPI_Ialltoallv
 */
#include "mpi/exchange.h"

#include <stdbool.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUND = 256 * 1024 * 1024 }; /* bytes that a process sends or gets in one round, at most */

/* What a process tells another at first. */
struct notice {
    uint64_t status, length;
};

struct mesh {
    struct om_exchange exchange;
    om_status failed; /* once somebody has */
    struct om_error failure;
    struct notice *to, *from;
    int *count[2], *place[2]; /* of a round: sent, got */
    char *got, *sent, *piece; /* all that came; a round */
    size_t n_got, n_sent, n_piece;
};

static struct mesh *mesh;

static void *
grow(char **bytes, size_t *capacity, size_t wanted)
{
    if (wanted > *capacity) {
        free(*bytes);
        *bytes = malloc(wanted);
        *capacity = *bytes ? wanted : 0;
    }
    return *bytes;
}

/* Waits asleep, `most` nanoseconds between two looks in the end. MPI itself waits in a loop that takes a
 * whole processor, which may be the one that another process needs to get here; after this it returns at
 * once. */
static void
sleep_until_done(MPI_Request *request, long most)
{
    struct timespec pause = {.tv_nsec = 1000};
    int done = 0;
    for (MPI_Test(request, &done, MPI_STATUS_IGNORE); !done; MPI_Test(request, &done, MPI_STATUS_IGNORE)) {
        nanosleep(&pause, NULL);
        pause.tv_nsec = 2 * pause.tv_nsec < most ? 2 * pause.tv_nsec : most;
    }
}

enum { WORK = 1000 * 1000, TALK = 20 * 1000 }; /* while others still work; while bytes are on their way */

/* Step 0. */
static void
await_all(void)
{
    MPI_Request request;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    sleep_until_done(&request, WORK);
    MPI_Wait(&request, MPI_STATUS_IGNORE); // NOLINT(*MPI-Checker): it does not know MPI_Ibarrier
}

static om_status
remember_failure(struct mesh *m, int first, om_status status, struct om_error *err)
{
    MPI_Request request;
    m->failure = *err;
    MPI_Ibcast(&m->failure, (int)sizeof m->failure, MPI_BYTE, first, MPI_COMM_WORLD, &request);
    sleep_until_done(&request, TALK);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    m->failed = status;
    *err = m->failure;
    return status;
}

/* Step 1 and 2. */
static om_status
notify(struct mesh *m, om_status status, const struct om_parcel *to, struct om_error *err)
{
    const size_t size = m->exchange.size;
    MPI_Request request;
    for (size_t r = 0; r < size; r++)
        m->to[r] = (struct notice){(uint64_t)status, to ? to[r].length : 0};
    await_all();
    MPI_Ialltoall(m->to, 2, MPI_UINT64_T, m->from, 2, MPI_UINT64_T, MPI_COMM_WORLD, &request);
    sleep_until_done(&request, TALK);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    for (size_t r = 0; r < size; r++)
        if (m->from[r].status != OM_OK)
            return remember_failure(m, (int)r, (om_status)m->from[r].status, err);
    return OM_OK;
}

static size_t
piece_of(size_t size)
{
    return ROUND / size;
}

/* Step 3: room for all that comes, and for one round. */
static om_status
agree_on_rounds(struct mesh *m, uint64_t *rounds, struct om_error *err)
{
    const size_t size = m->exchange.size, most = piece_of(size);
    uint64_t own[2] = {0, 0}, all[2];
    MPI_Request request;
    size_t total = 0, out = 0, in = 0;
    for (size_t r = 0; r < size; r++) {
        const uint64_t n = (m->to[r].length + most - 1) / most;
        own[0] = n > own[0] ? n : own[0];
        total += (size_t)m->from[r].length;
        out += m->to[r].length < most ? (size_t)m->to[r].length : most;
        in += m->from[r].length < most ? (size_t)m->from[r].length : most;
    }
    own[1] = !grow(&m->got, &m->n_got, total + 1) || !grow(&m->sent, &m->n_sent, out + 1) ||
             !grow(&m->piece, &m->n_piece, in + 1);
    MPI_Iallreduce(own, all, 2, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD, &request);
    sleep_until_done(&request, TALK);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    *rounds = all[0];
    if (all[1] == 0)
        return OM_OK;
    *err = (struct om_error){.status = OM_ERR_NOMEM};
    snprintf(err->message, sizeof err->message, "no memory for what the processes exchange");
    snprintf(err->hint, sizeof err->hint, "use more nodes, or fewer processes on each");
    return remember_failure(m, 0, OM_ERR_NOMEM, err);
}

/* How much of a parcel goes in this round. */
static size_t
share_of(uint64_t length, uint64_t round, size_t most)
{
    const uint64_t done = round * most;
    return length <= done ? 0 : length - done < most ? (size_t)(length - done) : most;
}

static void
run_round(struct mesh *m, const struct om_parcel *to, struct om_parcel *from, uint64_t round)
{
    const size_t size = m->exchange.size, most = piece_of(size);
    MPI_Request request;
    int sent = 0, got = 0;
    for (size_t r = 0; r < size; r++) {
        m->count[0][r] = (int)share_of(m->to[r].length, round, most);
        m->count[1][r] = (int)share_of(m->from[r].length, round, most);
        m->place[0][r] = sent;
        m->place[1][r] = got;
        if (m->count[0][r])
            memcpy(m->sent + sent, (const char *)to[r].bytes + round * most, (size_t)m->count[0][r]);
        sent += m->count[0][r];
        got += m->count[1][r];
    }
    MPI_Ialltoallv(m->sent, m->count[0], m->place[0], MPI_BYTE, m->piece, m->count[1], m->place[1], MPI_BYTE,
                   MPI_COMM_WORLD, &request);
    sleep_until_done(&request, TALK);
    MPI_Wait(&request, MPI_STATUS_IGNORE); // NOLINT(*MPI-Checker): nor MPI_Ialltoallv
    for (size_t r = 0; r < size; r++)
        if (m->count[1][r])
            memcpy(m->got + ((const char *)from[r].bytes - m->got) + round * most, m->piece + m->place[1][r],
                   (size_t)m->count[1][r]);
}

static om_status
swap(void *context, om_status status, const struct om_parcel *to, struct om_parcel *from,
     struct om_error *err)
{
    struct mesh *m = context;
    uint64_t rounds = 0;
    if (m->failed != OM_OK) {
        *err = m->failure;
        return m->failed;
    }
    status = notify(m, status, to, err);
    if (status == OM_OK)
        status = agree_on_rounds(m, &rounds, err);
    if (status != OM_OK)
        return status;
    char *at = m->got;
    for (size_t r = 0; r < m->exchange.size; r++) {
        from[r] = (struct om_parcel){at, (size_t)m->from[r].length};
        at += from[r].length;
    }
    for (uint64_t round = 0; round < rounds; round++)
        run_round(m, to, from, round);
    return OM_OK;
}

/* --- start and end -------------------------------------------------------------------------------------- */

/* What a launcher says of the number of processes; 0 where it says nothing. */
static long
told(const char *variable)
{
    const char *text = getenv(variable);
    return text ? strtol(text, NULL, 10) : 0;
}

/* Who is alone has nobody to talk to: MPI, and its search for networks, is left out. Only where the launcher
 * (Open MPI; MPICH and its kin) says so, and none that stands around it says otherwise. */
static bool
is_alone(void)
{
    static const char *const size[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};
    const bool said = told(size[0]) == 1 || told(size[1]) == 1;
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++)
        if (told(size[i]) > 1)
            return false;
    return said;
}

/* Processes of one machine talk through its memory. Open MPI would look for networks all the same, 0.1 s for
 * each kind it knows; who has chosen a way has theirs. */
static void
stay_on_machine(void)
{
    const long all = told("OMPI_COMM_WORLD_SIZE");
    if (all > 0 && told("OMPI_COMM_WORLD_LOCAL_SIZE") == all)
        setenv("OMPI_MCA_pml", "ob1", false);
}

static void
start_together(int *argc, char ***argv, int *rank, int *size)
{
    int provided;
    stay_on_machine();
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided); /* threads read; only this one talks */
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, size);
}

/* Which MPI this is. */
static const char *
version(void)
{
    static char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    MPI_Get_library_version(text, &length);
    text[strcspn(text, ",\n")] = '\0';
    return text;
}

const struct om_exchange *
om_mpi_start(int *argc, char ***argv)
{
    int rank = 0, size = 1;
    if (!is_alone())
        start_together(argc, argv, &rank, &size);
    mesh = calloc(1, sizeof *mesh);
    if (!mesh)
        return NULL;
    mesh->exchange = (struct om_exchange){
        .rank = (size_t)rank, .size = (size_t)size, .swap = swap, .context = mesh, .name = version()};
    mesh->to = calloc((size_t)size, sizeof *mesh->to);
    mesh->from = calloc((size_t)size, sizeof *mesh->from);
    bool room = mesh->to && mesh->from;
    for (size_t k = 0; k < 2; k++) {
        mesh->count[k] = calloc((size_t)size, sizeof(int));
        mesh->place[k] = calloc((size_t)size, sizeof(int));
        room &= mesh->count[k] && mesh->place[k];
    }
    return room ? &mesh->exchange : NULL;
}

void
om_mpi_end(void)
{
    if (mesh) {
        free(mesh->to);
        free(mesh->from);
        for (size_t k = 0; k < 2; k++) {
            free(mesh->count[k]);
            free(mesh->place[k]);
        }
        free(mesh->got);
        free(mesh->sent);
        free(mesh->piece);
        free(mesh);
        mesh = NULL;
    }
    int started;
    MPI_Initialized(&started);
    if (started)
        MPI_Finalize();
}
