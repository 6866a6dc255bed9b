#include "harness.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* The word of the row as an argument; NULL when its probe does not hold. `path` holds one that is made. */
static const char *
argument(const struct bench *bench, const struct row *row, const char *word, char path[PATH_LIMIT])
{
    size_t length = strcspn(word, "?");
    if (word[length] && length > 0) {
        const struct probe *probe = matrix_probe(&bench->matrix, word, (int)length);
        if (!probe || !probe->holds)
            return NULL;
        word += length + 1;
    }
    if (strcmp(word, "{panel}") == 0)
        return bench->matrix.input[row->input].path;
    if (strncmp(word, "./", 2) != 0)
        return word;
    snprintf(path, PATH_LIMIT, "%s/%s", bench->build, word + 2);
    return path;
}

/* NAME=VALUE */
static void
set_variable(const char *setting)
{
    char name[PATH_LIMIT];
    int length = (int)strcspn(setting, "=");
    snprintf(name, sizeof name, "%.*s", length, setting);
    setenv(name, setting + length + (setting[length] == '='), 1);
}

static void
become(const struct bench *bench, const struct row *row, int output)
{
    static char paths[WORDS_LIMIT][PATH_LIMIT];
    const char *command[WORDS_LIMIT + 1] = {NULL};
    char *arguments[WORDS_LIMIT + 1];
    int n = 0, nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(output < 0 ? nowhere : output, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    for (int i = 0; row->words[i]; i++) {
        if (i < row->n_settings)
            set_variable(row->words[i]);
        else if ((command[n] = argument(bench, row, row->words[i], paths[i])) != NULL)
            n++;
    }
    memcpy(arguments, command, sizeof arguments); /* execvp does not write to them */
    if (n > 0)
        execvp(arguments[0], arguments);
    _exit(127);
}

/* FNV-1a. */
static uint64_t
hash(const char *bytes, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* The whole file as text; NULL when it cannot be read. */
static char *
read_back(int file, size_t *size)
{
    off_t end = lseek(file, 0, SEEK_END);
    char *text = end < 0 ? NULL : malloc((size_t)end + 1);
    size_t used = 0;
    for (ssize_t n = 1; text && used < (size_t)end && n > 0; used += n > 0 ? (size_t)n : 0)
        n = pread(file, text + used, (size_t)end - used, (off_t)used);
    if (text)
        text[used] = '\0';
    *size = used;
    return text;
}

static int
exit_code(int state)
{
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

struct run
run_once(const struct bench *bench, const struct row *row, char **output)
{
    struct run run = {.exit_code = 127};
    struct rusage usage;
    bool kept = row->answer >= ANSWER_SAME;
    int file = kept ? memfd_create("output", MFD_CLOEXEC) : -1, state = 0;
    size_t size = 0;
    double start = now();
    pid_t child = kept && file < 0 ? -1 : fork();
    if (child == 0)
        become(bench, row, file);
    if (child > 0 && wait4(child, &state, 0, &usage) == child) {
        run.done = true;
        run.wall = now() - start;
        run.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        run.peak = usage.ru_maxrss;
        run.exit_code = exit_code(state);
    }
    *output = kept && file >= 0 ? read_back(file, &size) : NULL;
    run.output = *output ? hash(*output, size) : 0;
    if (file >= 0)
        close(file);
    return run;
}

bool
count_output(const struct bench *bench, const struct row *row, uint64_t *bytes)
{
    static char buffer[1 << 16];
    int ends[2], state = 1;
    *bytes = 0;
    if (pipe2(ends, O_CLOEXEC))
        return false;
    pid_t child = fork();
    if (child == 0)
        become(bench, row, ends[1]);
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
        *bytes += (uint64_t)n;
    close(ends[0]);
    return child > 0 && waitpid(child, &state, 0) == child && exit_code(state) == 0;
}

double
used_by_others(void)
{
    struct rusage own, children;
    double ticks[8] = {0}, busy = 0; /* user, nice, system, idle, iowait, irq, softirq, steal */
    FILE *in = fopen("/proc/stat", "re");
    char line[512];
    if (in && fgets(line, sizeof line, in) && strncmp(line, "cpu ", 4) == 0) {
        char *at = line + 4;
        for (int i = 0; i < 8; i++) {
            ticks[i] = strtod(at, &at);
            busy += i == 3 || i == 4 ? 0 : ticks[i];
        }
    }
    if (in)
        fclose(in);
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return busy / (double)sysconf(_SC_CLK_TCK) - seconds(own.ru_utime) - seconds(own.ru_stime) -
           seconds(children.ru_utime) - seconds(children.ru_stime);
}

bool
ask_shell(const char *command, char *line, size_t size)
{
    FILE *in = popen(command, "re");
    *line = '\0';
    if (!in)
        return false;
    if (fgets(line, (int)size, in))
        line[strcspn(line, "\n")] = '\0';
    while (getc(in) != EOF)
        ;
    return pclose(in) == 0;
}
