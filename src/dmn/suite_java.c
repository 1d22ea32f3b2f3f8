/*
 * The functions of Java that the conformance suite calls, and no others.
 * Numbers go through double or float as they do there, and come back by
 * their shortest text.
 */
#include <math.h>
#include <stdlib.h>

#include "dmn/suite.h"
#include "feel/number.h"

enum { NUMBER_BYTES = 64, TEXT_BYTES = 1 << 16 };

static FeelValue misused(FeelRun *run)
{
    return feel_run_fail(run, "feel.null_call", "java");
}

static bool to_double(FeelValue value, double *ret)
{
    if (value.kind != FEEL_NUMBER) return false;
    Buf text = buf_make(TEXT_BYTES);
    feel_number_write(&text, value);
    buf_char(&text, '\0');
    *ret = buf_full(&text) ? NAN : strtod(text.at, NULL);
    buf_free(&text);
    return isfinite(*ret);
}

/* The shortest text that reads back as the same double, or float. */
static FeelValue of_double(FeelRun *run, double value, bool single)
{
    char text[NUMBER_BYTES];
    if (!isfinite(value)) return misused(run);
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        bool same = single ? strtof(text, NULL) == (float)value
                           : strtod(text, NULL) == value;
        if (same) break;
    }
    return feel_number_read(run->arena, str_of(text));
}

static FeelValue max_double(FeelRun *run, const FeelValue *args)
{
    double a, b;
    if (!to_double(args[0], &a) || !to_double(args[1], &b)) return misused(run);
    return of_double(run, a > b ? a : b, false);
}

static FeelValue max_float(FeelRun *run, const FeelValue *args)
{
    double a, b;
    if (!to_double(args[0], &a) || !to_double(args[1], &b)) return misused(run);
    return of_double(run, (float)a > (float)b ? (float)a : (float)b, true);
}

static FeelValue cosine(FeelRun *run, const FeelValue *args)
{
    double a;
    if (!to_double(args[0], &a)) return misused(run);
    return of_double(run, cos(a), false);
}

static bool whole(FeelValue value, int64_t least, int64_t most, int64_t *ret)
{
    return value.kind == FEEL_NUMBER && feel_number_int(value, ret) &&
           *ret >= least && *ret <= most;
}

static FeelValue max_within(FeelRun *run, const FeelValue *args, int64_t least,
                            int64_t most)
{
    int64_t a, b;
    if (!whole(args[0], least, most, &a) || !whole(args[1], least, most, &b)) {
        return misused(run);
    }
    return feel_number(a > b ? a : b, 0);
}

static FeelValue max_int(FeelRun *run, const FeelValue *args)
{
    return max_within(run, args, INT32_MIN, INT32_MAX);
}

static FeelValue max_long(FeelRun *run, const FeelValue *args)
{
    return max_within(run, args, INT64_MIN, INT64_MAX);
}

static FeelValue short_value(FeelRun *run, const FeelValue *args)
{
    int64_t a;
    if (!whole(args[0], INT16_MIN, INT16_MAX, &a)) return misused(run);
    return feel_number(a, 0);
}

static FeelValue byte_value(FeelRun *run, const FeelValue *args)
{
    int64_t a;
    if (!whole(args[0], INT8_MIN, INT8_MAX, &a)) return misused(run);
    return feel_number(a, 0);
}

/* A char is one UTF-16 unit: what lies beyond has no place in it. */
static FeelValue char_text(FeelRun *run, const FeelValue *args)
{
    if (args[0].kind != FEEL_STRING || args[0].count == 0) return misused(run);
    unsigned char first = (unsigned char)args[0].as.text[0];
    uint32_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return args[0].count == bytes && bytes < 4 ? args[0] : misused(run);
}

static FeelValue int_of_text(FeelRun *run, const FeelValue *args)
{
    int64_t a;
    if (args[0].kind != FEEL_STRING) return misused(run);
    Str text = feel_text(args[0]);
    if (text.bytes > 1 && text.at[0] == '+' && text.at[1] != '-') {
        text = (Str){text.at + 1, text.bytes - 1};
    }
    if (!str_to_int(text, &a) || a < INT32_MIN || a > INT32_MAX) {
        return misused(run);
    }
    return feel_number(a, 0);
}

static FeelValue of_text(FeelRun *run, FeelValue text, bool single)
{
    double value;
    if (text.kind != FEEL_STRING) return misused(run);
    FeelValue number = feel_number_read(run->arena, str_trim(feel_text(text)));
    if (!to_double(number, &value)) return misused(run);
    return of_double(run, single ? (float)value : value, single);
}

static FeelValue float_of_text(FeelRun *run, const FeelValue *args)
{
    return of_text(run, args[0], true);
}

static FeelValue double_of_text(FeelRun *run, const FeelValue *args)
{
    return of_text(run, args[0], false);
}

/* "%s", "%%" and "%n"; the object is used once. */
static bool add_formatted(Buf *out, Str format, FeelValue object)
{
    bool used = false;
    for (size_t i = 0; i < format.bytes; i++) {
        if (format.at[i] != '%') {
            buf_char(out, format.at[i]);
            continue;
        }
        char c = ++i < format.bytes ? format.at[i] : '\0';
        if (c == 's' && used) return false;
        if (c == 's') feel_write(out, object);
        if (c == '%') buf_char(out, '%');
        if (c == 'n') buf_char(out, '\n');
        if (c != 's' && c != '%' && c != 'n') return false;
        used = used || c == 's';
    }
    return !buf_full(out);
}

static FeelValue format(FeelRun *run, const FeelValue *args)
{
    Str kept = {0};
    if (args[0].kind != FEEL_STRING) return misused(run);
    Buf out = buf_make(TEXT_BYTES);
    bool sound = add_formatted(&out, feel_text(args[0]), args[1]) &&
                 str_try(run->arena, buf_view(&out), &kept);
    buf_free(&out);
    return sound ? feel_string(kept) : misused(run);
}

static const struct {
    const char *class_name;
    const char *signature; /* without spaces */
    uint32_t count;
    FeelValue (*run)(FeelRun *run, const FeelValue *args);
} functions[] = {
    {"java.lang.Math", "cos(double)", 1, cosine},
    {"java.lang.Math", "max(double,double)", 2, max_double},
    {"java.lang.Math", "max(float,float)", 2, max_float},
    {"java.lang.Math", "max(int,int)", 2, max_int},
    {"java.lang.Math", "max(long,long)", 2, max_long},
    {"java.lang.Short", "valueOf(short)", 1, short_value},
    {"java.lang.Byte", "valueOf(byte)", 1, byte_value},
    {"java.lang.String", "valueOf(char)", 1, char_text},
    {"java.lang.Integer", "valueOf(java.lang.String)", 1, int_of_text},
    {"java.lang.Float", "valueOf(java.lang.String)", 1, float_of_text},
    {"java.lang.Double", "valueOf(java.lang.String)", 1, double_of_text},
    {"java.lang.String", "format(java.lang.String,[Ljava.lang.Object;)", 2,
     format}};

/* Signatures are the same but for spaces. */
static bool same_signature(const char *own, Str other)
{
    for (size_t i = 0; i < other.bytes; i++) {
        if (other.at[i] == ' ') continue;
        if (*own != other.at[i]) return false;
        own++;
    }
    return *own == '\0';
}

static int32_t find(Str class_name, Str signature, uint32_t count)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (str_is(class_name, functions[i].class_name) &&
            same_signature(functions[i].signature, signature)) {
            return functions[i].count == count ? (int32_t)i : -1;
        }
    }
    return -1;
}

static FeelValue call(FeelRun *run, int32_t index, const FeelValue *args)
{
    return functions[index].run(run, args);
}

const FeelExternals *dmn_suite_externals(void)
{
    static const FeelExternals externals = {find, call};
    return &externals;
}
