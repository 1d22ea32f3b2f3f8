/*
 * trace_write.h - a trace for people and programs: text, HTML, JSON.
 *
 * All three tell the same steps in the same order. What a citizen is told is
 * made from them elsewhere; this is for whoever writes or checks a model.
 */
#ifndef DMN_TRACE_WRITE_H
#define DMN_TRACE_WRITE_H

#include "dmn/trace.h"
#include "text/text.h"

/*
 * Indented lines: what was decided, what it used, which rows matched by which
 * cells, what they cite. Long values are cut.
 */
void dmn_trace_text(Buf *out, const TextStyle *style, const DmnStep *steps,
                    size_t count);

/*
 * The same as nested lists, without a page around them. Every text from the
 * model stands in <bdi>, every special character is escaped.
 */
void dmn_trace_html(Buf *out, const TextStyle *style, const DmnStep *steps,
                    size_t count);

/* One JSON array of steps with their depth; values whole and exact. */
void dmn_trace_json(Buf *out, const DmnStep *steps, size_t count);

#endif
