#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
om_find_program(const char *name, char *path, size_t size)
{
    const char *directory = getenv("PATH");
    while (directory && *directory) {
        size_t length = strcspn(directory, ":");
        int n = snprintf(path, size, "%.*s/%s", (int)length, directory, name);
        if (length > 0 && n > 0 && (size_t)n < size && access(path, X_OK) == 0)
            return true;
        directory += length + (directory[length] == ':');
    }
    return false;
}
