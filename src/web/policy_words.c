#include "web/policy_words.h"

#include "feel/number.h"
#include "programme/words.h"
#include "text/number.h"
#include "web/fill.h"

static Str keep(Visit *visit, const Buf *buf)
{
    return str_copy(visit->request->arena, buf_view(buf));
}

/* The text "group.programme.name"; an empty Str without one. */
static Str text_of(const Visit *visit, const PolicyModel *model,
                   const char *group, Str name)
{
    Str key = str_of(arena_format(visit->request->arena, "%s.%s.%.*s", group,
                                  model->programme->name, STR_ARG(name)));
    if (!text_has(visit->style.texts, key)) return (Str){"", 0};
    return text_get_str(&visit->style, key);
}

Str policy_label(const Visit *visit, const PolicyModel *model, Str name)
{
    ModelWords words = {.programme = model->programme->name};
    return words_label(&visit->style, &words, name);
}

Str policy_note_label(const Visit *visit, Str name)
{
    return words_note(&visit->style, name);
}

PolicyUnit policy_unit(const Visit *visit, const PolicyModel *model, Str name)
{
    Str unit = text_of(visit, model, "unit", name);
    if (str_is(unit, "money")) return POLICY_MONEY;
    return str_is(unit, "share") ? POLICY_SHARE : POLICY_PLAIN;
}

/* A part of one as a percentage: "0.5" is "50". */
static Str percent_of(Visit *visit, Str digits)
{
    Decimal part;
    if (!number_read(digits, &part)) return digits;
    part.coefficient *= part.scale == 0 ? 100 : part.scale == 1 ? 10 : 1;
    part.scale = part.scale < 2 ? 0 : part.scale - 2;
    Buf *buf = http_scratch(visit->request);
    decimal_write(buf, part);
    return keep(visit, buf);
}

/* An amount with both its decimals. */
static Str with_decimals(Visit *visit, Str digits)
{
    const char *point = memchr(digits.at, '.', digits.bytes);
    size_t have =
        point == NULL ? 0 : (size_t)(digits.at + digits.bytes - point) - 1;
    Buf *buf = http_scratch(visit->request);
    buf_str(buf, digits);
    if (point == NULL) buf_char(buf, '.');
    for (; have < 2; have++) buf_char(buf, '0');
    return keep(visit, buf);
}

Str policy_number(Visit *visit, PolicyUnit unit, Str digits)
{
    if (unit == POLICY_SHARE) digits = percent_of(visit, digits);
    if (unit == POLICY_MONEY) digits = with_decimals(visit, digits);
    Buf *buf = http_scratch(visit->request);
    number_write_exact(buf, &visit->style, digits);
    Str number = keep(visit, buf);
    if (unit == POLICY_PLAIN) return number;
    TextArg arg = TEXT_STR("0", number);
    buf = http_scratch(visit->request);
    text_write(buf, &visit->style,
               unit == POLICY_MONEY ? STR("money.amount")
                                    : STR("number.percent"),
               &arg, 1);
    return keep(visit, buf);
}

/* A code, as "disability_aid", by what it is called; or the code. */
static Str code_words(const Visit *visit, Str code)
{
    static const char *const groups[] = {"reason_short", "asset",
                                         "fact.dwelling_proof",
                                         "fact.nationality_exception", "fact"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        Str key = str_of(arena_format(visit->request->arena, "%s.%.*s",
                                      groups[i], STR_ARG(code)));
        if (text_has(visit->style.texts, key)) {
            return text_get_str(&visit->style, key);
        }
    }
    return code;
}

static Str list_words(Visit *visit, const PolicyModel *model, Str name,
                      FeelValue list)
{
    Str all = visit_text(visit, "value.none");
    for (uint32_t i = 0; i < list.count; i++) {
        Str one = policy_value(visit, model, name, list.as.items[i]);
        Buf *buf = http_scratch(visit->request);
        if (i > 0) buf_str(buf, all);
        if (i > 0) buf_str(buf, visit_text(visit, "value.comma"));
        buf_str(buf, one);
        all = keep(visit, buf);
    }
    return all;
}

Str policy_value(Visit *visit, const PolicyModel *model, Str name,
                 FeelValue value)
{
    Buf *buf = http_scratch(visit->request);
    if (value.kind == FEEL_NUMBER) {
        feel_number_write(buf, value);
        return policy_number(visit, policy_unit(visit, model, name),
                             keep(visit, buf));
    }
    if (value.kind == FEEL_BOOLEAN) {
        return visit_text(visit,
                          value.as.whole != 0 ? "value.yes" : "value.no");
    }
    if (value.kind == FEEL_NULL) return visit_text(visit, "value.none");
    if (value.kind == FEEL_STRING) return code_words(visit, feel_text(value));
    if (value.kind == FEEL_DATE) {
        return fill_day_short(visit, (Day)value.as.whole);
    }
    if (value.kind == FEEL_LIST) return list_words(visit, model, name, value);
    feel_write(buf, value);
    return keep(visit, buf);
}

/* Whether it is a number as FEEL writes it. */
static bool is_number(Str text)
{
    bool digit = false;
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        bool fits = (c >= '0' && c <= '9') || c == '.' || (c == '-' && i == 0);
        if (!fits) return false;
        digit = digit || (c >= '0' && c <= '9');
    }
    return digit;
}

bool policy_cell_words(Visit *visit, const PolicyModel *model, Str name,
                       Str cell, Str *ret)
{
    cell = str_trim(cell);
    if (is_number(cell)) {
        *ret = policy_number(visit, policy_unit(visit, model, name), cell);
    } else if (str_is(cell, "true") || str_is(cell, "false")) {
        *ret = visit_text(visit, cell.at[0] == 't' ? "value.yes" : "value.no");
    } else if (str_is(cell, "null")) {
        *ret = visit_text(visit, "value.none");
    } else if (cell.bytes > 2 && cell.at[0] == '"' &&
               memchr(cell.at + 1, '"', cell.bytes - 2) == NULL) {
        *ret = code_words(visit, (Str){cell.at + 1, cell.bytes - 2});
    } else {
        return false;
    }
    return true;
}

static Str sources_of(Visit *visit, const Policy *policy, Str annotation)
{
    const CitationSource *found[CITATION_SOURCES_MAX];
    size_t count =
        citation_sources(&policy->pack->citations, annotation, found);
    Buf *buf = http_scratch(visit->request);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_str(buf, visit_text(visit, "value.semicolon"));
        citation_write_source(buf, &visit->style, found[i]);
    }
    if (count == 0) buf_str(buf, annotation);
    return keep(visit, buf);
}

void policy_cite(Visit *visit, const Policy *policy, const PolicyModel *model,
                 const SheetItem *item, const SheetTable *table, int32_t row,
                 PageTableRow *ret)
{
    int32_t article = policy_note(table, "Article");
    int32_t source = policy_note(table, "Source");
    int32_t status = policy_note(table, "Status");
    ret->cited = article >= 0;
    if (article >= 0) {
        Str key = policy_cell(table, row, article);
        const Citation *found = citation_find(&policy->pack->citations, key);
        Buf *buf = http_scratch(visit->request);
        if (found != NULL) citation_write(buf, &visit->style, found);
        ret->article = found != NULL ? keep(visit, buf) : key;
    }
    if (source >= 0) {
        ret->source =
            sources_of(visit, policy, policy_cell(table, row, source));
    }
    if (status < 0) return;
    Str said = policy_cell(table, row, status);
    ret->confirmed = str_is(said, "confirmed");
    ret->unconfirmed = str_is(said, "unconfirmed");
    ret->assumption = str_is(said, "assumption");
    Str remark = text_of(visit, model, "assumed", item->name);
    /* those with figures of a case are for explanations alone */
    bool whole =
        remark.bytes > 0 && memchr(remark.at, '{', remark.bytes) == NULL;
    if (whole && !ret->confirmed) ret->remark = remark;
}

PageModelLine policy_line(Visit *visit, const PolicyModel *model)
{
    const char *title = arena_format(visit->request->arena, "programme.%s",
                                     model->programme->name);
    bool titled = text_has(visit->style.texts, str_of(title));
    return (PageModelLine){
        .name = str_of(model->programme->name),
        .title = titled ? visit_text(visit, title) : model->sheet.name,
        .first = fill_day_short(visit, model->first),
        .last = fill_day_short(visit, model->last),
        .decisions = model->decisions,
        .tables = model->tables,
        .rows = model->rows,
        .cases = model->cases,
        .sources = model->sources,
        .unconfirmed = model->unconfirmed,
        .doubt = model->unconfirmed > 0,
        .errors = model->found[DMN_ERROR],
        .warnings = model->found[DMN_WARNING],
        .clean = model->found[DMN_ERROR] == 0 && model->found[DMN_WARNING] == 0,
    };
}
