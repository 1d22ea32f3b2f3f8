/*
 * cmd_explain.c - sanad explain: a decision with its arithmetic, rows of law,
 * articles and facts, for a layman.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/explain_print.h"
#include "codec/json.h"
#include "feel/number.h"
#include "feel/value.h"
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
    json_put_str(out, key, buf_view(&buf));
}

static void json_hash(JsonOut *out, const char *key, const Hash *hash)
{
    char text[65];
    hash_hex(hash, text);
    json_put_str(out, key, str_of(text));
}

static void json_reasons(JsonOut *out, const Explanation *found)
{
    json_out_key(out, "reasons");
    json_out_array(out);
    for (size_t i = 0; i < found->reason_count; i++) {
        json_out_object(out);
        json_put_str(out, "code", found->reasons[i].code);
        json_put_str(out, "text", found->reasons[i].sentence);
        json_put_str(out, "article", found->reasons[i].article);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_value(JsonOut *out, const char *key, FeelValue value)
{
    Buf raw = buf_make(1 << 20);
    json_out_key(out, key);
    feel_write_json(&raw, value);
    json_out_raw(out, buf_view(&raw));
    buf_free(&raw);
}

/* An exact amount as a text with two decimals, or more where it has more. */
static void json_amount(JsonOut *out, const char *key, FeelValue value)
{
    if (value.kind != FEEL_NUMBER) {
        json_value(out, key, value);
        return;
    }
    Buf digits = buf_make(256);
    feel_number_write(&digits, value);
    Str rest = buf_view(&digits), whole;
    str_split(&rest, '.', &whole);
    size_t decimals = rest.at == NULL ? 0 : rest.bytes;
    if (decimals == 0) buf_char(&digits, '.');
    for (; decimals < 2; decimals++) buf_char(&digits, '0');
    json_put_str(out, key, buf_view(&digits));
    buf_free(&digits);
}

static void json_person(JsonOut *out, int64_t person_id)
{
    json_out_key(out, "person_id");
    if (person_id == BOOK_HOUSEHOLD) {
        json_out_null(out);
    } else {
        json_out_id(out, person_id);
    }
}

static void json_sources(JsonOut *out, const ExplainRow *row, TextLang lang)
{
    json_out_key(out, "sources");
    json_out_array(out);
    for (size_t i = 0; i < row->source_count; i++) {
        const CitationSource *source = row->sources[i];
        json_out_object(out);
        json_put_str(out, "id", source->id);
        json_put_str(out, "kind", source->kind);
        json_put_str(out, "title", source->title[lang]);
        json_put_str(out, "date", source->date);
        json_put_str(out, "address", source->address);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_citation(JsonOut *out, const Citation *citation)
{
    json_out_key(out, "citation");
    if (citation == NULL) {
        json_out_null(out);
        return;
    }
    json_out_object(out);
    json_put_str(out, "key", citation->key);
    json_put_str(out, "document", citation->document);
    json_put_str(out, "article", citation->article);
    json_put_str(out, "date", citation->date);
    json_out_object_end(out);
}

static void json_rows(JsonOut *out, ExplainRows rows, TextLang lang)
{
    json_out_key(out, "rows");
    json_out_array(out);
    for (size_t i = 0; i < rows.count; i++) {
        const ExplainRow *row = &rows.row[i];
        json_out_object(out);
        json_put_str(out, "decision", row->decision);
        json_put_int(out, "row", row->row);
        json_put_str(out, "text", row->text);
        json_put_str(out, "article", row->article);
        json_put_str(out, "source", row->source);
        json_put_str(out, "status", str_of(status_name(row->status)));
        json_put_str(out, "remark", row->remark);
        json_key_day(out, "since", row->since);
        json_put_bool(out, "changed", row->changed);
        json_citation(out, row->citation);
        json_sources(out, row, lang);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_line(JsonOut *out, const ExplainLine *line)
{
    json_out_object(out);
    json_put_text(out, "operation", explain_op_name(line->op));
    json_put_str(out, "name", line->name);
    json_put_str(out, "label", line->label);
    json_put_str(out, "shown", line->value);
    if (line->money) {
        json_amount(out, "value", line->raw);
        json_amount(out, "of", line->of);
    } else {
        json_value(out, "value", line->raw);
        json_value(out, "of", line->of);
    }
    json_value(out, "times", line->times);
    json_person(out, line->person_id);
    json_out_object_end(out);
}

static void json_step(JsonOut *out, const ExplainStep *step, TextLang lang)
{
    json_out_object(out);
    json_put_str(out, "decision", step->name);
    json_put_str(out, "label", step->label);
    json_put_str(out, "sentence", step->sentence);
    json_put_str(out, "shown", step->value);
    if (step->money) {
        json_amount(out, "value", step->raw);
    } else {
        json_value(out, "value", step->raw);
    }
    json_out_key(out, "lines");
    json_out_array(out);
    for (size_t i = 0; i < step->line_count; i++) {
        json_line(out, &step->lines[i]);
    }
    json_out_array_end(out);
    json_rows(out, step->rows, lang);
    json_out_object_end(out);
}

static void json_steps(JsonOut *out, const Explanation *found, TextLang lang)
{
    json_out_key(out, "steps");
    json_out_array(out);
    for (size_t i = 0; i < found->step_count; i++) {
        json_step(out, &found->steps[i], lang);
    }
    json_out_array_end(out);
    json_out_key(out, "conditions");
    json_out_array(out);
    for (size_t i = 0; i < found->check_count; i++) {
        const ExplainCheck *check = &found->checks[i];
        json_out_object(out);
        json_put_str(out, "decision", check->name);
        json_put_str(out, "label", check->label);
        json_put_bool(out, "met", check->met);
        json_put_str(out, "sentence", check->sentence);
        json_rows(out, check->rows, lang);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_facts(JsonOut *out, const Explanation *found)
{
    json_out_key(out, "facts");
    json_out_array(out);
    for (size_t i = 0; i < found->fact_count; i++) {
        const ExplainFact *fact = &found->facts[i];
        const Kind *kind = found->pack->catalogue->by_id[fact->kind];
        json_out_object(out);
        json_person(out, fact->person_id);
        json_put_str(out, "person", fact->person);
        json_put_str(out, "kind", str_of(kind->name));
        json_put_str(out, "label", fact->label);
        json_put_str(out, "value", fact->value);
        json_put_str(out, "source", fact->source);
        json_put_str(out, "message", fact->message);
        json_key_day(out, "from", fact->from);
        json_key_day(out, "to", fact->to);
        json_key_day(out, "received", fact->received);
        json_put_int(out, "version", fact->version);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_remedies(JsonOut *out, const Explanation *found, TextLang lang)
{
    json_out_key(out, "remedies");
    json_out_array(out);
    for (size_t i = 0; i < found->remedy_count; i++) {
        const ExplainRemedy *remedy = &found->remedies[i];
        json_out_object(out);
        json_put_str(out, "remedy", remedy->name);
        json_put_str(out, "sentence", remedy->sentence);
        json_rows(out, remedy->rows, lang);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

/* The decision on this month that was in force before, or null. */
static void json_replaced(JsonOut *out, const ExplainReplaced *old)
{
    json_out_key(out, "replaces");
    if (!old->any) {
        json_out_null(out);
        return;
    }
    json_out_object(out);
    json_put_bool(out, "eligible", old->verdict.eligible);
    json_put_money(out, "amount", (Money){old->verdict.amount_minor});
    json_put_money(out, "difference", old->difference);
    json_key_day(out, "decided_on", calendar_civil_day(old->decided_at));
    json_put_int(out, "version", old->version);
    json_out_object_end(out);
}

static int print_json(Cli *cli, const char *programme, const Explanation *found)
{
    const Decision *decision = &found->decision;
    TextLang lang = cli_style(cli).lang;
    Buf buf = buf_make(16 << 20);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_id(&out, "household", decision->household_id);
    json_put_text(&out, "programme", programme);
    json_month(&out, "month", found->month);
    json_month(&out, "decided_from", decision->month);
    json_key_day(&out, "decided_on", calendar_civil_day(decision->decided_at));
    json_put_bool(&out, "eligible", decision->verdict.eligible);
    json_put_money(&out, "amount", (Money){decision->verdict.amount_minor});
    json_key_day(&out, "payday", found->payday);
    json_reasons(&out, found);
    json_replaced(&out, &found->replaced);
    json_put_bool(&out, "assumed", found->assumed);
    json_steps(&out, found, lang);
    json_facts(&out, found);
    json_remedies(&out, found, lang);
    json_put_int(&out, "version", decision->version);
    json_hash(&out, "pack", &found->pack->hash);
    json_hash(&out, "input", &decision->input);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

/* Asks the permission and records the read: also the operator is recorded. */
static int guard(Cli *cli, Context *context, StoreConn *writer,
                 int64_t household_id, Month month)
{
    Diag diag = {.key = ""};
    const char *purpose = cli_option(cli, "--purpose");
    if (purpose == NULL) purpose = ACCESS_PURPOSE_OPERATION;
    GuardRead read = {.store = context->store,
                      .actor = access_operator(),
                      .purpose = str_of(purpose),
                      .what = STR("explain"),
                      .at = clock_now()};
    GuardAsk ask = {.arena = cli->arena,
                    .catalogue = context->pack->catalogue,
                    .actor = &read.actor,
                    .action = ACTION_EXPLAIN,
                    .object = OBJECT_DECISION,
                    .household_id = household_id,
                    .day = month_first_day(month)};
    Err err = guard_household(writer, &ask, &diag, &read.subject, &read.role);
    if (err == OK) err = store_begin(writer);
    if (err == OK) err = guard_record(writer, &read, &diag);
    if (err == OK) err = store_commit(writer);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

static int run(Cli *cli, Context *context, StoreConn *conn,
               int64_t household_id, Month month)
{
    const char *programme = cli_option(cli, "--programme");
    if (programme == NULL) programme = context->pack->programmes[0].name;
    if (pack_programme(context->pack, str_of(programme)) == NULL) {
        return cli_usage(
            cli, arena_format(cli->arena, "no programme %s", programme));
    }
    const char *purpose = cli_option(cli, "--purpose");
    if (purpose != NULL && !access_purpose(str_of(purpose))) {
        return cli_usage(cli,
                         arena_format(cli->arena, "no purpose %s", purpose));
    }
    Diag diag = {.key = ""};
    Explanation found;
    TextStyle style = cli_style(cli);
    int code = guard(cli, context, conn, household_id, month);
    if (code != CLI_GO_ON) return code;
    if (cli->json) style.isolate = false;
    Err err = explain_decision(context, conn, cli->arena, &style, programme,
                               household_id, month, &diag, &found);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (cli->json) return print_json(cli, programme, &found);
    Buf buf = buf_make(16 << 20);
    explain_print(&buf, cli->arena, &style, programme, &found);
    return cli_print(cli, &buf);
}

int cmd_explain(Cli *cli)
{
    int64_t household_id;
    Month month;
    Context context;
    StoreConn *conn;
    if (cli_option(cli, "--household") == NULL) {
        return cli_usage(cli, "--household is needed");
    }
    if (!cli_number(cli, "--household", 0, INT64_MAX, 0, &household_id)) {
        return 2;
    }
    int code = cli_month(cli, &month);
    if (code == CLI_GO_ON) code = cli_open_beside(cli, &context, &conn);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, conn, household_id, month);
    store_conn_close(conn);
    context_close(&context);
    return code;
}
