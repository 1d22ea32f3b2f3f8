#include "cli/suite_group.h"

#include <string.h>

/* The first whose word is part of the folder's name; the last takes all. */
static const struct {
    const char *name;
    const char *words;
} groups_known[SUITE_GROUPS] = {
    {"not counted by the suite", "non-compliant"},
    {"external Java functions", "external-java"},
    {"decision tables, hit policies",
     "hitpolicy simpletable multi-output dt-list dt-variable dt-on collect"},
    {"requirements, boxed expressions, services, imports",
     "boxed invocation nestedcontext drg services import bkm chapter vacation "
     "structure-output decision-logic input-data hrefs user-defined"},
    {"types: instance of, coercion, no number",
     "instance-of coercion type nan infinity"},
    {"date, time, duration",
     "date time duration day-of month-of week-of now today at-literal is-f"},
    {"ranges, intervals", "range interval between feel-in"},
    {"context functions", "context getvalue getentries get-entries get-value"},
    {"string functions, patterns, Unicode",
     "string lower-case upper-case matches replace-f contains starts ends "
     "split unicode string-join"},
    {"list functions",
     "list append any-f all-f sort insert flatten distinct index concat union "
     "reverse remove count min-f max-f"},
    {"number functions",
     "abs exp-f log odd even modulo median mode stddev sqrt product floor "
     "ceiling decimal round mean sum number math"},
    {"arithmetic", "arithmetic exponent"},
    {"the language: names, logic, loops, functions", ""}};

static Str folder_of(const char *path)
{
    Str rest = str_of(path), part, before = {0}, folder = {0};
    while (str_split(&rest, '/', &part)) {
        before = folder;
        folder = part;
    }
    return before;
}

static bool has_word(Str text, Str word)
{
    for (size_t i = 0; i + word.bytes <= text.bytes; i++) {
        if (memcmp(text.at + i, word.at, word.bytes) == 0) return true;
    }
    return false;
}

static int group_of(const char *path)
{
    Str folder = folder_of(path), word;
    for (int i = 0; i < SUITE_GROUPS; i++) {
        Str words = str_of(groups_known[i].words);
        Str where = i == 0 ? str_of(path) : folder;
        while (str_split(&words, ' ', &word)) {
            if (has_word(where, word)) return i;
        }
    }
    return SUITE_GROUPS - 1;
}

void suite_groups_add(SuiteGroups *groups, const char *path, bool passed)
{
    int group = group_of(path);
    groups->cases[group]++;
    if (passed) groups->passed[group]++;
}

void suite_groups_print(const SuiteGroups *groups, FILE *out)
{
    for (int i = 0; i < SUITE_GROUPS; i++) {
        if (groups->cases[i] == 0) continue;
        fprintf(out, "%6lld of %6lld  %s\n", (long long)groups->passed[i],
                (long long)groups->cases[i], groups_known[i].name);
    }
}

void suite_groups_json(const SuiteGroups *groups, JsonOut *out)
{
    json_out_array(out);
    for (int i = 0; i < SUITE_GROUPS; i++) {
        if (groups->cases[i] == 0) continue;
        json_out_object(out);
        json_put_text(out, "group", groups_known[i].name);
        json_put_int(out, "passed", groups->passed[i]);
        json_put_int(out, "cases", groups->cases[i]);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}
