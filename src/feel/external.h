/*
 * external.h - functions that a model names in another language.
 *
 * FEEL lets a function stand for one of Java. Sanad has no Java: an external
 * function is a fault of the model. Only the runner of the conformance suite
 * offers the few that the suite calls, by this table.
 */
#ifndef FEEL_EXTERNAL_H
#define FEEL_EXTERNAL_H

#include "feel/run.h"

typedef struct FeelExternals {
    /*
     * The index of "java.lang.Math" and "max(double, double)", taking that
     * many parameters; -1 when there is no such function.
     */
    int32_t (*find)(Str class_name, Str signature, uint32_t count);
    /* Calls it with as many arguments; null with a diagnostic on misuse. */
    FeelValue (*call)(FeelRun *run, int32_t index, const FeelValue *args);
} FeelExternals;

#endif
