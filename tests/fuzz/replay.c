/* Runs a fuzz target over files and directories of inputs: replay INPUT... It says how many there were. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

static size_t n_run;

static void
run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat info;
    require(file && fstat(fileno(file), &info) == 0);
    size_t size = (size_t)info.st_size;
    uint8_t *data = malloc(size ? size : 1); /* of this size: a read beyond it is seen */
    require(data && fread(data, 1, size, file) == size && fclose(file) == 0);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    n_run++;
}

static void
run_path(const char *path)
{
    struct dirent **entry = NULL;
    int n = scandir(path, &entry, NULL, alphasort);
    if (n < 0) {
        run_file(path);
        return;
    }
    for (int i = 0; i < n; i++) {
        char inside[4096];
        snprintf(inside, sizeof inside, "%s/%s", path, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.')
            run_path(inside);
        free(entry[i]);
    }
    free(entry);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    printf("%zu inputs\n", n_run);
    return n_run == 0;
}
