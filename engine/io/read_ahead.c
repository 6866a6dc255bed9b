#include "io/read_ahead.h"
#include "base/error.h"
#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct om_read_ahead {
    om_read_ahead_make *make;
    void *context;
    int stop_fd; /* has something to read once stop is set */
    pthread_t thread;

    pthread_mutex_t lock; /* over what follows, the blocks' content excepted */
    pthread_cond_t changed;
    size_t made;  /* blocks, in all */
    size_t freed; /* blocks that the reader is done with */
    bool held;    /* the reader has block number `freed` in its hands */
    bool stop;

    /* Numbers freed to made - 1 are the reader's, number made is the thread's. */
    struct om_read_ahead_block block[OM_READ_AHEAD_BLOCKS];
};

static struct om_read_ahead_block *
block_number(struct om_read_ahead *ahead, size_t number)
{
    return &ahead->block[number % OM_READ_AHEAD_BLOCKS];
}

/* --- the thread's side ---------------------------------------------------------------------------- */

/* The block to fill, once there is one; NULL to stop. */
static struct om_read_ahead_block *
wait_for_room(struct om_read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->made - ahead->freed == OM_READ_AHEAD_BLOCKS)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    struct om_read_ahead_block *block = ahead->stop ? NULL : block_number(ahead, ahead->made);
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

static void
hand_over(struct om_read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->made++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

static void *
run(void *context)
{
    struct om_read_ahead *ahead = context;
    struct om_read_ahead_block *block;
    for (bool last = false; !last && (block = wait_for_room(ahead));) {
        ahead->make(ahead->context, block, ahead->stop_fd);
        last = block->last;
        hand_over(ahead);
    }
    return NULL;
}

/* A new thread has its maker's signal mask; signals are for the program's own threads. */
static bool
start(struct om_read_ahead *ahead)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/* --- the reader's side ---------------------------------------------------------------------------- */

static void
release(struct om_read_ahead *ahead)
{
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
    if (ahead->stop_fd >= 0)
        close(ahead->stop_fd);
    om_free(ahead);
}

om_status
om_read_ahead_open(om_read_ahead_make *make, void *context, struct om_read_ahead **out, struct om_error *err)
{
    struct om_read_ahead *ahead = om_alloc(1, sizeof *ahead);
    if (!ahead)
        return om_fail_memory(err);
    ahead->make = make;
    ahead->context = context;
    ahead->made = ahead->freed = 0;
    ahead->held = ahead->stop = false;
    ahead->stop_fd = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&ahead->lock, NULL); /* neither can fail with default attributes */
    pthread_cond_init(&ahead->changed, NULL);
    if (ahead->stop_fd < 0 || !start(ahead)) {
        release(ahead);
        om_fail(err, OM_ERR_NOMEM, "the system has no thread or descriptor left to decompress with");
        om_hint(err, "raise the limits on processes and open files, or end other programs");
        return OM_ERR_NOMEM;
    }
    *out = ahead;
    return OM_OK;
}

const struct om_read_ahead_block *
om_read_ahead_next(struct om_read_ahead *ahead)
{
    const struct om_read_ahead_block *block = NULL;
    pthread_mutex_lock(&ahead->lock);
    if (!ahead->held || !block_number(ahead, ahead->freed)->last) {
        ahead->freed += ahead->held;
        pthread_cond_signal(&ahead->changed);
        while (ahead->made == ahead->freed)
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        ahead->held = true;
        block = block_number(ahead, ahead->freed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

void
om_read_ahead_close(struct om_read_ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    (void)eventfd_write(ahead->stop_fd, 1); /* fails only on a full counter, which was 0 */
    pthread_join(ahead->thread, NULL);
    release(ahead);
}
