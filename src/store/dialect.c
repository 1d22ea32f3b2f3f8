#include "store/dialect.h"
#include "store/store_int.h"

/* Words in capitals that a schema file may use. */
static const char *const words[] = {
    "ADD",    "ALTER",   "AND",    "AS",     "ASC",      "BETWEEN",
    "BY",     "CASE",    "CHECK",  "COLUMN", "CONFLICT", "CONSTRAINT",
    "CREATE", "DEFAULT", "DELETE", "DESC",   "DISTINCT", "DO",
    "DROP",   "ELSE",    "END",    "EXISTS", "FOREIGN",  "FROM",
    "GROUP",  "IF",      "IN",     "INDEX",  "INSERT",   "INTEGER",
    "INTO",   "IS",      "KEY",    "LIKE",   "NOT",      "NOTHING",
    "NULL",   "ON",      "OR",     "ORDER",  "PRIMARY",  "REFERENCES",
    "RENAME", "SELECT",  "SET",    "TABLE",  "TEXT",     "THEN",
    "TO",     "UNIQUE",  "UPDATE", "VALUES", "WHEN",     "WHERE",
};

typedef struct Dialect {
    Str in;
    size_t at;
    int32_t line;
    int word_count; /* of the statement so far */
    bool create;    /* its first word is CREATE */
    bool table;     /* and its second TABLE */
    bool clustered;
    Buf out;
} Dialect;

static bool is_word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (c >= '0' && c <= '9');
}

/* Skips a comment to the end of its line. */
static void comment(Dialect *d)
{
    size_t from = d->at + 2;
    while (d->at < d->in.bytes && d->in.at[d->at] != '\n') d->at++;
    Str text = str_trim((Str){d->in.at + from, d->at - from});
    if (str_is(text, "clustered")) d->clustered = true;
}

static bool literal(Dialect *d)
{
    size_t from = d->at++;
    while (d->at < d->in.bytes && d->in.at[d->at] != '\'') {
        if (d->in.at[d->at++] == '\n') return false;
    }
    if (d->at == d->in.bytes) return false;
    d->at++;
    buf_add(&d->out, d->in.at + from, d->at - from);
    return true;
}

static bool known(Str word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(word, words[i])) return true;
    }
    return false;
}

/* A name in small letters goes through; a word in capitals must be known. */
static bool word(Dialect *d, Str *ret_word)
{
    size_t from = d->at;
    bool capital = false, small = false;
    while (d->at < d->in.bytes && is_word(d->in.at[d->at])) {
        char c = d->in.at[d->at++];
        capital = capital || (c >= 'A' && c <= 'Z');
        small = small || (c >= 'a' && c <= 'z');
    }
    Str one = {d->in.at + from, d->at - from};
    *ret_word = one;
    if (d->word_count == 0) d->create = str_is(one, "CREATE");
    if (d->word_count == 1) d->table = d->create && str_is(one, "TABLE");
    d->word_count++;
    if (capital && small) return false;
    if (str_is(one, "BIGINT")) {
        buf_text(&d->out, "INTEGER");
    } else if (str_is(one, "BYTEA")) {
        buf_text(&d->out, "BLOB");
    } else {
        if (capital && !known(one)) return false;
        buf_str(&d->out, one);
    }
    return true;
}

/* A semicolon ends a statement; a table gets what SQLite must be told. */
static void statement_end(Dialect *d)
{
    if (d->table) buf_text(&d->out, " STRICT");
    if (d->table && d->clustered) buf_text(&d->out, ", WITHOUT ROWID");
    buf_char(&d->out, ';');
    d->create = d->table = d->clustered = false;
    d->word_count = 0;
}

/* One step; false, and what stood there, when it is not in the dialect. */
static bool step(Dialect *d, Str *ret_found)
{
    char c = d->in.at[d->at];
    *ret_found = (Str){d->in.at + d->at, 1};
    if (c == '-' && d->at + 1 < d->in.bytes && d->in.at[d->at + 1] == '-') {
        comment(d);
        return true;
    }
    if (c == '\'') return literal(d);
    if (is_word(c)) return word(d, ret_found);
    if (strchr(" \n(),=<>+-*/.;", c) == NULL) return false;
    if (c == '\n') d->line++;
    if (c == ';') {
        statement_end(d);
    } else {
        buf_char(&d->out, c);
    }
    d->at++;
    return true;
}

Err dialect_sqlite(Arena *arena, Str schema, Diag *diag, const char **ret_ddl)
{
    Dialect d = {
        .in = schema, .line = 1, .out = buf_make(STORE_SCHEMA_BYTES_MAX)};
    Str found = {NULL, 0};
    bool good = true;
    while (good && d.at < d.in.bytes) good = step(&d, &found);
    if (good && d.word_count != 0) {
        good = false;
        found = STR("");
    }
    if (good && !buf_full(&d.out)) {
        *ret_ddl = arena_text(arena, d.out.at, d.out.bytes);
        buf_free(&d.out);
        return OK;
    }
    buf_free(&d.out);
    diag_set(diag, "store.schema_word");
    diag_arg(diag, found);
    diag_place(diag, NULL, d.line, 0);
    return ERR_INVALID;
}
