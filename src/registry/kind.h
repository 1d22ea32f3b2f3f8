/*
 * kind.h - the kinds of facts that can be known, as data of the country pack.
 *
 * models/facts.tsv names each kind, whom it is about, its type, how it is
 * projected to a month and what a decision sees when nothing is known. No
 * kind of a country is named in C; only the few that every registry of
 * people has are found by name: who is a member, when born, dead or not, the
 * national id and the names.
 */
#ifndef REGISTRY_KIND_H
#define REGISTRY_KIND_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/err.h"

/* The greatest id of a person or household: the one above it stands for the
 * end of a list of them. */
#define REGISTRY_ID_MAX (INT64_MAX - 1)

enum {
    KIND_ID_MAX = 255,
    KIND_FIELDS_MAX = 64, /* kinds of one subject that decisions see */
    KIND_CODES_MAX = 64
};

typedef enum KindType {
    KIND_DATE,  /* a day */
    KIND_FLAG,  /* 0 or 1 */
    KIND_COUNT, /* a whole number from 0 to `most` */
    KIND_MONEY, /* minor units, from 0 */
    KIND_CODE,  /* index into `codes` */
    KIND_TEXT,  /* normalised text of a named format */
    KIND_ASSET  /* class index, value in minor units, flags */
} KindType;

typedef enum KindProject {
    PROJECT_STATE, /* as true on the month's first day */
    PROJECT_SUM,   /* amounts in force in each of the twelve months before */
    PROJECT_LUMP,  /* one-off amounts dated in the twelve months before */
    PROJECT_DAYS,  /* days in force within the 365 days before */
    PROJECT_LIST,  /* every one held on the month's first day */
    PROJECT_NONE   /* kept and shown; no decision sees it */
} KindProject;

typedef struct Kind {
    int32_t id; /* 1..KIND_ID_MAX, never reused */
    const char *name;
    bool of_person;
    KindType type;
    KindProject project;
    const char *codes[KIND_CODES_MAX]; /* of KIND_CODE */
    int32_t code_count;
    int64_t most;       /* of KIND_COUNT */
    const char *format; /* of KIND_TEXT: name in models/formats.tsv */
    bool has_unknown;   /* a value stands in when nothing is known */
    int64_t unknown;
    int32_t field; /* place in the record of its subject; -1: none */
} Kind;

/* What stands in for the fields of a subject that are not known. */
typedef struct KindDefaults {
    int64_t value[KIND_FIELDS_MAX];
    uint64_t has;   /* the fields for which something does, */
    uint64_t other; /* and those for which it is not zero */
} KindDefaults;

typedef struct KindCatalogue {
    const Kind *kinds;
    int32_t kind_count;
    const Kind *by_id[KIND_ID_MAX + 1]; /* NULL where there is none */
    const Kind *person_field[KIND_FIELDS_MAX];
    int32_t person_field_count;
    const Kind *household_field[KIND_FIELDS_MAX];
    int32_t household_field_count;
    KindDefaults person_default, household_default;
    const char *asset_classes[KIND_CODES_MAX];
    int32_t asset_class_count;
    uint64_t dwellings; /* the classes that people live in; 0: unknown */
    /* the kinds that every registry has; birth, id and names may be NULL */
    const Kind *member, *dead, *birth, *national_id;
} KindCatalogue;

/*
 * Reads a catalogue.
 *
 * in     facts, classes: the bytes of facts.tsv and asset-classes.tsv
 * out    ret lives in `arena` and copies what it needs
 * errs   ERR_INVALID: diag names file, line and column of the fault
 */
NODISCARD Err kind_load(Arena *arena, Str facts, Str classes, Diag *diag,
                        const KindCatalogue **ret);

/* The kind of that name, or NULL. */
const Kind *kind_find(const KindCatalogue *catalogue, Str name);

/* The index of a code of a KIND_CODE, or -1. */
int32_t kind_code(const Kind *kind, Str code);

/* The index of an asset class, or -1. */
int32_t kind_asset_class(const KindCatalogue *catalogue, Str name);

/* Whether one may live in an asset of a class. */
bool kind_is_dwelling(const KindCatalogue *catalogue, int32_t asset_class);

#endif
