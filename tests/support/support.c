#include "support/support.h"

#include <omstat/kernels.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Every test program runs with the kernels that OMSTAT_KERNEL names, as the program itself does. */
static void __attribute__((constructor)) choose_kernels(void)
{
    const char *name = getenv("OMSTAT_KERNEL");
    if (!name || !*name || om_kernels_choose(name))
        return;
    fprintf(stderr, "OMSTAT_KERNEL: no kernels '%s' run on this processor\n", name);
    exit(64);
}

void
om_assert_close(double got, double want, double rel, const char *what, const char *file, int line)
{
    if (got == want || fabs(got - want) <= rel * fabs(want))
        return;
    print_error("%s = %.17g, expected %.17g within %g relative\n", what, got, want, rel);
    _fail(file, line);
}

void
om_assert_ok(om_status status, const struct om_error *err, const char *what, const char *file, int line)
{
    if (status == OM_OK)
        return;
    print_error("%s: %s\n%s:%llu:%llu: %s\n%s\n", what, om_status_name(status), err->file,
                (unsigned long long)err->line, (unsigned long long)err->column, err->message, err->hint);
    _fail(file, line);
}

const char *
shared_path(const char *relative)
{
    static char path[1024];
    snprintf(path, sizeof path, "../shared/data/%s", relative);
    if (access(path, R_OK) == 0)
        return path;
    print_message("no reference collection beside the checkout (%s): skipped\n", path);
    return NULL;
}

json_t *
load_json(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (!root)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return root;
}

double
json_at(const json_t *root, const char *path)
{
    char key[256];
    const json_t *node = root;
    for (const char *p = path; node && *p;) {
        size_t n = strcspn(p, "/");
        snprintf(key, sizeof key, "%.*s", (int)n, p);
        node = json_is_array(node) ? json_array_get(node, (size_t)atoi(key)) : json_object_get(node, key);
        p += n + (p[n] == '/');
    }
    if (!json_is_number(node))
        fail_msg("no number at %s", path);
    return json_number_value(node);
}

static char made[64][64];
static size_t n_made;

static void
remove_made(void)
{
    for (size_t i = 0; i < n_made; i++)
        unlink(made[i]);
}

const char *
temporary_file(const char *suffix, const void *bytes, size_t length)
{
    if (n_made == 0)
        atexit(remove_made);
    if (n_made == sizeof made / sizeof made[0])
        fail_msg("too many temporary files in one test program");
    char *path = made[n_made++];
    snprintf(path, sizeof made[0], "/tmp/omstat-test-XXXXXX%s", suffix);
    int fd = mkstemps(path, (int)strlen(suffix));
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        fail_msg("cannot write a temporary file");
    close(fd);
    return path;
}

static uint64_t state = 88172645463325252u;

/* Seeds that differ by little are spread out first (splitmix64, Steele, Lea & Flood 2014). */
void
test_random_from(uint64_t seed)
{
    seed += 0x9e3779b97f4a7c15u;
    seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
    seed ^= seed >> 31;
    state = seed ? seed : 1;
}

uint32_t
test_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}
