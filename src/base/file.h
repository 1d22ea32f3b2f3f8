/*
 * file.h - whole files: mapped or read, written so that they are there or not.
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
 * out    diag: file.missing {name}, file.folder {name}, file.not_regular
 *        {name}, file.read {name} {reason}
 * errs   ERR_NOT_FOUND, ERR_IO
 * owns   the caller, file_unmap()
 */
NODISCARD Err file_map(const char *path, Diag *diag, FileMap *ret);
void file_unmap(FileMap *map);

/*
 * Reads a regular file into memory. For files of others, who may cut them
 * while they are worked on: a mapping would end the process then.
 *
 * out    diag: as file_map(); file.changed {name}
 * errs   ERR_NOT_FOUND, ERR_IO; ERR_FULL: no memory for it
 * owns   the caller, file_unmap()
 */
NODISCARD Err file_read(const char *path, Diag *diag, FileMap *ret);

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

/*
 * Brings the folder of a file to the disk, so that a name which was given or
 * taken there outlives a loss of power.
 *
 * errs   ERR_IO: diag file.write {name} {reason}
 */
NODISCARD Err file_sync_folder(const char *path, Diag *diag);

/*
 * A file that is too large to be in memory as a whole: begun beside its path,
 * added to, and put in its place by file_out_end(). The path and what the
 * calls say of errors are those of file_write().
 */
typedef struct FileOut {
    const char *path; /* outlives it */
    char *beside;     /* where it is written until its end */
    int fd;           /* -1: not begun, or over */
    char *buffer;
    size_t buffered;
    uint64_t bytes; /* added so far */
    int reason;     /* errno of the first failure; 0: none */
} FileOut;

/*
 * errs   ERR_IO: diag file.write {name} {reason}
 *        ERR_FULL: no memory
 * owns   the caller, file_out_drop() in the end, also after an error
 */
NODISCARD Err file_out_begin(FileOut *out, const char *path, unsigned mode,
                             Diag *diag);

/* Adds bytes; a failure is told at the end. */
void file_out_add(FileOut *out, const void *bytes, size_t count);

/* Adds zero bytes until the file's length is a multiple. */
void file_out_align(FileOut *out, size_t multiple);

/*
 * Writes `head` over the first bytes, syncs, and puts the file in its place.
 *
 * errs   ERR_IO: diag file.write {name} {reason}; nothing is in its place
 */
NODISCARD Err file_out_end(FileOut *out, Str head, Diag *diag);

/* Frees it; what was not ended is gone. */
void file_out_drop(FileOut *out);

#endif
