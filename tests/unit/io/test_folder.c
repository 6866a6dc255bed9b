#include "support/support.h"
#include "base/memory.h"
#include "io/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char parent[64];

static int
make_parent(void **state)
{
    (void)state;
    strcpy(parent, "/tmp/omstat-folder-XXXXXX");
    return mkdtemp(parent) == NULL;
}

static size_t
entries(const char *path)
{
    size_t n = 0;
    DIR *open = opendir(path);
    assert_non_null(open);
    while (readdir(open))
        n++;
    closedir(open);
    return n - 2; /* . and .. */
}

static void
put(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("text", file);
    fclose(file);
}

/* As if it had been made an hour ago. */
static void
age(const char *path)
{
    struct stat state;
    assert_int_equal(stat(path, &state), 0);
    const struct timespec then[2] = {{.tv_sec = state.st_mtime - 3600}, {.tv_sec = state.st_mtime - 3600}};
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
}

static void
fill(const struct om_folder *folder, const char *name)
{
    char *path = om_folder_path(folder, name);
    assert_non_null(path);
    put(path);
    om_free(path);
}

static int
remove_parent(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", parent);
    return system(command);
}

static bool
is_there(const char *name)
{
    char path[256];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", parent, name);
    return stat(path, &found) == 0;
}

static void
appears_whole(void **state)
{
    (void)state;
    struct om_folder folder = OM_FOLDER_CLOSED;
    assert_int_equal(om_folder_open(&folder, parent, "2026-11", NULL), OM_OK);
    fill(&folder, "index.html");
    assert_int_equal(om_folder_within(&folder, "figures", NULL), OM_OK);
    fill(&folder, "figures/a.svg");
    assert_false(is_there("2026-11"));
    assert_int_equal(om_folder_commit(&folder, NULL), OM_OK);
    om_folder_abort(&folder);
    assert_true(is_there("2026-11/index.html") && is_there("2026-11/figures/a.svg"));
    assert_int_equal(entries(parent), 1);
}

static void
leaves_nothing_when_given_up(void **state)
{
    (void)state;
    struct om_folder folder = OM_FOLDER_CLOSED;
    assert_int_equal(om_folder_open(&folder, parent, "2026-11", NULL), OM_OK);
    fill(&folder, "index.html");
    assert_int_equal(om_folder_within(&folder, "figures", NULL), OM_OK);
    fill(&folder, "figures/a.svg");
    om_folder_abort(&folder);
    om_folder_abort(&folder);
    assert_int_equal(entries(parent), 0);
}

static void
touches_no_folder_that_is_there(void **state)
{
    (void)state;
    struct om_folder folder = OM_FOLDER_CLOSED;
    struct om_error err;
    char taken[128];
    snprintf(taken, sizeof taken, "%s/2026-11", parent);
    assert_int_equal(mkdir(taken, 0777), 0);
    assert_int_equal(om_folder_open(&folder, parent, "2026-11", &err), OM_ERR_CREATE);
    assert_string_equal(err.file, taken);
    assert_int_equal(rmdir(taken), 0);
    /* Made by somebody else while this one was filled: even an empty one stays. */
    assert_int_equal(om_folder_open(&folder, parent, "2026-11", &err), OM_OK);
    fill(&folder, "index.html");
    assert_int_equal(mkdir(taken, 0777), 0);
    assert_int_equal(om_folder_commit(&folder, &err), OM_ERR_CREATE);
    om_folder_abort(&folder);
    assert_int_equal(entries(parent), 1);
    assert_int_equal(entries(taken), 0);
}

static void
makes_the_parent_but_not_its_parent(void **state)
{
    (void)state;
    struct om_folder folder = OM_FOLDER_CLOSED;
    char path[128];
    snprintf(path, sizeof path, "%s/reports", parent);
    assert_int_equal(om_folder_open(&folder, path, "2026-11", NULL), OM_OK);
    assert_int_equal(om_folder_commit(&folder, NULL), OM_OK);
    assert_true(is_there("reports/2026-11"));
    snprintf(path, sizeof path, "%s/none/reports", parent);
    assert_int_equal(om_folder_open(&folder, path, "2026-11", NULL), OM_ERR_CREATE);
    om_folder_abort(&folder);
}

static void
finds_the_one_before(void **state)
{
    (void)state;
    static const char *const with_file[] = {"2026-08", "2026-09", "2026-12", ".2026-10"};
    char path[128], *found;
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", parent, with_file[i]);
        assert_int_equal(mkdir(path, 0777), 0);
        strcat(path, "/a.tally");
        put(path);
    }
    snprintf(path, sizeof path, "%s/2026-10", parent); /* without the file */
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(om_folder_before(parent, "2026-11", "a.tally", &found, NULL), OM_OK);
    snprintf(path, sizeof path, "%s/2026-09", parent);
    assert_string_equal(found, path);
    om_free(found);
    assert_int_equal(om_folder_before(parent, "2026-08", "a.tally", &found, NULL), OM_OK);
    assert_null(found);
    assert_int_equal(om_folder_before("/nowhere", "2026-08", "a.tally", &found, NULL), OM_OK);
    assert_null(found);
}

/* What a program left that was ended, in `parent`; its path is static. */
static const char *
leave(const char *name)
{
    static char path[128];
    char inside[160];
    snprintf(path, sizeof path, "%s/%s", parent, name);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(inside, sizeof inside, "%s/file", path);
    put(inside);
    return path;
}

static void
removes_what_others_left(void **state)
{
    (void)state;
    struct om_folder first = OM_FOLDER_CLOSED, second = OM_FOLDER_CLOSED;
    age(leave(".omstat-0123456789abcdef"));
    leave(".omstat-fedcba9876543210"); /* new: perhaps about to be locked */
    age(leave(".omstat-0123456789abcdeg"));
    age(leave("omstat-0123456789abcdef"));
    assert_int_equal(om_folder_open(&first, parent, "2026-10", NULL), OM_OK);
    assert_int_equal(entries(parent), 4);
    fill(&first, "file");
    age(first.working); /* it takes long, but it is at it */
    assert_int_equal(om_folder_open(&second, parent, "2026-11", NULL), OM_OK);
    assert_int_equal(entries(parent), 5);
    assert_int_equal(om_folder_commit(&first, NULL), OM_OK);
    om_folder_abort(&second);
    assert_int_equal(entries(parent), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(appears_whole, make_parent, remove_parent),
        cmocka_unit_test_setup_teardown(leaves_nothing_when_given_up, make_parent, remove_parent),
        cmocka_unit_test_setup_teardown(touches_no_folder_that_is_there, make_parent, remove_parent),
        cmocka_unit_test_setup_teardown(makes_the_parent_but_not_its_parent, make_parent, remove_parent),
        cmocka_unit_test_setup_teardown(finds_the_one_before, make_parent, remove_parent),
        cmocka_unit_test_setup_teardown(removes_what_others_left, make_parent, remove_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
