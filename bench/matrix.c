#include "matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const answers[] = {"none", "count", "same", "table", "report"};
static const char *const kinds[] = {"time", "speed", "cpu", "peak", "beyond", "bytes", "ms", "output"};

const char *
kind_name(enum kind kind)
{
    return kinds[kind];
}

static int
place_in(const char *const names[], int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* The next word of a line, cut off in place; "" at the end. */
static char *
next_word(char **line)
{
    char *word = *line + strspn(*line, " \t"), *end = word + strcspn(word, " \t");
    *line = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static char *
rest_of(char *line)
{
    return line + strspn(line, " \t");
}

static bool
take_words(char *line, const char *words[WORDS_LIMIT])
{
    int n = 0;
    for (char *word; n < WORDS_LIMIT - 1 && *(word = next_word(&line));)
        words[n++] = word;
    words[n] = NULL;
    return !*rest_of(line);
}

static int
find_input(const struct matrix *matrix, const char *name)
{
    for (int i = 0; i < matrix->n_inputs; i++)
        if (strcmp(matrix->input[i].name, name) == 0)
            return i;
    return -1;
}

static int
find_row(const struct matrix *matrix, const char *name)
{
    for (int i = 0; i < matrix->n_rows; i++)
        if (strcmp(matrix->row[i].name, name) == 0)
            return i;
    return -1;
}

const struct probe *
matrix_probe(const struct matrix *matrix, const char *name, int length)
{
    for (int i = 0; i < matrix->n_probes; i++)
        if ((int)strlen(matrix->probe[i].name) == length && strncmp(matrix->probe[i].name, name, length) == 0)
            return &matrix->probe[i];
    return NULL;
}

/* --- one function for each kind of line: false when it is not understood -------------------------------- */

static bool
read_probe(struct matrix *matrix, char *line)
{
    if (matrix->n_probes == PROBES_LIMIT)
        return false;
    struct probe *probe = &matrix->probe[matrix->n_probes++];
    probe->name = next_word(&line);
    probe->command = rest_of(line);
    return *probe->command;
}

static bool
read_panel(struct matrix *matrix, char *line)
{
    if (matrix->n_inputs == PANELS_LIMIT)
        return false;
    struct input *input = &matrix->input[matrix->n_inputs++];
    input->name = next_word(&line);
    const char *people = next_word(&line);
    input->source = -1;
    if (*people == '=')
        input->people = strtoull(people + 1, NULL, 10);
    else
        input->share = strtod(people, NULL);
    return take_words(line, input->words) && (input->people > 0 || input->share > 0);
}

static bool
read_packed(struct matrix *matrix, char *line)
{
    if (matrix->n_inputs == PANELS_LIMIT)
        return false;
    struct input *input = &matrix->input[matrix->n_inputs++];
    input->name = next_word(&line);
    input->source = find_input(matrix, next_word(&line));
    return take_words(line, input->words) && input->words[0] && input->source >= 0;
}

static bool
read_group(struct matrix *matrix, char *line)
{
    if (matrix->n_groups == GROUPS_LIMIT)
        return false;
    struct group *group = &matrix->group[matrix->n_groups++];
    group->name = next_word(&line);
    group->title = rest_of(line);
    return true;
}

static bool
read_row(struct matrix *matrix, char *line)
{
    if (matrix->n_rows == ROWS_LIMIT || matrix->n_groups == 0)
        return false;
    struct row *row = &matrix->row[matrix->n_rows];
    row->name = next_word(&line);
    row->group = matrix->n_groups - 1;
    row->input = find_input(matrix, next_word(&line));
    int answer = place_in(answers, sizeof answers / sizeof *answers, next_word(&line));
    row->answer = (enum answer)answer;
    row->conditions = "";
    line = rest_of(line);
    if (strncmp(line, "if=", 3) == 0)
        row->conditions = next_word(&line) + 3;
    bool good = take_words(line, row->words) && find_row(matrix, row->name) < 0;
    while (row->words[row->n_settings] && strchr(row->words[row->n_settings], '='))
        row->n_settings++;
    matrix->n_rows++;
    return good && row->input >= 0 && answer >= 0 && row->words[row->n_settings];
}

static bool
read_figure(struct matrix *matrix, char *line)
{
    if (matrix->n_figures == FIGURES_LIMIT)
        return false;
    struct figure *figure = &matrix->figure[matrix->n_figures++];
    int kind = place_in(kinds, sizeof kinds / sizeof *kinds, next_word(&line));
    figure->kind = (enum kind)kind;
    figure->row = find_row(matrix, next_word(&line));
    const char *base = next_word(&line);
    figure->base = find_row(matrix, base);
    figure->label = rest_of(line);
    if (kind < 0 || figure->row < 0 || !*figure->label)
        return false;
    if (kind > KIND_BEYOND)
        return strcmp(base, "-") == 0;
    return figure->base >= 0 && matrix->row[figure->base].group == matrix->row[figure->row].group;
}

static bool
read_bar(struct matrix *matrix, char *line)
{
    if (matrix->n_bars == BARS_LIMIT)
        return false;
    struct bar *bar = &matrix->bar[matrix->n_bars++];
    bar->class = next_word(&line);
    bar->row = find_row(matrix, next_word(&line));
    bar->label = rest_of(line);
    return bar->row >= 0 && *bar->label;
}

static bool
read_line(struct matrix *matrix, char *line)
{
    static const struct {
        const char *name;
        bool (*read)(struct matrix *, char *);
    } readers[] = {{"probe", read_probe}, {"panel", read_panel}, {"packed", read_packed},
                   {"group", read_group}, {"row", read_row},     {"figure", read_figure},
                   {"bar", read_bar}};
    line = rest_of(line);
    if (*line == '#' || *line == '\0')
        return true;
    const char *name = next_word(&line);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (strcmp(name, readers[i].name) == 0)
            return readers[i].read(matrix, line);
    return false;
}

/* --- the file ------------------------------------------------------------------------------------------- */

static char *
read_text(const char *path)
{
    FILE *in = fopen(path, "re");
    char *text = NULL;
    size_t capacity = 0;
    if (in && getdelim(&text, &capacity, '\0', in) < 0) {
        free(text);
        text = NULL;
    }
    if (in)
        fclose(in);
    return text;
}

bool
matrix_read(struct matrix *matrix, const char *path)
{
    matrix->text = read_text(path);
    if (!matrix->text) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    int number = 1;
    for (char *line = matrix->text, *next; line; line = next, number++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (!read_line(matrix, line)) {
            fprintf(stderr, "%s:%d: not understood; bench/matrix.h says what a line may be\n", path, number);
            return false;
        }
    }
    return true;
}

void
matrix_release(struct matrix *matrix)
{
    free(matrix->text);
}
