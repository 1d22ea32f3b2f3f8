/*
 * run_count.c - what a run counts of a decision.
 */
#include "codec/bytes.h"
#include "decision/determine_int.h"

Hash run_leaf(const Decision *holds)
{
    char room[256];
    Buf leaf = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    bytes_put_int(&leaf, holds->household_id);
    bytes_put_int(&leaf, holds->version);
    buf_str(&leaf, hash_str(&holds->input));
    bytes_put_uint(&leaf, holds->verdict.eligible);
    bytes_put_int(&leaf, holds->verdict.amount_minor);
    bytes_put_str(&leaf, str_of(holds->verdict.reasons));
    CHECK(!buf_full(&leaf));
    return hash_of_two(0, buf_view(&leaf), (Str){NULL, 0});
}

static Err count_refusal(RunReport *report, const Verdict *verdict)
{
    Str reason = verdict_main_reason(verdict);
    int32_t i = 0;
    for (; i < report->refusal_count; i++) {
        if (str_is(reason, report->refused[i].reason)) break;
    }
    if (i == report->refusal_count) {
        if (i == REFUSALS_MAX || reason.bytes >= sizeof report->refused->reason)
            return ERR_FULL;
        memcpy(report->refused[i].reason, reason.at, reason.bytes);
        report->refusal_count++;
    }
    report->refused[i].households++;
    return OK;
}

Err run_count(RunReport *report, const Verdict *verdict)
{
    report->households++;
    if (!verdict->eligible) return count_refusal(report, verdict);
    report->eligible++;
    report->amount_minor += verdict->amount_minor;
    return OK;
}
