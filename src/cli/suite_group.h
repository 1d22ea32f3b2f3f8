/*
 * suite_group.h - the feature groups of DMN's conformance suite, by the names
 * of its folders: the suite's own labels do not agree with each other.
 */
#ifndef CLI_SUITE_GROUP_H
#define CLI_SUITE_GROUP_H

#include <stdio.h>

#include "codec/json.h"

enum { SUITE_GROUPS = 13 };

typedef struct SuiteGroups {
    int64_t passed[SUITE_GROUPS];
    int64_t cases[SUITE_GROUPS];
} SuiteGroups;

/* Counts a case of a file for its group. */
void suite_groups_add(SuiteGroups *groups, const char *path, bool passed);

/* A line a group that has cases: its name, how many passed, of how many. */
void suite_groups_print(const SuiteGroups *groups, FILE *out);

/* The same as a JSON array. */
void suite_groups_json(const SuiteGroups *groups, JsonOut *out);

#endif
