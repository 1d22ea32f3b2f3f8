#include "cli/law_print.h"

#include "cli/common.h"
#include "cli/findings.h"
#include "codec/json.h"
#include "codec/utf8.h"

enum {
    LINE_BYTES = 1 << 14,
    KEY_BYTES = 64,
    DIFF_BYTES = 64 << 20,
    JSON_BYTES = 256 << 20
};

static const char *time_text(Cli *cli, Instant at)
{
    Buf text = buf_make(64);
    instant_write(&text, at);
    const char *made = arena_text(cli->arena, text.at, text.bytes);
    buf_free(&text);
    return made;
}

static const char *month_text(Cli *cli, Month month)
{
    Buf text = buf_make(64);
    if (month != DRAFT_NO_MONTH) month_write(&text, month);
    const char *made =
        arena_text(cli->arena, text.bytes == 0 ? "" : text.at, text.bytes);
    buf_free(&text);
    return made;
}

/* What somebody said, as one line, whatever an older release let pass. */
static Str line_of(Cli *cli, Str said)
{
    if (utf8_line_bytes(said) == said.bytes) return said;
    Buf text = buf_make(LINE_BYTES);
    utf8_write_line(&text, said);
    Str made = str_copy(cli->arena, buf_view(&text));
    buf_free(&text);
    return made;
}

/* A text for people with its arguments, on a line of its own. */
static void say(Cli *cli, const char *key, const TextArg *args, size_t count)
{
    TextStyle style = cli_style(cli);
    Buf text = buf_make(LINE_BYTES);
    style.isolate = style.lang == TEXT_AR;
    text_write(&text, &style, str_of(key), args, count);
    fprintf(cli->out, "%.*s\n", STR_ARG(buf_view(&text)));
    buf_free(&text);
}

/* The words of a state or a step. */
static Str words(Cli *cli, const char *group, Str code)
{
    char key[KEY_BYTES];
    TextStyle style = cli_style(cli);
    snprintf(key, sizeof key, "draft.%s.%.*s", group, STR_ARG(code));
    return text_get_str(&style, str_copy(cli->arena, str_of(key)));
}

static void json_month(JsonOut *out, const char *key, Month month)
{
    char room[16];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    json_out_key(out, key);
    if (month == DRAFT_NO_MONTH) {
        json_out_null(out);
        return;
    }
    month_write(&text, month);
    json_out_str(out, buf_view(&text));
}

/* The members of a draft, in an object that is open. */
static void json_draft(JsonOut *out, const Draft *draft)
{
    json_put_id(out, "draft", draft->id);
    json_put_str(out, "title", draft->title);
    json_put_str(out, "model", draft->path);
    json_put_text(out, "state", draft_state_name(draft->state));
    json_put_int(out, "save", draft->save);
    json_put_int(out, "step", draft->step);
    json_month(out, "from", draft->from);
    json_put_str(out, "reason", draft->reason);
    json_put_str(out, "covers", draft->covers);
}

static void text_draft(Cli *cli, const Draft *draft)
{
    TextArg args[] = {
        TEXT_STR("id", str_of(arena_format(cli->arena, "%lld",
                                           (long long)draft->id))),
        TEXT_STR("title", line_of(cli, draft->title)),
        TEXT_STR("state",
                 words(cli, "state", str_of(draft_state_name(draft->state)))),
        TEXT_INT("save", draft->save),
        TEXT_STR("from", str_of(month_text(cli, draft->from)))};
    bool dated = draft->from != DRAFT_NO_MONTH;
    say(cli, dated ? "draft.line_from" : "draft.line", args, dated ? 5 : 4);
}

/* A version that is undone, with what its models would say instead. */
static void text_undone(Cli *cli, const DraftUndone *undone)
{
    TextStyle style = cli_style(cli);
    TextArg args[] = {TEXT_STR("from", str_of(month_text(cli, undone->from))),
                      TEXT_INT("version", undone->version),
                      TEXT_STR("title", line_of(cli, undone->title))};
    say(cli, undone->loss_count > 0 ? "draft.undoes" : "draft.undoes_nothing",
        args, 3);
    Buf text = buf_make(DIFF_BYTES);
    for (size_t i = 0; i < undone->loss_count; i++) {
        const DraftLoss *loss = &undone->losses[i];
        ModelWords words = words_for(undone->pack, loss->path);
        diff_write(&text, &style, &words, &loss->diff);
    }
    fprintf(cli->out, "%.*s", STR_ARG(buf_view(&text)));
    buf_free(&text);
}

/* The decided months that it was submitted over, the versions that it undoes,
 * and the reason, told as what it is for. */
static void text_touched(Cli *cli, const Draft *draft,
                         const DraftUndoings *undone)
{
    bool covers = draft->covers.bytes > 0, undoes = undone->count > 0;
    TextArg months = TEXT_STR("months", draft->covers);
    TextArg reason = TEXT_STR("reason", line_of(cli, draft->reason));
    if (covers) say(cli, "draft.covers", &months, 1);
    for (size_t i = 0; i < undone->count; i++) text_undone(cli, &undone->at[i]);
    if (draft->reason.bytes == 0) return;
    say(cli,
        covers && undoes ? "draft.reason.both"
        : covers         ? "draft.reason.decided"
        : undoes         ? "draft.reason.undone"
                         : "draft.reason.said",
        &reason, 1);
}

void law_print_undone(Cli *cli, JsonOut *out, const DraftUndoings *undone)
{
    TextStyle style = cli_style(cli);
    json_out_key(out, "undoes");
    json_out_array(out);
    for (size_t i = 0; i < undone->count; i++) {
        const DraftUndone *one = &undone->at[i];
        json_out_object(out);
        json_put_int(out, "version", one->version);
        json_month(out, "from", one->from);
        json_put_id(out, "draft", one->draft_id);
        json_put_str(out, "title", one->title);
        json_out_key(out, "models");
        json_out_array(out);
        for (size_t m = 0; m < one->loss_count; m++) {
            const DraftLoss *loss = &one->losses[m];
            ModelWords words = words_for(one->pack, loss->path);
            json_out_object(out);
            json_put_str(out, "model", loss->path);
            json_out_key(out, "differences");
            diff_write_json(out, &style, &words, &loss->diff);
            json_out_object_end(out);
        }
        json_out_array_end(out);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void law_print_step(Cli *cli, const Draft *draft, const DraftUndoings *undone)
{
    TextArg args[] = {
        TEXT_STR("id", str_of(arena_format(cli->arena, "%lld",
                                           (long long)draft->id))),
        TEXT_INT("step", draft->step),
        TEXT_STR("from", str_of(month_text(cli, draft->from)))};
    if (draft->state != DRAFT_OPEN) text_touched(cli, draft, undone);
    if (draft->state != DRAFT_REVIEW) return;
    say(cli, "draft.to_approve", args, 3);
}

int law_print_list(Cli *cli, StoreConn *conn)
{
    Draft *all;
    size_t count;
    Err err = draft_list(conn, cli->arena, &all, &count);
    if (err != OK) return cli_fail(cli, err, NULL);
    for (size_t i = 0; i < count && !cli->json; i++) text_draft(cli, &all[i]);
    if (!cli->json) return 0;
    Buf buf = buf_make(JSON_BYTES);
    JsonOut out = json_out_make(&buf);
    json_out_array(&out);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&out);
        json_draft(&out, &all[i]);
        json_put_str(&out, "last_by", all[i].last_by);
        json_put_text(&out, "last_at", time_text(cli, all[i].last_at));
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    return cli_print(cli, &buf);
}

static void json_step(Cli *cli, JsonOut *out, const DraftStep *step)
{
    char hex[65];
    hash_hex(&step->hash, hex);
    json_out_object(out);
    json_put_str(out, "step", step->what);
    json_put_str(out, "by", step->actor);
    json_put_text(out, "at", time_text(cli, step->at));
    json_put_int(out, "save", step->save);
    json_put_text(out, "hash", hex);
    json_month(out, "from", step->from);
    json_put_str(out, "text", step->text);
    json_out_object_end(out);
}

static void text_step(Cli *cli, const DraftStep *step)
{
    TextArg args[] = {TEXT_STR("at", str_of(time_text(cli, step->at))),
                      TEXT_STR("by", step->actor),
                      TEXT_STR("what", words(cli, "step", step->what)),
                      TEXT_INT("save", step->save),
                      TEXT_STR("text", line_of(cli, step->text))};
    say(cli, step->text.bytes > 0 ? "draft.step_said" : "draft.step", args,
        step->text.bytes > 0 ? 5 : 4);
}

int law_print_draft(Cli *cli, Context *context, StoreConn *conn,
                    const Draft *draft)
{
    DraftStep *steps;
    size_t count;
    Diag diag = {.key = ""};
    DraftUndoings undone;
    Err err = draft_steps(conn, cli->arena, draft->id, &steps, &count);
    if (err == OK) {
        err = draft_undone(conn, context->arena, context->pack, draft, &diag,
                           &undone);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    if (!cli->json) text_draft(cli, draft);
    for (size_t i = 0; i < count && !cli->json; i++) text_step(cli, &steps[i]);
    if (!cli->json) law_print_step(cli, draft, &undone);
    if (!cli->json) return 0;
    Buf buf = buf_make(JSON_BYTES);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_draft(&out, draft);
    law_print_undone(cli, &out, &undone);
    json_out_key(&out, "steps");
    json_out_array(&out);
    for (size_t i = 0; i < count; i++) json_step(cli, &out, &steps[i]);
    json_out_array_end(&out);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

void law_print_check(Cli *cli, const DmnCheck *check)
{
    bool any = false;
    for (size_t i = 0; i < check->count; i++) {
        any |= check->findings[i].severity != DMN_NOTE;
    }
    if (any) say(cli, "draft.found", NULL, 0);
    findings_print(cli, cli->out, check);
}

int law_print_done(Cli *cli, Context *context, StoreConn *conn,
                   int64_t draft_id, const DraftPublished *published,
                   const DmnCheck *check)
{
    Draft draft;
    Diag diag = {.key = ""};
    DraftUndoings undone;
    Err err = draft_get(conn, cli->arena, draft_id, &diag, &draft);
    if (err == OK) {
        err = draft_undone(conn, context->arena, context->pack, &draft, &diag,
                           &undone);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    bool again =
        published->version > 0 && published->again_from != DRAFT_NO_MONTH;
    if (cli->json) {
        Buf buf = buf_make(JSON_BYTES);
        JsonOut out = json_out_make(&buf);
        json_out_object(&out);
        json_draft(&out, &draft);
        if (published->version > 0) {
            json_put_int(&out, "version", published->version);
            json_put_id(&out, "pack", published->pack_id);
            json_month(&out, "again_from", published->again_from);
            json_month(&out, "again_until", published->again_until);
        }
        law_print_undone(cli, &out, &undone);
        if (check != NULL) findings_json(cli, &out, check);
        json_out_object_end(&out);
        return cli_print(cli, &buf);
    }
    text_draft(cli, &draft);
    if (check != NULL) law_print_check(cli, check);
    law_print_step(cli, &draft, &undone);
    TextArg args[] = {
        TEXT_STR("from", str_of(month_text(cli, published->again_from))),
        TEXT_STR("until", str_of(month_text(cli, published->again_until)))};
    if (again) say(cli, "draft.again", args, 2);
    return 0;
}

static void json_version(Cli *cli, JsonOut *out, const LawVersion *version,
                         const Draft *draft)
{
    json_out_object(out);
    json_put_int(out, "version", version->version);
    json_month(out, "from", version->from);
    json_put_id(out, "pack", version->pack_id);
    json_put_id(out, "base_pack", version->base_pack);
    json_put_id(out, "draft", version->draft_id);
    json_put_str(out, "title", draft->title);
    json_put_text(out, "published_at", time_text(cli, version->published_at));
    json_out_object_end(out);
}

static void text_version(Cli *cli, const LawVersion *version,
                         const Draft *draft)
{
    TextArg args[] = {
        TEXT_INT("version", version->version),
        TEXT_STR("from", str_of(month_text(cli, version->from))),
        TEXT_STR("title", line_of(cli, draft->title)),
        TEXT_STR("id", str_of(arena_format(cli->arena, "%lld",
                                           (long long)version->draft_id))),
        TEXT_STR("at", str_of(time_text(cli, version->published_at)))};
    say(cli, "draft.version", args, 5);
}

int law_print_history(Cli *cli, Context *context, StoreConn *conn)
{
    LawVersions all;
    Diag diag = {.key = ""};
    Buf buf = buf_make(JSON_BYTES);
    JsonOut out = json_out_make(&buf);
    Err err = law_versions(conn, context->arena, &all);
    if (cli->json) json_out_array(&out);
    for (size_t i = 0; err == OK && i < all.count; i++) {
        Draft draft;
        err = draft_get(conn, cli->arena, all.at[i].draft_id, &diag, &draft);
        if (err != OK) break;
        if (cli->json) {
            json_version(cli, &out, &all.at[i], &draft);
        } else {
            text_version(cli, &all.at[i], &draft);
        }
    }
    if (err == OK && cli->json) {
        json_out_array_end(&out);
        return cli_print(cli, &buf);
    }
    buf_free(&buf);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (all.count == 0) say(cli, "draft.no_version", NULL, 0);
    return 0;
}
