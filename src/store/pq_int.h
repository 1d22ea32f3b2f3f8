/*
 * pq_int.h - libpq, loaded when a PostgreSQL database is opened.
 *
 * Linked normally it would draw twenty libraries into a program whose
 * default is SQLite. The functions are called through one table.
 */
#ifndef STORE_PQ_INT_H
#define STORE_PQ_INT_H

#include <postgresql/libpq-fe.h>

#include "base/arena.h"

#define PQ_FUNCTIONS(X)                                                        \
    X(PQconnectdbParams)                                                       \
    X(PQfinish)                                                                \
    X(PQreset)                                                                 \
    X(PQstatus)                                                                \
    X(PQerrorMessage)                                                          \
    X(PQserverVersion)                                                         \
    X(PQconninfo)                                                              \
    X(PQconninfoFree)                                                          \
    X(PQsetNoticeProcessor)                                                    \
    X(PQexec)                                                                  \
    X(PQenterPipelineMode)                                                     \
    X(PQexitPipelineMode)                                                      \
    X(PQpipelineSync)                                                          \
    X(PQsendQueryParams)                                                       \
    X(PQsendPrepare)                                                           \
    X(PQsendDescribePrepared)                                                  \
    X(PQsendQueryPrepared)                                                     \
    X(PQgetResult)                                                             \
    X(PQresultStatus)                                                          \
    X(PQresultErrorField)                                                      \
    X(PQclear)                                                                 \
    X(PQcmdStatus)                                                             \
    X(PQcmdTuples)                                                             \
    X(PQntuples)                                                               \
    X(PQnfields)                                                               \
    X(PQftype)                                                                 \
    X(PQgetvalue)                                                              \
    X(PQgetlength)                                                             \
    X(PQgetisnull)                                                             \
    X(PQnparams)                                                               \
    X(PQparamtype)                                                             \
    X(PQputCopyData)                                                           \
    X(PQputCopyEnd)

typedef struct Pq {
#define PQ_MEMBER(function) __typeof__(function) *function;
    PQ_FUNCTIONS(PQ_MEMBER)
#undef PQ_MEMBER
} Pq;

/* The table, in the arena; NULL when the library or a function of it is
 * missing, and then ret_why is the loader's words, static. */
const Pq *pq_load(Arena *arena, const char **ret_why);

#endif
