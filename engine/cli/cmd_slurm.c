#include "job.h"
#include "message.h"
#include "study.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <omstat/text.h>
#include <omstat/version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the inputs ----------------------------------------------------------------------------------------- */

static int
fail(om_status status, const char *file, const char *what, const char *hint)
{
    struct om_error err = {.status = status};
    snprintf(err.file, sizeof err.file, "%s", file);
    snprintf(err.message, sizeof err.message, "%s", what);
    snprintf(err.hint, sizeof err.hint, "%s", hint);
    return om_say_error(&err);
}

static int
fail_input(const char *pattern, const char *what, const char *hint)
{
    return fail(OM_ERR_NO_INPUT, pattern, what, hint);
}

/* Adds the files that match a pattern; an operand is the name of one. */
static int
find_files(const char *pattern, bool is_pattern, glob_t *found)
{
    const int append = found->gl_pathv ? GLOB_APPEND : 0;
    if (!is_pattern && access(pattern, R_OK) != 0)
        return fail_input(pattern, strerror(errno), "check the spelling");
    int code = glob(pattern, append | (is_pattern ? 0 : GLOB_NOCHECK | GLOB_NOESCAPE), NULL, found);
    if (code == 0)
        return OM_EXIT_OK;
    return fail_input(pattern,
                      code == GLOB_NOMATCH ? "no file has such a name" : "cannot look for files there",
                      "check the spelling, and put the pattern in quotes");
}

static int
find_inputs(const struct om_invocation *invocation, glob_t *found)
{
    int code = OM_EXIT_OK;
    for (size_t i = 0; i < invocation->n_settings && code == OM_EXIT_OK; i++)
        if (strcmp(invocation->setting[i].key, "input") == 0)
            code = find_files(invocation->setting[i].value, true, found);
        else if (strcmp(invocation->setting[i].key, "shard") == 0)
            code =
                om_say_usage(invocation->command, "--shard: the job parts the panel by itself; see --shards");
    for (size_t i = 0; i < invocation->n_operands && code == OM_EXIT_OK; i++)
        code = strcmp(invocation->operand[i], "-") == 0
                   ? om_say_usage(invocation->command, "standard input cannot be read in shards")
                   : find_files(invocation->operand[i], false, found);
    if (code == OM_EXIT_OK && found->gl_pathc == 0)
        code = om_say_usage(invocation->command,
                            "'omstat slurm' needs panels to read: --input 'PATTERN', or FILE...");
    return code;
}

/* --- a name for the job --------------------------------------------------------------------------------- */

/* FNV-1a: the same job gets the same directory, another one another. */
static void
add_text(uint64_t *hash, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text;; c++) {
        *hash = (*hash ^ *c) * UINT64_C(0x100000001b3);
        if (!*c)
            return;
    }
}

/* One that is not there yet has no size. */
static int
add_file(uint64_t *hash, const char *path)
{
    struct stat state;
    char text[64] = "";
    if (stat(path, &state) == 0)
        snprintf(text, sizeof text, "%lld %lld", (long long)state.st_size, (long long)state.st_mtime);
    else if (errno != ENOENT)
        return fail(OM_ERR_IO, path, strerror(errno), "name files that can be read");
    add_text(hash, path);
    add_text(hash, text);
    return OM_EXIT_OK;
}

static int
name_directory(const struct om_job *job, char *name, size_t size)
{
    const struct om_invocation *invocation = job->invocation;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char number[32];
    int code = OM_EXIT_OK;
    snprintf(number, sizeof number, "%zu", job->shards);
    add_text(&hash, OM_VERSION);
    add_text(&hash, number);
    if (invocation->pairing_key)
        code = add_file(&hash, invocation->pairing_key);
    if (invocation->study && code == OM_EXIT_OK)
        code = add_file(&hash, invocation->study);
    for (size_t i = 0; i < invocation->n_settings; i++) {
        add_text(&hash, invocation->setting[i].key);
        add_text(&hash, invocation->setting[i].value);
    }
    for (size_t i = 0; i < job->n_inputs && code == OM_EXIT_OK; i++)
        code = add_file(&hash, job->input[i]);
    snprintf(name, size, "omstat-%08llx", (unsigned long long)(hash ^ hash >> 32) & 0xffffffff);
    return code;
}

/* --- the three forms ------------------------------------------------------------------------------------ */

static void
put_slurm(FILE *out, const struct om_job *job)
{
    fprintf(out,
            "#!/bin/bash\n"
            "#SBATCH --job-name=omstat\n"
            "#SBATCH --ntasks=1\n"
            "# Counts a panel in %zu shards, %zu at a time, and adds them up. Made by omstat %s.\n"
            "#\n"
            "#   sbatch THIS   (or bash THIS)   submits the shards that are not finished, and the sum behind "
            "them\n"
            "#\n"
            "# A shard that fails is tried again, in all three times and in three rounds. To go on after "
            "that, submit this\n"
            "# again: what is finished is kept. Account, partition, time: SBATCH_ACCOUNT, SBATCH_PARTITION, "
            "SBATCH_TIMELIMIT.\n"
            "# shellcheck disable=SC2016 # what stands in quotes is meant as it is\n"
            "set -euo pipefail\n"
            "[ -n \"${SLURM_JOB_ID-}\" ] || self=$(realpath -- \"$0\")\n",
            job->shards, job->nodes, OM_VERSION);
    om_put_job(out, job);
    fprintf(
        out,
        "\n"
        "# array STAGE paired|counted [AFTER]: submits those that are not; prints the number of the job.\n"
        "array() {\n"
        "    local left\n"
        "    left=$(missing \"$2\" | paste -sd, -)\n"
        "    [ -z \"$left\" ] || sbatch --parsable --requeue ${3:+\"--dependency=afterany:$3\"} "
        "\"--array=$left%%%zu\" \\\n"
        "        --output=\"$directory/$1-%%a.log\" -- \"$directory/job.sh\" \"$1\"\n"
        "}\n"
        "\n"
        "# submit ROUND: what is missing, and behind it, however it ended, the sum or the next round.\n"
        "submit() {\n"
        "    local after=\n"
        "    mkdir -p -- \"$directory\"\n"
        "    cp -- \"${self:-$0}\" \"$directory/job.new\"\n"
        "    mv -- \"$directory/job.new\" \"$directory/job.sh\"\n"
        "    if [ -n \"$key\" ] && [ -n \"$(missing counted)\" ]; then\n"
        "        after=$(array pair paired)\n"
        "    fi\n"
        "    after=$(array shard counted \"$after\")\n"
        "    sbatch --parsable ${after:+\"--dependency=afterany:$after\"} "
        "--output=\"$directory/sum-%%j.log\" \\\n"
        "        -- \"$directory/job.sh\" sum \"$1\"\n"
        "}\n"
        "\n"
        "case ${1-submit} in\n"
        "submit) submit 1 ;;\n"
        "pair) pair_shard \"$SLURM_ARRAY_TASK_ID\" ;;\n"
        "shard) count_shard \"$SLURM_ARRAY_TASK_ID\" ;;\n"
        "sum)\n"
        "    if [ -z \"$(missing counted)\" ] || [ \"$2\" -ge 3 ]; then\n"
        "        merge_shards\n"
        "    else\n"
        "        submit $(($2 + 1))\n"
        "    fi\n"
        "    ;;\n"
        "*) echo \"usage: sbatch $0\" >&2 && exit 64 ;;\n"
        "esac\n",
        job->nodes);
}

static void
put_xargs(FILE *out, const struct om_job *job)
{
    fprintf(out,
            "#!/bin/bash\n"
            "# Counts a panel in %zu shards, %zu at a time, and adds them up. Made by omstat %s.\n"
            "#\n"
            "#   bash THIS   does what is not finished, and the sum; to go on after a failure, run it again\n"
            "# shellcheck disable=SC2016 # what stands in quotes is meant as it is\n"
            "set -euo pipefail\n"
            "self=$(realpath -- \"$0\")\n",
            job->shards, job->nodes, OM_VERSION);
    om_put_job(out, job);
    fprintf(out,
            "\n"
            "case ${1-all} in\n"
            "all)\n"
            "    if [ -n \"$key\" ] && [ -n \"$(missing counted)\" ]; then\n"
            "        missing paired | xargs -r -n 1 -P %zu -- bash -- \"$self\" pair\n"
            "    fi\n"
            "    missing counted | xargs -r -n 1 -P %zu -- bash -- \"$self\" shard\n"
            "    merge_shards\n"
            "    ;;\n"
            "pair) pair_shard \"$2\" ;;\n"
            "shard) count_shard \"$2\" ;;\n"
            "*) echo \"usage: bash $0\" >&2 && exit 64 ;;\n"
            "esac\n",
            job->nodes, job->nodes);
}

/* A dollar is two for make; there is no line end within a word, so nothing can end the definition. */
static void
put_doubled(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '$')
            fputc('$', out);
        fputc(*text, out);
    }
}

/* The script that each line of the makefile runs, to be freed; NULL without memory. */
static char *
make_script(const struct om_job *job)
{
    char *text = NULL;
    size_t length = 0;
    FILE *script = open_memstream(&text, &length);
    if (!script)
        return NULL;
    fputs("set -euo pipefail\n", script);
    om_put_job(script, job);
    fputs("case $1 in\n"
          "pair) ! [ -n \"$(missing counted)\" ] || pair_shard \"$2\" ;;\n"
          "shard) count_shard \"$2\" ;;\n"
          "sum) merge_shards ;;\n"
          "esac\n",
          script);
    const bool whole = !ferror(script);
    if (fclose(script) == 0 && whole)
        return text;
    free(text);
    return NULL;
}

static int
put_make(FILE *out, const struct om_job *job)
{
    char *text = make_script(job);
    if (!text)
        return fail(OM_ERR_NOMEM, "", "not enough memory", "close other programs");
    fprintf(out,
            "# Counts a panel in %zu shards and adds them up. Made by omstat %s.\n"
            "#\n"
            "#   make -j 8 -f THIS   does what is not finished, and the sum; after a failure: again, perhaps "
            "with -k\n"
            "SHELL := /bin/bash\n"
            "shards := $(shell seq 1 %zu)\n"
            "define job\n",
            job->shards, OM_VERSION, job->shards);
    put_doubled(out, text);
    fputs("endef\n"
          "export job\n"
          ".PHONY: all $(shards) $(shards:%=pair-%)\n"
          "all: $(shards)\n"
          "\t@bash -c \"$$job\" omstat sum\n"
          "$(shards):\n"
          "\t@bash -c \"$$job\" omstat shard $@\n"
          "$(shards:%=pair-%):\n"
          "\t@bash -c \"$$job\" omstat pair $(@:pair-%=%)\n",
          out);
    if (job->invocation->pairing_key)
        fputs("$(shards): $(shards:%=pair-%)\n", out);
    free(text);
    return OM_EXIT_OK;
}

static int
put_form(FILE *out, const struct om_job *job)
{
    if (job->invocation->as == OM_JOB_MAKE)
        return put_make(out, job);
    if (job->invocation->as == OM_JOB_XARGS)
        put_xargs(out, job);
    else
        put_slurm(out, job);
    return OM_EXIT_OK;
}

/* --- the command ---------------------------------------------------------------------------------------- */

static int
run_slurm(const struct om_invocation *invocation)
{
    glob_t found = {0};
    char directory[32], room[PATH_MAX];
    int code = find_inputs(invocation, &found);
    if (code == OM_EXIT_OK && !getcwd(room, sizeof room))
        code = fail_input(".", strerror(errno), "go to a directory that can be found");
    if (code == OM_EXIT_OK) {
        struct om_job job = {.invocation = invocation,
                             .input = found.gl_pathv,
                             .n_inputs = found.gl_pathc,
                             .nodes = invocation->nodes ? invocation->nodes : 1,
                             .room = room};
        job.shards = invocation->shards ? invocation->shards : job.nodes;
        code = name_directory(&job, directory, sizeof directory);
        job.directory = invocation->directory ? invocation->directory : directory;
        if (code == OM_EXIT_OK)
            code = put_form(stdout, &job);
    }
    globfree(&found);
    return code == OM_EXIT_OK ? om_finish_output() : code;
}

const struct om_command om_command_slurm = {
    .name = "slurm",
    .arguments = "[FILE...]",
    .summary = "print a job that counts a large panel in parts, for Slurm, make or xargs",
    .text = "Prints a script that reads a panel in shards, each a task of its own, and adds their tallies "
            "up: an array "
            "job for Slurm with the sum behind it, a Makefile, or a script for one machine. Options of the "
            "study are "
            "those of 'omstat tally', which runs in every task.\n\n"
            "A task that fails is tried again. When the script is run once more, finished shards are kept: "
            "those whose "
            "tally is there, is whole by its checksum, and is newer than the inputs and the study file. "
            "Whatever stands in "
            "the names of files, they are names of files to the script.\n\n"
            "The sum is DIR/all.tally, to be given to 'omstat report'. Files have to be where every node can "
            "read them. "
            "A wide panel has a record a person, and any shard will do. In a long one the records of a "
            "person may be in several: "
            "give a key with --pairing-key, and the shards are written as pairing files first (see 'omstat "
            "help pair'), of "
            "which each task counts a part of the persons. They are removed once there is a sum.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_AS) | OM_OPTION_BIT(OM_OPTION_NODES) |
               OM_OPTION_BIT(OM_OPTION_SHARDS) | OM_OPTION_BIT(OM_OPTION_DIRECTORY) |
               OM_OPTION_BIT(OM_OPTION_PAIRING_KEY) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .counts_only = true,
    .example = {{"omstat slurm --study study.yaml --input 'panels/*.csv' --nodes 8 > job.sh",
                 "A job for eight nodes, to be submitted with sbatch job.sh."},
                {"omstat slurm panel.csv --as make --shards 64 > Makefile.count",
                 "The same for make -j on one machine, in 64 shards."}},
    .n_examples = 2,
    .run = run_slurm,
};
