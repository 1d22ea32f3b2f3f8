/*
 * policy_bench.h - the form of a simulation as a page shows it: the month, and
 * each scenario with its figures.
 */
#ifndef WEB_POLICY_BENCH_H
#define WEB_POLICY_BENCH_H

#include "web/policy_form.h"

/* The fields of a form, with what was typed. in: empty: the address of the
 * page without anything typed */
PageBench policy_bench(Visit *visit, const PolicyForm *form, Str empty);

#endif
