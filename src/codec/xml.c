#include "codec/xml.h"

#include <libxml/xmlreader.h>

/* Where we are in the bytes: libxml2 tells lines, but hardly columns. */
typedef struct Cursor {
    const char *at;
    const char *end;
    int32_t line;
    int32_t column; /* in code points, from 1 */
} Cursor;

typedef struct Reading {
    Arena *arena;
    Diag *diag;
    xmlTextReaderPtr reader;
    XmlNode *root;
    XmlNode *open;                    /* the innermost element not yet ended */
    XmlNode *last[XML_DEPTH_MAX + 1]; /* the last child at each depth */
    int32_t depth;
    int32_t nodes;
    Cursor cursor;
} Reading;

/* False when the arena is at its limit. */
static bool copy_xml(Arena *arena, const xmlChar *text, Str *ret)
{
    *ret = (Str){0};
    if (text == NULL) return true;
    return str_try(arena, str_of((const char *)text), ret);
}

static void cursor_step(Cursor *cursor)
{
    unsigned char byte = (unsigned char)*cursor->at++;
    if (byte == '\n') {
        cursor->line++;
        cursor->column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        cursor->column++;
    }
}

static bool cursor_sees(const Cursor *cursor, const char *text)
{
    size_t bytes = strlen(text);
    return (size_t)(cursor->end - cursor->at) >= bytes &&
           memcmp(cursor->at, text, bytes) == 0;
}

static void cursor_skip_to(Cursor *cursor, const char *text)
{
    while (cursor->at < cursor->end && !cursor_sees(cursor, text)) {
        cursor_step(cursor);
    }
}

/* To the start tag of that name, over comments, sections and instructions. */
static void cursor_find(Cursor *cursor, const char *name)
{
    size_t bytes = strlen(name);
    while (cursor->at < cursor->end) {
        if (cursor_sees(cursor, "<!--")) {
            cursor_skip_to(cursor, "-->");
        } else if (cursor_sees(cursor, "<![CDATA[")) {
            cursor_skip_to(cursor, "]]>");
        } else if (cursor_sees(cursor, "<?")) {
            cursor_skip_to(cursor, "?>");
        } else if (*cursor->at == '<' &&
                   (size_t)(cursor->end - cursor->at) > bytes + 1 &&
                   memcmp(cursor->at + 1, name, bytes) == 0 &&
                   strchr(" \t\r\n/>", cursor->at[bytes + 1]) != NULL) {
            return;
        } else {
            cursor_step(cursor);
        }
    }
}

/* Behind the ">" of the start tag at the cursor. */
static void cursor_pass_tag(Cursor *cursor)
{
    char quote = '\0';
    while (cursor->at < cursor->end) {
        char c = *cursor->at;
        cursor_step(cursor);
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return;
        }
    }
}

static Err fail(Reading *in, const char *key)
{
    if (in->diag != NULL && in->diag->key[0] == '\0') {
        diag_set(in->diag, key);
        diag_place(in->diag, NULL, in->cursor.line, in->cursor.column);
    }
    return ERR_INVALID;
}

/* The arena or the library has no more memory. */
static Err full(Reading *in)
{
    (void)fail(in, "xml.large");
    return ERR_FULL;
}

static Err add_attributes(Reading *in, XmlNode *node)
{
    while (xmlTextReaderMoveToNextAttribute(in->reader) == 1) {
        XmlAttribute *attribute = arena_try(in->arena, 1, sizeof *attribute);
        if (attribute == NULL ||
            !copy_xml(in->arena, xmlTextReaderConstLocalName(in->reader),
                      &attribute->name) ||
            !copy_xml(in->arena, xmlTextReaderConstValue(in->reader),
                      &attribute->value)) {
            return full(in);
        }
        attribute->next = node->attributes;
        node->attributes = attribute;
    }
    xmlTextReaderMoveToElement(in->reader);
    return OK;
}

/* Puts an element at its place in the tree. */
static void link_node(Reading *in, XmlNode *node)
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
}

static Err begin(Reading *in)
{
    if (in->depth >= XML_DEPTH_MAX) return fail(in, "xml.deep");
    if (++in->nodes > XML_NODES_MAX) return fail(in, "xml.large");
    XmlNode *node = arena_try(in->arena, 1, sizeof *node);
    if (node == NULL ||
        !copy_xml(in->arena, xmlTextReaderConstLocalName(in->reader),
                  &node->name) ||
        !copy_xml(in->arena, xmlTextReaderConstNamespaceUri(in->reader),
                  &node->space)) {
        return full(in);
    }
    cursor_find(&in->cursor, (const char *)xmlTextReaderConstName(in->reader));
    node->line = in->cursor.line;
    cursor_pass_tag(&in->cursor);
    node->text_line = in->cursor.line;
    node->text_column = in->cursor.column;
    link_node(in, node);
    bool empty = xmlTextReaderIsEmptyElement(in->reader) == 1;
    TRY(add_attributes(in, node));
    if (empty) return OK;
    in->open = node;
    in->depth++;
    in->last[in->depth] = NULL;
    return OK;
}

/* Pieces of text between child elements are put together. */
static Err add_text(Reading *in)
{
    const xmlChar *value = xmlTextReaderConstValue(in->reader);
    if (in->open == NULL || value == NULL) return OK;
    Str piece = {(const char *)value, strlen((const char *)value)};
    XmlNode *node = in->open;
    if (node->text.bytes == 0) {
        return copy_xml(in->arena, value, &node->text) ? OK : full(in);
    }
    if (node->first != NULL && str_trim(piece).bytes == 0) return OK;
    char *joined = arena_try(in->arena, node->text.bytes + piece.bytes + 1, 1);
    if (joined == NULL) return full(in);
    memcpy(joined, node->text.at, node->text.bytes);
    memcpy(joined + node->text.bytes, piece.at, piece.bytes);
    node->text = (Str){joined, node->text.bytes + piece.bytes};
    return OK;
}

static Err one_event(Reading *in)
{
    switch (xmlTextReaderNodeType(in->reader)) {
    case XML_READER_TYPE_ELEMENT:
        return begin(in);
    case XML_READER_TYPE_END_ELEMENT:
        in->depth--;
        in->open = in->open->parent;
        return OK;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        return add_text(in);
    case XML_READER_TYPE_DOCUMENT_TYPE:
        return fail(in, "xml.doctype");
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return fail(in, "xml.entity");
    default:
        return OK;
    }
}

/* libxml2's own words, with its line, as the argument of the diagnostic. */
#if LIBXML_VERSION >= 21200
static void note_error(void *context, const xmlError *error)
#else
static void note_error(void *context, xmlError *error)
#endif
{
    Reading *in = context;
    if (in->diag == NULL || in->diag->key[0] != '\0') return;
    if (error->level < XML_ERR_ERROR) return;
    diag_set(in->diag, "xml.syntax");
    diag_arg(in->diag,
             str_trim(str_of(error->message == NULL ? "" : error->message)));
    diag_place(in->diag, NULL, error->line, error->int2);
}

static void reader_freep(xmlTextReaderPtr *reader)
{
    if (*reader != NULL) xmlFreeTextReader(*reader);
}

Err xml_read(Arena *arena, Str bytes, Diag *diag, const XmlNode **ret)
{
    Diag own;
    if (diag == NULL) diag = &own;
    diag_set(diag, "");
    Reading in = {.arena = arena, .diag = diag};
    in.cursor = (Cursor){bytes.at, bytes.at + bytes.bytes, 1, 1};
    if (bytes.bytes == 0 || bytes.bytes > XML_BYTES_MAX) {
        return fail(&in, bytes.bytes == 0 ? "xml.empty" : "xml.large");
    }
    xmlTextReaderPtr reader CLEANUP(reader_freep) = xmlReaderForMemory(
        bytes.at, (int)bytes.bytes, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (reader == NULL) return full(&in);
    in.reader = reader;
    xmlTextReaderSetStructuredErrorHandler(reader, note_error, &in);
    int more = xmlTextReaderRead(reader);
    while (more == 1) {
        TRY(one_event(&in));
        more = xmlTextReaderRead(reader);
    }
    if (more < 0 || in.root == NULL) {
        if (diag->key[0] == '\0') return fail(&in, "xml.syntax");
        return ERR_INVALID;
    }
    *ret = in.root;
    return OK;
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

uint32_t xml_count(const XmlNode *node, const char *name)
{
    uint32_t count = 0;
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        if (xml_is(child, name)) count++;
    }
    return count;
}
