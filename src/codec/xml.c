#include "codec/xml.h"

#include <expat.h>

/* Stands between namespace and name; no name has a line end in it. */
static const char between = '\n';

typedef struct Reading {
    Arena *arena;
    Diag *diag;
    XML_Parser parser;
    Err err;
    XmlNode *root;
    XmlNode *open;                    /* the innermost element not yet ended */
    XmlNode *last[XML_DEPTH_MAX + 1]; /* the last child at each depth */
    int32_t depth;
    int32_t nodes;
    Buf piece; /* character data since the last tag */
    int32_t piece_line;
    int32_t piece_column;
    Str space; /* the last one: nearly all elements are of one */
    Str source;
    size_t seen; /* up to here line and column are counted */
    int32_t line, column;
} Reading;

/* Expat counts each byte; jumping from line end to line end is a tenth of
 * that. Files in two bytes a character are counted by Expat. */
static void place_of(Reading *in, int32_t *ret_line, int32_t *ret_column)
{
    size_t at = (size_t)XML_GetCurrentByteIndex(in->parser);
    bool wide =
        (unsigned char)in->source.at[0] >= 0xFE || in->source.at[0] == 0;
    if (wide || at > in->source.bytes || at < in->seen) {
        *ret_line = (int32_t)XML_GetCurrentLineNumber(in->parser);
        *ret_column = (int32_t)XML_GetCurrentColumnNumber(in->parser) + 1;
        return;
    }
    const char *from = in->source.at + in->seen, *to = in->source.at + at, *end;
    while ((end = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        from = end + 1;
        in->line++;
        in->column = 1;
    }
    for (; from < to; from++)
        in->column += ((unsigned char)*from & 0xC0) != 0x80;
    in->seen = at;
    *ret_line = in->line;
    *ret_column = in->column;
}

/* Ends the reading; the first reason counts. */
static void fail(Reading *in, Err err, const char *key)
{
    if (in->err != OK) return;
    in->err = err;
    diag_set(in->diag, key);
    int32_t line, column;
    place_of(in, &line, &column);
    diag_place(in->diag, NULL, line, column);
    XML_StopParser(in->parser, XML_FALSE);
}

static bool copy(Reading *in, Str text, Str *ret)
{
    if (str_try(in->arena, text, ret)) return true;
    fail(in, ERR_FULL, "xml.large");
    return false;
}

/* Parts "space<line end>name". */
static bool copy_name(Reading *in, const char *whole, Str *ret_space, Str *ret)
{
    const char *end = strchr(whole, between);
    Str space = {whole, end == NULL ? 0 : (size_t)(end - whole)};
    if (ret_space != NULL) {
        if (!str_equal(space, in->space) && !copy(in, space, &in->space)) {
            return false;
        }
        *ret_space = in->space;
    }
    return copy(in, str_of(end == NULL ? whole : end + 1), ret);
}

static bool add_attributes(Reading *in, XmlNode *node, const char **pairs)
{
    for (; pairs[0] != NULL; pairs += 2) {
        XmlAttribute *attribute = ARENA_TRY_NEW(in->arena, XmlAttribute);
        if (attribute == NULL) {
            fail(in, ERR_FULL, "xml.large");
            return false;
        }
        if (!copy_name(in, pairs[0], NULL, &attribute->name) ||
            !copy(in, str_of(pairs[1]), &attribute->value)) {
            return false;
        }
        attribute->next = node->attributes;
        node->attributes = attribute;
    }
    return true;
}

/* Gives the character data since the last tag to its element. Pieces between
 * child elements are put together; indentation among them is left out. */
static void end_piece(Reading *in)
{
    XmlNode *node = in->open;
    Str piece = buf_view(&in->piece);
    bool indents =
        node != NULL && node->first != NULL && str_trim(piece).bytes == 0;
    if (piece.bytes == 0 || node == NULL || indents) {
        buf_reset(&in->piece);
        return;
    }
    if (node->text.bytes == 0) {
        node->text_line = in->piece_line;
        node->text_column = in->piece_column;
    }
    char *joined = arena_try(in->arena, node->text.bytes + piece.bytes + 1, 1);
    if (joined == NULL || buf_full(&in->piece)) {
        fail(in, ERR_FULL, "xml.large");
        return;
    }
    if (node->text.bytes > 0) {
        memcpy(joined, node->text.at, node->text.bytes);
    }
    memcpy(joined + node->text.bytes, piece.at, piece.bytes);
    node->text = (Str){joined, node->text.bytes + piece.bytes};
    buf_reset(&in->piece);
}

/* Hangs a node under the element that is open. */
static void hang(Reading *in, XmlNode *node)
{
    node->parent = in->open;
    if (in->open == NULL) {
        in->root = node;
    } else if (in->last[in->depth] == NULL) {
        in->open->first = node;
    } else {
        in->last[in->depth]->next = node;
    }
    in->last[in->depth] = node;
    in->open = node;
    in->last[++in->depth] = NULL;
}

static void on_start(void *context, const char *name, const char **pairs)
{
    Reading *in = context;
    if (in->err != OK) return;
    end_piece(in);
    if (in->depth >= XML_DEPTH_MAX) {
        fail(in, ERR_INVALID, "xml.deep");
        return;
    }
    XmlNode *node = ARENA_TRY_NEW(in->arena, XmlNode);
    if (node == NULL) {
        fail(in, ERR_FULL, "xml.large");
        return;
    }
    if (++in->nodes > XML_NODES_MAX) fail(in, ERR_INVALID, "xml.large");
    place_of(in, &node->line, &node->text_column);
    node->text_line = node->line;
    node->begin = (uint32_t)XML_GetCurrentByteIndex(in->parser);
    node->inner = node->begin + (uint32_t)XML_GetCurrentByteCount(in->parser);
    if (copy_name(in, name, &node->space, &node->name) &&
        add_attributes(in, node, pairs)) {
        hang(in, node);
    }
}

static void on_end(void *context, const char *name UNUSED)
{
    Reading *in = context;
    if (in->err != OK) return;
    end_piece(in);
    in->open->inner_end = (uint32_t)XML_GetCurrentByteIndex(in->parser);
    in->open->end =
        in->open->inner_end + (uint32_t)XML_GetCurrentByteCount(in->parser);
    in->depth--;
    in->open = in->open->parent;
}

static void on_text(void *context, const char *at, int bytes)
{
    Reading *in = context;
    if (in->err != OK) return;
    if (in->piece.bytes == 0) {
        place_of(in, &in->piece_line, &in->piece_column);
    }
    buf_add(&in->piece, at, (size_t)bytes);
}

static void on_doctype(void *context, const char *name UNUSED,
                       const char *system UNUSED, const char *public UNUSED,
                       int has_subset UNUSED)
{
    fail(context, ERR_INVALID, "xml.doctype");
}

static void parse(Reading *in, Str bytes)
{
    XML_SetUserData(in->parser, in);
    XML_SetElementHandler(in->parser, on_start, on_end);
    XML_SetCharacterDataHandler(in->parser, on_text);
    XML_SetStartDoctypeDeclHandler(in->parser, on_doctype);
    if (XML_Parse(in->parser, bytes.at, (int)bytes.bytes, 1) == XML_STATUS_OK ||
        in->err != OK) {
        return;
    }
    enum XML_Error error = XML_GetErrorCode(in->parser);
    if (error == XML_ERROR_NO_MEMORY) {
        fail(in, ERR_FULL, "xml.large");
    } else if (error == XML_ERROR_UNDEFINED_ENTITY) {
        fail(in, ERR_INVALID, "xml.entity");
    } else {
        fail(in, ERR_INVALID, "xml.syntax");
        diag_arg_text(in->diag, XML_ErrorString(error));
    }
}

Err xml_read(Arena *arena, Str bytes, Diag *diag, const XmlNode **ret)
{
    Diag own;
    if (diag == NULL) diag = &own;
    diag_set(diag, bytes.bytes == 0 ? "xml.empty" : "xml.large");
    diag_place(diag, NULL, 1, 1);
    if (bytes.bytes == 0 || bytes.bytes > XML_BYTES_MAX) return ERR_INVALID;
    Reading in = {.arena = arena,
                  .diag = diag,
                  .piece = buf_make(XML_BYTES_MAX),
                  .source = bytes,
                  .line = 1,
                  .column = 1};
    in.parser = XML_ParserCreateNS(NULL, between);
    if (in.parser == NULL) return ERR_FULL;
    diag_set(diag, "");
    parse(&in, bytes);
    XML_ParserFree(in.parser);
    buf_free(&in.piece);
    if (in.err == OK) *ret = in.root;
    return in.err;
}

bool xml_has(const XmlNode *node, const char *name)
{
    for (const XmlAttribute *a = node->attributes; a != NULL; a = a->next) {
        if (str_is(a->name, name)) return true;
    }
    return false;
}

Str xml_attribute(const XmlNode *node, const char *name)
{
    for (const XmlAttribute *a = node->attributes; a != NULL; a = a->next) {
        if (str_is(a->name, name)) return a->value;
    }
    return (Str){0};
}

bool xml_is(const XmlNode *node, const char *name)
{
    return str_is(node->name, name);
}

const XmlNode *xml_child(const XmlNode *node, const char *name)
{
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        if (xml_is(child, name)) return child;
    }
    return NULL;
}

const XmlNode *xml_next(const XmlNode *node)
{
    for (const XmlNode *other = node->next; other != NULL;
         other = other->next) {
        if (str_equal(other->name, node->name)) return other;
    }
    return NULL;
}

const XmlNode *xml_walk(const XmlNode *root, const XmlNode *node)
{
    if (node->first != NULL) return node->first;
    while (node != root && node->next == NULL) node = node->parent;
    return node == root ? NULL : node->next;
}

uint32_t xml_count(const XmlNode *node, const char *name)
{
    uint32_t count = 0;
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        if (xml_is(child, name)) count++;
    }
    return count;
}

void xml_write_text(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        switch (text.at[i]) {
        case '&':
            buf_text(buf, "&amp;");
            break;
        case '<':
            buf_text(buf, "&lt;");
            break;
        case '>':
            buf_text(buf, "&gt;");
            break;
        case '\r':
            buf_text(buf, "&#13;");
            break;
        default:
            buf_char(buf, text.at[i]);
        }
    }
}
