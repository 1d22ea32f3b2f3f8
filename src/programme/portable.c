#include "programme/portable.h"

#include "programme/grid.h"

enum { TREE_BYTES = 512 << 20 };

static const char standard[] = "https://www.omg.org/spec/DMN/";
static const char release_13[] = "20191111/";

/* What DMN 1.4 and 1.5 added. */
static bool is_newer(const XmlNode *node)
{
    static const char *const names[] = {
        "conditional", "filter", "for", "every", "some", "typeConstraint"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (xml_is(node, names[i])) return true;
    }
    return false;
}

/* The release that a name of the standard's begins with, 1.4 or 1.5. */
static bool is_release(Str rest)
{
    static const char *const releases[] = {"20230324/", "20211108/"};
    size_t bytes = sizeof release_13 - 1;
    for (size_t i = 0; i < sizeof releases / sizeof releases[0]; i++) {
        if (rest.bytes >= bytes && memcmp(rest.at, releases[i], bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* A start tag with the names of the standard as 1.3 has them. */
static void put_tag(Buf *out, Str tag)
{
    size_t head = sizeof standard - 1, done = 0;
    for (size_t at = 0; at + head < tag.bytes; at++) {
        Str rest = {tag.at + at + head, tag.bytes - at - head};
        if (memcmp(tag.at + at, standard, head) != 0 || !is_release(rest)) {
            continue;
        }
        buf_add(out, tag.at + done, at + head - done);
        buf_text(out, release_13);
        done = at + head + sizeof release_13 - 1;
        at = done - 1;
    }
    buf_add(out, tag.at + done, tag.bytes - done);
}

static Err put_all(Str model, const XmlNode *root, Diag *diag, Buf *out)
{
    size_t done = 0;
    for (const XmlNode *node = root; node != NULL;
         node = xml_walk(root, node)) {
        if (str_equal(node->space, root->space) && is_newer(node)) {
            diag_set(diag, "portable.newer");
            diag_arg(diag, node->name);
            diag_place(diag, NULL, node->line, 1);
            return ERR_INVALID;
        }
        buf_add(out, model.at + done, node->begin - done);
        put_tag(out, (Str){model.at + node->begin, node->inner - node->begin});
        done = node->inner;
    }
    buf_add(out, model.at + done, model.bytes - done);
    return OK;
}

Err portable_model(Arena *arena, Str model, Diag *diag, Str *ret)
{
    Arena *tree CLEANUP(arena_closep) = arena_open(TREE_BYTES);
    const XmlNode *root;
    TRY(xml_read(tree, model, diag, &root));
    if (!xml_is(root, "definitions")) {
        diag_set(diag, "dmn.not_dmn");
        return ERR_INVALID;
    }
    Buf out = buf_make(XML_BYTES_MAX);
    Err err = put_all(model, root, diag, &out);
    if (err == OK && (buf_full(&out) || !str_try(arena, buf_view(&out), ret))) {
        diag_set(diag, "xml.large");
        err = ERR_FULL;
    }
    buf_free(&out);
    return err;
}
