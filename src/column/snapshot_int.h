/*
 * snapshot_int.h - the bytes of a snapshot, for those who read and write it.
 * All numbers are little-endian; docs/snapshot.md says the same in words.
 */
#ifndef COLUMN_SNAPSHOT_INT_H
#define COLUMN_SNAPSHOT_INT_H

#include "column/snapshot.h"

enum { SNAPSHOT_ALIGN = 64, SNAPSHOT_PARTS_MAX = 512 };

#define SNAPSHOT_MAGIC "SANADSNP"

typedef struct SnapshotHead {
    char magic[8];
    uint32_t format;
    uint32_t head_bytes; /* of this */
    uint64_t file_bytes;
    uint64_t rows[SNAPSHOT_TABLES];
    int32_t first_month;
    uint32_t part_count;
    uint64_t parts_at; /* SnapshotPart, then the texts of codes */
    uint64_t parts_bytes;
    uint32_t block; /* SNAPSHOT_BLOCK */
    uint32_t parts_crc;
    uint8_t catalogue[SNAPSHOT_CATALOGUE_BYTES];
    uint8_t unused[12]; /* zero */
    uint32_t crc;       /* of all before it */
} SnapshotHead;

typedef enum SnapshotRole {
    ROLE_VALUES,  /* of a column */
    ROLE_NULLS,   /* of the column named so: a byte a row */
    ROLE_RUNS,    /* int32, where the rows of `table` begin, and the end */
    ROLE_SETTLED, /* int32 a household: the month from which on */
    ROLE_PLACES,  /* uint64, where histories begin, and the end */
    ROLE_HISTORY, /* their bytes */
    ROLES
} SnapshotRole;

typedef struct SnapshotPart {
    char name[SNAPSHOT_NAME_BYTES]; /* zero bytes after it */
    uint8_t role;
    uint8_t table;
    uint8_t type;
    uint8_t width; /* ColumnWidth */
    uint16_t times;
    uint16_t code_count;
    uint32_t codes_at; /* among the texts: each ends with a zero byte */
    uint32_t crc;      /* of its bytes */
    int64_t low, high;
    uint64_t at;
    uint64_t bytes; /* 0: every row has the value `low` */
} SnapshotPart;

_Static_assert(sizeof(SnapshotHead) == 128, "no gaps");
_Static_assert(sizeof(SnapshotPart) == 88, "no gaps");

/* crc.c: CRC-32C (Castagnoli) of bytes that follow others with that sum; 0
 * for none. */
uint32_t snapshot_crc(uint32_t crc, const void *bytes, size_t count);

static inline size_t snapshot_width_bytes(uint8_t width)
{
    return width == COLUMN_U8 ? 1 : width == COLUMN_I32 ? 4 : 8;
}

#endif
