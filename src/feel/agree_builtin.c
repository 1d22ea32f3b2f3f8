/*
 * What the built-in functions can take, where the check of a model asks: a
 * call that is null whatever the values are is told, with what is at fault.
 */
#include "feel/agree_int.h"
#include "feel/builtin.h"

enum { CONSTANTS_MAX = 8, CONSTANT_STEPS = 1000 };

/*
 * What each form of a function takes, where the letters of builtins.def do
 * not say it all: a letter for each parameter (see letter_takes()), a capital
 * one for a list of such or one of them, "+" for any number of the last, "?"
 * where that may be left out, ";" between forms. All values of "p" and ends of
 * "r" in a call are of one kind.
 */
static const struct {
    const char *name, *forms;
} takings[] = {{"abs", "m"},
               {"after", "pp;rp;pr;rr"},
               {"all", "B;b*+"},
               {"any", "B;b*+"},
               {"before", "pp;rp;pr;rr"},
               {"coincides", "pp;rr"},
               {"context", "C"},
               {"context merge", "C"},
               {"context put", "cs*;cS*"},
               {"date", "t;nnn"},
               {"date and time", "t;dv"},
               {"during", "pr;rr"},
               {"finished by", "rp;rr"},
               {"finishes", "pr;rr"},
               {"get value", "cs;cS"},
               {"includes", "rp;rr"},
               {"list replace", "*n*;*f*"},
               {"max", "P;p+"},
               {"mean", "N;n+"},
               {"median", "N;n+"},
               {"meets", "rr"},
               {"met by", "rr"},
               {"min", "P;p+"},
               {"mode", "N;n+"},
               {"not", "b"},
               {"overlaps", "rr"},
               {"overlaps after", "rr"},
               {"overlaps before", "rr"},
               {"product", "N;n+"},
               {"started by", "rp;rr"},
               {"starts", "pr;rr"},
               {"stddev", "N;n+"},
               {"string join", "Ss?"},
               {"sum", "N;n+"},
               {"time", "i;nnnu?"}};

static uint32_t bit(FeelKind kind)
{
    return UINT32_C(1) << kind;
}

/* The kinds that a letter, in small, stands for; 0: all. */
static uint32_t letter_takes(char letter)
{
    uint32_t dates = bit(FEEL_DATE) | bit(FEEL_DATE_TIME);
    uint32_t durations = bit(FEEL_DAYS_DURATION) | bit(FEEL_MONTHS_DURATION);
    switch (letter) {
    case 'n':
        return bit(FEEL_NUMBER);
    case 's':
        return bit(FEEL_STRING);
    case 'b':
        return bit(FEEL_BOOLEAN);
    case 'c':
        return bit(FEEL_CONTEXT);
    case 'f':
        return bit(FEEL_FUNCTION);
    case 'r':
        return bit(FEEL_RANGE);
    case 'd':
        return dates;
    case 'm':
        return bit(FEEL_NUMBER) | durations;
    case 'u':
        return bit(FEEL_DAYS_DURATION);
    case 'v':
        return bit(FEEL_TIME);
    case 't':
        return bit(FEEL_STRING) | dates;
    case 'i':
        return bit(FEEL_STRING) | bit(FEEL_TIME) | dates;
    case 'p':
        return bit(FEEL_NUMBER) | bit(FEEL_STRING) | bit(FEEL_TIME) | dates |
               durations;
    default:
        return 0;
    }
}

/* A call under the eyes of the check, and where its arguments go. */
typedef struct Call {
    FeelParser *parser;
    const FeelNode *node;
    const FeelBuiltin *builtin;
    int32_t places[FEEL_ARGS_MAX];
} Call;

/* What follows from the arguments of one form so far. */
typedef struct Form {
    Str letters;
    bool counted;   /* it says how many arguments there are */
    bool tell;      /* say what does not fit */
    FeelKind order; /* of what is to be compared; FEEL_ANY: not known */
} Form;

static bool known(FeelKind kind)
{
    return kind != FEEL_ANY && kind != FEEL_NULL;
}

/* Whether a form has so many parameters. */
static bool has_count(const Form *form, uint32_t count)
{
    size_t letters = form->letters.bytes;
    if (!form->counted || letters == 0) return true;
    char last = form->letters.at[letters - 1];
    if (last == '+') return count + 1 >= letters;
    if (last == '?') return count + 1 == letters || count + 2 == letters;
    return count == letters;
}

/* The letter of a parameter, in small. */
static char letter_at(const Form *form, uint32_t at)
{
    Str letters = form->letters;
    bool many = letters.bytes > 1 && letters.at[letters.bytes - 1] == '+';
    if (many && at + 1 >= letters.bytes) at = (uint32_t)letters.bytes - 2;
    if (at >= letters.bytes) return '*';
    char letter = letters.at[at];
    bool capital = letter >= 'A' && letter <= 'Z';
    return capital ? (char)(letter - 'A' + 'a') : letter;
}

/* The kind of what is compared: a value, or the ends of a range. */
static FeelKind order_of(char letter, const FeelType *type)
{
    if (letter == 'p') return type->kind;
    bool ends = letter == 'r' && type->item != NULL;
    return ends ? type->item->kind : FEEL_ANY;
}

/* How well an argument fits. */
typedef enum Fit { FIT_NOT, FIT_OTHER_ORDER, FIT_WHOLE } Fit;

/*
 * A list of one is its item to all of them, and an item a list of one; a list
 * of lists is neither, unless it may be empty: all([]) has a value.
 */
static Fit fits(const Call *call, Form *form, uint32_t i)
{
    const FeelNode *value = call->node->items[i];
    const FeelType *type = value->type;
    char letter = letter_at(form, (uint32_t)call->places[i]);
    uint32_t kinds = letter_takes(letter);
    if (kinds == 0) return FIT_WHOLE;
    bool many = type->kind == FEEL_LIST && type->item != NULL;
    if (many) type = type->item;
    bool filled = many && value->kind == FEEL_NODE_LIST && value->count > 0;
    bool unsure = !known(type->kind) || (!filled && type->kind == FEEL_LIST);
    if (unsure) return FIT_WHOLE;
    if ((kinds & bit(type->kind)) == 0) {
        if (form->tell) {
            feel_say(call->parser, value->place, "feel.argument",
                     call->builtin->name, feel_kind_name(type->kind), NULL);
        }
        return FIT_NOT;
    }
    FeelKind order = order_of(letter, type);
    if (!known(order)) return FIT_WHOLE;
    if (!known(form->order)) form->order = order;
    if (form->order == order) return FIT_WHOLE;
    if (form->tell) {
        feel_say(call->parser, value->place, "feel.clash", call->builtin->name,
                 feel_kind_name(form->order), feel_kind_name(order));
    }
    return FIT_OTHER_ORDER;
}

/* How far a form fits; INT64_MAX: wholly. */
static int64_t fitting(const Call *call, Form form)
{
    int64_t found = -1;
    form.order = FEEL_ANY;
    for (uint32_t i = 0; i < call->node->count; i++) {
        Fit fit = fits(call, &form, i);
        if (fit != FIT_WHOLE && found < 0) {
            found = (int64_t)i * FIT_WHOLE + (int64_t)fit;
        }
    }
    return found < 0 ? INT64_MAX : found;
}

static void tell_arity(const Call *call)
{
    feel_say(call->parser, call->node->place, "feel.arity", call->builtin->name,
             call->builtin->params, NULL);
}

/* The form that fits best is the one that was meant. */
static bool agree_forms(const Call *call)
{
    Form best = {0}, form = {.counted = false};
    Str forms = str_of(call->builtin->kinds);
    for (size_t i = 0; i < sizeof takings / sizeof *takings; i++) {
        if (strcmp(takings[i].name, call->builtin->name) != 0) continue;
        forms = str_of(takings[i].forms);
        form.counted = true;
    }
    int64_t most = -1;
    if (forms.bytes == 0) return true;
    while (str_split(&forms, ';', &form.letters)) {
        if (!has_count(&form, call->node->count)) continue;
        int64_t score = fitting(call, form);
        if (score == INT64_MAX) return true;
        if (score <= most) continue;
        most = score;
        best = form;
    }
    best.tell = true;
    if (most >= 0) {
        (void)fitting(call, best);
    } else {
        tell_arity(call);
    }
    return false;
}

/* A call with constants that is null, such as date("2026-02-30"). */
static void agree_constants(FeelParser *parser, const FeelNode *node)
{
    FeelValue values[CONSTANTS_MAX];
    if (node->names != NULL || node->count == 0 ||
        node->count > CONSTANTS_MAX) {
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        FeelValue value = node->items[i]->value;
        bool point = node->items[i]->kind == FEEL_NODE_CONSTANT &&
                     value.kind >= FEEL_BOOLEAN &&
                     value.kind <= FEEL_MONTHS_DURATION;
        if (!point) return;
        values[i] = value;
    }
    FeelRun run = {.program = parser->program,
                   .arena = parser->arena,
                   .steps_left = CONSTANT_STEPS};
    int32_t index = node->a->var->index;
    FeelValue result = feel_builtin_call(&run, index, values, node->count);
    if (result.kind != FEEL_NULL || run.full) return;
    feel_say(parser, node->place, "feel.null_call",
             feel_builtin_at(index)->name, NULL, NULL);
}

void feel_agree_builtin(FeelParser *parser, const FeelNode *node)
{
    Call call = {.parser = parser,
                 .node = node,
                 .builtin = feel_builtin_at(node->a->var->index)};
    uint32_t count = node->count;
    bool sound = count <= FEEL_ARGS_MAX;
    if (node->names == NULL) {
        sound =
            sound && count >= call.builtin->min && count <= call.builtin->max;
        for (uint32_t i = 0; sound && i < count; i++) {
            call.places[i] = (int32_t)i;
        }
    } else if (sound) {
        sound =
            feel_builtin_places(call.builtin, node->names, count, call.places);
    }
    if (!sound) {
        tell_arity(&call);
    } else if (agree_forms(&call)) {
        agree_constants(parser, node);
    }
}
