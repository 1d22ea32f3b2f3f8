/*
 * main.c - the program `sanad`: everything else is a library below it.
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc - 1, argv + 1, stdout, stderr);
}
