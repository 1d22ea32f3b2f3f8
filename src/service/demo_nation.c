#include <stddef.h>
#include <stdio.h>

#include "base/asset.h"
#include "service/demo_int.h"

static const struct {
    const char *name;
    size_t offset;
} figures[] = {
#define DEMO_FIELD(name) {#name, offsetof(DemoNation, of.name)},
    DEMO_FIGURES(DEMO_FIELD)
#undef DEMO_FIELD
};

static const struct {
    const char *name;
    size_t offset;
} words[] = {
#define DEMO_FIELD(name) {#name, offsetof(DemoNation, word.name)},
    DEMO_WORDS(DEMO_FIELD)
#undef DEMO_FIELD
};

enum {
    FIGURE_COUNT = sizeof figures / sizeof *figures,
    WORD_COUNT = sizeof words / sizeof *words
};

static Err bad(Diag *diag, const char *file, int32_t line, Str what)
{
    diag_set(diag, "demo.table");
    diag_arg(diag, what);
    diag_place(diag, file, line, 0);
    return ERR_INVALID;
}

static Err open_table(Diag *diag, const char *file, Str *ret)
{
    const Asset *asset = asset_find(file);
    if (asset == NULL) return bad(diag, file, 0, STR("-"));
    *ret = asset->bytes;
    return OK;
}

/* The next line that is no comment; false after the last. */
static bool next_line(Str *rest, int32_t *line, Str *ret)
{
    while (str_split(rest, '\n', ret)) {
        ++*line;
        if (ret->bytes > 0 && ret->at[0] != '#') return true;
    }
    return false;
}

static bool read_figures(Str text, DemoFigures *ret)
{
    Str number;
    ret->count = 0;
    while (str_split(&text, ' ', &number)) {
        if (ret->count == DEMO_FIGURES_MAX) return false;
        if (!str_to_int(number, &ret->at[ret->count]) ||
            ret->at[ret->count] < 0) {
            return false;
        }
        ret->count++;
    }
    return ret->count > 0;
}

static Err load_figures(DemoNation *nation, Diag *diag)
{
    static const char file[] = "models/demo/nation.tsv";
    Str rest, line, name;
    int32_t number = 0, known = 0;
    TRY(open_table(diag, file, &rest));
    while (next_line(&rest, &number, &line)) {
        Str list = line;
        int i = 0;
        str_split(&list, '\t', &name);
        while (i < FIGURE_COUNT && !str_is(name, figures[i].name)) i++;
        if (i == FIGURE_COUNT) return bad(diag, file, number, name);
        char *base = (char *)nation;
        DemoFigures *at = (DemoFigures *)(void *)(base + figures[i].offset);
        if (at->count > 0 || !read_figures(list, at)) {
            return bad(diag, file, number, name);
        }
        known++;
    }
    return known == FIGURE_COUNT ? OK : bad(diag, file, number, STR("-"));
}

/* "kind", "kind=code" or "kind:class". */
static bool read_word(const KindCatalogue *catalogue, Str text, DemoWord *ret)
{
    Str rest = text, name;
    bool of_class = memchr(text.at, ':', text.bytes) != NULL;
    str_split(&rest, of_class ? ':' : '=', &name);
    ret->kind = kind_find(catalogue, name);
    ret->code = -1;
    if (ret->kind == NULL) return false;
    if (rest.at == NULL) return true;
    ret->code = of_class ? kind_asset_class(catalogue, rest)
                         : kind_code(ret->kind, rest);
    return ret->code >= 0;
}

static Err load_words(Arena *arena, DemoNation *nation, Diag *diag)
{
    static const char file[] = "models/demo/kinds.tsv";
    Str rest, line, name, kind;
    int32_t number = 0, known = 0;
    TRY(open_table(diag, file, &rest));
    while (next_line(&rest, &number, &line)) {
        Str cells = line;
        int i = 0;
        str_split(&cells, '\t', &name);
        while (i < WORD_COUNT && !str_is(name, words[i].name)) i++;
        if (i == WORD_COUNT || !str_split(&cells, '\t', &kind)) {
            return bad(diag, file, number, name);
        }
        char *base = (char *)nation;
        DemoWord *at = (DemoWord *)(void *)(base + words[i].offset);
        if (at->kind != NULL || !read_word(nation->catalogue, kind, at)) {
            return bad(diag, file, number, kind);
        }
        at->source = str_copy(arena, cells);
        known++;
    }
    return known == WORD_COUNT ? OK : bad(diag, file, number, STR("-"));
}

static Err load_names(Arena *arena, const char *file, Diag *diag,
                      DemoNames *ret)
{
    Str rest, line, arabic;
    int32_t number = 0;
    TRY(open_table(diag, file, &rest));
    while (next_line(&rest, &number, &line)) {
        Str latin = line;
        str_split(&latin, '\t', &arabic);
        if (latin.bytes == 0 || ret->count == DEMO_NAMES_MAX) {
            return bad(diag, file, number, line);
        }
        ret->arabic[ret->count] = str_copy(arena, arabic);
        ret->latin[ret->count++] = str_copy(arena, latin);
    }
    return ret->count > 0 ? OK : bad(diag, file, number, STR("-"));
}

Err demo_nation_load(Arena *arena, const KindCatalogue *catalogue, Diag *diag,
                     const DemoNation **ret)
{
    DemoNation *nation = ARENA_NEW(arena, DemoNation);
    nation->catalogue = catalogue;
    nation->role_spouse = kind_code(catalogue->member, STR("spouse"));
    nation->role_child = kind_code(catalogue->member, STR("child"));
    nation->role_other = kind_code(catalogue->member, STR("other"));
    TRY(load_figures(nation, diag));
    TRY(load_words(arena, nation, diag));
    TRY(load_names(arena, "models/demo/names-male.txt", diag, &nation->male));
    TRY(load_names(arena, "models/demo/names-female.txt", diag,
                   &nation->female));
    TRY(load_names(arena, "models/demo/names-family.txt", diag,
                   &nation->family));
    *ret = nation;
    return OK;
}

int32_t demo_nation_choose(Random *random, const DemoFigures *weights)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < weights->count; i++) sum += weights->at[i];
    int64_t at = (int64_t)random_below(random, (uint64_t)sum);
    int32_t i = 0;
    while (at >= weights->at[i]) at -= weights->at[i++];
    return i;
}
