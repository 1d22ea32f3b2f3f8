#include "base/err.h"

typedef struct ErrRow {
    const char *name;
    int http;
    int exit_code;
} ErrRow;

static const ErrRow rows[ERR_COUNT] = {
    [OK] = {"OK", 200, 0},
    [ERR_INVALID] = {"ERR_INVALID", 400, 1},
    [ERR_RANGE] = {"ERR_RANGE", 400, 1},
    [ERR_NOT_FOUND] = {"ERR_NOT_FOUND", 404, 1},
    [ERR_DENIED] = {"ERR_DENIED", 403, 1},
    [ERR_CONFLICT] = {"ERR_CONFLICT", 409, 1},
    [ERR_BUSY] = {"ERR_BUSY", 503, 1},
    [ERR_IO] = {"ERR_IO", 500, 1},
    [ERR_FULL] = {"ERR_FULL", 503, 1},
    [ERR_STOPPED] = {"ERR_STOPPED", 503, 1},
};

static const ErrRow *row_of(Err err)
{
    CHECK((unsigned)err < ERR_COUNT);
    return &rows[err];
}

const char *err_name(Err err)
{
    return row_of(err)->name;
}

int err_http(Err err)
{
    return row_of(err)->http;
}

int err_exit(Err err)
{
    return row_of(err)->exit_code;
}
