/*
 * What is measured: read from a text file of lines
 *
 *   probe NAME COMMAND...             holds when the shell command ends with 0; its first line is kept
 *   panel NAME PEOPLE OPTION...       made by generate; PEOPLE is a share of --rows, or =N
 *   packed NAME PANEL COMMAND...      that panel through a filter
 *   group NAME TITLE...               the rows that follow are measured in the same rounds
 *   row NAME PANEL ANSWER [if=PROBE,...] [VARIABLE=VALUE...] COMMAND...
 *   figure KIND ROW BASE LABEL...     what is reported of two rows of one group, round by round; BASE may be
 * - bar limit|omstat|peer ROW LABEL...   in the chart
 *
 * In the command of a row {panel} is the file, a program ./x lies in the build directory, and a word
 * `probe?word` is there only where the probe holds.
 */
#ifndef BENCH_MATRIX_H
#define BENCH_MATRIX_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WORDS_LIMIT = 20,
    PROBES_LIMIT = 24,
    PANELS_LIMIT = 24,
    GROUPS_LIMIT = 12,
    ROWS_LIMIT = 96,
    FIGURES_LIMIT = 96,
    BARS_LIMIT = 24,
    ROUNDS_LIMIT = 200,
    PATH_LIMIT = 1024,
};

/* What is done with the output. NONE: thrown away. COUNT: thrown away, but counted once before the rounds.
 * SAME: it must be the same in every round. TABLE: the table of the job, held against the reference.
 * REPORT: rows of omstat, from which that table is taken. */
enum answer { ANSWER_NONE, ANSWER_COUNT, ANSWER_SAME, ANSWER_TABLE, ANSWER_REPORT };

enum kind { KIND_TIME, KIND_SPEED, KIND_CPU, KIND_PEAK, KIND_BEYOND, KIND_BYTES, KIND_MS, KIND_OUTPUT };

struct probe {
    const char *name, *command;
    bool holds;
    char said[64];
};

struct table;

struct input {
    const char *name;
    double share; /* of --rows; 0: `people` is fixed */
    uint64_t people, bytes;
    int source; /* packed: the panel it is made of; else -1 */
    const char *words[WORDS_LIMIT];
    char path[PATH_LIMIT];
    bool needed;
    struct table *reference;
};

struct run {
    bool done;
    double wall, cpu; /* seconds */
    long peak;        /* KiB */
    int exit_code;
    uint64_t output; /* a hash */
};

struct row {
    const char *name, *conditions;
    int input, group;
    enum answer answer;
    const char *words[WORDS_LIMIT]; /* settings, then the command */
    int n_settings;
    const char *absent; /* why it is not measured */
    bool wrong;
    int exit_code; /* the first that is not 0 */
    double used;   /* seconds */
    uint64_t output_bytes;
    struct run run[ROUNDS_LIMIT];
};

struct figure {
    enum kind kind;
    int row, base; /* base: -1 for none */
    const char *label;
};

struct bar {
    const char *class; /* limit, omstat or peer */
    int row;
    const char *label;
};

struct matrix {
    char *text; /* of the file; the names point into it */
    struct probe probe[PROBES_LIMIT];
    struct input input[PANELS_LIMIT];
    struct group {
        const char *name, *title;
        bool chosen;
    } group[GROUPS_LIMIT];
    struct row row[ROWS_LIMIT];
    struct figure figure[FIGURES_LIMIT];
    struct bar bar[BARS_LIMIT];
    int n_probes, n_inputs, n_groups, n_rows, n_figures, n_bars;
};

/* False after a message. */
bool matrix_read(struct matrix *matrix, const char *path);
void matrix_release(struct matrix *matrix);

const struct probe *matrix_probe(const struct matrix *matrix, const char *name, int length);
const char *kind_name(enum kind kind);

#endif
