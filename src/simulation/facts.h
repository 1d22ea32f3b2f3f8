/*
 * facts.h - which columns a snapshot has for a catalogue of facts, and how an
 * input record goes into them and comes out again.
 *
 * A kind of fact that decisions see is a column of its subject, by its name;
 * the ids of households and persons are columns, and assets have a table of
 * their own. Sums of twelve months stand as the amount of one month.
 */
#ifndef SIMULATION_FACTS_H
#define SIMULATION_FACTS_H

#include "column/snapshot_write.h"
#include "registry/record.h"

enum {
    FACTS_FIRST_MONTH = (2022 - 1970) * 12, /* months before are not asked */
    FACTS_NEVER = INT32_MAX                 /* the month that never comes */
};

typedef struct FactColumns {
    const KindCatalogue *catalogue;
    SnapshotKind kind[SNAPSHOT_COLUMNS_MAX];
    int32_t count;
    int32_t household_id, person_id;       /* places in `kind` */
    int32_t of_household[KIND_FIELDS_MAX]; /* by field; -1: none */
    int32_t of_person[KIND_FIELDS_MAX];
    uint64_t household_sums, person_sums; /* fields that are sums of months */
    int32_t asset_class, asset_value, asset_lived_in, asset_exempt;
    uint8_t name[SNAPSHOT_CATALOGUE_BYTES]; /* of the catalogue, by content */
} FactColumns;

/*
 * The columns of a catalogue.
 *
 * out    ret lives in `arena`; the catalogue outlives it
 * errs   ERR_FULL: more kinds than a snapshot can have
 */
NODISCARD Err facts_make(Arena *arena, const KindCatalogue *catalogue,
                         const FactColumns **ret);

/* The same columns for a population in one month: sums stand as they are, so
 * that every record fits. NULL: the arena is at its limit. */
const FactColumns *facts_of_month(Arena *arena, const FactColumns *facts);

/* Whether columns can hold a record that holds for all months: a sum is the
 * same amount in each month. */
bool facts_fit(const FactColumns *facts, const InputRecord *record);

/*
 * Adds a household to a block.
 *
 * in     settled, history: as snapshot_fill_household() wants them; with
 *        FACTS_NEVER the record may have no members
 */
void facts_put(const FactColumns *facts, SnapshotFill *fill,
               const InputRecord *record, Month settled, Str history);

/* A snapshot whose columns are those of a catalogue, found once. */
typedef struct FactReader {
    const FactColumns *facts;
    const Snapshot *snapshot;
    const SnapshotColumn *column[SNAPSHOT_COLUMNS_MAX]; /* by place in kind */
} FactReader;

/*
 * errs   ERR_CONFLICT: it was made by another catalogue (snapshot.catalogue)
 */
NODISCARD Err facts_reader(const FactColumns *facts, const Snapshot *snapshot,
                           const char *path, Diag *diag, FactReader *ret);

/*
 * A household for a month: from its columns where it has settled, else from
 * its history.
 *
 * out    ret lives in `arena`; without members when nobody lives there
 * errs   ERR_INVALID: its history is damaged
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err facts_record(const FactReader *reader, Arena *arena, int64_t row,
                           bool settled, Month month, InputRecord *ret);

#endif
