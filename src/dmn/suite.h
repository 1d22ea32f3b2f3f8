/*
 * suite.h - runs test cases in the format of the DMN conformance suite (TCK).
 *
 * The cases of the suite and those that ship with the models have the same
 * form: inputs by name, expected values of decisions. Numbers are compared
 * to 1e-8, as the suite's own runners do; everything else exactly.
 */
#ifndef DMN_SUITE_H
#define DMN_SUITE_H

#include "codec/xml.h"
#include "dmn/dmn.h"
#include "feel/external.h"

/* One expected value and what became of it. */
typedef struct DmnVerdict {
    Str case_id;
    Str result;       /* name of the decision */
    bool passed;      /* the value is as expected */
    bool flag_agrees; /* an error was expected and there was one, or neither */
    Str expected;     /* texts of both values, when it failed */
    Str actual;
    const Diag *diag; /* why the actual value is null, or NULL */
    int32_t line;     /* of the expected value in the file of cases */
} DmnVerdict;

/* Who is told of every expected value, and of every case when it is done. */
typedef struct DmnSuiteReport {
    void (*verdict)(void *context, const DmnVerdict *verdict);
    void (*done)(void *context, Str case_id, bool passed);
    void *context;
} DmnSuiteReport;

typedef struct DmnSuiteCount {
    int64_t passed; /* cases: all of their results as expected */
    int64_t failed;
    int64_t valued; /* cases that expect something else than null */
    int64_t valued_passed;
    int64_t flags; /* results whose error flag agrees */
    int64_t results;
} DmnSuiteCount;

/*
 * Loads a model of the suite: leniently, and with the twelve functions of
 * Java that the suite calls, which are offered nowhere else.
 *
 * errs   as dmn_load()
 */
NODISCARD Err dmn_suite_load(Arena *arena, const DmnSource *sources,
                             size_t count, Diag *diag, DmnModel **ret);

/* The functions of Java that the suite calls. */
const FeelExternals *dmn_suite_externals(void);

/* The file name of the model that a file of cases belongs to. */
Str dmn_suite_model(const XmlNode *cases);

/*
 * Runs all cases of a file against a model, which may be NULL (it did not
 * load): all then fail.
 *
 * errs   ERR_INVALID: it is no file of cases
 *        ERR_FULL: no memory for an evaluator
 */
NODISCARD Err dmn_suite_run(const DmnModel *model, const XmlNode *cases,
                            int64_t now_us, const DmnSuiteReport *report,
                            DmnSuiteCount *count);

#endif
