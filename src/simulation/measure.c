#include "simulation/measure.h"

#include "codec/xml.h"
#include "feel/number.h"

typedef struct Reading {
    Arena *arena;
    const DmnModel *model;
    Measures *measures;
    Diag *diag;
} Reading;

static Err wrong(const Reading *r, Str key)
{
    diag_set(r->diag, "measure.wrong");
    diag_arg(r->diag, key);
    return ERR_INVALID;
}

static DmnForm form_of(MeasureKind kind)
{
    switch (kind) {
    case MEASURE_TRUE:
        return DMN_TRUE;
    case MEASURE_COUNT:
    case MEASURE_HISTOGRAM:
        return DMN_PLACE;
    case MEASURE_WHOLE:
        return DMN_WHOLE;
    case MEASURE_MINOR:
    case MEASURE_AMOUNT:
        return DMN_SIGNED;
    case MEASURE_FIRST:
        break;
    }
    return DMN_CODES;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The answer that is wanted; each is wanted once. */
static int32_t want(Measures *measures, DmnWanted wanted)
{
    for (int32_t i = 0; i < measures->wanted_count; i++) {
        const DmnWanted *at = &measures->wanted[i];
        if (at->decision == wanted.decision && at->form == wanted.form &&
            same_text(at->field, wanted.field)) {
            return i;
        }
    }
    measures->wanted[measures->wanted_count] = wanted;
    return measures->wanted_count++;
}

static Err add(Reading *r, int32_t decision, const char *field, Measure made)
{
    Measures *measures = r->measures;
    int32_t slots = made.kind == MEASURE_FIRST ? MEASURE_BINS_MAX : 1;
    if (made.kind == MEASURE_HISTOGRAM) {
        if (made.from < 0 || made.to < made.from ||
            made.to - made.from >= MEASURE_BINS_MAX) {
            return wrong(r, str_of(made.key));
        }
        slots = (int32_t)(made.to - made.from) + 1;
    }
    if (measures->count == MEASURES_MAX ||
        measures->slot_count + slots > MEASURE_SLOTS_MAX) {
        diag_set(r->diag, "measure.many");
        return ERR_FULL;
    }
    made.wanted =
        want(measures, (DmnWanted){decision, field, form_of(made.kind)});
    made.slot = measures->slot_count;
    measures->slot_count += slots;
    measures->at[measures->count++] = made;
    return OK;
}

static bool read_whole(const XmlNode *node, const char *name, int64_t *ret)
{
    return str_to_int(xml_attribute(node, name), ret) && *ret >= 0;
}

/* Reads one measure; false when it is none that there is. */
static bool read_kind(const XmlNode *node, Measure *ret)
{
    Str unit = xml_attribute(node, "unit");
    if (xml_is(node, "count")) {
        ret->kind = MEASURE_TRUE;
        if (!xml_has(node, "is") || str_is(xml_attribute(node, "is"), "true")) {
            return true;
        }
        ret->kind = MEASURE_COUNT;
        return read_whole(node, "is", &ret->from);
    }
    if (xml_is(node, "histogram")) {
        ret->kind = MEASURE_HISTOGRAM;
        return read_whole(node, "from", &ret->from) &&
               read_whole(node, "to", &ret->to);
    }
    if (xml_is(node, "first")) {
        ret->kind = MEASURE_FIRST;
        return true;
    }
    ret->kind = str_is(unit, "minor")   ? MEASURE_MINOR
                : str_is(unit, "whole") ? MEASURE_WHOLE
                                        : MEASURE_AMOUNT;
    return xml_is(node, "sum") && (unit.bytes == 0 || str_is(unit, "amount") ||
                                   ret->kind != MEASURE_AMOUNT);
}

static Err read_said(Reading *r, const XmlNode *decision, int32_t index)
{
    const XmlNode *more = xml_child(decision, "extensionElements");
    for (const XmlNode *all = more == NULL ? NULL : more->first; all != NULL;
         all = all->next) {
        if (!str_is(all->space, "urn:sanad:measures")) continue;
        for (const XmlNode *node = all->first; node != NULL;
             node = node->next) {
            Str key = xml_attribute(node, "key"),
                of = xml_attribute(node, "of");
            Measure made = {.key = arena_text(r->arena, key.at, key.bytes)};
            if (key.bytes == 0 || !read_kind(node, &made)) {
                return wrong(r, key.bytes == 0 ? node->name : key);
            }
            const char *field =
                of.bytes == 0 ? NULL : arena_text(r->arena, of.at, of.bytes);
            TRY(add(r, index, field, made));
        }
    }
    return OK;
}

/* "School bag" as a key of JSON: "school_bag". */
static char *key_of(Arena *arena, Str name)
{
    char *key = arena_text(arena, name.at, name.bytes);
    for (char *at = key; *at != '\0'; at++) {
        if (*at == ' ') *at = '_';
        if (*at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
    }
    return key;
}

static bool has_key(const Measures *measures, const char *key)
{
    for (int32_t i = 0; i < measures->count; i++) {
        if (strcmp(measures->at[i].key, key) == 0) return true;
    }
    return false;
}

/* What can be counted of a type by itself; false: nothing. */
static bool kind_for(const FeelType *type, MeasureKind *ret)
{
    bool texts = type->kind == FEEL_LIST && type->item != NULL &&
                 type->item->kind == FEEL_STRING;
    *ret = type->kind == FEEL_BOOLEAN ? MEASURE_TRUE
           : texts                    ? MEASURE_FIRST
                                      : MEASURE_AMOUNT;
    return texts || type->kind == FEEL_BOOLEAN || type->kind == FEEL_NUMBER;
}

/* All that a decision answers, when its model says nothing. */
static Err read_unsaid(Reading *r, int32_t decision)
{
    const FeelType *type = dmn_decision_type(r->model, decision);
    const char *name = key_of(r->arena, dmn_decision_name(r->model, decision));
    Measure made = {.key = name};
    if (kind_for(type, &made.kind)) return add(r, decision, NULL, made);
    if (type->kind != FEEL_CONTEXT || type->shape == NULL) return OK;
    for (uint32_t i = 0; i < type->count; i++) {
        Str field = type->shape->names[i];
        if (!kind_for(type->fields[i], &made.kind)) continue;
        made.key = key_of(r->arena, field);
        if (has_key(r->measures, made.key)) {
            made.key = arena_format(r->arena, "%s.%s", name, made.key);
        }
        TRY(add(r, decision, arena_text(r->arena, field.at, field.bytes),
                made));
    }
    return OK;
}

/* Whether another decision needs this one. */
static bool is_needed(const XmlNode *root, Str id)
{
    for (const XmlNode *decision = root->first; decision != NULL;
         decision = decision->next) {
        if (!xml_is(decision, "decision")) continue;
        for (const XmlNode *node = decision->first; node != NULL;
             node = node->next) {
            const XmlNode *needs = xml_child(node, "requiredDecision");
            if (!xml_is(node, "informationRequirement") || needs == NULL) {
                continue;
            }
            Str href = xml_attribute(needs, "href");
            if (href.bytes == id.bytes + 1 && href.at[0] == '#' &&
                memcmp(href.at + 1, id.at, id.bytes) == 0) {
                return true;
            }
        }
    }
    return false;
}

Err measures_read(Arena *arena, const DmnModel *model, Str bytes, Diag *diag,
                  const Measures **ret)
{
    const XmlNode *root;
    Measures *measures = arena_try(arena, 1, sizeof *measures);
    Reading r = {arena, model, measures, diag};
    if (measures == NULL) return ERR_FULL;
    TRY(xml_read(arena, bytes, diag, &root));
    for (int pass = 0; pass < 2 && measures->count == 0; pass++) {
        for (const XmlNode *node = root->first; node != NULL;
             node = node->next) {
            if (!xml_is(node, "decision")) continue;
            int32_t index =
                dmn_decision_find(model, xml_attribute(node, "name"));
            if (index < 0) continue;
            if (pass == 0) {
                TRY(read_said(&r, node, index));
            } else if (!is_needed(root, xml_attribute(node, "id"))) {
                TRY(read_unsaid(&r, index));
            }
        }
    }
    if (measures->count == 0) {
        diag_set(diag, "measure.none");
        return ERR_INVALID;
    }
    *ret = measures;
    return OK;
}

static void increase(Tally *tally, int32_t slot, int64_t by)
{
    if (__builtin_add_overflow(tally->slot[slot], by, &tally->slot[slot])) {
        tally->over = true;
    }
}

/* The slot of a text; slots are given as texts come up. */
static void count_text(const Measure *measure, Str text, int64_t many,
                       Tally *tally)
{
    if (text.bytes == 0 || text.bytes >= MEASURE_TEXT_BYTES) {
        tally->over = true;
        return;
    }
    for (int32_t i = measure->slot; i < measure->slot + MEASURE_BINS_MAX; i++) {
        char *at = tally->text[i];
        if (at[0] == '\0') memcpy(at, text.at, text.bytes);
        if (!str_is(text, at)) continue;
        increase(tally, i, many);
        return;
    }
    tally->over = true;
}

static void add_value(const Measure *measure, int64_t value, Tally *tally)
{
    switch (measure->kind) {
    case MEASURE_TRUE:
    case MEASURE_MINOR:
    case MEASURE_AMOUNT:
    case MEASURE_WHOLE:
        increase(tally, measure->slot, value);
        break;
    case MEASURE_COUNT:
        increase(tally, measure->slot, value == measure->from);
        break;
    case MEASURE_HISTOGRAM:
        if (value < measure->from || value > measure->to) break;
        increase(tally, measure->slot + (int32_t)(value - measure->from), 1);
        break;
    case MEASURE_FIRST:
        break;
    }
}

/* How many rows have each lowest bit; 64 counts those without any. */
#define LOWEST_BITS(T)                                                         \
    static void lowest_bits_##T(const void *values, int32_t rows,              \
                                const uint8_t *left_out, int64_t *found)       \
    {                                                                          \
        const T *bits = values;                                                \
        for (int32_t i = 0; i < rows; i++) {                                   \
            if (left_out != NULL && left_out[i]) continue;                     \
            uint64_t all = (uint64_t)bits[i];                                  \
            found[all == 0 ? 64 : __builtin_ctzll(all)]++;                     \
        }                                                                      \
    }

LOWEST_BITS(uint8_t)
LOWEST_BITS(int32_t)
LOWEST_BITS(int64_t)

/* Lists by the text that they begin with: the lowest bit. */
static void add_first(const Measure *measure, const DmnColumns *columns,
                      const ColumnMachine *machine, int32_t rows,
                      const uint8_t *left_out, Tally *tally)
{
    int64_t found[65] = {0};
    int32_t count;
    const Str *codes = dmn_columns_codes(columns, measure->wanted, &count);
    const void *bits = column_output(machine, measure->wanted);
    switch (
        column_output_width(dmn_columns_program(columns), measure->wanted)) {
    case COLUMN_U8:
        lowest_bits_uint8_t(bits, rows, left_out, found);
        break;
    case COLUMN_I32:
        lowest_bits_int32_t(bits, rows, left_out, found);
        break;
    case COLUMN_I64:
    case COLUMN_WIDTHS:
        lowest_bits_int64_t(bits, rows, left_out, found);
    }
    for (int32_t i = 0; i < count; i++) {
        if (found[i] > 0) count_text(measure, codes[i], found[i], tally);
    }
}

/* All rows of a run at once. */
static void add_whole(const Measure *measure, const ColumnMachine *machine,
                      Tally *tally)
{
    switch (measure->kind) {
    case MEASURE_TRUE:
    case MEASURE_MINOR:
    case MEASURE_AMOUNT:
    case MEASURE_WHOLE:
        increase(tally, measure->slot, column_total(machine, measure->wanted));
        break;
    case MEASURE_COUNT:
        increase(tally, measure->slot,
                 column_count(machine, measure->wanted, measure->from));
        break;
    case MEASURE_HISTOGRAM:
        for (int64_t v = measure->from; v <= measure->to; v++) {
            increase(tally, measure->slot + (int32_t)(v - measure->from),
                     column_count(machine, measure->wanted, v));
        }
        break;
    case MEASURE_FIRST:
        break;
    }
}

void measures_add_run(const Measures *measures, const DmnColumns *columns,
                      const ColumnMachine *machine, int32_t rows,
                      const uint8_t *left_out, Tally *tally)
{
    for (int32_t m = 0; m < measures->count; m++) {
        const Measure *measure = &measures->at[m];
        if (measure->kind == MEASURE_FIRST) {
            add_first(measure, columns, machine, rows, left_out, tally);
            continue;
        }
        if (left_out == NULL) {
            add_whole(measure, machine, tally);
            continue;
        }
        for (int32_t i = 0; i < rows; i++) {
            if (left_out[i]) continue;
            add_value(measure, column_value(machine, measure->wanted, i),
                      tally);
        }
    }
}

static bool is_money(const Measure *measure)
{
    return form_of(measure->kind) == DMN_SIGNED;
}

static bool number_of(const Measure *measure, FeelValue answer, int64_t *ret)
{
    *ret = 0;
    if (measure->kind == MEASURE_TRUE) {
        *ret = feel_is_true(answer);
        return true;
    }
    if (answer.kind != FEEL_NUMBER) return false;
    return is_money(measure) ? feel_number_minor(answer, ret)
                             : feel_number_int(answer, ret);
}

bool measure_value(const Measure *measure, FeelValue answer, int64_t *ret)
{
    if (!number_of(measure, answer, ret)) {
        *ret = 0;
        return false;
    }
    if (measure->kind == MEASURE_COUNT) *ret = *ret == measure->from;
    return true;
}

int64_t measure_output(const Measure *measure, const ColumnMachine *machine,
                       int32_t row)
{
    int64_t value = column_value(machine, measure->wanted, row);
    return measure->kind == MEASURE_COUNT ? value == measure->from : value;
}

void measures_add_one(const Measures *measures, const FeelValue *answers,
                      Tally *tally)
{
    for (int32_t m = 0; m < measures->count; m++) {
        const Measure *measure = &measures->at[m];
        FeelValue answer = answers[measure->wanted];
        int64_t value;
        if (measure->kind == MEASURE_FIRST) {
            if (answer.kind == FEEL_LIST && answer.count > 0 &&
                answer.as.items[0].kind == FEEL_STRING) {
                count_text(measure, feel_text(answer.as.items[0]), 1, tally);
            }
        } else if (number_of(measure, answer, &value)) {
            add_value(measure, value, tally);
        } else if (answer.kind == FEEL_NUMBER && is_money(measure)) {
            tally->over = true;
        }
    }
}

/* Texts may have other slots there. */
static void join_texts(const Measure *measure, const Tally *from, Tally *to)
{
    for (int32_t i = measure->slot; i < measure->slot + MEASURE_BINS_MAX; i++) {
        if (from->text[i][0] == '\0') break;
        count_text(measure, str_of(from->text[i]), from->slot[i], to);
    }
}

void measures_join(const Measures *measures, const Tally *from, Tally *to)
{
    to->over = to->over || from->over;
    for (int32_t m = 0; m < measures->count; m++) {
        const Measure *measure = &measures->at[m];
        if (measure->kind == MEASURE_FIRST) {
            join_texts(measure, from, to);
            continue;
        }
        int32_t end = measure->slot + 1;
        if (measure->kind == MEASURE_HISTOGRAM) {
            end += (int32_t)(measure->to - measure->from);
        }
        for (int32_t i = measure->slot; i < end; i++) {
            increase(to, i, from->slot[i]);
        }
    }
}

/* Texts in their own order, so that equal results are equal bytes. */
static void texts_json(const Measure *measure, const Tally *tally, JsonOut *out)
{
    bool shown[MEASURE_BINS_MAX] = {false};
    const char(*texts)[MEASURE_TEXT_BYTES] = &tally->text[measure->slot];
    json_out_object(out);
    for (;;) {
        int32_t next = -1;
        for (int32_t i = 0; i < MEASURE_BINS_MAX && texts[i][0] != '\0'; i++) {
            if (shown[i]) continue;
            if (next < 0 || strcmp(texts[i], texts[next]) < 0) next = i;
        }
        if (next < 0) break;
        shown[next] = true;
        json_put_int(out, texts[next], tally->slot[measure->slot + next]);
    }
    json_out_object_end(out);
}

void measures_json(const Measures *measures, const Tally *tally, JsonOut *out)
{
    for (int32_t m = 0; m < measures->count; m++) {
        const Measure *measure = &measures->at[m];
        const int64_t *slot = &tally->slot[measure->slot];
        json_out_key(out, measure->key);
        if (measure->kind == MEASURE_FIRST) {
            texts_json(measure, tally, out);
        } else if (measure->kind == MEASURE_HISTOGRAM) {
            json_out_array(out);
            for (int64_t i = 0; i <= measure->to - measure->from; i++) {
                json_out_int(out, slot[i]);
            }
            json_out_array_end(out);
        } else if (measure->kind == MEASURE_AMOUNT) {
            json_out_money(out, (Money){*slot});
        } else {
            json_out_int(out, *slot);
        }
    }
}
