/*
 * parts.h - pieces that several pages show, as ready-made texts.
 */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "web/out.h"

/* What every page has around it. */
typedef struct PageFrame {
    Str lang;  /* "ar" */
    Str dir;   /* "rtl" */
    Str title; /* of the page, for the window */
    Str site;  /* tag of the style sheet and fonts */
    Str here;  /* this page's address up to "?" or "&", for switches */
    Str name;  /* who is signed in, empty for nobody */
    Str role;
    Str csrf; /* for every form */
    bool staff;
    bool policy;
    bool simulates;
    bool citizen;
    bool demo;    /* the whole site shows made-up people */
    bool english; /* the reader's language */
    bool digits;  /* Arabic-Indic digits are on */
    Str size;     /* of the text: "normal", "large", "larger" */
    bool normal;  /* the same, one of them true */
    bool large;
    bool larger;
    bool mistaken; /* the title begins "Error:" */
    bool fonts;    /* the binary carries our fonts */
    bool at_home;  /* where we are, for the navigation */
    bool at_decision;
    bool at_household;
    bool at_search;
    bool at_models;
    bool at_simulate;
    Str purpose;  /* for what staff read; empty: not on this page */
    Str helpline; /* telephone number of the service centre, or empty */
    Str next;     /* where to look again in a while; empty: nowhere */
} PageFrame;

/* A mistake in a form; `field` is the id to jump to. */
typedef struct PageMistake {
    Str field;
    Str text;
} PageMistake;

typedef struct PageReason {
    Str sentence;
    Str article;
} PageReason;

typedef struct PageDecided {
    bool eligible;
    Str programme;
    Str month;    /* "December 2026" */
    Str amount;   /* "1,320.00 SAR" */
    Str paid_day; /* Gregorian with the day of the week; empty: not paid */
    Str paid_hijri;
    Str decided_on;
    Str version;
    bool assumed;
    const PageReason *reasons;
    size_t reasons_count;
} PageDecided;

typedef struct PageFact {
    Str label;
    Str value;
    Str source;
    Str since;
    Str until; /* empty: still true */
    Str received;
} PageFact;

/* A member with what is held about him, or the household itself. */
typedef struct PageMember {
    Str anchor; /* "m1" */
    Str name;
    Str role;
    Str national_id;
    Str birth;
    Str birth_hijri;
    int64_t age_years;
    bool aged; /* the age is known */
    Str nationality;
    bool self;
    const PageFact *facts;
    size_t facts_count;
    bool any_facts;
    bool unfolded; /* the facts are open to be read at once */
} PageMember;

typedef struct PagePast {
    Str months;
    bool eligible;
    Str amount;
    Str reason;
    Str decided_on;
    Str version;
    Str month; /* "2026-12", for the link */
} PagePast;

typedef struct PageLine {
    Str sign;
    Str label;
    Str value;
    bool total;
    bool part;
} PageLine;

typedef struct PageRow {
    Str text;
    Str article;
    Str source;
    Str remark;
    bool unconfirmed;
    bool assumption;
} PageRow;

/* The rows of law that something rests on. */
typedef struct PageLaw {
    const PageRow *rows;
    size_t rows_count;
    int64_t row_count; /* the same, to be written */
    bool any_rows;
    bool doubt; /* one of the rows is not confirmed */
} PageLaw;

typedef struct PageCheck {
    Str label;
    Str sentence;
    bool met;
    PageLaw law;
} PageCheck;

typedef struct PageRemedy {
    Str sentence;
    PageLaw law;
} PageRemedy;

typedef struct PageStep {
    Str label;
    Str sentence;
    Str value;
    const PageLine *lines;
    size_t lines_count;
    bool any_lines;
    PageLaw law;
} PageStep;

typedef struct PagePersona {
    Str id;
    Str name;
    Str about;
    bool staff;
} PagePersona;

typedef struct PageLook {
    Str day;
    Str role;
    Str purpose;
    Str what;
    bool refused;
} PageLook;

/* Something that staff may read for. */
typedef struct PagePurposeChoice {
    Str code;
    Str label;
    bool chosen;
} PagePurposeChoice;

typedef struct PageHit {
    Str id;
    Str name;
    Str role;
    Str national_id;
    Str region;
    int64_t members;
} PageHit;

#endif
