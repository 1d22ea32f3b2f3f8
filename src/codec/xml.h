/*
 * xml.h - a small XML document as a tree of elements, with places.
 *
 * Built on Expat. Nothing outside the bytes is ever read: no entities but the
 * five of XML, no document type. Sizes and depth are limited. Comments and
 * processing instructions are dropped. Each element knows its bytes in the
 * document, so that an editor can change these and no others.
 */
#ifndef CODEC_XML_H
#define CODEC_XML_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"

enum { XML_DEPTH_MAX = 100, XML_NODES_MAX = 2000000, XML_BYTES_MAX = 64 << 20 };

typedef struct XmlAttribute {
    Str name; /* without prefix */
    Str value;
    struct XmlAttribute *next;
} XmlAttribute;

typedef struct XmlNode {
    Str name;  /* without prefix */
    Str space; /* its namespace, empty for none */
    Str text;  /* all character data directly inside, in one piece */
    XmlAttribute *attributes;
    struct XmlNode *parent;
    struct XmlNode *first; /* child element */
    struct XmlNode *next;  /* sibling element */
    int32_t line;          /* of the start tag, from 1 */
    int32_t text_line;     /* where the character data begins */
    int32_t text_column;
    uint32_t begin, inner;   /* bytes: its start tag, and behind that */
    uint32_t inner_end, end; /* its end tag, and behind that; of an element
                                without one both are `inner` */
} XmlNode;

/*
 * Reads a document.
 *
 * in     bytes: need not outlive the tree
 * out    ret: the root element, in the arena
 * errs   ERR_INVALID: xml.syntax, xml.doctype, xml.entity, xml.deep,
 *        xml.large; with line and column where known
 *        ERR_FULL: the arena is exhausted (xml.large)
 */
NODISCARD Err xml_read(Arena *arena, Str bytes, Diag *diag,
                       const XmlNode **ret);

/* The value of an attribute by its name without prefix; empty if absent. */
Str xml_attribute(const XmlNode *node, const char *name);

/* Whether it has the attribute. */
bool xml_has(const XmlNode *node, const char *name);

/* The first child element of that name, or NULL. */
const XmlNode *xml_child(const XmlNode *node, const char *name);

/* The next sibling of the same name, or NULL. */
const XmlNode *xml_next(const XmlNode *node);

/* The number of children of that name. */
uint32_t xml_count(const XmlNode *node, const char *name);

/* The element that follows in the order of the text, inside of `root`, or
 * NULL. */
const XmlNode *xml_walk(const XmlNode *root, const XmlNode *node);

/* Appends a text so that it stands between tags, of HTML too, as itself. */
void xml_write_text(Buf *buf, Str text);

/* Whether the element has that name. */
bool xml_is(const XmlNode *node, const char *name);

#endif
