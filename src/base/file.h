/*
 * file.h - whole files: read by mapping, written so that they are there or not.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/diag.h"
#include "base/err.h"

typedef struct FileMap {
    Str bytes; /* read only; at NULL and 0 bytes of an empty file */
} FileMap;

/*
 * Maps a regular file for reading.
 *
 * out    diag: file.missing {name}, file.not_regular {name}, file.read
 *        {name} {reason}
 * errs   ERR_NOT_FOUND, ERR_IO
 * owns   the caller, file_unmap()
 */
NODISCARD Err file_map(const char *path, Diag *diag, FileMap *ret);
void file_unmap(FileMap *map);

/* For CLEANUP(). */
void file_unmapp(FileMap *map);

/*
 * Writes a file as a whole: beside it, synced, then renamed over it.
 *
 * in     mode: as of open(2), 0600 for what is personal
 * errs   ERR_IO: diag file.write {name} {reason}
 */
NODISCARD Err file_write(const char *path, Str bytes, unsigned mode,
                         Diag *diag);

#endif
