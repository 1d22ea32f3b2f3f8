/*
 * main.c - the program `sanad`: everything else is a library below it.
 */
#include <signal.h>

#include "cli/cli.h"

int main(int argc, char **argv)
{
    /* a file that may not grow is an error of that write, not an end */
    signal(SIGXFSZ, SIG_IGN);
    return cli_main(argc - 1, argv + 1, stdout, stderr);
}
