/*
 * desk_personas.c - people of the demo nation to be, by one click.
 */
#include <string.h>

#include "access/account.h"
#include "service/demo.h"
#include "web/desk_int.h"

/* Staff of the demo: no persons of the nation. */
typedef struct DemoStaff {
    const char *id;
    Role role;
} DemoStaff;

static const DemoStaff staff[] = {{"caseworker", ROLE_CASEWORKER},
                                  {"auditor", ROLE_AUDITOR},
                                  {"policy", ROLE_POLICY},
                                  {"reviewer", ROLE_POLICY}};

enum { STAFF_COUNT = sizeof staff / sizeof staff[0] };

static Str about(const TextStyle *style, Arena *arena, Str id)
{
    return text_get(style,
                    arena_format(arena, "demo.persona.%.*s", STR_ARG(id)));
}

static Err list(Desk *desk, BackendCall *call, DemoPersona *personas,
                int32_t *ret_count)
{
    Diag diag = {.key = ""};
    StoreConn *conn = desk_reader_take(desk);
    Err err =
        demo_personas(conn, call->arena, desk->config.context->pack->catalogue,
                      &diag, personas, ret_count);
    desk_reader_give(desk, conn);
    return err;
}

Err desk_personas(void *self, BackendCall *call, BackendPersonas *ret)
{
    Desk *desk = self;
    DemoPersona found[DEMO_PERSONAS_MAX];
    int32_t count = 0;
    *ret = (BackendPersonas){NULL, 0};
    if (!desk->config.demo) return OK;
    TRY(list(desk, call, found, &count));
    BackendPersona *personas =
        ARENA_ARRAY(call->arena, BackendPersona, count + STAFF_COUNT);
    size_t made = 0;
    for (int32_t i = 0; i < count; i++) {
        personas[made++] = (BackendPersona){
            .id = found[i].id,
            .name = call->style->lang == TEXT_AR ? found[i].name
                                                 : found[i].name_latin,
            .about = about(call->style, call->arena, found[i].id)};
    }
    for (int i = 0; i < STAFF_COUNT; i++) {
        Str id = str_of(staff[i].id);
        const char *role =
            arena_format(call->arena, "role.%s", role_name(staff[i].role));
        personas[made++] =
            (BackendPersona){.id = id,
                             .name = text_get(call->style, role),
                             .about = about(call->style, call->arena, id),
                             .staff = true};
    }
    *ret = (BackendPersonas){personas, made};
    return OK;
}

/* A persona who signs in, through the write queue. */
typedef struct Click {
    Desk *desk;
    BackendCall *call;
    BackendSignin *ret;
    NewActor actor;
    bool staff;
    SigninSession session;
} Click;

static Err click_change(StoreConn *tx, void *arg, Diag *diag)
{
    Click *click = arg;
    Actor actor;
    Err err =
        signin_actor_find(tx, click->call->arena, click->actor.name, &actor);
    if (err == ERR_NOT_FOUND) {
        click->actor.id = store_new_id(click->desk->config.context->store);
        err = account_add(tx, &click->actor, diag, NULL);
        actor.id = click->actor.id;
    }
    if (err != OK) return err;
    SigninAsk ask = desk_ask(click->call, click->actor.name);
    return signin_open(tx, actor.id, click->staff, &ask, &click->session);
}

static void click_done(void *arg, Err err, const Diag *diag)
{
    Click *click = arg;
    (void)diag;
    if (err == OK) {
        *click->ret = (BackendSignin){
            .token = str_copy(click->call->arena, str_of(click->session.token)),
            .seconds = click->session.seconds,
            .staff = click->staff};
    }
    click->call->done(click->call->done_arg, err);
}

static Err find(Desk *desk, BackendCall *call, Str id, Click *click)
{
    DemoPersona found[DEMO_PERSONAS_MAX];
    int32_t count = 0;
    click->actor.person_id = -1;
    for (int i = 0; i < STAFF_COUNT; i++) {
        if (!str_is(id, staff[i].id)) continue;
        click->staff = true;
        click->actor.roles = 1u << staff[i].role;
        click->actor.persona = true;
        click->actor.label =
            text_get(call->style, arena_format(call->arena, "role.%s",
                                               role_name(staff[i].role)));
        return OK;
    }
    TRY(list(desk, call, found, &count));
    for (int32_t i = 0; i < count; i++) {
        if (!str_equal(id, found[i].id)) continue;
        click->actor.roles = 1u << ROLE_CITIZEN;
        click->actor.person_id = found[i].person_id;
        click->actor.label = found[i].name;
        return OK;
    }
    return ERR_NOT_FOUND;
}

Err desk_signin_persona(void *self, BackendCall *call, Str id,
                        BackendSignin *ret, Diag *diag)
{
    Desk *desk = self;
    if (!desk->config.demo) return ERR_NOT_FOUND;
    Click *click = ARENA_NEW(call->arena, Click);
    click->desk = desk;
    click->call = call;
    click->ret = ret;
    TRY(find(desk, call, id, click));
    click->actor.name =
        str_of(arena_format(call->arena, "demo-%.*s", STR_ARG(id)));
    call->waiting = true;
    Err err = writer_submit(desk->writer, click_change, click_done, click);
    if (err == OK) return OK;
    call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}
