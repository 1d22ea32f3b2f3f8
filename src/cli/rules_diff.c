#include "cli/rules_diff.h"

#include "base/asset.h"
#include "cli/common.h"
#include "cli/findings.h"
#include "cli/law_print.h"
#include "cli/suite_files.h"
#include "crypto/hash.h"
#include "programme/diff.h"

enum { DIFF_BYTES_MAX = 256 << 20 };

static void json_hash(JsonOut *out, const char *key, Str text)
{
    char hex[65];
    Hash hash = hash_of(text);
    hash_hex(&hash, hex);
    json_put_text(out, key, hex);
}

static void write_json(Cli *cli, Buf *buf, const ModelWords *words, Str old,
                       Str now, const ModelDiff *diff,
                       const RulesDiffDraft *draft)
{
    TextStyle style = cli_style(cli);
    JsonOut out = json_out_make(buf);
    json_out_object(&out);
    json_hash(&out, "old", old);
    json_hash(&out, "now", now);
    json_put_bool(&out, "same", diff->count == 0);
    json_out_key(&out, "differences");
    diff_write_json(&out, &style, words, diff);
    if (draft != NULL) findings_json(cli, &out, draft->check);
    if (draft != NULL && draft->undone != NULL) {
        law_print_undone(cli, &out, draft->undone);
    }
    json_out_object_end(&out);
    buf_char(buf, '\n');
}

int rules_diff_print(Cli *cli, const ModelWords *words, Str old, Str now,
                     const RulesDiffDraft *draft)
{
    Diag diag = {.key = ""};
    ModelDiff diff;
    TextStyle style = cli_style(cli);
    Err err = model_diff(cli->arena, old, now, &diag, &diff);
    if (err != OK) return cli_fail(cli, err, &diag);
    Buf buf = buf_make(DIFF_BYTES_MAX);
    if (cli->json) {
        write_json(cli, &buf, words, old, now, &diff, draft);
    } else {
        diff_write(&buf, &style, words, &diff);
    }
    bool all =
        !buf_full(&buf) && fwrite(buf.at, 1, buf.bytes, cli->out) == buf.bytes;
    buf_free(&buf);
    return all ? 0 : cli_fail(cli, ERR_IO, NULL);
}

Err rules_citations(Cli *cli, Diag *diag, Citations *ret)
{
    const Asset *citations = asset_find("models/citations.tsv");
    const Asset *sources = asset_find("models/sources.tsv");
    CHECK(citations != NULL && sources != NULL);
    return citation_load(cli->arena, citations->bytes, sources->bytes, diag,
                         ret);
}

int rules_diff(Cli *cli)
{
    Str text[2];
    const Pack *pack;
    ModelWords words;
    Diag diag = {.key = ""};
    if (cli->arg_count != 3) return cli_usage(cli, "two models are needed");
    for (int i = 0; i < 2; i++) {
        if (suite_files_read(cli->arena, cli->arg[i + 1], &text[i])) continue;
        suite_files_unread(cli->arg[i + 1], &diag);
        return cli_fail(cli, ERR_NOT_FOUND, &diag);
    }
    Err err = pack_embedded(cli->arena, &diag, &pack);
    if (err == OK) err = words_find(cli->arena, pack, text[1], &diag, &words);
    if (err != OK) return cli_fail(cli, err, &diag);
    return rules_diff_print(cli, &words, text[0], text[1], NULL);
}
