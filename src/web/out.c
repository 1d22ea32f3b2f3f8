#include "web/out.h"

#include "web/form.h"

enum { TEXT_BYTES_MAX = 64 * 1024 };

bool out_is_text(Str text)
{
    return text.bytes > 0;
}

bool out_is_true(bool truth)
{
    return truth;
}

/* The entity of a byte that may not stand as it is, or NULL. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* 'i' isolate, 'p' pop isolate, 'x' other bidi control, 0 anything else. */
static char bidi(Str rest)
{
    if (rest.bytes < 3 || (unsigned char)rest.at[0] != 0xe2) return 0;
    unsigned char second = (unsigned char)rest.at[1];
    unsigned char third = (unsigned char)rest.at[2];
    if (second == 0x80 && third >= 0xaa && third <= 0xae) return 'x';
    if (second == 0x81 && third >= 0xa6 && third <= 0xa8) return 'i';
    if (second == 0x81 && third == 0xa9) return 'p';
    return 0;
}

/* Bytes that need a second look; 0xe2 begins the bidi controls. */
static const bool special[256] = {
    ['&'] = true, ['<'] = true,  ['>'] = true,
    ['"'] = true, ['\''] = true, [0xe2] = true,
};

static void escape(Buf *buf, Str text, bool tags)
{
    size_t open = 0;
    size_t done = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (!special[(unsigned char)text.at[i]]) continue;
        char kind = bidi((Str){text.at + i, text.bytes - i});
        const char *instead = kind == 0 ? entity(text.at[i]) : "";
        if (instead == NULL) continue;
        buf_add(buf, text.at + done, i - done);
        if (tags && kind == 'i') {
            instead = "<bdi>";
            open++;
        } else if (tags && kind == 'p' && open > 0) {
            instead = "</bdi>";
            open--;
        }
        buf_text(buf, instead);
        i += kind == 0 ? 0 : 2;
        done = i + 1;
    }
    if (done < text.bytes) buf_add(buf, text.at + done, text.bytes - done);
    for (; open > 0; open--) buf_text(buf, "</bdi>");
}

void out_html(Out *out, Str text)
{
    escape(out->buf, text, true);
}

void out_value(Out *out, Str text)
{
    escape(out->buf, text, false);
}

void out_url(Out *out, Str part)
{
    form_escape(out->buf, part);
}

void out_path(Out *out, Str path)
{
    bool ours = path.bytes > 0 && path.at[0] == '/' &&
                (path.bytes == 1 || (path.at[1] != '/' && path.at[1] != '\\'));
    for (size_t i = 0; i < path.bytes; i++)
        if ((unsigned char)path.at[i] <= 0x20) ours = false;
    escape(out->buf, ours ? path : STR("#"), false);
}

OutReady out_ready(Arena *arena, const TextStyle *style,
                   const char *const *keys, size_t count)
{
    Str *html = ARENA_ARRAY(arena, Str, count + 1);
    Str *value = ARENA_ARRAY(arena, Str, count + 1);
    Buf buf = buf_make(TEXT_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_reset(&buf);
        escape(&buf, text_get(style, keys[i]), true);
        html[i] = str_copy(arena, buf_view(&buf));
        buf_reset(&buf);
        escape(&buf, text_get(style, keys[i]), false);
        value[i] = str_copy(arena, buf_view(&buf));
    }
    buf_free(&buf);
    return (OutReady){html, value};
}

void out_text(Out *out, size_t number, const char *key)
{
    if (out->ready == NULL)
        out_html(out, text_get(out->style, key));
    else
        buf_str(out->buf, out->ready->html[number]);
}

void out_text_value(Out *out, size_t number, const char *key)
{
    if (out->ready == NULL)
        out_value(out, text_get(out->style, key));
    else
        buf_str(out->buf, out->ready->value[number]);
}

TextArg out_arg_str(const char *name, Str value)
{
    return TEXT_STR(name, value);
}

TextArg out_arg_int(const char *name, int64_t value)
{
    return TEXT_INT(name, value);
}

static void fill(Out *out, const char *key, const TextArg *args, size_t count,
                 bool tags)
{
    TextStyle style = *out->style;
    style.isolate = true;
    Buf text = buf_make(TEXT_BYTES_MAX);
    text_write(&text, &style, str_of(key), args, count);
    escape(out->buf, buf_view(&text), tags);
    buf_free(&text);
}

void out_textf(Out *out, const char *key, const TextArg *args, size_t count)
{
    fill(out, key, args, count, true);
}

void out_textf_value(Out *out, const char *key, const TextArg *args,
                     size_t count)
{
    fill(out, key, args, count, false);
}
