/*
 * faults.h - each test again and again, with its n-th request failing.
 *
 * FAULTS=memory: the n-th block or item of an arena that whoever asks can do
 * without; statement: the n-th statement of a database; file: the n-th call
 * that touches a file below /tmp (with crash/file_fault.c loaded before). A
 * test may then fail its assertions; it must not crash, hang, trip a sanitizer
 * or a CHECK(). For n from 1, with strides that grow, until nothing fails any
 * more or FAULTS_SECONDS are over, else 2.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "tests/harness.h"

typedef struct FaultCount {
    long passed, failed; /* runs */
} FaultCount;

/* Runs a test so; prints a line for each n at which it did not end well. */
FaultCount faults_run(HarnessTest *test, const char *what);

#endif
