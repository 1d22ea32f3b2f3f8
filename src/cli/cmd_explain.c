/*
 * cmd_explain.c - sanad explain: a decision with its arithmetic, rows of law,
 * articles and facts, for a layman.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "codec/json.h"
#include "feel/value.h"
#include "service/explain.h"
#include "service/guard.h"
#include "text/calendar.h"

static const char *status_name(ExplainStatus status)
{
    switch (status) {
    case EXPLAIN_CONFIRMED:
        return "confirmed";
    case EXPLAIN_UNCONFIRMED:
        return "unconfirmed";
    case EXPLAIN_ASSUMPTION:
        return "assumption";
    }
    return "";
}

static void json_key_str(JsonOut *out, const char *key, Str value)
{
    json_out_key(out, key);
    json_out_str(out, value);
}

static void json_key_day(JsonOut *out, const char *key, Day day)
{
    char room[16];
    Buf buf = {.at = room, .room_bytes = sizeof room, .limit_bytes = 16};
    json_out_key(out, key);
    if (day == DAY_OPEN) {
        json_out_null(out);
        return;
    }
    day_write(&buf, day);
    json_out_str(out, buf_view(&buf));
}

static void json_month(JsonOut *out, const char *key, Month month)
{
    char room[16];
    Buf buf = {.at = room, .room_bytes = sizeof room, .limit_bytes = 16};
    month_write(&buf, month);
    json_key_str(out, key, buf_view(&buf));
}

static void json_hash(JsonOut *out, const char *key, const Hash *hash)
{
    char text[65];
    hash_hex(hash, text);
    json_key_str(out, key, str_of(text));
}

static void json_reasons(JsonOut *out, const Explanation *found)
{
    json_out_key(out, "reasons");
    json_out_array(out);
    for (size_t i = 0; i < found->reason_count; i++) {
        json_out_object(out);
        json_key_str(out, "code", found->reasons[i].code);
        json_key_str(out, "text", found->reasons[i].sentence);
        json_key_str(out, "article", found->reasons[i].article);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_step(JsonOut *out, const ExplainStep *step)
{
    Buf raw = buf_make(1 << 20);
    json_out_object(out);
    json_key_str(out, "decision", step->name);
    json_key_str(out, "label", step->label);
    json_key_str(out, "sentence", step->sentence);
    json_key_str(out, "shown", step->value);
    feel_write_json(&raw, step->raw);
    json_out_key(out, "value");
    json_out_raw(out, buf_view(&raw));
    buf_free(&raw);
    json_out_key(out, "rows");
    json_out_array(out);
    for (size_t i = 0; i < step->row_count; i++) {
        const ExplainRow *row = &step->rows[i];
        json_out_object(out);
        json_out_key(out, "row");
        json_out_int(out, row->row);
        json_key_str(out, "text", row->text);
        json_key_str(out, "article", row->article);
        json_key_str(out, "source", row->source);
        json_key_str(out, "status", str_of(status_name(row->status)));
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
}

static void json_facts(JsonOut *out, const Explanation *found)
{
    json_out_key(out, "facts");
    json_out_array(out);
    for (size_t i = 0; i < found->fact_count; i++) {
        const ExplainFact *fact = &found->facts[i];
        json_out_object(out);
        json_out_key(out, "person_id");
        if (fact->person_id == BOOK_HOUSEHOLD) {
            json_out_null(out);
        } else {
            json_out_id(out, fact->person_id);
        }
        json_key_str(out, "label", fact->label);
        json_key_str(out, "value", fact->value);
        json_key_str(out, "source", fact->source);
        json_key_str(out, "message", fact->message);
        json_key_day(out, "from", fact->from);
        json_key_day(out, "to", fact->to);
        json_key_day(out, "received", fact->received);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static int print_json(Cli *cli, const char *programme, const Explanation *found)
{
    const Decision *decision = &found->decision;
    Buf buf = buf_make(16 << 20);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_out_key(&out, "household");
    json_out_id(&out, decision->household_id);
    json_out_key(&out, "programme");
    json_out_text(&out, programme);
    json_month(&out, "month", found->month);
    json_month(&out, "decided_from", decision->month);
    json_out_key(&out, "eligible");
    json_out_bool(&out, decision->verdict.eligible);
    json_out_key(&out, "amount");
    json_out_money(&out, (Money){decision->verdict.amount_minor});
    json_reasons(&out, found);
    json_out_key(&out, "assumed");
    json_out_bool(&out, found->assumed);
    json_out_key(&out, "steps");
    json_out_array(&out);
    for (size_t i = 0; i < found->step_count; i++) {
        json_step(&out, &found->steps[i]);
    }
    json_out_array_end(&out);
    json_facts(&out, found);
    json_out_key(&out, "version");
    json_out_int(&out, decision->version);
    json_hash(&out, "pack", &found->pack->hash);
    json_hash(&out, "input", &decision->input);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

typedef struct Printer {
    Cli *cli;
    TextStyle style;
    Buf buf;
} Printer;

static void line(Printer *to, Str text)
{
    buf_str(&to->buf, text);
    buf_char(&to->buf, '\n');
}

static void heading(Printer *to, const char *key)
{
    buf_char(&to->buf, '\n');
    line(to, text_get(&to->style, key));
}

static void print_verdict(Printer *to, const Explanation *found)
{
    const Verdict *verdict = &found->decision.verdict;
    Buf month = buf_make(256);
    calendar_write_month(&month, &to->style, found->month);
    TextArg args[] = {
        TEXT_STR("month", buf_view(&month)),
        TEXT_STR("amount", explain_money(to->cli->arena, &to->style,
                                         (Money){verdict->amount_minor})),
        TEXT_INT("household", found->decision.household_id)};
    text_write(
        &to->buf, &to->style,
        str_of(verdict->eligible ? "explain.eligible" : "explain.refused"),
        args, 3);
    buf_char(&to->buf, '\n');
    buf_free(&month);
    for (size_t i = 0; i < found->reason_count; i++) {
        buf_text(&to->buf, "  - ");
        buf_str(&to->buf, found->reasons[i].sentence);
        if (found->reasons[i].article.bytes > 0) {
            buf_text(&to->buf, " (");
            buf_str(&to->buf, found->reasons[i].article);
            buf_char(&to->buf, ')');
        }
        buf_char(&to->buf, '\n');
    }
}

static void print_step(Printer *to, const ExplainStep *step)
{
    buf_text(&to->buf, "* ");
    buf_str(&to->buf, step->label);
    buf_text(&to->buf, ": ");
    text_write_isolated(&to->buf, &to->style, step->value);
    buf_char(&to->buf, '\n');
    if (step->sentence.bytes > 0) {
        buf_text(&to->buf, "    ");
        line(to, step->sentence);
    }
    for (size_t i = 0; i < step->row_count; i++) {
        const ExplainRow *row = &step->rows[i];
        buf_text(&to->buf, "    [");
        buf_str(&to->buf,
                text_get(&to->style, arena_format(to->cli->arena, "status.%s",
                                                  status_name(row->status))));
        buf_text(&to->buf, "] ");
        text_write_isolated(&to->buf, &to->style, row->text);
        if (row->article.bytes > 0) {
            buf_text(&to->buf, "; ");
            buf_str(&to->buf, row->article);
        }
        if (row->source.bytes > 0) {
            buf_text(&to->buf, "; ");
            text_write_isolated(&to->buf, &to->style, row->source);
        }
        buf_char(&to->buf, '\n');
    }
}

static void print_fact(Printer *to, const ExplainFact *fact)
{
    Buf since = buf_make(256), received = buf_make(256);
    calendar_write_short(&since, &to->style, fact->from);
    calendar_write_short(&received, &to->style, fact->received);
    TextArg args[] = {TEXT_STR("label", fact->label),
                      TEXT_STR("value", fact->value),
                      TEXT_STR("source", fact->source),
                      TEXT_STR("since", buf_view(&since)),
                      TEXT_STR("received", buf_view(&received)),
                      TEXT_INT("person", fact->person_id)};
    text_write(&to->buf, &to->style,
               str_of(fact->person_id == BOOK_HOUSEHOLD
                          ? "explain.fact_household"
                          : "explain.fact_person"),
               args, 6);
    buf_char(&to->buf, '\n');
    buf_free(&since);
    buf_free(&received);
}

static int print_text(Cli *cli, const TextStyle *style,
                      const Explanation *found)
{
    Printer to = {cli, *style, buf_make(16 << 20)};
    char pack[65], input[65];
    print_verdict(&to, found);
    heading(&to, "explain.steps");
    for (size_t i = 0; i < found->step_count; i++) {
        print_step(&to, &found->steps[i]);
    }
    if (found->assumed) heading(&to, "explain.assumed");
    heading(&to, "explain.facts");
    for (size_t i = 0; i < found->fact_count; i++) {
        print_fact(&to, &found->facts[i]);
    }
    hash_hex(&found->pack->hash, pack);
    hash_hex(&found->decision.input, input);
    TextArg args[] = {TEXT_STR("pack", str_of(pack)),
                      TEXT_STR("input", str_of(input)),
                      TEXT_INT("version", found->decision.version)};
    buf_char(&to.buf, '\n');
    text_write(&to.buf, &to.style, STR("explain.proof"), args, 3);
    return cli_print(cli, &to.buf);
}

/* Asks the permission and records the read: also the operator is recorded. */
static int guard(Cli *cli, Context *context, int64_t household_id)
{
    Diag diag = {.key = ""};
    GuardRead read = {.store = context->store,
                      .actor = access_operator(),
                      .purpose = STR("operation"),
                      .what = STR("explain"),
                      .at = clock_now()};
    StoreConn *writer CLEANUP(store_conn_closep) = NULL;
    Err err = store_writer(context->store, &diag, &writer);
    if (err == OK) {
        err = guard_household(writer, &read.actor, ACTION_EXPLAIN,
                              OBJECT_DECISION, household_id, &diag,
                              &read.subject, &read.role);
    }
    if (err == OK) err = store_begin(writer);
    if (err == OK) err = guard_record(writer, &read, &diag);
    if (err == OK) err = store_commit(writer);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

static int run(Cli *cli, Context *context, int64_t household_id, Month month)
{
    const char *programme = cli_option(cli, "--programme");
    if (programme == NULL) programme = context->pack->programmes[0].name;
    if (pack_programme(context->pack, str_of(programme)) == NULL) {
        return cli_usage(
            cli, arena_format(cli->arena, "no programme %s", programme));
    }
    Diag diag = {.key = ""};
    Explanation found;
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    TextStyle style = cli_style(cli);
    int code = guard(cli, context, household_id);
    if (code != CLI_GO_ON) return code;
    Err err = store_reader(context->store, &diag, &conn);
    if (cli->json) style.isolate = false;
    if (err == OK) {
        err = explain_decision(context, conn, cli->arena, &style, programme,
                               household_id, month, &diag, &found);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    if (cli->json) return print_json(cli, programme, &found);
    return print_text(cli, &style, &found);
}

int cmd_explain(Cli *cli)
{
    int64_t household_id;
    Month month;
    Context context;
    if (cli_option(cli, "--household") == NULL) {
        return cli_usage(cli, "--household is needed");
    }
    if (!cli_number(cli, "--household", 0, INT64_MAX, 0, &household_id)) {
        return 2;
    }
    int code = cli_month(cli, &month);
    if (code == CLI_GO_ON) code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, household_id, month);
    context_close(&context);
    return code;
}
