#include "cli/config.h"

#include "base/file.h"

typedef enum Kind {
    KIND_TEXT,
    KIND_ABSOLUTE, /* a path from the root */
    KIND_LOG,      /* the same, or "stderr" */
    KIND_SWITCH,
    KIND_NUMBER
} Kind;

typedef struct Name {
    const char *name;
    Kind kind;
    const char **text;
    bool *on;
    int64_t *number;
} Name;

enum { NAMES = 11, NUMBER_MAX = 100000 };

static Err refuse(Diag *diag, const char *key, Str what)
{
    diag_set(diag, key);
    diag_arg(diag, what);
    return ERR_INVALID;
}

static Err set_value(Arena *arena, const Name *name, Str value, Diag *diag)
{
    if (name->kind == KIND_SWITCH) {
        *name->on = str_is(value, "yes");
        if (*name->on || str_is(value, "no")) return OK;
        return refuse(diag, "config.switch", str_of(name->name));
    }
    if (name->kind == KIND_NUMBER) {
        bool good = str_to_int(value, name->number) && *name->number >= 0 &&
                    *name->number <= NUMBER_MAX;
        return good ? OK : refuse(diag, "config.number", str_of(name->name));
    }
    if (value.bytes == 0) {
        return refuse(diag, "config.empty", str_of(name->name));
    }
    bool absolute = name->kind == KIND_ABSOLUTE ||
                    (name->kind == KIND_LOG && !str_is(value, "stderr"));
    if (absolute && value.at[0] != '/') {
        return refuse(diag, "config.absolute", str_of(name->name));
    }
    *name->text = arena_text(arena, value.at, value.bytes);
    return OK;
}

static Err read_line(Arena *arena, const Name names[NAMES], bool seen[NAMES],
                     Str line, Diag *diag)
{
    Str name, rest = line;
    line = str_trim(line);
    if (line.bytes == 0 || line.at[0] == '#') return OK;
    (void)str_split(&rest, '=', &name);
    if (rest.at == NULL) return refuse(diag, "config.no_value", line);
    name = str_trim(name);
    for (int i = 0; i < NAMES; i++) {
        if (!str_is(name, names[i].name)) continue;
        if (seen[i]) return refuse(diag, "config.twice", name);
        seen[i] = true;
        return set_value(arena, &names[i], str_trim(rest), diag);
    }
    return refuse(diag, "config.unknown", name);
}

Err config_read(Arena *arena, const char *path, Diag *diag, Config *ret)
{
    const Name names[NAMES] = {
        {.name = "db", .text = &ret->db},
        {.name = "listen", .text = &ret->listen},
        {.name = "behind_proxy", KIND_SWITCH, .on = &ret->behind_proxy},
        {.name = "demo", KIND_SWITCH, .on = &ret->demo},
        {.name = "mail_to", .text = &ret->mail_to},
        {.name = "helpline", KIND_TEXT, .text = &ret->helpline},
        {.name = "mail_program", KIND_ABSOLUTE, .text = &ret->mail_program},
        {.name = "access_log", KIND_LOG, .text = &ret->access_log},
        {.name = "snapshot", KIND_ABSOLUTE, .text = &ret->snapshot},
        {.name = "requests_per_second",
         KIND_NUMBER,
         .number = &ret->requests_per_second},
        {.name = "signins_per_minute",
         KIND_NUMBER,
         .number = &ret->signins_per_minute},
    };
    bool seen[NAMES] = {false};
    FileMap file CLEANUP(file_unmapp) = {{NULL, 0}};
    TRY(file_map(path, diag, &file));
    Str rest = file.bytes, line;
    for (int32_t number = 1; str_split(&rest, '\n', &line); number++) {
        Err err = read_line(arena, names, seen, line, diag);
        if (err == OK) continue;
        diag_place(diag, path, number, 0);
        return err;
    }
    return OK;
}
