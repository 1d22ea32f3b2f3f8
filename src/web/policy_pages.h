/*
 * policy_pages.h - the policy desk's pages that read: models, their diagrams,
 * decisions and what the static check found.
 */
#ifndef WEB_POLICY_PAGES_H
#define WEB_POLICY_PAGES_H

#include "web/policy_words.h"

/* GET /p: the models of the law in force. */
void policy_models(HttpRequest *request);

/* GET /p/models/{name}: what rests on what, figures, decisions. */
void policy_rules(HttpRequest *request);

/* GET /p/models/{name}/decisions/{id}: how one is decided. */
void policy_rule(HttpRequest *request);

/* GET /p/models/{name}/check: what the static check found. */
void policy_findings(HttpRequest *request);

/*
 * The picture of a model, or of a part of it; not drawn when it is too large.
 *
 * in     shown: by item; NULL: all. here: the item that the page is about,
 *        or -1
 */
PageDiagram policy_draw(Visit *visit, const PolicyModel *model,
                        const bool *shown, int32_t here);

/* What a boxed expression is, for people; the plain ones speak themselves. */
Str policy_form(const Visit *visit, const SheetBlock *block);

/* What the static check found, for a page. */
PageFinding policy_finding(Visit *visit, const PolicyModel *model,
                           const DmnFinding *found);

#endif
