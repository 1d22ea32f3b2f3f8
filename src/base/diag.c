#include "base/diag.h"

#include <inttypes.h>
#include <stdio.h>

/* Copies what fits, never cutting a UTF-8 sequence. */
static void copy_cut(char *to, size_t room, Str from)
{
    size_t bytes = from.bytes < room - 1 ? from.bytes : room - 1;
    if (bytes < from.bytes) {
        while (bytes > 0 && ((unsigned char)from.at[bytes] & 0xC0) == 0x80) {
            bytes--;
        }
    }
    if (bytes > 0) memcpy(to, from.at, bytes);
    to[bytes] = '\0';
}

void diag_set(Diag *diag, const char *key)
{
    if (diag == NULL) return;
    memset(diag, 0, sizeof *diag);
    copy_cut(diag->key, sizeof diag->key, str_of(key));
}

void diag_arg(Diag *diag, Str value)
{
    if (diag == NULL || diag->arg_count == DIAG_ARGS_MAX) return;
    copy_cut(diag->arg[diag->arg_count++], DIAG_ARG_BYTES, value);
}

void diag_arg_text(Diag *diag, const char *value)
{
    diag_arg(diag, str_of(value));
}

void diag_arg_int(Diag *diag, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    diag_arg_text(diag, text);
}

void diag_place(Diag *diag, const char *file, int32_t line, int32_t column)
{
    if (diag == NULL) return;
    if (file != NULL) copy_cut(diag->file, sizeof diag->file, str_of(file));
    diag->line = line;
    diag->column = column;
}
