#include "base/parallel.h"
#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

size_t
om_processors(void)
{
    cpu_set_t allowed;
    int n = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    return n > 0 ? (size_t)n : 1;
}

struct share {
    pthread_t thread;
    void (*task)(void *, size_t);
    void *context;
    size_t number;
};

static void *
run(void *argument)
{
    const struct share *share = argument;
    share->task(share->context, share->number);
    return NULL;
}

/* A new thread has its maker's signal mask. A broken pipe is the affair of the thread that writes. */
static size_t
start(struct share *share, size_t n, void (*task)(void *, size_t), void *context)
{
    sigset_t all, before;
    size_t started = 1;
    sigfillset(&all);
    sigdelset(&all, SIGPIPE);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; started < n; started++) {
        share[started] = (struct share){.task = task, .context = context, .number = started};
        if (pthread_create(&share[started].thread, NULL, run, &share[started]) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

size_t
om_parallel(size_t n, void (*task)(void *, size_t), void *context)
{
    struct share *share = n > 1 ? om_alloc(n, sizeof *share) : NULL;
    size_t started = share ? start(share, n, task, context) : 1;
    task(context, 0);
    for (size_t i = 1; i < started; i++)
        pthread_join(share[i].thread, NULL);
    om_free(share);
    return started;
}
