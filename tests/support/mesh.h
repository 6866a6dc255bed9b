/* Threads in the place of processes: an exchange (<omstat/exchange.h>) for tests. */
#ifndef TESTS_SUPPORT_MESH_H
#define TESTS_SUPPORT_MESH_H

#include "support/support.h"

#include <omstat/exchange.h>
#include <pthread.h>
#include <string.h>

enum { MESH_MAX = 8 };

struct mesh {
    size_t size;
    pthread_barrier_t meet;
    struct seat {
        struct mesh *mesh;
        struct om_exchange exchange;
        om_status status, failed;
        struct om_error err, failure;
        const struct om_parcel *to;
        char *got;
        void (*run)(struct seat *seat);
        void *context;
    } seat[MESH_MAX];
};

static inline om_status
mesh_swap(void *context, om_status status, const struct om_parcel *to, struct om_parcel *from,
          struct om_error *err)
{
    struct seat *seat = context;
    struct mesh *mesh = seat->mesh;
    if (seat->failed != OM_OK) {
        *err = seat->failure;
        return seat->failed;
    }
    seat->status = status;
    seat->err = *err;
    seat->to = to;
    pthread_barrier_wait(&mesh->meet);
    for (size_t r = 0; r < mesh->size && seat->failed == OM_OK; r++)
        if (mesh->seat[r].status != OM_OK) {
            seat->failed = mesh->seat[r].status;
            seat->failure = mesh->seat[r].err;
        }
    if (seat->failed == OM_OK) {
        size_t length = 0;
        for (size_t r = 0; r < mesh->size; r++)
            length += mesh->seat[r].to ? mesh->seat[r].to[seat->exchange.rank].length : 0;
        free(seat->got);
        char *at = seat->got = malloc(length + 1);
        assert_non_null(at);
        for (size_t r = 0; r < mesh->size; r++) {
            const struct om_parcel *parcel = mesh->seat[r].to ? &mesh->seat[r].to[seat->exchange.rank] : NULL;
            from[r] = (struct om_parcel){at, parcel ? parcel->length : 0};
            if (from[r].length)
                memcpy(at, parcel->bytes, from[r].length);
            at += from[r].length;
        }
    } else {
        *err = seat->failure;
    }
    pthread_barrier_wait(&mesh->meet); /* nobody frees what others still copy */
    return seat->failed;
}

static inline void *
mesh_thread(void *context)
{
    struct seat *seat = context;
    seat->run(seat);
    return NULL;
}

/* Runs one thread a process; context[r], if any, is the seat's. */
static inline void
mesh_run(size_t size, void (*run)(struct seat *seat), void *const *context)
{
    struct mesh mesh = {.size = size};
    pthread_t thread[MESH_MAX];
    assert_int_equal(pthread_barrier_init(&mesh.meet, NULL, (unsigned)size), 0);
    for (size_t r = 0; r < size; r++) {
        struct seat *seat = &mesh.seat[r];
        *seat = (struct seat){.mesh = &mesh, .run = run, .context = context ? context[r] : NULL};
        seat->exchange = (struct om_exchange){.rank = r, .size = size, .swap = mesh_swap, .context = seat};
    }
    for (size_t r = 0; r < size; r++)
        assert_int_equal(pthread_create(&thread[r], NULL, mesh_thread, &mesh.seat[r]), 0);
    for (size_t r = 0; r < size; r++)
        pthread_join(thread[r], NULL);
    for (size_t r = 0; r < size; r++)
        free(mesh.seat[r].got);
    pthread_barrier_destroy(&mesh.meet);
}

#endif
