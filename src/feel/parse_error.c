/*
 * What is said when a text is no FEEL: what was expected, what is there
 * instead, and where; with a hint where another language shines through.
 */
#include "codec/utf8.h"
#include "feel/node_int.h"

enum { FOUND_POINTS = 12 };

/* Habits of other languages, by what stands at the cursor. */
static const struct {
    const char *text;
    const char *key;
} habits[] = {{"==", "feel.habit_equal"},    {"&&", "feel.habit_and"},
              {"||", "feel.habit_or"},       {"'", "feel.habit_quote"},
              {"!", "feel.habit_not"},       {"%", "feel.habit_modulo"},
              {"^", "feel.habit_power"},     {"?", "feel.habit_if"},
              {"=>", "feel.habit_function"}, {";", "feel.habit_semicolon"}};

static const char *habit_at(const FeelParser *parser)
{
    size_t left = (size_t)(parser->end - parser->at);
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        size_t bytes = strlen(habits[i].text);
        if (bytes <= left && memcmp(parser->at, habits[i].text, bytes) == 0) {
            return habits[i].key;
        }
    }
    return NULL;
}

/* Things that are no symbols have messages of their own. */
static const char *expected_key(Str what, bool ended)
{
    static const struct {
        const char *what;
        const char *key;
        const char *at_end;
    } things[] = {{"value", "feel.expected_value", "feel.ends_value"},
                  {"expression", "feel.expected_value", "feel.ends_value"},
                  {"name", "feel.expected_name", "feel.ends_name"},
                  {"type", "feel.expected_type", "feel.ends_type"},
                  {"end", "feel.expected_end", "feel.expected_end"}};
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (!str_is(what, things[i].what)) continue;
        return ended ? things[i].at_end : things[i].key;
    }
    return ended ? "feel.ends" : "feel.expected";
}

void *feel_wrong_at(FeelParser *parser, FeelPlace place, const char *key,
                    Str what)
{
    if (parser->diag != NULL && parser->diag->key[0] != '\0') return NULL;
    Str rest = {parser->at, (size_t)(parser->end - parser->at)};
    if (strcmp(key, "feel.expected") == 0) {
        const char *habit = habit_at(parser);
        key = habit != NULL ? habit : expected_key(what, rest.bytes == 0);
    }
    diag_set(parser->diag, key);
    diag_arg(parser->diag, what);
    diag_arg(parser->diag, str_trim(utf8_cut(rest, FOUND_POINTS)));
    diag_place(parser->diag, NULL, place.line, place.column);
    return NULL;
}

void *feel_wrong(FeelParser *parser, const char *key, Str what)
{
    feel_skip(parser);
    return feel_wrong_at(parser, feel_place(parser), key, what);
}

void *feel_no_room(FeelParser *parser)
{
    if (!parser->full) diag_set(parser->diag, "");
    parser->full = true;
    return feel_wrong_at(parser, feel_place(parser), "feel.exhausted",
                         STR("memory"));
}
