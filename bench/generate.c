/*
 * Writes a panel of any size: PHQ-9, GAD-7, PCL-5 and B-IPF item by item, before and after.
 *
 * Every form is drawn from (seed, person, occasion) alone. So the wide, the long and the shuffled long panel
 * of one seed hold the same answers, a shuffled panel needs no memory, and the bytes are the same on every
 * machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 43, MEASURES = 4, CLASSES = 16, BUFFER = 1 << 20, RECORD_LIMIT = 4096 };
enum layout { WIDE, LONG, LONG_SHUFFLED };
enum { DIFFERENT_TOPS = 3 };

static const struct {
    const char *name;
    int items, top;
} measures[MEASURES] = {{"phq9", 9, 3}, {"gad7", 7, 3}, {"pcl5", 20, 4}, {"bipf", 7, 6}};
static const int tops[DIFFERENT_TOPS] = {3, 4, 6};
static const char *const occasions[2] = {"pre", "post"};
static const char usage[] =
    "usage: generate [--rows N] [--cohorts N] [--missing PERCENT] [--not-applicable PERCENT]\n"
    "                [--layout wide|long|long-shuffled] [--seed N] [-o FILE]\n";

struct panel {
    uint64_t rows; /* people */
    uint64_t cohorts;
    uint64_t seed;
    uint32_t missing, not_applicable; /* of 2^24 */
    enum layout layout;
    char code[DIFFERENT_TOPS][CLASSES][256]; /* the answer to 8 random bits, per highest code and severity */
};

struct sink {
    int file;
    size_t used;
    char *bytes;
};

/* The output function of splitmix64: Steele, Lea and Flood (2014). */
static uint64_t
mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t
stream(const struct panel *panel, uint64_t person, uint64_t which)
{
    return mix(mix(panel->seed + golden) ^ (person * 4 + which) * golden);
}

/* Answers spread around the severity by a third of the range. */
static void
fill_codes(struct panel *panel)
{
    for (int t = 0; t < DIFFERENT_TOPS; t++)
        for (int class = 0; class < CLASSES; class ++)
            for (int bits = 0; bits < 256; bits++) {
                int top = tops[t];
                int value = class * top * 256 / (CLASSES - 1) + (bits - 128) * (top + 1) * 2 / 3 + 128;
                int code = value < 0 ? 0 : value / 256;
                panel->code[t][class][bits] = (char)('0' + (code < top ? code : top));
            }
}

static char *
put_text(char *p, const char *text)
{
    size_t n = strlen(text);
    memcpy(p, text, n);
    return p + n;
}

/* At least `width` digits. */
static char *
put_number(char *p, uint64_t value, int width)
{
    char digits[20];
    int n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value || n < width);
    while (n)
        *p++ = digits[--n];
    return p;
}

/* `count` answers, each with a comma before it. 32 random bits an answer: 8 for the code, 24 for a gap. */
static char *
put_answers(char *p, uint64_t *state, int count, const char code[256], uint32_t missing,
            uint32_t not_applicable)
{
    uint64_t random = 0;
    for (int i = 0; i < count; i++) {
        random = i % 2 ? random >> 32 : mix(*state += golden);
        uint32_t gap = (uint32_t)random >> 8;
        *p++ = ',';
        if (gap >= missing + not_applicable) {
            *p++ = code[random & 0xff];
        } else if (gap >= missing) {
            *p++ = 'N';
            *p++ = 'A';
        }
    }
    return p;
}

static char *
put_form(char *p, const struct panel *panel, uint64_t person, uint64_t occasion)
{
    uint64_t trait = stream(panel, person, 2), state = stream(panel, person, occasion);
    unsigned before = 5 + trait % 9, gain = (unsigned)(trait >> 32) % 8;
    unsigned class = occasion == 0 ? before : before - (gain < before ? gain : before);
    for (int m = 0; m < MEASURES; m++) {
        int t = measures[m].top == tops[0] ? 0 : measures[m].top == tops[1] ? 1 : 2;
        p = put_answers(p, &state, measures[m].items, panel->code[t][class], panel->missing,
                        t == 2 ? panel->not_applicable : 0);
    }
    return p;
}

static char *
put_key(char *p, const struct panel *panel, uint64_t person)
{
    *p++ = 'P';
    p = put_number(p, person + 1, 8);
    *p++ = ',';
    return put_number(p, 1 + stream(panel, person, 3) % panel->cohorts, 1);
}

static char *
put_names(char *p, const char *suffix)
{
    for (int m = 0; m < MEASURES; m++)
        for (int i = 0; i < measures[m].items; i++)
            p += sprintf(p, ",%s_%d%s", measures[m].name, i + 1, suffix);
    return p;
}

static char *
put_header(char *p, enum layout layout)
{
    if (layout == WIDE)
        p = put_names(put_names(put_text(p, "id,cohort"), "_pre"), "_post");
    else
        p = put_names(put_text(p, "id,cohort,occasion"), "");
    return put_text(p, "\n");
}

/* A permutation of 0 ... count-1 without a table: four Feistel rounds over the next even power of two, again
 * until the result is in range (Black and Rogaway 2002, Ciphers with arbitrary finite domains). */
static uint64_t
permute(uint64_t i, uint64_t count, uint64_t seed)
{
    int half = 1;
    while (half < 31 && UINT64_C(1) << (2 * half) < count)
        half++;
    uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = i >> half, right = i & mask;
        for (uint64_t round = 0; round < 4; round++) {
            uint64_t next = left ^ (mix(seed ^ (right * 4 + round + 1) * golden) & mask);
            left = right;
            right = next;
        }
        i = left << half | right;
    } while (i >= count);
    return i;
}

static char *
put_record(char *p, const struct panel *panel, uint64_t i)
{
    uint64_t person = i;
    if (panel->layout == WIDE) {
        p = put_form(put_form(put_key(p, panel, person), panel, person, 0), panel, person, 1);
    } else {
        if (panel->layout == LONG_SHUFFLED)
            i = permute(i, 2 * panel->rows, panel->seed);
        person = i / 2;
        p = put_key(p, panel, person);
        *p++ = ',';
        p = put_form(put_text(p, occasions[i % 2]), panel, person, i % 2);
    }
    *p++ = '\n';
    return p;
}

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
    uint64_t records = panel->layout == WIDE ? panel->rows : 2 * panel->rows;
    sink->used = (size_t)(put_header(sink->bytes, panel->layout) - sink->bytes);
    for (uint64_t i = 0; i < records; i++) {
        if (sink->used + RECORD_LIMIT > BUFFER && !drain(sink))
            return false;
        char *end = put_record(sink->bytes + sink->used, panel, i);
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
    if (end == text || *end || !(value >= 0 && value <= 50))
        return false;
    *out = (uint32_t)(value * (1 << 24) / 100);
    return true;
}

static bool
parse_layout(const char *text, enum layout *out)
{
    static const char *const names[] = {"wide", "long", "long-shuffled"};
    for (enum layout layout = WIDE; layout <= LONG_SHUFFLED; layout++)
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
        {NULL, 0, NULL, 0},
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
    static struct panel panel = {.rows = 1000000, .cohorts = 6, .seed = 1, .layout = WIDE};
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
    fill_codes(&panel);
    if (!write_panel(&panel, &sink) || close(sink.file)) {
        perror(path ? path : "standard output");
        return 74;
    }
    return 0;
}
