/*
 * html.h - text as the content of an HTML or SVG element or a quoted value.
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/buf.h"

/*
 * Appends text with the characters that mean something escaped. Characters
 * that steer direction, which could make a page read otherwise than it says,
 * are left out: what must be isolated stands in an element of its own.
 */
void html_text(Buf *buf, Str text);

#endif
