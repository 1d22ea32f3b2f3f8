#include "simulation/team.h"

#include <pthread.h>
#include <unistd.h>

typedef struct Member {
    pthread_t thread;
    Err (*work)(void *arg, int32_t number, Diag *diag);
    void *arg;
    int32_t number;
    bool started;
    Err err;
    Diag diag;
} Member;

static void *begin(void *arg)
{
    Member *member = arg;
    member->err = member->work(member->arg, member->number, &member->diag);
    return NULL;
}

Err team_run(int32_t threads,
             Err (*work)(void *arg, int32_t number, Diag *diag), void *arg,
             Diag *diag)
{
    Member team[TEAM_MAX];
    CHECK(threads >= 1 && threads <= TEAM_MAX);
    for (int32_t i = 0; i < threads; i++) {
        Member *member = &team[i];
        member->work = work;
        member->arg = arg;
        member->number = i;
        member->diag.key[0] = '\0';
        member->err = OK;
        member->started =
            i > 0 && pthread_create(&member->thread, NULL, begin, member) == 0;
        if (i > 0 && !member->started) member->err = ERR_FULL;
    }
    begin(&team[0]);
    for (int32_t i = 1; i < threads; i++) {
        if (team[i].started) pthread_join(team[i].thread, NULL);
    }
    for (int32_t i = 0; i < threads; i++) {
        if (team[i].err == OK) continue;
        *diag = team[i].diag;
        return team[i].err;
    }
    return OK;
}

int32_t team_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > TEAM_MAX ? TEAM_MAX : (int32_t)count;
}
