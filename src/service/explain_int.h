/*
 * explain_int.h - what the files of the explanation share.
 */
#ifndef SERVICE_EXPLAIN_INT_H
#define SERVICE_EXPLAIN_INT_H

#include "service/explain.h"

/* Says that the month has not been determined. Returns ERR_NOT_FOUND. */
Err explain_undetermined(Month month, Diag *diag);

#endif
