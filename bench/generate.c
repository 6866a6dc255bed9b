/* Writes a panel of any size: see panel.h for what is in it. */
#include "panel.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1 << 18 };
static const char usage[] =
    "usage: generate [--rows N] [--cohorts N] [--missing PERCENT] [--not-applicable PERCENT]\n"
    "                [--layout wide|long|long-shuffled] [--quoted] [--crlf] [--odd PERCENT]\n"
    "                [--seed N] [-o FILE]\n";

struct sink {
    int file;
    size_t used;
    char *bytes;
};

static bool
drain(struct sink *sink)
{
    for (size_t done = 0; done < sink->used;) {
        ssize_t n = write(sink->file, sink->bytes + done, sink->used - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    sink->used = 0;
    return true;
}

static bool
write_panel(const struct panel *panel, struct sink *sink)
{
    uint64_t records = panel->layout == PANEL_WIDE ? panel->rows : 2 * panel->rows;
    sink->used = (size_t)(panel_put_header(sink->bytes, panel) - sink->bytes);
    for (uint64_t i = 0; i < records; i++) {
        if (sink->used + PANEL_RECORD_LIMIT > BUFFER && !drain(sink))
            return false;
        char *end = panel_put_record(sink->bytes + sink->used, panel, i);
        sink->used = (size_t)(end - sink->bytes);
    }
    return drain(sink);
}

static bool
parse_count(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return *text >= '0' && *text <= '9' && !*end && !errno && value <= most;
}

/* A percentage, as a share of 2^24. */
static bool
parse_percent(const char *text, uint32_t *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= 0 && value <= 100))
        return false;
    *out = (uint32_t)(value * (1 << 24) / 100);
    return true;
}

static bool
parse_layout(const char *text, enum panel_layout *out)
{
    static const char *const names[] = {"wide", "long", "long-shuffled"};
    for (enum panel_layout layout = PANEL_WIDE; layout <= PANEL_LONG_SHUFFLED; layout++)
        if (strcmp(text, names[layout]) == 0) {
            *out = layout;
            return true;
        }
    return false;
}

static bool
parse_options(int argc, char **argv, struct panel *panel, const char **path)
{
    static const struct option options[] = {
        {"rows", 1, NULL, 'r'},    {"cohorts", 1, NULL, 'c'},
        {"missing", 1, NULL, 'm'}, {"not-applicable", 1, NULL, 'n'},
        {"layout", 1, NULL, 'l'},  {"seed", 1, NULL, 's'},
        {"quoted", 0, NULL, 'q'},  {"crlf", 0, NULL, 'e'},
        {"odd", 1, NULL, 'd'},     {NULL, 0, NULL, 0},
    };
    const uint64_t most_rows = UINT64_C(1) << 60;
    bool good = true;
    for (int c; good && (c = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
        switch (c) {
        case 'r':
            good = parse_count(optarg, most_rows, &panel->rows);
            break;
        case 'c':
            good = parse_count(optarg, 1000000, &panel->cohorts) && panel->cohorts > 0;
            break;
        case 'm':
            good = parse_percent(optarg, &panel->missing);
            break;
        case 'n':
            good = parse_percent(optarg, &panel->not_applicable);
            break;
        case 'l':
            good = parse_layout(optarg, &panel->layout);
            break;
        case 's':
            good = parse_count(optarg, UINT64_MAX, &panel->seed);
            break;
        case 'q':
            panel->quoted = true;
            break;
        case 'e':
            panel->crlf = true;
            break;
        case 'd':
            good = parse_percent(optarg, &panel->odd);
            break;
        case 'o':
            *path = optarg;
            break;
        default:
            good = false;
        }
    }
    return good && optind == argc;
}

int
main(int argc, char **argv)
{
    static struct panel panel = {.rows = 1000000, .cohorts = 6, .seed = 1, .layout = PANEL_WIDE};
    static char bytes[BUFFER];
    struct sink sink = {.file = STDOUT_FILENO, .bytes = bytes};
    const char *path = NULL;
    panel.missing = (1 << 24) / 50;             /* 2 % */
    panel.not_applicable = (1 << 24) * 3 / 100; /* 3 % */
    if (!parse_options(argc, argv, &panel, &path)) {
        fputs(usage, stderr);
        return 64;
    }
    if (path && (sink.file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0) {
        perror(path);
        return 73;
    }
    panel_fill_codes(&panel);
    if (!write_panel(&panel, &sink) || close(sink.file)) {
        perror(path ? path : "standard output");
        return 74;
    }
    return 0;
}
