#include "programme/diff_tree.h"

#include <string.h>

/* What follows the date in a name of the standard: "MODEL/", "FEEL/". */
static bool read_standard(Str text, Str *ret)
{
    static const char *const starts[] = {"https://www.omg.org/spec/DMN/",
                                         "http://www.omg.org/spec/DMN/"};
    for (int i = 0; i < 2; i++) {
        size_t bytes = strlen(starts[i]);
        if (text.bytes <= bytes || memcmp(text.at, starts[i], bytes) != 0) {
            continue;
        }
        while (bytes < text.bytes && text.at[bytes] != '/') bytes++;
        *ret = (Str){text.at + bytes, text.bytes - bytes};
        return true;
    }
    return false;
}

bool diff_same_value(Str a, Str b)
{
    Str rest_a, rest_b;
    if (str_equal(a, b)) return true;
    return read_standard(a, &rest_a) && read_standard(b, &rest_b) &&
           str_equal(rest_a, rest_b);
}

bool diff_attribute_says(const XmlAttribute *attribute)
{
    return !str_is(attribute->name, "exporter") &&
           !str_is(attribute->name, "exporterVersion");
}

/* Whether the other has all attributes of the one. */
static bool has_all(const XmlNode *one, const XmlNode *other)
{
    for (const XmlAttribute *a = one->attributes; a != NULL; a = a->next) {
        const XmlAttribute *b = other->attributes;
        while (b != NULL && !str_equal(a->name, b->name)) b = b->next;
        if (b != NULL && diff_same_value(a->value, b->value)) continue;
        bool usual = str_is(a->name, "hitPolicy") && str_is(a->value, "UNIQUE");
        bool dispensable = !diff_attribute_says(a) ||
                           (b == NULL && (usual || str_is(a->name, "id")));
        if (!dispensable) return false;
    }
    return true;
}

static bool same_tag(const XmlNode *a, const XmlNode *b)
{
    return str_equal(a->name, b->name) && diff_same_value(a->space, b->space);
}

static bool same_node(const XmlNode *a, const XmlNode *b)
{
    return same_tag(a, b) && str_equal(str_trim(a->text), str_trim(b->text)) &&
           has_all(a, b) && has_all(b, a);
}

/* The node, or the first sibling behind it that is no diagram. */
static const XmlNode *said(const XmlNode *node)
{
    while (node != NULL && xml_is(node, "DMNDI")) node = node->next;
    return node;
}

static bool same_all(const XmlNode *old, const XmlNode *now, bool shape)
{
    const XmlNode *a = old, *b = now;
    while (a != NULL && b != NULL) {
        if (!(shape ? same_tag(a, b) : same_node(a, b))) return false;
        const XmlNode *next_a = said(a->first), *next_b = said(b->first);
        while (next_a == NULL && next_b == NULL) {
            if (a == old) return true;
            next_a = said(a->next);
            next_b = said(b->next);
            a = a->parent;
            b = b->parent;
        }
        a = next_a;
        b = next_b;
    }
    return false; /* one of them has more */
}

bool diff_same_tree(const XmlNode *old, const XmlNode *now)
{
    return same_all(old, now, false);
}

bool diff_same_shape(const XmlNode *old, const XmlNode *now)
{
    return same_all(old, now, true);
}
