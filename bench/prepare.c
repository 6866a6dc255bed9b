#include "harness.h"
#include "answer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
warm(const char *path, uint64_t *bytes)
{
    static char buffer[1 << 18];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    *bytes = 0;
    while (file >= 0 && (n = read(file, buffer, sizeof buffer)) > 0)
        *bytes += (uint64_t)n;
    if (file >= 0)
        close(file);
    return n == 0 && *bytes > 0;
}

/* --- probes --------------------------------------------------------------------------------------------- */

static void
ask_probes(struct bench *bench)
{
    setenv("BUILD", bench->build, 1);
    for (int i = 0; i < bench->matrix.n_probes; i++) {
        struct probe *probe = &bench->matrix.probe[i];
        probe->holds = ask_shell(probe->command, probe->said, sizeof probe->said);
    }
}

/* The first condition of the row that does not hold, or NULL. */
static const char *
unmet(const struct bench *bench, const struct row *row)
{
    for (const char *name = row->conditions; *name;) {
        size_t length = strcspn(name, ",");
        const struct probe *probe = matrix_probe(&bench->matrix, name, (int)length);
        if (!probe || !probe->holds)
            return probe ? probe->name : "unknown probe";
        name += length + (name[length] == ',');
    }
    return NULL;
}

/* --- panels --------------------------------------------------------------------------------------------- */

static bool
newer(const char *path, const char *than)
{
    struct stat a, b;
    return stat(path, &a) == 0 && (stat(than, &b) != 0 || a.st_mtime >= b.st_mtime);
}

static bool
make_file(const char *path, const char *command)
{
    char whole[4 * PATH_LIMIT], line[64];
    fprintf(stderr, "  DATA  %s\n", path);
    snprintf(whole, sizeof whole, "%s > '%s.new' && mv '%s.new' '%s'", command, path, path, path);
    if (ask_shell(whole, line, sizeof line))
        return true;
    fprintf(stderr, "%s: it cannot be made\n", path);
    return false;
}

static void
append_words(char *command, size_t size, const char *const words[])
{
    for (int i = 0; words[i]; i++)
        snprintf(command + strlen(command), size - strlen(command), "%s%s", i ? " " : "", words[i]);
}

/* Makes the panel unless it is there already, newer than what makes it. */
static bool
make_input(struct bench *bench, struct input *input)
{
    char command[2 * PATH_LIMIT] = "", generate[PATH_LIMIT];
    const struct input *source = input->source < 0 ? NULL : &bench->matrix.input[input->source];
    snprintf(generate, sizeof generate, "%s/bench/generate", bench->build);
    if (source)
        input->people = source->people;
    else if (input->share > 0)
        input->people = (uint64_t)(input->share * (double)bench->people + 0.5);
    snprintf(input->path, sizeof input->path, "%s/bench/data/%s-%" PRIu64, bench->build, input->name,
             input->people);
    if (newer(input->path, source ? source->path : generate))
        return warm(input->path, &input->bytes);
    if (source) {
        append_words(command, sizeof command, input->words);
        snprintf(command + strlen(command), sizeof command - strlen(command), " < '%s'", source->path);
    } else {
        snprintf(command, sizeof command, "'%s' --rows %" PRIu64 " ", generate, input->people);
        append_words(command, sizeof command, input->words);
    }
    return make_file(input->path, command) && warm(input->path, &input->bytes);
}

/* A packed panel has the bytes of its text. */
static bool
make_inputs_in_order(struct bench *bench)
{
    struct matrix *matrix = &bench->matrix;
    for (int i = 0; i < matrix->n_inputs; i++) {
        struct input *input = &matrix->input[i];
        if (input->needed && !make_input(bench, input))
            return false;
        if (input->needed && input->source >= 0)
            input->bytes = matrix->input[input->source].bytes;
    }
    return true;
}

static bool
make_inputs(struct bench *bench)
{
    struct matrix *matrix = &bench->matrix;
    char directory[PATH_LIMIT];
    snprintf(directory, sizeof directory, "%s/bench/data", bench->build);
    mkdir(directory, 0777);
    for (int i = matrix->n_inputs - 1; i >= 0; i--)
        if (matrix->input[i].needed && matrix->input[i].source >= 0)
            matrix->input[matrix->input[i].source].needed = true;
    return make_inputs_in_order(bench);
}

/* --- references ----------------------------------------------------------------------------------------- */

/* What the plain program over libcsv says about the panel; not timed. */
static bool
make_reference(struct bench *bench, struct input *input)
{
    struct row row = {.answer = ANSWER_TABLE, .words = {"./bench/libcsv_loop", "{panel}"}};
    char *output = NULL;
    int plain = (int)(input - bench->matrix.input);
    row.input = input->source < 0 ? plain : input->source;
    int code = run_once(bench, &row, &output).exit_code;
    input->reference = malloc(sizeof *input->reference);
    bool good = code == 0 && output && input->reference && table_read(input->reference, output);
    free(output);
    if (!good)
        fprintf(stderr, "%s: bench/libcsv_loop gives no table\n", input->path);
    return good;
}

bool
prepare(struct bench *bench)
{
    struct matrix *matrix = &bench->matrix;
    ask_probes(bench);
    for (int i = 0; i < matrix->n_rows; i++) {
        struct row *row = &matrix->row[i];
        row->absent = unmet(bench, row);
        if (!row->absent && matrix->group[row->group].chosen)
            matrix->input[row->input].needed = true;
    }
    if (!make_inputs(bench))
        return false;
    for (int i = 0; i < matrix->n_rows; i++) {
        const struct row *row = &matrix->row[i];
        struct input *input = &matrix->input[row->input];
        if (input->needed && row->answer >= ANSWER_TABLE && !input->reference &&
            !make_reference(bench, input))
            return false;
    }
    return true;
}

void
prepare_release(struct bench *bench)
{
    for (int i = 0; i < bench->matrix.n_inputs; i++)
        free(bench->matrix.input[i].reference);
}
