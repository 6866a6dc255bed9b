#include "start.h"

int
main(int argc, char **argv)
{
    return om_program(argc, argv, NULL);
}
