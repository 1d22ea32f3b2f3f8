/*
 * format.h - named formats of texts that people type: what a national number,
 * an IBAN or a mobile number looks like is data (models/formats.tsv).
 *
 * Reading accepts what people really write (Arabic-Indic digits, spaces and
 * hyphens, bidi marks, local prefixes) and gives the one stored form.
 */
#ifndef CODEC_FORMAT_H
#define CODEC_FORMAT_H

#include "base/buf.h"
#include "base/diag.h"

enum { FORMAT_BYTES_MAX = 1024, FORMATS_MAX = 64 };

typedef struct Formats Formats;
typedef struct Format Format;

/*
 * Reads the table of formats.
 *
 * in     tsv: outlives the formats; the bytes of models/formats.tsv
 * errs   ERR_INVALID: format.table {what is wrong}, with line
 */
NODISCARD Err format_load(Arena *arena, Str tsv, Diag *diag,
                          const Formats **ret);

/* As format_load() with the table that the binary carries. */
NODISCARD Err format_load_embedded(Arena *arena, Diag *diag,
                                   const Formats **ret);

/* The format of that name, or NULL. */
const Format *format_find(const Formats *formats, Str name);

/* The name of a format, zero-terminated. */
const char *format_name(const Format *format);

/*
 * Appends the stored form of what was typed.
 *
 * out    buf: unchanged after an error
 * errs   ERR_INVALID: it is not of this format (format.<name> {input})
 *        ERR_FULL: the buffer is full
 */
NODISCARD Err format_read(const Format *format, Str input, Buf *buf,
                          Diag *diag);

#endif
