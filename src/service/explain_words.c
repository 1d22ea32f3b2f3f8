/*
 * explain_words.c - values and texts of an explanation.
 */
#include "feel/number.h"
#include "service/explain_int.h"
#include "text/calendar.h"
#include "text/number.h"

enum { DECIMALS_SHOWN = 6, WORDS_BYTES = 1 << 16 };

static Str take(Arena *arena, Buf *buf)
{
    Str text = str_copy(arena, buf_view(buf));
    buf_free(buf);
    return text;
}

Str explain_money(Arena *arena, const TextStyle *style, Money money)
{
    Buf buf = buf_make(256);
    number_write_money(&buf, style, money);
    return take(arena, &buf);
}

const DmnStep *explain_step_of(const Explainer *at, int32_t decision)
{
    if (decision < 0 || at->step[decision] < 0) return NULL;
    return &at->trace[at->step[decision]];
}

FeelValue explain_value_of(const Explainer *at, int32_t decision)
{
    const DmnStep *step = explain_step_of(at, decision);
    return step == NULL ? feel_null() : step->value;
}

bool explain_is_something(FeelValue value)
{
    switch ((FeelKind)value.kind) {
    case FEEL_NULL:
        return false;
    case FEEL_BOOLEAN:
        return value.as.whole != 0;
    case FEEL_NUMBER:
        return feel_number_compare(value, feel_number(0, 0)) != 0;
    case FEEL_LIST:
        return value.count > 0;
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return true;
}

/* Digits of a number with at least `least` decimals, cut after a few. */
static void write_digits(const Explainer *at, FeelValue value, size_t least,
                         Buf *buf)
{
    Buf digits = buf_make(256), shown = buf_make(512);
    feel_number_write(&digits, value);
    Str text = buf_view(&digits), whole = text, rest = text;
    str_split(&rest, '.', &whole);
    size_t decimals = rest.at == NULL ? 0 : rest.bytes;
    bool cut = decimals > DECIMALS_SHOWN;
    buf_str(&shown, whole);
    if (decimals > 0 || least > 0) buf_char(&shown, '.');
    buf_add(&shown, rest.at, cut ? DECIMALS_SHOWN : decimals);
    for (size_t i = decimals; i < least; i++) buf_char(&shown, '0');
    number_write_exact(buf, at->style, buf_view(&shown));
    if (cut) buf_text(buf, "\xE2\x80\xA6"); /* an ellipsis */
    buf_free(&digits);
    buf_free(&shown);
}

/*
 * "money" when a decision's value is an amount, "share" when it is a part of
 * something; a text says so.
 */
static bool has_unit(const Explainer *at, Str name, const char *unit)
{
    Str key = str_of(arena_format(at->arena, "unit.%s.%.*s",
                                  at->programme->name, STR_ARG(name)));
    return text_has(at->style->texts, key) &&
           str_is(text_get_str(at->style, key), unit);
}

bool explain_is_money(const Explainer *at, Str name)
{
    return has_unit(at, name, "money");
}

static void write_number(const Explainer *at, Str name, FeelValue value,
                         Buf *buf)
{
    bool money = has_unit(at, name, "money");
    bool share = !money && has_unit(at, name, "share");
    Buf digits = buf_make(512);
    if (share) {
        value = feel_number_multiply(at->arena, value, feel_number(100, 0));
    }
    write_digits(at, value, money ? 2 : 0, &digits);
    TextArg arg = TEXT_STR("0", buf_view(&digits));
    if (money || share) {
        text_write(buf, at->style,
                   money ? STR("money.amount") : STR("number.percent"), &arg,
                   1);
    } else {
        buf_str(buf, buf_view(&digits));
    }
    buf_free(&digits);
}

/* A code in words: "income" -> what reasons call it, else the code. */
static Str code_words(const Explainer *at, Str code)
{
    static const char *const groups[] = {"reason_short",
                                         "asset",
                                         "fact.dwelling_proof",
                                         "fact.nationality_exception",
                                         "fact.member",
                                         "order",
                                         "fact"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        Str key = str_of(
            arena_format(at->arena, "%s.%.*s", groups[i], STR_ARG(code)));
        if (text_has(at->style->texts, key)) {
            return text_get_str(at->style, key);
        }
    }
    return code;
}

static void write_value(const Explainer *at, Str name, FeelValue value,
                        Buf *buf)
{
    switch ((FeelKind)value.kind) {
    case FEEL_NUMBER:
        write_number(at, name, value, buf);
        return;
    case FEEL_BOOLEAN:
        buf_str(buf, text_get(at->style,
                              value.as.whole != 0 ? "value.yes" : "value.no"));
        return;
    case FEEL_DATE:
        calendar_write_both(buf, at->style, (Day)value.as.whole);
        return;
    case FEEL_STRING:
        buf_str(buf, code_words(at, feel_text(value)));
        return;
    case FEEL_NULL:
        buf_str(buf, text_get(at->style, "value.none"));
        return;
    case FEEL_LIST:
        if (value.count == 0) {
            buf_str(buf, text_get(at->style, "value.none"));
        }
        for (uint32_t i = 0; i < value.count; i++) {
            if (value.as.items[i].kind == FEEL_CONTEXT) continue;
            if (i > 0) buf_str(buf, text_get(at->style, "value.comma"));
            write_value(at, name, value.as.items[i], buf);
        }
        return;
    case FEEL_CONTEXT:
        return;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        feel_write(buf, value);
        return;
    }
}

Str explain_value_words(const Explainer *at, Str name, FeelValue value)
{
    Buf buf = buf_make(WORDS_BYTES);
    write_value(at, name, value, &buf);
    return take(at->arena, &buf);
}

/* A plain whole number may be counted in a text: "4 dependants". */
static TextArg make_arg(const Explainer *at, Str name, FeelValue value)
{
    int64_t whole;
    const char *called = arena_text(at->arena, name.at, name.bytes);
    if (value.kind == FEEL_NUMBER && !has_unit(at, name, "money") &&
        !has_unit(at, name, "share") && feel_number_int(value, &whole)) {
        return TEXT_INT(called, whole);
    }
    return TEXT_STR(called, explain_value_words(at, name, value));
}

void explain_collect_values(Explainer *at)
{
    int32_t count = dmn_decision_count(at->model);
    at->args = ARENA_ARRAY(at->arena, TextArg, count + 1);
    for (int32_t i = 0; i < count; i++) {
        if (explain_step_of(at, i) == NULL) continue;
        at->args[at->arg_count++] = make_arg(
            at, dmn_decision_name(at->model, i), explain_value_of(at, i));
    }
}

static Str key_of(const Explainer *at, const char *group, Str name)
{
    return str_of(arena_format(at->arena, "%s.%s.%.*s", group,
                               at->programme->name, STR_ARG(name)));
}

static Str write_text(const Explainer *at, Str key, const TextArg *args,
                      size_t count)
{
    Buf buf = buf_make(WORDS_BYTES);
    text_write(&buf, at->style, key, args, count);
    return take(at->arena, &buf);
}

Str explain_text(const Explainer *at, const char *group, Str name)
{
    Str key = key_of(at, group, name);
    if (!text_has(at->style->texts, key)) return (Str){NULL, 0};
    return write_text(at, key, at->args, at->arg_count);
}

Str explain_text_with(const Explainer *at, const char *group, Str name,
                      TextArg arg)
{
    Str key = key_of(at, group, name);
    if (!text_has(at->style->texts, key)) return (Str){NULL, 0};
    TextArg *args = ARENA_ARRAY(at->arena, TextArg, at->arg_count + 1);
    args[0] = arg;
    memcpy(args + 1, at->args, at->arg_count * sizeof *args);
    return write_text(at, key, args, at->arg_count + 1);
}

Str explain_label(const Explainer *at, Str name)
{
    Str label = explain_text(at, "decision", name);
    return label.at == NULL ? str_copy(at->arena, name) : label;
}

/* What a text kind of facts says of a person on a day; empty without one. */
static Str known_text(const Book *book, int64_t person, const char *kind_name,
                      Day day)
{
    const Kind *kind = kind_find(book->catalogue, str_of(kind_name));
    if (kind == NULL || kind->type != KIND_TEXT) return (Str){"", 0};
    const Segment *segment = book_find(book, person, kind->id, 0, day);
    return segment == NULL ? (Str){"", 0} : segment->is.text;
}

Str explain_person(Arena *arena, const TextStyle *style, const Book *book,
                   int64_t person_id, Month month)
{
    static const char *const kinds[TEXT_LANGS] = {"name_ar", "name_en"};
    Day day = month_first_day(month);
    for (int i = 0; i < TEXT_LANGS; i++) {
        bool arabic = (style->lang == TEXT_AR) == (i == 0);
        Str name =
            known_text(book, person_id, kinds[arabic ? TEXT_AR : TEXT_EN], day);
        if (name.bytes > 0) return str_copy(arena, name);
    }
    Str number = str_of(arena_format(arena, "%lld", (long long)person_id));
    TextArg arg = TEXT_STR("person", number);
    Buf buf = buf_make(256);
    text_write(&buf, style, STR("person.unnamed"), &arg, 1);
    return take(arena, &buf);
}

static bool is_head(const Explainer *at, int64_t person)
{
    const Kind *kind = at->book->catalogue->member;
    const Segment *segment =
        book_find(at->book, person, kind->id, 0, month_first_day(at->month));
    return segment != NULL &&
           str_is(str_of(kind->codes[segment->is.value]), "head");
}

/* Of what is counted in days, any day of the year before says something. */
static bool is_stated_of(const Explainer *at, int64_t subject, const Kind *kind)
{
    const Book *book = at->book;
    Day day = month_first_day(at->month);
    if (kind->project != PROJECT_DAYS) {
        return book_find(book, subject, kind->id, 0, day) != NULL;
    }
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject == subject && segment->is.kind == kind->id &&
            segment->from < segment->to && segment->from < day &&
            segment->to > day - RECORD_LOOKBACK_DAYS) {
            return true;
        }
    }
    return false;
}

static bool is_kind_stated(const Explainer *at, const Kind *kind)
{
    if (!kind->of_person) return is_stated_of(at, BOOK_HOUSEHOLD, kind);
    for (int32_t i = 0; i < at->record->member_count; i++) {
        int64_t person = at->record->members[i].person_id;
        if (is_head(at, person) && is_stated_of(at, person, kind)) return true;
    }
    return false;
}

bool explain_is_stated(const Explainer *at, Str kinds)
{
    Str name;
    if (kinds.bytes == 0) return true;
    while (kinds.bytes > 0 && str_split(&kinds, ',', &name)) {
        const Kind *kind = kind_find(at->book->catalogue, str_trim(name));
        if (kind != NULL && is_kind_stated(at, kind)) return true;
    }
    return false;
}
