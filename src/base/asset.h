/*
 * asset.h - files that the binary carries: models, texts, schema, pages' parts.
 *
 * They are generated into build/gen/assets.c from the folders models, locale,
 * assets, sql and build/web, sorted by path.
 */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include "base/str.h"

typedef struct Asset {
    const char *path; /* "models/facts.tsv" */
    Str bytes;        /* followed by a zero byte that is not counted */
    const char *tag;  /* the first 16 digits of `hash` */
    const char *hash; /* of the content, SHA-256, 64 hexadecimal digits */
} Asset;

/* The number of files, and the one at 0 <= index < count. */
size_t asset_count(void);
const Asset *asset_at(size_t index);

/* The file of that path, or NULL. */
const Asset *asset_find(const char *path);

#endif
