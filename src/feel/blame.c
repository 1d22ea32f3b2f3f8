/*
 * Why something became null, with the values that stood there: whoever reads
 * it sees what was wrong beside what was expected. Only a run that is `wordy`
 * takes the time; of households by the million nobody reads it.
 */
#include "feel/builtin.h"
#include "feel/run_int.h"

enum { ITEMS_SHOWN = 4, TEXT_SHOWN = 40, SHOWN_BYTES = 2 * DIAG_ARG_BYTES };

static bool is_single(FeelValue value)
{
    return value.kind >= FEEL_BOOLEAN && value.kind <= FEEL_MONTHS_DURATION;
}

/* A single value as JSON; of a long text the beginning. */
static void show_single(Buf *buf, FeelValue value)
{
    if (value.kind != FEEL_STRING || value.count <= TEXT_SHOWN) {
        feel_write_json(buf, value);
        return;
    }
    Str text = feel_text(value);
    size_t bytes = TEXT_SHOWN;
    while (bytes > 0 && ((unsigned char)text.at[bytes] & 0xC0) == 0x80) bytes--;
    feel_write_json(buf, feel_string((Str){text.at, bytes}));
    buf_text(buf, "...");
}

static bool is_short_list(FeelValue value)
{
    if (value.kind != FEEL_LIST || value.count > ITEMS_SHOWN) return false;
    for (uint32_t i = 0; i < value.count; i++) {
        FeelValue item = value.as.items[i];
        if (!is_single(item) && item.kind != FEEL_NULL) return false;
    }
    return true;
}

/* "1 (number)"; of what is long only the kind. */
static void show(Buf *buf, FeelValue value)
{
    bool list = is_short_list(value);
    if (list) {
        buf_char(buf, '[');
        for (uint32_t i = 0; i < value.count; i++) {
            if (i > 0) buf_text(buf, ", ");
            show_single(buf, value.as.items[i]);
        }
        buf_char(buf, ']');
    } else if (is_single(value)) {
        show_single(buf, value);
    }
    const char *kind =
        value.kind == FEEL_NULL ? "null" : feel_kind_name((FeelKind)value.kind);
    bool alone = !list && !is_single(value);
    buf_format(buf, alone ? "%s" : " (%s)", kind);
}

static void add_shown(Diag *diag, FeelValue value)
{
    Buf text = buf_make(SHOWN_BYTES);
    show(&text, value);
    diag_arg(diag, buf_view(&text));
    buf_free(&text);
}

FeelValue feel_run_blame(FeelRun *run, const char *key, FeelValue a,
                         FeelValue b)
{
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_run_fail(run, key, NULL);
    if (!run->wordy) return feel_null();
    add_shown(&run->diag, a);
    add_shown(&run->diag, b);
    return feel_null();
}

FeelValue feel_run_blame_one(FeelRun *run, const char *key, Str name,
                             FeelValue value)
{
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_run_fail(run, key, NULL);
    if (!run->wordy) return feel_null();
    diag_arg(&run->diag, name);
    add_shown(&run->diag, value);
    return feel_null();
}

FeelValue feel_run_blame_type(FeelRun *run, const FeelType *type,
                              FeelValue value)
{
    if (run->diag.key[0] != '\0') return feel_null();
    bool listed = value.kind == type->kind && type->constraint >= 0;
    (void)feel_run_fail(run, listed ? "feel.not_allowed" : "feel.type", NULL);
    if (!run->wordy) return feel_null();
    Buf text = buf_make(SHOWN_BYTES);
    if (listed && type->name.bytes > 0) {
        buf_str(&text, type->name);
    } else {
        feel_type_write(&text, type);
    }
    diag_arg(&run->diag, buf_view(&text));
    buf_free(&text);
    add_shown(&run->diag, value);
    return feel_null();
}

/* The names of a context's entries. */
static void show_names(Buf *buf, const FeelShape *shape)
{
    for (uint32_t i = 0; i < shape->count && !buf_full(buf); i++) {
        if (i > 0) buf_text(buf, ", ");
        buf_str(buf, shape->names[i]);
    }
    if (shape->count == 0) buf_text(buf, "{}");
}

FeelValue feel_run_blame_field(FeelRun *run, FeelValue value, Str name)
{
    if (value.kind != FEEL_CONTEXT) {
        return feel_run_blame_one(run, "feel.no_field", name, value);
    }
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_run_fail(run, "feel.no_entry", NULL);
    if (!run->wordy) return feel_null();
    Buf names = buf_make(SHOWN_BYTES);
    show_names(&names, value.as.record->shape);
    diag_arg(&run->diag, name);
    diag_arg(&run->diag, buf_view(&names));
    buf_free(&names);
    return feel_null();
}

void feel_run_blame_arguments(FeelRun *run, const FeelValue *args,
                              uint32_t count)
{
    Buf text = buf_make(SHOWN_BYTES);
    for (uint32_t i = 0; i < count && !buf_full(&text); i++) {
        if (i > 0) buf_text(&text, ", ");
        show(&text, args[i]);
    }
    diag_arg(&run->diag, buf_view(&text));
    buf_free(&text);
}
