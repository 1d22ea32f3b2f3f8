#include "registry/name_search.h"

#include "codec/arabic.h"

enum {
    FOLDED_BYTES_MAX = 4096,
    FIRST_PAGE_ROWS = 1024,
    PAGE_ROWS_MAX = 65536,
    FIRST_COUNT = 512,
    COUNT_MAX = 262144, /* who is commoner than that is common */
    PROBES = NAME_WORDS_MAX - 1,
    PROBE_PARAMETER = 6
};

static void swap(NameSearch *search, int a, int b)
{
    Str word = search->word[a], below = search->below[a];
    search->word[a] = search->word[b];
    search->below[a] = search->below[b];
    search->word[b] = word;
    search->below[b] = below;
}

static Err count_word(NameSearch *search, int word, int64_t limit, int64_t *ret)
{
    bool row;
    StoreStmt *stmt = store_query(search->conn, Q_NAME_COUNT);
    store_bind_text(stmt, 1, search->word[word]);
    store_bind_text(stmt, 2, search->below[word]);
    store_bind_int(stmt, 3, limit);
    TRY(store_step(stmt, &row));
    *ret = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

/*
 * Puts the words in order, the rarest first. Counting stops where the rarest
 * is known, so it costs no more than going through that one's bearers.
 */
static Err sort_words(NameSearch *search)
{
    int64_t count[NAME_WORDS_MAX];
    for (int64_t limit = FIRST_COUNT;; limit *= 8) {
        int64_t least = limit;
        for (int i = 0; i < search->words; i++) {
            TRY(count_word(search, i, limit, &count[i]));
            if (count[i] < least) least = count[i];
        }
        if (least < limit || limit >= COUNT_MAX) break;
    }
    for (int i = 1; i < search->words; i++) {
        for (int k = i; k > 0 && count[k] < count[k - 1]; k--) {
            int64_t kept = count[k];
            count[k] = count[k - 1];
            count[k - 1] = kept;
            swap(search, k, k - 1);
        }
    }
    return OK;
}

Err name_search_open(StoreConn *conn, Arena *arena, Str words, NameSearch *ret)
{
    *ret = (NameSearch){
        .conn = conn, .arena = arena, .next_rows = FIRST_PAGE_ROWS};
    Buf folded = buf_make(FOLDED_BYTES_MAX);
    arabic_fold_name(&folded, words);
    Str kept = str_copy(arena, buf_view(&folded));
    buf_free(&folded);
    ret->words = (int)arabic_tokens(kept, ret->word, NAME_WORDS_MAX);
    ret->ended = ret->words == 0;
    for (int i = 0; i < ret->words; i++) {
        /* the last code point there is stands behind all that begin alike */
        ret->below[i] = str_of(
            arena_format(arena, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(ret->word[i])));
    }
    if (ret->words > 1) TRY(sort_words(ret));
    if (!ret->ended) ret->at = (NamePlace){ret->word[0], INT64_MIN};
    return OK;
}

/* Pages begin small, since most searches end in the first, and grow. */
static Err open_page(NameSearch *search)
{
    bool row;
    int64_t rows = search->next_rows;
    StoreStmt *stmt = store_query(search->conn, Q_NAME_PAGE_END);
    store_bind_text(stmt, 1, search->at.part);
    store_bind_int(stmt, 2, search->at.person_id);
    store_bind_text(stmt, 3, search->below[0]);
    store_bind_int(stmt, 4, INT64_MIN);
    store_bind_int(stmt, 5, rows - 1);
    TRY(store_step(stmt, &row));
    search->last = !row;
    search->page_end =
        row ? (NamePlace){str_copy(search->arena, store_text(stmt, 0)),
                          store_int(stmt, 1)}
            : (NamePlace){search->below[0], INT64_MIN};
    store_reset(stmt);
    search->page_rows = rows;
    if (rows < PAGE_ROWS_MAX) search->next_rows = rows * 4;
    return OK;
}

static void close_page(NameSearch *search)
{
    search->at = search->page_end;
    search->rows += search->page_rows;
    search->page_rows = 0;
    search->more = !search->last && search->rows >= NAME_ROWS_MAX;
    search->ended = search->last || search->more;
}

static StoreStmt *bind_meet(const NameSearch *search)
{
    StoreStmt *stmt = store_query(search->conn, Q_NAME_MEET);
    store_bind_text(stmt, 1, search->at.part);
    store_bind_int(stmt, 2, search->at.person_id);
    store_bind_text(stmt, 3, search->page_end.part);
    store_bind_int(stmt, 4, search->page_end.person_id);
    store_bind_text(stmt, 5, search->word[0]);
    for (int i = 0; i < PROBES; i++) {
        bool asked = i + 1 < search->words;
        int at = PROBE_PARAMETER + 2 * i;
        store_bind_text(stmt, at, asked ? search->word[i + 1] : STR(""));
        store_bind_text(stmt, at + 1, asked ? search->below[i + 1] : STR(""));
    }
    store_bind_int(stmt, PROBE_PARAMETER + 2 * PROBES, NAME_BATCH);
    return stmt;
}

static Err fill(NameSearch *search)
{
    search->batch_count = search->batch_next = 0;
    if (search->page_rows == 0) TRY(open_page(search));
    StoreStmt *stmt = bind_meet(search);
    for (;;) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) break;
        search->batch[search->batch_count++] =
            (NameHit){store_int(stmt, 1), store_int(stmt, 2)};
        if (search->batch_count < NAME_BATCH) continue;
        search->at = (NamePlace){str_copy(search->arena, store_text(stmt, 0)),
                                 store_int(stmt, 1)};
        store_reset(stmt);
        return OK;
    }
    close_page(search);
    return OK;
}

Err name_search_next(NameSearch *search, NameHit *ret, bool *ret_any)
{
    while (search->batch_next == search->batch_count && !search->ended) {
        TRY(fill(search));
    }
    *ret_any = search->batch_next < search->batch_count;
    if (*ret_any) *ret = search->batch[search->batch_next++];
    return OK;
}
