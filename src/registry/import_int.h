/*
 * import_int.h - a row of a file, and what it says that was not said before.
 */
#ifndef REGISTRY_IMPORT_INT_H
#define REGISTRY_IMPORT_INT_H

#include "registry/registry.h"

/* A row that has been read and is good by itself. */
typedef struct ImportRow {
    Statement statement; /* all that it says */
    Str national_id;     /* empty: none given */
    Str message_id;      /* "p<id>.<hash>", of a household "h<id>.<hash>" */
    int64_t line;
    size_t offset; /* where it stands in its file */
    bool known;    /* the person is in the registry */
    bool begins;   /* it holds from his birth on */
} ImportRow;

/* Whether it is a name of a person. */
bool import_is_name(const Kind *kind);

/*
 * Says what the rows of a household say anew. What the file said before and
 * says still is not repeated, so that what an agency has told since stands.
 *
 * out    ret_refused: after an error the row that it is about; NULL: none alone
 * errs   ERR_INVALID: person.born_after_death {person} {death},
 *        import.birth_of_moved {person}
 *        ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 */
NODISCARD Err import_say(RegistryChange *change, const ImportRow *household,
                         const ImportRow *rows, size_t count, Diag *diag,
                         const ImportRow **ret_refused);

#endif
