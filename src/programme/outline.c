#include "programme/outline.h"

enum { COLUMNS = 4 };

static const char *const words[] = {"step",  "+",      "-",    "/",    "cap",
                                    "round", "least",  "=",    "note", "parts",
                                    "check", "remedy", "order"};

typedef struct Reader {
    const DmnModel *model;
    Str file;
    int32_t line;
    Diag *diag;
    OutlineItem *items;
    size_t count;
    bool in_step;
} Reader;

static Err refuse(Reader *at, const char *key, Str what)
{
    diag_set(at->diag, key);
    diag_arg(at->diag, what);
    diag_place(at->diag, NULL, at->line, 0);
    if (at->diag != NULL) {
        snprintf(at->diag->file, sizeof at->diag->file, "%.*s",
                 STR_ARG(at->file));
    }
    return ERR_INVALID;
}

/* Splits into four columns; those left out at the end are empty, as is "-". */
static bool split(Str line, Str column[static COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        column[i] = (Str){"", 0};
        if (line.at == NULL) continue;
        str_split(&line, '\t', &column[i]);
        column[i] = str_trim(column[i]);
        if (i > 0 && str_is(column[i], "-")) column[i] = (Str){"", 0};
    }
    return line.at == NULL && column[1].bytes > 0;
}

static bool what_of(Str word, OutlineWhat *ret)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(word, words[i])) {
            *ret = (OutlineWhat)i;
            return true;
        }
    }
    return false;
}

/* Whether the third column of such a line names a decision. */
static bool has_times(OutlineWhat what)
{
    return what != OUTLINE_PARTS && what < OUTLINE_CHECK;
}

/* Each decision that a remedy rests on must be in the model. */
static Err check_remedy(Reader *at, Str decisions)
{
    Str name;
    while (decisions.bytes > 0 && str_split(&decisions, ';', &name)) {
        if (dmn_decision_find(at->model, str_trim(name)) < 0) {
            return refuse(at, "outline.decision", name);
        }
    }
    return OK;
}

static Err find(Reader *at, Str name, int32_t *ret)
{
    *ret = dmn_decision_find(at->model, name);
    return *ret >= 0 ? OK : refuse(at, "outline.decision", name);
}

static Err read_item(Reader *at, const Str *column)
{
    OutlineItem made = {.name = column[1],
                        .decision = OUTLINE_NONE,
                        .times = OUTLINE_NONE,
                        .more = column[2],
                        .when = column[3]};
    if (!what_of(column[0], &made.what)) {
        return refuse(at, "outline.what", column[0]);
    }
    bool of_step = made.what > OUTLINE_STEP && made.what < OUTLINE_CHECK;
    if (of_step && !at->in_step) {
        return refuse(at, "outline.place", column[0]);
    }
    at->in_step = of_step || made.what == OUTLINE_STEP;
    if (made.what == OUTLINE_REMEDY) {
        TRY(check_remedy(at, made.more));
    } else {
        TRY(find(at, made.name, &made.decision));
    }
    if (has_times(made.what) && made.more.bytes > 0) {
        TRY(find(at, made.more, &made.times));
    }
    made.when_value = dmn_decision_find(at->model, made.when);
    at->items[at->count++] = made;
    return OK;
}

Err outline_load(Arena *arena, const DmnModel *model, Str file, Str tsv,
                 Diag *diag, Outline *ret)
{
    Reader at = {.model = model,
                 .file = file,
                 .diag = diag,
                 .items =
                     ARENA_ARRAY(arena, OutlineItem, str_count(tsv, '\n') + 1)};
    Str line, column[COLUMNS];
    while (str_split(&tsv, '\n', &line)) {
        at.line++;
        line = str_trim(line);
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (!split(line, column)) return refuse(&at, "outline.columns", line);
        if (at.count == OUTLINE_ITEMS_MAX) {
            (void)refuse(&at, "outline.long", file);
            return ERR_FULL;
        }
        TRY(read_item(&at, column));
    }
    *ret = (Outline){at.items, at.count};
    return OK;
}
