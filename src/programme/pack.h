/*
 * pack.h - the law in force: models, catalogue of facts, formats, texts.
 *
 * A pack is a set of files under models/ and the texts that belong to them,
 * joined in one canonical run of bytes. The SHA-256 of its files' paths and
 * SHA-256s names it. Packs that have decided something are kept in the
 * database for ever; a decision is replayed with the pack that it names.
 */
#ifndef PROGRAMME_PACK_H
#define PROGRAMME_PACK_H

#include "base/clock.h"
#include "codec/format.h"
#include "crypto/hash.h"
#include "dmn/dmn.h"
#include "programme/citation.h"
#include "programme/outline.h"
#include "registry/kind.h"
#include "store/store.h"

enum { PROGRAMMES_MAX = 32, PACK_SOURCES_MAX = 64 };

/* One thing that there is to have. */
typedef struct Programme {
    const char *name;      /* "pension" */
    const char *folder;    /* "models/social-security/" */
    const char *path;      /* of its model, in the pack */
    const DmnModel *model; /* NULL after pack_names(), as what hangs on it */
    int32_t decision;      /* the one that answers, in `model` */
    int32_t month_input, household_input;
    int32_t payday;   /* of the month; 0: nothing is paid */
    unsigned weekend; /* bit n: weekday n is free, Sunday is 0 */
    Outline outline;  /* of explanations; of nothing when there is none */
} Programme;

typedef struct Pack {
    Hash hash;
    int64_t id; /* the first 63 bits of the hash */
    Str bytes;
    const KindCatalogue *catalogue;
    const Formats *formats;
    Citations citations;
    const Programme *programmes;
    int32_t programme_count;
} Pack;

/*
 * The hash that names a pack: of each file's path and SHA-256 in 64 digits,
 * each as bytes_put_str() writes it, in the pack's order; of all its bytes in
 * a pack of the first format.
 *
 * errs   ERR_INVALID: the bytes are no pack, or have more or less than one
 *        ERR_FULL: no memory
 */
NODISCARD Err pack_hash(Str bytes, Hash *ret);

/*
 * The pack that the binary carries.
 *
 * in     arena: for as long as the pack is used
 * errs   ERR_INVALID: a file of it is at fault; diag names file and line
 *        ERR_NOT_FOUND, ERR_FULL as dmn_load()
 */
NODISCARD Err pack_embedded(Arena *arena, Diag *diag, const Pack **ret);

/*
 * Another pack with one file in place of the one of that path.
 *
 * errs   as pack_embedded(); ERR_NOT_FOUND also when it has no such file
 */
NODISCARD Err pack_with(Arena *arena, const Pack *from, const char *path,
                        Str bytes, Diag *diag, const Pack **ret);

/*
 * The files of a newer pack, with the models of an older one.
 *
 * errs   as pack_embedded()
 */
NODISCARD Err pack_renew(Arena *arena, const Pack *newer, const Pack *models,
                         Diag *diag, const Pack **ret);

/*
 * The pack of that id from the database.
 *
 * errs   as pack_embedded(); ERR_NOT_FOUND also when it is not there
 *        ERR_CONFLICT: its bytes do not have the hash that names it
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err pack_load(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
                        const Pack **ret);

/*
 * The pack of that id: the one that the binary carries when that is it, else
 * as pack_load().
 */
NODISCARD Err pack_find(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
                        const Pack **ret);

/*
 * As pack_find() without reading the models, which is most of the work: the
 * catalogue of facts, the formats and what there is to have.
 */
NODISCARD Err pack_names(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
                         const Pack **ret);

/*
 * The same pack with its models.
 *
 * in     names: outlives what is made
 * errs   as pack_embedded()
 */
NODISCARD Err pack_whole(Arena *arena, const Pack *names, Diag *diag,
                         const Pack **ret);

/*
 * Keeps a pack in the database; harmless when repeated.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err pack_keep(StoreConn *tx, const Pack *pack, Instant at);

/* The file of a pack by its path, or {NULL, 0}. */
Str pack_file(const Pack *pack, const char *path);

/*
 * The models of a pack for dmn_load(), the one of this path first: the others
 * may be its imports.
 *
 * out    sources: room for PACK_SOURCES_MAX, zeroed; the first stays without
 *        a name when there is no such model
 */
size_t pack_sources(Arena *arena, const Pack *pack, Str first,
                    DmnSource *sources);

/*
 * The day on which a month is paid: the programme's day of the month, or the
 * working day before it. DAY_OPEN when the programme pays nothing.
 */
Day pack_payday(const Programme *programme, Month month);

/* The programme of that name, or NULL. */
const Programme *pack_programme(const Pack *pack, Str name);

#endif
