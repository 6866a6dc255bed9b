#include "support/support.h"
#include "base/memory.h"
#include "io/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static om_status
write_text(const char *path, const char *text, size_t times)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return OM_ERR_IO;
    for (size_t i = 0; i < times; i++)
        fputs(text, file);
    return fclose(file) == 0 ? OM_OK : OM_ERR_IO;
}

static om_status
greet(void *context, const char *path)
{
    return write_text(path, context, 1);
}

static void
hands_over_what_was_written(void **state)
{
    (void)state;
    char text[] = "made in a process of its own\n";
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "before, ");
    assert_int_equal(om_child_make(greet, text, "it", 0, 0, &out, NULL), OM_OK);
    assert_string_equal(om_buffer_string(&out), "before, made in a process of its own\n");
    om_buffer_release(&out);
}

static om_status
write_much(void *context, const char *path)
{
    (void)context;
    return write_text(path, "0123456789", 100000);
}

static void
hands_over_more_than_a_part(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    assert_int_equal(om_child_make(write_much, NULL, "it", 0, 0, &out, NULL), OM_OK);
    assert_int_equal(out.length, 1000000);
    assert_memory_equal(out.data + 999990, "0123456789", 10);
    om_buffer_release(&out);
}

static om_status
end_badly(void *context, const char *path)
{
    (void)write_text(path, "half", 1);
    return *(om_status *)context;
}

static void
passes_on_its_status(void **state)
{
    (void)state;
    om_status status[] = {OM_ERR_NOMEM, OM_ERR_IO, OM_ERR_UNSUPPORTED};
    for (size_t i = 0; i < 3; i++) {
        struct om_buffer out = OM_BUFFER_EMPTY;
        struct om_error err = {0};
        assert_int_equal(om_child_make(end_badly, &status[i], "it", 0, 0, &out, &err), status[i]);
        assert_int_equal(err.status, status[i]);
        assert_int_equal(out.length, 0);
        om_buffer_release(&out);
    }
}

static om_status
complain(void *context, const char *path)
{
    (void)context;
    fprintf(stderr, "Memory allocation failed.\n"); /* and goes on, as libraries do */
    return write_text(path, "half", 1);
}

static void
believes_no_work_that_complains(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_error err = {0};
    assert_int_equal(om_child_make(complain, NULL, "the workbook", 0, 0, &out, &err), OM_ERR_INTERNAL);
    assert_string_equal(err.message, "the workbook could not be made");
    assert_int_equal(out.length, 0);
    om_buffer_release(&out);
}

static om_status
crash(void *context, const char *path)
{
    (void)context;
    (void)path;
    raise(SIGKILL);
    return OM_OK;
}

static void
survives_its_death(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_error err = {0};
    assert_int_equal(om_child_make(crash, NULL, "the thing", 0, 0, &out, &err), OM_ERR_INTERNAL);
    assert_string_equal(err.message,
                        "the thing could not be made: the process that makes it ended by signal 9");
    om_buffer_release(&out);
}

static om_status
spin(void *context, const char *path)
{
    (void)context;
    (void)path;
    for (volatile unsigned i = 0;; i++)
        ;
    return OM_OK;
}

static void
ends_when_it_takes_too_long(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    assert_int_equal(om_child_make(spin, NULL, "it", 0, 1, &out, NULL), OM_ERR_INTERNAL);
    om_buffer_release(&out);
}

enum { MANY = 64 << 20 };

static om_status
take_memory(void *context, const char *path)
{
    (void)context;
    char *memory = malloc(MANY);
    if (!memory)
        return OM_ERR_NOMEM;
    memset(memory, 1, MANY);
    char text[] = {memory[MANY / 2] == 1 ? 'y' : 'n', '\0'};
    free(memory);
    return write_text(path, text, 1);
}

static void
is_given_no_more_memory_than_allowed(void **state)
{
    (void)state;
    struct om_buffer out = OM_BUFFER_EMPTY;
    assert_int_equal(om_child_make(take_memory, NULL, "it", 4 * (size_t)MANY, 0, &out, NULL), OM_OK);
#if !defined(__SANITIZE_ADDRESS__) /* its allocator ends the process instead */
    assert_int_equal(om_child_make(take_memory, NULL, "it", MANY / 4, 0, &out, NULL), OM_ERR_NOMEM);
#endif
    om_buffer_release(&out);
}

static om_status
speak(void *context, const char *path)
{
    (void)context;
    puts("to standard output");
    fflush(NULL);
    char c;
    return read(STDIN_FILENO, &c, 1) == 0 ? write_text(path, "quiet", 1) : OM_ERR_IO;
}

static void
reads_and_says_nothing(void **state)
{
    (void)state;
    char name[] = "/tmp/omstat-child-XXXXXX";
    int file = mkstemp(name), out_fd = dup(STDOUT_FILENO), err_fd = dup(STDERR_FILENO);
    struct om_buffer out = OM_BUFFER_EMPTY;
    assert_true(file >= 0 && out_fd >= 0 && err_fd >= 0);
    fflush(NULL);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    om_status status = om_child_make(speak, NULL, "it", 0, 0, &out, NULL);
    om_status complained = om_child_make(complain, NULL, "it", 0, 0, &out, NULL);
    dup2(out_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    assert_int_equal(status, OM_OK);
    assert_int_equal(complained, OM_ERR_INTERNAL);
    assert_string_equal(om_buffer_string(&out), "quiet");
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    close(out_fd);
    close(err_fd);
    close(file);
    unlink(name);
    om_buffer_release(&out);
}

static void
fails_without_memory(void **state)
{
    (void)state;
    struct om_buffer out = {.ceiling = 10};
    assert_int_equal(om_child_make(write_much, NULL, "it", 0, 0, &out, NULL), OM_ERR_NOMEM);
    om_buffer_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_over_what_was_written),
        cmocka_unit_test(hands_over_more_than_a_part),
        cmocka_unit_test(passes_on_its_status),
        cmocka_unit_test(believes_no_work_that_complains),
        cmocka_unit_test(survives_its_death),
        cmocka_unit_test(ends_when_it_takes_too_long),
        cmocka_unit_test(is_given_no_more_memory_than_allowed),
        cmocka_unit_test(reads_and_says_nothing),
        cmocka_unit_test(fails_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
