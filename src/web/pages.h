/*
 * pages.h - what each page shows: structs of ready-made texts, one a template.
 *
 * templates/x.html is compiled to page_x() against PageX; a field that is not
 * here does not compile there. Numbers, money and dates are written for the
 * reader before; escaping is the compiled page's.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/pages_drafts.h"
#include "web/pages_held.h"
#include "web/pages_outlook.h"
#include "web/pages_policy.h"
#include "web/pages_simulate.h"
#include "web/parts.h"

typedef struct PageStart {
    PageFrame frame;
} PageStart;

typedef struct PageSignin {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong; /* there are mistakes */
    Str national_id;
    Str national_id_wrong;
    const PagePersona *personas;
    size_t personas_count;
    bool any_personas;
} PageSignin;

typedef struct PageSigninCode {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    Str national_id;
    Str code_wrong;
} PageSigninCode;

typedef struct PageSigninStaff {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    Str user;
    Str user_wrong;
    Str password_wrong;
    Str code_wrong;
} PageSigninStaff;

typedef struct PageHome {
    PageFrame frame;
    bool decided_yet;
    PageDecided decided;
    int64_t member_count;
    const PageMember *members;
    size_t members_count;
} PageHome;

typedef struct PageHousehold {
    PageFrame frame;
    Str number;
    Str region;
    Str address;
    PageMember common; /* facts about the household */
    const PageMember *members;
    size_t members_count;
} PageHousehold;

typedef struct PageLooks {
    PageFrame frame;
    const PageLook *looks;
    size_t looks_count;
    bool any_looks;
    bool more;
} PageLooks;

typedef struct PageDecision {
    PageFrame frame;
    bool for_staff;
    Str number;
    PageDecided decided;
    const PageStep *steps;
    size_t steps_count;
    const PageCheck *checks;
    size_t checks_count;
    bool any_checks;
    const PageRemedy *remedies;
    size_t remedies_count;
    bool any_remedies;
    bool replaced; /* another decision on this month */
    Str replaced_on;
    Str replaced_before;
    bool owed; /* more is due now, or less */
    bool overpaid;
    Str difference;
    PageMember common;
    const PageMember *members;
    size_t members_count;
    bool any_facts;
    Str pack;
    Str input;
} PageDecision;

typedef struct PagePurpose {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    Str next; /* where they were going */
    const PagePurposeChoice *choices;
    size_t choices_count;
} PagePurpose;

typedef struct PageSearch {
    PageFrame frame;
    Str words;
    bool asked;
    bool none;
    bool listed;
    bool more;
    Str wrong;
    int64_t hit_count;
    int64_t withheld; /* results that are close to the reader */
    bool any_withheld;
    const PageHit *hits;
    size_t hits_count;
} PageSearch;

typedef struct PageCase {
    PageFrame frame;
    Str number;
    Str version;
    Str region;
    Str address;
    Str head; /* name of the head */
    bool decided_yet;
    PageDecided decided;
    PageMember common;
    const PageMember *members;
    size_t members_count;
    const PagePast *history;
    size_t history_count;
    bool any_history;
} PageCase;

typedef struct PageError {
    PageFrame frame;
    Str status;
    Str heading; /* in the reader's language, as the next */
    Str sentence;
    Str detail;     /* what the service said, may be empty */
    Str other_lang; /* "en" */
    Str other_dir;  /* the same in the other language */
    Str other_heading;
    Str other_sentence;
} PageError;

/* The texts without arguments that pages use, by number. */
extern const char *const page_text_key[];
extern const size_t page_text_count;

/* The pages, compiled from templates/ by tools/pages into build/gen. */
void page_start(Out *out, const PageStart *page);
/* Signing in: citizen, the code that was sent, staff. */
void page_signin(Out *out, const PageSignin *page);
/* The one-time code. */
void page_signin_code(Out *out, const PageSigninCode *page);
/* Name, password and code. */
void page_signin_staff(Out *out, const PageSigninStaff *page);
/* The beneficiary's first page. */
void page_home(Out *out, const PageHome *page);
/* Members and the facts held about them. */
void page_household(Out *out, const PageHousehold *page);
/* Who looked at the household's data. */
void page_looks(Out *out, const PageLooks *page);
/* Why: the explanation. */
void page_decision(Out *out, const PageDecision *page);
/* For what do you read? */
void page_purpose(Out *out, const PagePurpose *page);
/* The caseworker's search. */
void page_search(Out *out, const PageSearch *page);
/* A household as a caseworker sees it. */
void page_case(Out *out, const PageCase *page);
/* Something could not be done. */
void page_error(Out *out, const PageError *page);

#endif
