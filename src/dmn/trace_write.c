#include "dmn/trace_write.h"

#include "codec/json.h"
#include "codec/utf8.h"
#include "codec/xml.h"

enum { VALUE_BYTES = 1 << 16, VALUE_POINTS = 160, LOOK_BACK = 200 };

/* How a writer puts texts into its output. */
typedef struct Writer {
    Buf *out;
    const TextStyle *style;
    bool html;
} Writer;

/* A piece of the model or a value, apart from the text around it. */
static void put_apart(const Writer *to, Str text)
{
    if (to->html) {
        buf_text(to->out, "<bdi>");
        xml_write_text(to->out, text);
        buf_text(to->out, "</bdi>");
    } else {
        text_write_isolated(to->out, to->style, text);
    }
}

static void put_value(const Writer *to, FeelValue value)
{
    Buf text = buf_make(VALUE_BYTES);
    feel_write_json(&text, value);
    Str whole = buf_view(&text), shown = utf8_cut(whole, VALUE_POINTS);
    bool cut = shown.bytes < whole.bytes || buf_full(&text);
    if (cut && !buf_full(&text)) {
        text.bytes = shown.bytes;
        buf_text(&text, "\u2026");
        shown = buf_view(&text);
    }
    put_apart(to, shown);
    buf_free(&text);
}

/* The words of a key up to its first placeholder, and behind it. */
static void put_words(const Writer *to, const char *key, Str name)
{
    Str words = text_get(to->style, key);
    size_t at = 0;
    while (at + 2 < words.bytes && memcmp(words.at + at, "{0}", 3) != 0) at++;
    bool placed = at + 2 < words.bytes;
    buf_add(to->out, words.at, placed ? at : words.bytes);
    if (!placed) return;
    put_apart(to, name);
    buf_add(to->out, words.at + at + 3, words.bytes - at - 3);
}

static void put_notes(const Writer *to, const DmnNote *notes, uint32_t count)
{
    bool first = true;
    for (uint32_t i = 0; i < count; i++) {
        if (notes[i].text.bytes == 0 || str_is(notes[i].text, "-")) continue;
        buf_text(to->out, first ? " " : "; ");
        first = false;
        put_apart(to, notes[i].column);
        buf_text(to->out, ": ");
        put_apart(to, notes[i].text);
    }
}

static void put_row(const Writer *to, const DmnStep *step)
{
    char number[16];
    snprintf(number, sizeof number, "%d", step->row);
    put_words(to, step->chosen ? "trace.row" : "trace.row_other",
              str_of(number));
    put_notes(to, step->cells, step->cell_count);
    buf_text(to->out, " = ");
    put_value(to, step->value);
    if (step->note_count == 0) return;
    buf_text(to->out, to->html ? "<br>" : " |");
    put_notes(to, step->notes, step->note_count);
}

static void put_step(const Writer *to, const DmnStep *step)
{
    static const char *const keys[] = {[DMN_STEP_DECISION] = "trace.decision",
                                       [DMN_STEP_CALL] = "trace.call",
                                       [DMN_STEP_USES] = "trace.uses",
                                       [DMN_STEP_ENTRY] = "trace.entry",
                                       [DMN_STEP_ROW] = "trace.row"};
    if (step->kind == DMN_STEP_ROW) {
        put_row(to, step);
        return;
    }
    put_words(to, keys[step->kind], step->name);
    buf_text(to->out, " = ");
    put_value(to, step->value);
}

/* What was just decided, or was told before in the same place, is not again. */
static bool is_told(const DmnStep *steps, size_t i)
{
    const DmnStep *step = &steps[i];
    if (step->kind != DMN_STEP_USES) return false;
    for (size_t k = i; k > 0 && i - k < LOOK_BACK; k--) {
        const DmnStep *before = &steps[k - 1];
        if (before->depth < step->depth) return false;
        bool same = before->depth == step->depth &&
                    before->decision == step->decision &&
                    before->input == step->input;
        if (same && before->kind != DMN_STEP_ROW) return true;
    }
    return false;
}

void dmn_trace_text(Buf *out, const TextStyle *style, const DmnStep *steps,
                    size_t count)
{
    Writer to = {out, style, false};
    for (size_t i = 0; i < count; i++) {
        if (is_told(steps, i)) continue;
        for (int32_t d = 0; d < steps[i].depth; d++) buf_text(out, "  ");
        put_step(&to, &steps[i]);
        buf_char(out, '\n');
    }
}

/* Closes lists until `depth` of them are open, or opens one more. */
static void to_depth(Buf *out, int32_t *open, int32_t depth)
{
    while (*open > depth) {
        buf_text(out, "</li></ul>");
        --*open;
    }
}

void dmn_trace_html(Buf *out, const TextStyle *style, const DmnStep *steps,
                    size_t count)
{
    Writer to = {out, style, true};
    int32_t open = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_told(steps, i)) continue;
        int32_t depth = steps[i].depth + 1;
        to_depth(out, &open, depth);
        if (open == depth) buf_text(out, "</li>");
        for (; open < depth; open++) {
            buf_format(out, "<ul class=\"trace\" dir=\"%s\">",
                       text_lang_dir(style->lang));
            if (open + 1 < depth) buf_text(out, "<li>");
        }
        buf_text(out, "<li>");
        put_step(&to, &steps[i]);
    }
    to_depth(out, &open, 0);
}

static void json_notes(JsonOut *out, const char *key, const DmnNote *notes,
                       uint32_t count)
{
    json_out_key(out, key);
    json_out_array(out);
    for (uint32_t i = 0; i < count; i++) {
        json_out_object(out);
        json_put_str(out, "column", notes[i].column);
        json_put_str(out, "text", notes[i].text);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_step(JsonOut *out, const DmnStep *step)
{
    static const char *const kinds[] = {[DMN_STEP_DECISION] = "decision",
                                        [DMN_STEP_CALL] = "call",
                                        [DMN_STEP_USES] = "uses",
                                        [DMN_STEP_ENTRY] = "entry",
                                        [DMN_STEP_ROW] = "row"};
    json_out_object(out);
    json_put_text(out, "kind", kinds[step->kind]);
    json_put_int(out, "depth", step->depth);
    json_put_int(out, "line", step->line);
    if (step->kind == DMN_STEP_ROW) {
        json_put_int(out, "row", step->row);
        json_put_bool(out, "chosen", step->chosen);
        json_notes(out, "cells", step->cells, step->cell_count);
        json_notes(out, "notes", step->notes, step->note_count);
    } else {
        json_put_str(out, "name", step->name);
        json_put_str(out, "text", step->text);
    }
    Buf value = buf_make(out->buf->limit_bytes);
    feel_write_json(&value, step->value);
    json_put_raw(out, "value",
                 buf_full(&value) ? STR("null") : buf_view(&value));
    buf_free(&value);
    json_out_object_end(out);
}

void dmn_trace_json(Buf *out, const DmnStep *steps, size_t count)
{
    JsonOut json = json_out_make(out);
    json_out_array(&json);
    for (size_t i = 0; i < count; i++) json_step(&json, &steps[i]);
    json_out_array_end(&json);
}
