#include "feel/builtin_int.h"
#include "feel/number.h"

#include "feel/temporal.h"

static const FeelBuiltin builtins[] = {
#define BUILTIN(id, name, params, kinds, min, max, result)                     \
    {name, params, kinds, min, max, result, feel_fn_##id},
#include "feel/builtins.def"
#undef BUILTIN
};

enum { BUILTINS = sizeof builtins / sizeof *builtins };

int32_t feel_builtin_count(void)
{
    return BUILTINS;
}

const FeelBuiltin *feel_builtin_at(int32_t index)
{
    return &builtins[index];
}

int32_t feel_builtin_find(Str name)
{
    for (int32_t i = 0; i < BUILTINS; i++) {
        if (str_is(name, builtins[i].name)) return i;
    }
    return -1;
}

/* The index of a name in a form; "c..." takes c1, c2 and so on. */
static int32_t place_in(Str form, Str name)
{
    Str part;
    for (int32_t i = 0; str_split(&form, ',', &part); i++) {
        bool many =
            part.bytes > 3 && memcmp(part.at + part.bytes - 3, "...", 3) == 0;
        if (many) part.bytes -= 3;
        if (str_equal(part, name)) return i;
        if (name.bytes <= part.bytes) continue;
        Str digits = {name.at + part.bytes, name.bytes - part.bytes};
        int64_t number;
        if (many && str_equal((Str){name.at, part.bytes}, part) &&
            str_to_int(digits, &number) && number >= 1 &&
            number <= FEEL_ARGS_MAX) {
            return i + (int32_t)number - 1;
        }
    }
    return -1;
}

/* Where the names go in one form; false when it has not all of them. */
static bool places_in(Str form, const Str *names, uint32_t count,
                      int32_t *ret_places, bool *ret_ordered)
{
    *ret_ordered = true;
    for (uint32_t i = 0; i < count; i++) {
        ret_places[i] = place_in(form, names[i]);
        if (ret_places[i] < 0) return false;
        if (ret_places[i] != (int32_t)i) *ret_ordered = false;
    }
    return true;
}

bool feel_builtin_places(const FeelBuiltin *builtin, const Str *names,
                         uint32_t count, int32_t *ret_places)
{
    Str forms = str_of(builtin->params), form, fitting = {0};
    bool fits = false, ordered;
    while (str_split(&forms, ';', &form)) {
        if (!places_in(form, names, count, ret_places, &ordered)) continue;
        if (ordered) return true;
        if (!fits) fitting = form;
        fits = true;
    }
    return fits && places_in(fitting, names, count, ret_places, &ordered);
}

static bool is_temporal(FeelValue value)
{
    return value.kind >= FEEL_DATE && value.kind <= FEEL_MONTHS_DURATION;
}

static bool fits(char kind, FeelValue value)
{
    switch (kind) {
    case 'n':
        return value.kind == FEEL_NUMBER;
    case 's':
        return value.kind == FEEL_STRING;
    case 'b':
        return value.kind == FEEL_BOOLEAN;
    case 'l':
        return value.kind == FEEL_LIST;
    case 'c':
        return value.kind == FEEL_CONTEXT;
    case 'f':
        return value.kind == FEEL_FUNCTION;
    case 'r':
        return value.kind == FEEL_RANGE;
    case 'd':
        return value.kind == FEEL_DATE || value.kind == FEEL_DATE_TIME;
    case 't':
        return is_temporal(value);
    default:
        return true;
    }
}

/* Brings one argument to the kind that is wanted; false when it cannot. */
static bool adapt(FeelRun *run, char kind, FeelValue *value)
{
    if (kind == '*') return true;
    if (kind >= 'A' && kind <= 'Z') {
        if (value->kind == FEEL_NULL && kind != 'L') return true;
        kind = (char)(kind - 'A' + 'a');
        if (value->kind == FEEL_NULL) return true;
    }
    if (fits(kind, *value)) return true;
    if (value->kind == FEEL_NULL) return false;
    if (kind == 'l') {
        FeelValue *items = feel_run_values(run, 1);
        if (items == NULL) return false;
        items[0] = *value;
        *value = feel_list(items, 1);
        return true;
    }
    if (value->kind == FEEL_LIST && value->count == 1) {
        *value = value->as.items[0];
        return fits(kind, *value);
    }
    return false;
}

/* What a parameter of that letter has to be; NULL: anything. */
static const char *kind_of(char letter)
{
    static const struct {
        char letter;
        const char *name;
    } kinds[] = {{'n', "number"},   {'s', "string"},  {'b', "boolean"},
                 {'l', "list"},     {'c', "context"}, {'f', "function"},
                 {'r', "range"},    {'d', "date"},    {'t', "date or time"},
                 {'u', "duration"}, {'\0', NULL}};
    if (letter >= 'A' && letter <= 'Z') letter = (char)(letter - 'A' + 'a');
    size_t i = 0;
    while (kinds[i].name != NULL && kinds[i].letter != letter) i++;
    return kinds[i].name;
}

/* The parameters, and their kinds where there is but one form. */
static void write_parameters(Buf *buf, const FeelBuiltin *builtin)
{
    const char *letter = builtin->kinds;
    bool plain = strchr(builtin->params, ';') == NULL;
    for (const char *at = builtin->params; *at != '\0'; at++) {
        buf_char(buf, *at);
        bool ends = at[1] == ',' || at[1] == '\0';
        if (*at == ',') buf_char(buf, ' ');
        if (!ends || *letter == '\0') continue;
        const char *kind = kind_of(*letter++);
        if (plain && kind != NULL) buf_format(buf, ": %s", kind);
    }
}

/* Says that a function is used wrongly, and what it takes. */
static FeelValue misused(FeelRun *run, const char *key,
                         const FeelBuiltin *builtin)
{
    return feel_run_misused(run, key, str_of(builtin->name),
                            str_of(builtin->params));
}

static FeelValue wrong_arguments(FeelRun *run, const FeelBuiltin *builtin)
{
    if (run->diag.key[0] != '\0') return feel_null();
    if (!run->wordy) return misused(run, "feel.arguments", builtin);
    Buf text = buf_make(DIAG_ARG_BYTES);
    write_parameters(&text, builtin);
    (void)feel_run_misused(run, "feel.arguments", str_of(builtin->name),
                           buf_view(&text));
    buf_free(&text);
    return feel_null();
}

FeelValue feel_misused(FeelRun *run)
{
    if (run->diag.key[0] != '\0') return feel_null();
    int32_t index =
        run->builtin == NULL ? -1 : feel_builtin_find(str_of(run->builtin));
    if (index < 0) {
        return feel_run_misused(run, "feel.arguments", (Str){0}, (Str){0});
    }
    return wrong_arguments(run, &builtins[index]);
}

bool feel_cut_to_int(FeelRun *run, FeelValue value, int64_t *ret)
{
    if (value.kind != FEEL_NUMBER) return false;
    FeelValue whole = feel_number_round(run->arena, value, 0, FEEL_DOWN);
    return whole.kind == FEEL_NUMBER && feel_number_int(whole, ret);
}

/*
 * What a function costs for the size of what it is given; one that costs more
 * takes that off the budget itself.
 */
static bool spend_arguments(FeelRun *run, const FeelValue *args, uint32_t count)
{
    int64_t parts = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (args[i].kind == FEEL_STRING) {
            parts += args[i].count / 16;
            bool zone = args[i].count < 128 && args[i].count > 0 &&
                        memchr(args[i].as.text, '@', args[i].count) != NULL;
            if (zone) parts += FEEL_ZONE_STEPS;
        } else if (args[i].kind == FEEL_LIST || args[i].kind == FEEL_CONTEXT) {
            parts += args[i].count / 8;
        } else if (feel_in_zone(args[i])) {
            parts += FEEL_ZONE_STEPS;
        }
    }
    return feel_run_spend(run, parts + count / 8);
}

static FeelValue call(FeelRun *run, const FeelBuiltin *builtin,
                      const FeelValue *args, uint32_t count)
{
    if (!spend_arguments(run, args, count)) return feel_null();
    if (count < builtin->min || count > builtin->max) {
        return misused(run, "feel.arity", builtin);
    }
    FeelValue own[4];
    const char *kinds = builtin->kinds;
    const char *caller = run->builtin;
    run->builtin = builtin->name;
    if (*kinds == '\0' || count > 4) {
        FeelValue made = builtin->run(run, args, count);
        run->builtin = caller;
        return made;
    }
    for (uint32_t i = 0; i < count; i++) {
        own[i] = args[i];
        if (*kinds != '\0' && !adapt(run, *kinds++, &own[i])) {
            run->builtin = caller;
            return wrong_arguments(run, builtin);
        }
    }
    FeelValue value = builtin->run(run, own, count);
    run->builtin = caller;
    return value;
}

FeelValue feel_builtin_call(FeelRun *run, int32_t index, const FeelValue *args,
                            uint32_t count)
{
    bool told = !run->wordy || run->diag.key[0] != '\0';
    FeelValue value = call(run, &builtins[index], args, count);
    if (!told && run->diag.arg_count == 2 &&
        strcmp(run->diag.key, "feel.arguments") == 0) {
        feel_run_blame_arguments(run, args, count);
    }
    return value;
}

bool feel_given(const FeelValue *args, uint32_t count, FeelValue *ret_list)
{
    if (count == 1 && args[0].kind == FEEL_LIST) {
        *ret_list = args[0];
        return true;
    }
    if (count == 1 && args[0].kind == FEEL_NULL) return false;
    *ret_list = feel_list(args, count);
    return true;
}

FeelValue feel_kept_text(FeelRun *run, Buf *text)
{
    Str view = buf_view(text);
    char *kept =
        buf_full(text) ? NULL : arena_try_raw(run->arena, view.bytes + 1, 1);
    if (kept == NULL || !feel_run_spend(run, (int64_t)view.bytes / 64)) {
        buf_free(text);
        return feel_run_exhausted(run, "memory");
    }
    if (view.bytes > 0) memcpy(kept, view.at, view.bytes);
    buf_free(text);
    return feel_string((Str){kept, view.bytes});
}
