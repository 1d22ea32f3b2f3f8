/*
 * fill.h - from what the backend says to what pages show: numbers, money and
 * dates written for the reader.
 */
#ifndef WEB_FILL_H
#define WEB_FILL_H

#include "web/visit.h"

/* "1,320.00 SAR". */
Str fill_money(Visit *visit, Money money);

/* "Tuesday 1 December 2026"; "" for DAY_OPEN. */
Str fill_day(Visit *visit, Day day);
/* The same without the weekday. */
Str fill_day_short(Visit *visit, Day day);

/* "21 Jumada al-Thani 1448 AH"; "" for none or outside the table. */
Str fill_hijri(Visit *visit, Day day);

/* The day of an instant in the country's time zone, short. */
Str fill_instant(Visit *visit, Instant at);

/* "December 2026". */
Str fill_month(Visit *visit, Month month);
/* "2026-12", for addresses. */
Str fill_month_code(Visit *visit, Month month);

/* A number as it is, without grouping, in plain digits: for addresses. */
Str fill_id(Visit *visit, int64_t id);

/* A decision. */
PageDecided fill_decided(Visit *visit, const BackendDecision *decision);

/* Earlier decisions. */
const PagePast *fill_history(Visit *visit, const BackendDecision *history,
                             size_t count);

/* What is held about one subject; person 0 is the household. */
PageMember fill_subject(Visit *visit, const BackendFact *facts, size_t count,
                        int64_t person_id);

/* The members by name and role alone. */
const PageMember *fill_names(Visit *visit, const BackendMember *members,
                             size_t member_count);

/* The members, each with what is held about him. */
const PageMember *fill_members(Visit *visit, const BackendMember *members,
                               size_t member_count, const BackendFact *facts,
                               size_t fact_count);

/* The steps of an explanation. */
const PageStep *fill_steps(Visit *visit, const BackendStep *steps,
                           size_t count);

/* The conditions of an explanation, and what can be done. */
const PageCheck *fill_checks(Visit *visit, const BackendCheck *checks,
                             size_t count);
const PageRemedy *fill_remedies(Visit *visit, const BackendRemedy *remedies,
                                size_t count);

/* What an explanation says of the decision before, if there was one. */
void fill_replaced(Visit *visit, const BackendReplaced *old,
                   PageDecision *page);

#endif
