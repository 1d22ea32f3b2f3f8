/*
 * Random models against random households: each decision by columns must be
 * what the evaluator for one gives, null for null, or be given up.
 */
#include "dmn/column.h"

#include <stdlib.h>

#include "base/random.h"
#include "feel/number.h"
#include "tests/harness.h"

enum {
    ARENA_BYTES = 256 << 20,
    STEPS = 1000000,
    DECISIONS = 12,
    LANES = 40,
    MEMBERS = 400,
    GOODS = 1200,
    DEPTH_MAX = 4,
    FIELDS = 16,
    TEXT_BYTES = 1 << 20
};

static const char head[] =
    "<?xml version=\"1.0\"?>\n"
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\">\n"
    "<itemDefinition name=\"tGood\">"
    "<itemComponent name=\"worth\"><typeRef>number</typeRef></itemComponent>"
    "<itemComponent name=\"sort\"><typeRef>string</typeRef></itemComponent>"
    "</itemDefinition>\n"
    "<itemDefinition name=\"tGoods\" isCollection=\"true\">"
    "<typeRef>tGood</typeRef></itemDefinition>\n"
    "<itemDefinition name=\"tPerson\">"
    "<itemComponent name=\"pay\"><typeRef>number</typeRef></itemComponent>"
    "<itemComponent name=\"days\"><typeRef>number</typeRef></itemComponent>"
    "<itemComponent name=\"who\"><typeRef>string</typeRef></itemComponent>"
    "<itemComponent name=\"born\"><typeRef>date</typeRef></itemComponent>"
    "<itemComponent name=\"well\"><typeRef>boolean</typeRef></itemComponent>"
    "<itemComponent name=\"goods\"><typeRef>tGoods</typeRef></itemComponent>"
    "</itemDefinition>\n"
    "<itemDefinition name=\"tPeople\" isCollection=\"true\">"
    "<typeRef>tPerson</typeRef></itemDefinition>\n"
    "<itemDefinition name=\"tHouse\">"
    "<itemComponent name=\"flag\"><typeRef>boolean</typeRef></itemComponent>"
    "<itemComponent name=\"level\"><typeRef>number</typeRef></itemComponent>"
    "<itemComponent name=\"kind\"><typeRef>string</typeRef></itemComponent>"
    "<itemComponent name=\"since\"><typeRef>date</typeRef></itemComponent>"
    "<itemComponent name=\"people\"><typeRef>tPeople</typeRef></itemComponent>"
    "</itemDefinition>\n"
    "<inputData name=\"month\" id=\"month\">"
    "<variable name=\"month\" typeRef=\"date\"/></inputData>\n"
    "<inputData name=\"h\" id=\"h\">"
    "<variable name=\"h\" typeRef=\"tHouse\"/></inputData>\n";

static const char *const texts[] = {"a", "b", "c", "d"};

/* ---- expressions ---- */

typedef struct Writer {
    Random random;
    Buf *out;
    const char *item;  /* "m" or "item" where one is gone through, else NULL */
    const char *good;  /* likewise of goods */
    int32_t decisions; /* that may be named, with types by turns */
} Writer;

enum { NUMBER, BOOLEAN, TEXT, DATE, KINDS };

static int64_t below(Writer *w, int64_t n)
{
    return (int64_t)random_below(&w->random, (uint64_t)n);
}

static void write(Writer *w, int kind, int depth);

static void number_leaf(Writer *w)
{
    static const char *const constants[] = {
        "0", "1", "2", "-3", "0.5", "12.5", "100", "7", "null", "30", "0.01"};
    int64_t die = below(w, 10);
    if (die < 4 && w->good != NULL) {
        buf_format(w->out, "%s.worth", w->good);
    } else if (die < 6 && w->item != NULL) {
        buf_format(w->out, "%s.%s", w->item, below(w, 2) ? "pay" : "days");
    } else if (die < 7) {
        buf_text(w->out, "h.level");
    } else {
        buf_text(w->out, constants[below(w, 11)]);
    }
}

static void leaf(Writer *w, int kind)
{
    bool item = w->item != NULL && below(w, 2) == 0;
    if (kind == NUMBER) {
        number_leaf(w);
    } else if (kind == BOOLEAN) {
        static const char *const constants[] = {"true", "false", "h.flag",
                                                "h.flag", "null"};
        if (item) buf_format(w->out, "%s.well", w->item);
        if (!item) buf_text(w->out, constants[below(w, 5)]);
    } else if (kind == TEXT) {
        if (w->good != NULL && below(w, 2)) {
            buf_format(w->out, "%s.sort", w->good);
        } else if (item) {
            buf_format(w->out, "%s.who", w->item);
        } else if (below(w, 2)) {
            buf_text(w->out, "h.kind");
        } else {
            buf_format(w->out, "\"%s\"", texts[below(w, 4)]);
        }
    } else if (item) {
        buf_format(w->out, "%s.born", w->item);
    } else if (below(w, 2)) {
        buf_text(w->out, below(w, 2) ? "month" : "h.since");
    } else {
        buf_format(w->out, "date(\"%d-%02d-%02d\")", 1950 + (int)below(w, 100),
                   1 + (int)below(w, 12), 1 + (int)below(w, 28));
    }
}

static void pair(Writer *w, int kind, const char *between, int depth)
{
    buf_char(w->out, '(');
    write(w, kind, depth);
    buf_format(w->out, " %s ", between);
    write(w, kind, depth);
    buf_char(w->out, ')');
}

/* A list of people or goods, as it is written, with its items' name. */
static void people(Writer *w, int depth)
{
    const char *item = w->item, *good = w->good;
    buf_text(w->out, "h.people");
    if (below(w, 2) == 0) return;
    buf_char(w->out, '[');
    w->item = "item";
    w->good = NULL;
    write(w, BOOLEAN, depth);
    w->item = item;
    w->good = good;
    buf_char(w->out, ']');
}

static void goods(Writer *w, int depth)
{
    const char *item = w->item, *good = w->good;
    buf_text(w->out, "flatten(h.people.goods)[");
    w->item = NULL;
    w->good = "item";
    write(w, BOOLEAN, depth);
    w->item = item;
    w->good = good;
    buf_char(w->out, ']');
}

/* "for" or a quantifier over people, or over the goods of each. */
static void over(Writer *w, const char *lead, const char *then, int kind,
                 int depth)
{
    const char *item = w->item, *good = w->good;
    w->item = w->good = NULL;
    buf_format(w->out, "%s m in ", lead);
    people(w, depth);
    w->item = "m";
    if (below(w, 3) == 0) {
        buf_text(w->out, ", g in m.goods");
        w->good = "g";
    }
    buf_format(w->out, " %s ", then);
    write(w, kind, depth);
    w->item = item;
    w->good = good;
}

static void aggregate(Writer *w, int depth)
{
    static const char *const functions[] = {"sum", "min", "max", "mean",
                                            "count"};
    int64_t which = below(w, 5);
    buf_format(w->out, "%s(", functions[which]);
    if (which == 4) {
        if (below(w, 2)) {
            people(w, depth);
        } else {
            goods(w, depth);
        }
    } else if (below(w, 3) == 0) {
        goods(w, depth);
        buf_text(w->out, ".worth");
    } else if (below(w, 2) == 0) {
        people(w, depth);
        buf_text(w->out, below(w, 2) ? ".pay" : ".days");
    } else {
        over(w, "for", "return", NUMBER, depth);
    }
    buf_char(w->out, ')');
}

static void number(Writer *w, int depth)
{
    static const char *const rounds[] = {
        "round half up", "round half down", "round up", "round down",
        "decimal",       "floor",           "ceiling"};
    static const char *const divisors[] = {"2", "3", "12", "0.4", "-7", "0"};
    bool inside = w->item != NULL || w->good != NULL;
    switch (below(w, 12)) {
    case 0:
    case 1:
        pair(w, NUMBER, below(w, 2) ? "+" : "-", depth);
        break;
    case 2:
        pair(w, NUMBER, "*", 0);
        break;
    case 3:
        buf_char(w->out, '(');
        write(w, NUMBER, depth);
        if (below(w, 2)) {
            buf_format(w->out, " / %s)", divisors[below(w, 6)]);
            break;
        }
        buf_text(w->out, " / ");
        write(w, NUMBER, below(w, 3) == 0 ? depth : 0);
        buf_char(w->out, ')');
        break;
    case 4:
        buf_format(w->out, "%s(", rounds[below(w, 7)]);
        write(w, NUMBER, depth);
        buf_format(w->out, ", %d)", (int)below(w, 4));
        break;
    case 5:
        buf_text(w->out, "years and months duration(");
        write(w, DATE, 0);
        buf_text(w->out, ", month).years");
        break;
    case 6:
        buf_text(w->out, below(w, 2) ? "abs(" : "(-");
        write(w, NUMBER, depth);
        buf_char(w->out, ')');
        break;
    case 7:
        buf_text(w->out, "modulo(");
        write(w, NUMBER, depth);
        buf_format(w->out, ", %s)", divisors[below(w, 3)]);
        break;
    case 8:
        if (below(w, 3) == 0) {
            buf_text(w->out, "string length(");
            write(w, TEXT, depth);
            buf_char(w->out, ')');
            break;
        }
        write(w, DATE, 0);
        buf_text(w->out, below(w, 2) ? ".year" : ".month");
        break;
    case 9:
        if (!inside) {
            buf_format(w->out, "h.people[item.who = \"%s\"][1].%s",
                       texts[below(w, 4)], below(w, 2) ? "pay" : "days");
            break;
        }
        leaf(w, NUMBER);
        break;
    default:
        if (inside) {
            leaf(w, NUMBER);
        } else {
            aggregate(w, depth);
        }
        break;
    }
}

static void boolean(Writer *w, int depth)
{
    static const char *const orders[] = {"<", "<=", ">", ">=", "=", "!="};
    bool inside = w->item != NULL || w->good != NULL;
    int kind = (int)below(w, KINDS);
    switch (below(w, 10)) {
    case 0:
        pair(w, BOOLEAN, below(w, 2) ? "and" : "or", depth);
        break;
    case 1:
        buf_text(w->out, "not(");
        write(w, BOOLEAN, depth);
        buf_char(w->out, ')');
        break;
    case 2:
        pair(w, kind, below(w, 2) ? "=" : "!=", depth);
        break;
    case 3:
        if (below(w, 2)) {
            buf_text(w->out, below(w, 2) ? "starts with(" : "contains(");
            write(w, TEXT, depth);
            buf_text(w->out, ", \"b\")");
            break;
        }
        buf_text(w->out, "(list contains([\"a\", \"c\"], ");
        write(w, TEXT, depth);
        buf_text(w->out, "))");
        break;
    case 4:
        buf_char(w->out, '(');
        write(w, NUMBER, depth);
        buf_text(w->out, below(w, 2) ? " between 1 and 40)" : " in [1..40))");
        break;
    case 5:
        buf_char(w->out, '(');
        write(w, kind, depth);
        buf_text(w->out, below(w, 2) ? " = null)" : " != null)");
        break;
    case 6:
        if (!inside) {
            buf_char(w->out, '(');
            over(w, below(w, 2) ? "some" : "every", "satisfies", BOOLEAN,
                 depth);
            buf_char(w->out, ')');
            break;
        }
        leaf(w, BOOLEAN);
        break;
    default:
        pair(w, below(w, 2) ? NUMBER : DATE, orders[below(w, 6)], depth);
        break;
    }
}

static void write(Writer *w, int kind, int depth)
{
    if (depth <= 0) {
        leaf(w, kind);
        return;
    }
    depth--;
    if (below(w, 8) == 0) {
        buf_text(w->out, "(if ");
        write(w, BOOLEAN, depth);
        buf_text(w->out, " then ");
        write(w, kind, depth);
        buf_text(w->out, " else ");
        write(w, kind, depth);
        buf_char(w->out, ')');
        return;
    }
    bool inside = w->item != NULL || w->good != NULL;
    if (!inside && w->decisions > kind && below(w, 8) == 0) {
        int64_t named = below(w, (w->decisions - kind + KINDS - 1) / KINDS);
        buf_format(w->out, "d%d", (int)(named * KINDS + kind));
        return;
    }
    if (kind == NUMBER) {
        number(w, depth);
    } else if (kind == BOOLEAN) {
        boolean(w, depth);
    } else if (kind == TEXT && below(w, 3) == 0) {
        if (below(w, 2)) {
            pair(w, TEXT, "+", 0);
            return;
        }
        buf_text(w->out, "upper case(");
        write(w, TEXT, 0);
        buf_char(w->out, ')');
    } else {
        leaf(w, kind);
    }
}

/* ---- models ---- */

static const char *const type_names[KINDS] = {"number", "boolean", "string",
                                              "date"};

/* Expressions have no quotes of XML, but "<". */
static void escaped(Buf *out, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '<') buf_text(out, "&lt;");
        if (text.at[i] == '>') buf_text(out, "&gt;");
        if (text.at[i] != '<' && text.at[i] != '>') {
            buf_char(out, text.at[i]);
        }
    }
}

static void tagged(Writer *w, const char *tag, int kind, int depth)
{
    Buf own = buf_make(TEXT_BYTES), *out = w->out;
    w->out = &own;
    write(w, kind, depth);
    w->out = out;
    buf_format(out, "<%s><text>", tag);
    escaped(out, buf_view(&own));
    buf_format(out, "</text></%s>", tag);
    buf_free(&own);
}

static void cell(Writer *w, int kind)
{
    static const char *const cells[KINDS][6] = {
        {"-", "&lt; 10", "[1..50]", "0, 1, 2", "&gt;= 30", "null"},
        {"-", "true", "false", "-", "true", "null"},
        {"-", "\"a\"", "\"b\", \"c\"", "not(\"a\")", "\"d\"", "null"},
        {"-", "&lt; date(\"2000-01-01\")", "&gt;= month",
         "[date(\"1980-01-01\")..date(\"2005-01-01\"))", "-", "null"}};
    buf_format(w->out, "<inputEntry><text>%s</text></inputEntry>",
               cells[kind][below(w, 6)]);
}

static void table(Writer *w, int kind)
{
    static const char *const hits[] = {
        "hitPolicy=\"UNIQUE\"",
        "hitPolicy=\"FIRST\"",
        "hitPolicy=\"ANY\"",
        "hitPolicy=\"RULE ORDER\"",
        "hitPolicy=\"COLLECT\"",
        "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
        "hitPolicy=\"COLLECT\" aggregation=\"MAX\"",
        "hitPolicy=\"COLLECT\" aggregation=\"COUNT\""};
    int64_t hit = below(w, kind == NUMBER ? 8 : 3);
    int inputs[2] = {(int)below(w, KINDS), (int)below(w, KINDS)};
    buf_format(w->out, "<decisionTable %s>", hits[hit]);
    for (int i = 0; i < 2; i++) {
        buf_text(w->out, "<input>");
        tagged(w, "inputExpression", inputs[i], 1);
        buf_text(w->out, "</input>");
    }
    buf_text(w->out, "<output>");
    if (hit < 3 && below(w, 3) == 0) tagged(w, "defaultOutputEntry", kind, 0);
    buf_text(w->out, "</output>");
    for (int64_t rule = 1 + below(w, 4); rule > 0; rule--) {
        buf_text(w->out, "<rule>");
        cell(w, inputs[0]);
        cell(w, inputs[1]);
        tagged(w, "outputEntry", kind, hit > 2 ? 0 : 1);
        buf_text(w->out, "</rule>");
    }
    buf_text(w->out, "</decisionTable>");
}

static void write_model(uint64_t seed, Buf *out)
{
    Writer w = {.random = random_make(seed), .out = out};
    buf_text(out, head);
    for (int i = 0; i < DECISIONS; i++) {
        int kind = i % KINDS;
        bool as_table = below(&w, 4) == 0;
        buf_format(out,
                   "<decision name=\"d%d\" id=\"d%d\"><variable "
                   "name=\"d%d\"",
                   i, i, i);
        if (!as_table) buf_format(out, " typeRef=\"%s\"", type_names[kind]);
        buf_text(out, "/><informationRequirement><requiredInput "
                      "href=\"#month\"/></informationRequirement>"
                      "<informationRequirement><requiredInput href=\"#h\"/>"
                      "</informationRequirement>");
        for (int j = 0; j < i; j++) {
            buf_format(out,
                       "<informationRequirement><requiredDecision "
                       "href=\"#d%d\"/></informationRequirement>",
                       j);
        }
        w.decisions = i;
        if (as_table) {
            table(&w, kind);
        } else {
            tagged(&w, "literalExpression", kind,
                   1 + (int)below(&w, DEPTH_MAX));
        }
        buf_text(out, "</decision>\n");
    }
    buf_text(out, "</definitions>\n");
}

/* ---- households ---- */

typedef struct Column {
    const char *name;
    int level; /* 0 household, 1 person, 2 good */
    FeelKind kind;
    int8_t scale;
    ColumnRange range;
} Column;

static const Column columns_of[] = {
    {"flag", 0, FEEL_BOOLEAN, 0, {0, 1}},
    {"level", 0, FEEL_NUMBER, 1, {-1000, 100000}},
    {"kind", 0, FEEL_STRING, 0, {0, 3}},
    {"since", 0, FEEL_DATE, 0, {-43829, 84005}},
    {"pay", 1, FEEL_NUMBER, 2, {0, 1000000000000}},
    {"days", 1, FEEL_NUMBER, 0, {0, 400}},
    {"who", 1, FEEL_STRING, 0, {0, 3}},
    {"born", 1, FEEL_DATE, 0, {-43829, 84005}},
    {"well", 1, FEEL_BOOLEAN, 0, {0, 1}},
    {"worth", 2, FEEL_NUMBER, 2, {-500, 100000000000}},
    {"sort", 2, FEEL_STRING, 0, {0, 3}}};

enum { COLUMNS = sizeof columns_of / sizeof *columns_of };

typedef struct World {
    Random random;
    Str codes[4];
    int64_t value[COLUMNS][GOODS];
    uint8_t null[COLUMNS][GOODS];
    int32_t rows[3];
    int32_t offsets[3][MEMBERS + 1];
} World;

static bool field_of(void *context, int32_t input, const Str *path,
                     int32_t depth, const FeelType *type, DmnField *ret)
{
    World *world = context;
    (void)input;
    Str name = path[depth - 1];
    if (type->kind == FEEL_LIST) {
        ret->tag = depth == 1 ? 1 : 2;
        ret->rows = (ColumnRange){0, 200};
        return true;
    }
    for (int i = 0; i < COLUMNS; i++) {
        if (!str_is(name, columns_of[i].name)) continue;
        *ret = (DmnField){.width = COLUMN_I64,
                          .scale = columns_of[i].scale,
                          .range = columns_of[i].range,
                          .nullable = true,
                          .codes = world->codes,
                          .code_count = 4,
                          .tag = i};
        return true;
    }
    return false;
}

static int64_t random_value(World *world, const Column *column)
{
    Random *random = &world->random;
    uint64_t span = (uint64_t)(column->range.high - column->range.low) + 1;
    switch (random_below(random, 8)) {
    case 0:
        return column->range.low;
    case 1:
        return column->range.high;
    case 2:
    case 3:
    case 4: /* small ones meet the constants of the models */
        if (column->kind == FEEL_DATE) {
            return 3650 + (int64_t)random_below(random, 20000);
        }
        if (column->range.high < 1000) break;
        return (int64_t)random_below(random, 50) * 50;
    default:
        break;
    }
    return column->range.low + (int64_t)random_below(random, span);
}

static void make_world(World *world, uint64_t seed)
{
    world->random = random_make(seed);
    for (int i = 0; i < 4; i++) world->codes[i] = str_of(texts[i]);
    world->rows[0] = LANES;
    for (int level = 1; level < 3; level++) {
        int32_t rows = 0;
        for (int32_t i = 0; i < world->rows[level - 1]; i++) {
            rows += (int32_t)random_below(&world->random, level == 1 ? 8 : 3);
            world->offsets[level][i + 1] = rows;
        }
        world->rows[level] = rows;
    }
    for (int c = 0; c < COLUMNS; c++) {
        const Column *column = &columns_of[c];
        for (int32_t i = 0; i < world->rows[column->level]; i++) {
            world->null[c][i] = random_chance(&world->random, 100000);
            world->value[c][i] = random_value(world, column);
        }
    }
}

static FeelValue cell_value(const World *world, int c, int32_t row)
{
    const Column *column = &columns_of[c];
    int64_t value = world->value[c][row];
    if (world->null[c][row]) return feel_null();
    switch ((int)column->kind) {
    case FEEL_BOOLEAN:
        return feel_boolean(value != 0);
    case FEEL_NUMBER:
        return feel_number(value, column->scale);
    case FEEL_STRING:
        return feel_string(world->codes[value]);
    default:
        return feel_date(value);
    }
}

static FeelValue record_at(const World *world, Arena *arena,
                           const FeelType *type, int level, int32_t row)
{
    FeelRecord *record = feel_record_try(arena, type->shape);
    ck_assert_ptr_nonnull(record);
    for (uint32_t f = 0; f < type->count; f++) {
        if (type->fields[f]->kind == FEEL_LIST) {
            const int32_t *offsets = world->offsets[level + 1];
            int32_t from = offsets[row], to = offsets[row + 1];
            FeelValue *items = ARENA_ARRAY(arena, FeelValue, to - from + 1);
            for (int32_t i = from; i < to; i++) {
                items[i - from] = record_at(world, arena, type->fields[f]->item,
                                            level + 1, i);
            }
            record->fields[f] = feel_list(items, (uint32_t)(to - from));
            continue;
        }
        for (int c = 0; c < COLUMNS; c++) {
            if (!str_is(type->shape->names[f], columns_of[c].name)) continue;
            record->fields[f] = cell_value(world, c, row);
        }
    }
    return feel_context(record);
}

/* ---- the comparison ---- */

typedef struct Tally {
    int64_t models, decisions, lowered, compared, strays, rough, nulls;
} Tally;

/* The same, or but for the rounding of the thirty-fourth digit. */
static bool close_enough(Arena *arena, FeelValue a, FeelValue b)
{
    if (feel_same(a, b)) return true;
    if (a.kind != FEEL_NUMBER || b.kind != FEEL_NUMBER) return false;
    FeelValue off = feel_number_subtract(arena, a, b);
    FeelValue least = feel_number(1, 20);
    return feel_number_compare(off, least) < 0 &&
           feel_number_compare(feel_number_negate(arena, off), least) < 0;
}

static void say_different(const Buf *model, int32_t decision, int32_t lane,
                          FeelValue scalar, FeelValue column)
{
    Buf text = buf_make(1 << 20);
    buf_format(&text, "d%d of household %d: scalar ", decision, lane);
    feel_write_json(&text, scalar);
    buf_text(&text, ", column ");
    feel_write_json(&text, column);
    ck_abort_msg("%.*s\n%.*s", STR_ARG(buf_view(&text)),
                 STR_ARG(buf_view(model)));
}

typedef struct Case {
    const Buf *text;
    const DmnModel *model;
    DmnEval *eval;
    World *world;
    Arena *arena;
    Tally *tally;
} Case;

static void set_inputs(Case *c, int32_t lane)
{
    dmn_eval_reset(c->eval);
    dmn_input_set(c->eval, 0, feel_date(20454));
    if (lane < 0) return;
    FeelValue house = record_at(c->world, dmn_eval_arena(c->eval),
                                dmn_input_type(c->model, 1), 0, lane);
    dmn_input_set(c->eval, 1, house);
}

static void compare(Case *c, int32_t decision, const DmnColumns *columns,
                    const ColumnMachine *machine, const ColumnBatch *batch)
{
    for (int32_t lane = 0; lane < LANES; lane++) {
        FeelValue scalar, column;
        if (column_stray(machine)[lane]) {
            c->tally->strays++;
            continue;
        }
        Err err = dmn_columns_value(columns, machine, batch, 0, lane, c->arena,
                                    &column);
        if (err == ERR_INVALID) {
            c->tally->rough++;
            continue;
        }
        ck_assert_int_eq(err, OK);
        set_inputs(c, lane);
        ck_assert_int_eq(dmn_eval(c->eval, decision, &scalar), OK);
        c->tally->compared++;
        c->tally->nulls += scalar.kind == FEEL_NULL;
        if (!close_enough(c->arena, scalar, column)) {
            say_different(c->text, decision, lane, scalar, column);
        }
    }
}

static void run_decision(Case *c, int32_t decision, Buf *why)
{
    DmnColumns *columns;
    ColumnMachine *machine;
    const DmnWanted wanted = {decision, NULL, DMN_VALUE};
    int32_t rows[COLUMN_DOMAINS_MAX] = {LANES, GOODS, GOODS};
    ColumnBatch batch = {.rows = {LANES}};
    set_inputs(c, -1);
    c->tally->decisions++;
    Err err = dmn_columns_open(c->model, c->eval, 1, field_of, c->world,
                               &wanted, 1, why, &columns);
    if (err == ERR_INVALID) {
        buf_char(why, '\n');
        return;
    }
    ck_assert_int_eq(err, OK);
    c->tally->lowered++;
    for (int32_t i = 0; i < dmn_columns_list_count(columns); i++) {
        const DmnColumnList *list = dmn_columns_list(columns, i);
        batch.offsets[list->domain] = c->world->offsets[list->tag];
        batch.rows[list->domain] = c->world->rows[list->tag];
    }
    for (int32_t i = 0; i < dmn_columns_input_count(columns); i++) {
        const DmnColumnInput *input = dmn_columns_input(columns, i);
        batch.input[input->value] = c->world->value[input->tag];
        batch.input[input->null] = c->world->null[input->tag];
    }
    ck_assert_int_eq(
        column_machine_open(dmn_columns_program(columns), rows, &machine), OK);
    column_run(machine, &batch);
    compare(c, decision, columns, machine, &batch);
    column_machine_close(machine);
    dmn_columns_close(columns);
}

static void run_model(uint64_t seed, Tally *tally, Buf *why)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Buf text = buf_make(TEXT_BYTES);
    Diag diag;
    DmnModel *model;
    write_model(seed, &text);
    DmnSource source = {"m.dmn", buf_view(&text)};
    Err err = dmn_load(arena, &source, 1, DMN_LENIENT, &diag, &model);
    ck_assert_msg(err == OK, "%s\n%.*s", diag.key, STR_ARG(source.bytes));
    World *world = ARENA_NEW(arena, World);
    make_world(world, seed + 77);
    Case c = {.text = &text,
              .model = model,
              .eval = dmn_eval_open(model, ARENA_BYTES, STEPS),
              .world = world,
              .arena = arena_open(ARENA_BYTES),
              .tally = tally};
    tally->models++;
    for (int32_t i = 0; i < DECISIONS; i++) run_decision(&c, i, why);
    dmn_eval_close(c.eval);
    arena_close(c.arena);
    buf_free(&text);
}

TEST(random_models_are_the_same_by_columns)
{
    const char *asked = getenv("COLUMN_MODELS");
    int64_t models = asked == NULL ? 120 : strtol(asked, NULL, 10);
    Tally tally = {0};
    Buf why = buf_make(64 << 20);
    for (int64_t i = 0; i < models; i++) {
        run_model((uint64_t)i + 1, &tally, &why);
    }
    if (asked != NULL) {
        printf("%lld models, %lld decisions, %lld lowered; %lld values, "
               "%lld null, %lld given up, %lld rough\n%.*s",
               (long long)tally.models, (long long)tally.decisions,
               (long long)tally.lowered, (long long)tally.compared,
               (long long)tally.nulls, (long long)tally.strays,
               (long long)tally.rough, STR_ARG(buf_view(&why)));
    }
    buf_free(&why);
    ck_assert_int_gt(tally.lowered, tally.decisions * 6 / 10);
    ck_assert_int_gt(tally.compared, tally.lowered * LANES / 2);
    ck_assert_int_gt(tally.nulls, 0);
    ck_assert_int_lt(tally.nulls, tally.compared * 9 / 10);
}
