/*
 * fake_backend.c - made-up people, so that pages can be run and photographed
 * without a database. Included by the tests of this folder; never in Sanad.
 *
 * Tokens are the personas' names. Searching for "busy", "conflict" or
 * "broken" gives that error, and household 403 is refused. Searching for
 * "change" makes every household a riyal richer, which ends what was kept of
 * it; "kin" finds one who is close to the caseworker; after "deny" nothing kept
 * may be read. Who signs in as the caseworker is asked for what she reads.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "web/backend.h"

static atomic_int fake_version, fake_denies;
/* Of huda's session, 0 not chosen; who did not sign in by a form has one. */
static atomic_int fake_purpose = 2;

static Str say(const BackendCall *call, const char *ar, const char *en)
{
    return str_of(call->style->lang == TEXT_AR ? ar : en);
}

static Day fake_day(int32_t year, int32_t month, int32_t day)
{
    return day_of((Ymd){year, month, day});
}

static Instant fake_at(int32_t year, int32_t month, int32_t day)
{
    return (Instant)fake_day(year, month, day) * 86400 * 1000000;
}

static Month fake_month(int32_t year, int32_t month)
{
    return month_of_day(fake_day(year, month, 1));
}

/* Some calls answer later, from another thread, as the real writer does. */
static void *fake_writer(void *arg)
{
    BackendCall *call = arg;
    const struct timespec moment = {0, 3000000};
    (void)nanosleep(&moment, NULL);
    call->done(call->done_arg, OK);
    return NULL;
}

static void fake_wait(BackendCall *call)
{
    if (getenv("FAKE_FAST") != NULL) return;
    pthread_t thread;
    call->waiting = true;
    CHECK(pthread_create(&thread, NULL, fake_writer, call) == 0);
    (void)pthread_detach(thread);
}

#include "fake_drafts.c"

static Err fake_session(void *self UNUSED, BackendCall *call, Str token,
                        BackendSession *ret)
{
    BackendSession session = {.demo = true, .csrf = token, .account = token};
    if (str_is(token, "noura")) {
        session.name = say(call, "نورة بنت سعد القحطاني", "Noura Al-Qahtani");
        session.role = say(call, "مستفيدة", "Beneficiary");
        session.household_id = 104233;
    } else if (str_is(token, "salem")) {
        session.name = say(call, "سالم بن عوض الحربي", "Salem Al-Harbi");
        session.role = say(call, "مستفيد", "Beneficiary");
        session.household_id = 77;
    } else if (str_is(token, "huda")) {
        session.name = say(call, "هدى بنت علي الزهراني", "Huda Al-Zahrani");
        session.role = say(call, "باحثة اجتماعية", "Caseworker");
        session.staff = true;
        int chosen = atomic_load(&fake_purpose);
        if (chosen > 0) session.purpose = str_of(access_purposes()[chosen - 1]);
    } else if (str_is(token, "policy")) {
        session.name = say(call, "ريم بنت فهد العتيبي", "Reem Al-Otaibi");
        session.role = say(call, "مسؤولة سياسات", "Policy officer");
        session.policy = session.simulates = true;
    } else if (str_is(token, "omar")) {
        session.name = say(call, "عمر بن خالد الدوسري", "Omar Al-Dosari");
        session.role = say(call, "مسؤول سياسات", "Policy officer");
        session.policy = session.simulates = true;
    } else if (str_is(token, "faisal") || str_is(token, "lina")) {
        session.name = say(call, "زميل لريم", "A colleague of Reem");
        session.role = say(call, "مسؤول سياسات", "Policy officer");
        session.policy = true;
    } else {
        return ERR_NOT_FOUND;
    }
    char *key = arena_alloc(call->arena, BACKEND_KEY_BYTES, 1);
    memcpy(key, token.at, token.bytes);
    session.key = (Str){key, BACKEND_KEY_BYTES};
    *ret = session;
    return OK;
}

static Err fake_personas(void *self UNUSED, BackendCall *call,
                         BackendPersonas *ret)
{
    BackendPersona *all = ARENA_ARRAY(call->arena, BackendPersona, 4);
    all[0] = (BackendPersona){
        STR("noura"), say(call, "نورة بنت سعد القحطاني", "Noura Al-Qahtani"),
        say(call, "مطلّقة مع ثلاثة أطفال، أسرتها مستحقة",
            "Divorced with three children; entitled"),
        false};
    all[1] = (BackendPersona){
        STR("salem"), say(call, "سالم بن عوض الحربي", "Salem Al-Harbi"),
        say(call, "متقاعد وزوجته، دخلهما فوق الحد",
            "Pensioner and his wife; income above the limit"),
        false};
    all[2] = (BackendPersona){
        STR("huda"), say(call, "هدى بنت علي الزهراني", "Huda Al-Zahrani"),
        say(call, "باحثة اجتماعية تبحث عن الأسر", "A caseworker"), true};
    all[3] = (BackendPersona){
        STR("policy"), say(call, "ريم بنت فهد العتيبي", "Reem Al-Otaibi"),
        say(call, "مسؤولة سياسات تقرأ النماذج", "A policy officer"), true};
    *ret = (BackendPersonas){all, 4};
    return OK;
}

static Err fake_signin(Str token, BackendSignin *ret)
{
    if (str_is(token, "huda")) atomic_store(&fake_purpose, 0);
    bool staff = str_is(token, "huda") || str_is(token, "policy");
    *ret = (BackendSignin){token, 1800, staff};
    return OK;
}

static Err fake_signin_persona(void *self UNUSED, BackendCall *call, Str id,
                               BackendSignin *ret, Diag *diag UNUSED)
{
    BackendSession session;
    if (fake_session(NULL, call, id, &session) != OK) return ERR_NOT_FOUND;
    fake_wait(call);
    return fake_signin(str_copy(call->arena, id), ret);
}

static Err fake_signin_staff(void *self UNUSED, BackendCall *call, Str name,
                             Str password, Str code, BackendSignin *ret,
                             Diag *diag UNUSED)
{
    bool right = str_is(name, "huda") && str_is(code, "123456") &&
                 str_is(password, "correct horse");
    if (!right) return ERR_DENIED;
    fake_wait(call);
    return fake_signin(STR("huda"), ret);
}

static Err fake_code_send(void *self UNUSED, BackendCall *call,
                          Str national_id UNUSED, Diag *diag UNUSED)
{
    fake_wait(call);
    return OK;
}

static Err fake_signin_citizen(void *self UNUSED, BackendCall *call,
                               Str national_id, Str code, BackendSignin *ret,
                               Diag *diag UNUSED)
{
    if (!str_is(national_id, "1000000008") || !str_is(code, "123456"))
        return ERR_DENIED;
    fake_wait(call);
    return fake_signin(STR("noura"), ret);
}

static Err fake_signout(void *self UNUSED, BackendCall *call, Str token UNUSED)
{
    fake_wait(call);
    return OK;
}

static Err fake_purpose_set(void *self UNUSED, BackendCall *call, Str code,
                            Diag *diag UNUSED)
{
    if (!access_purpose(code)) return ERR_INVALID;
    int chosen = 0;
    while (!str_is(code, access_purposes()[chosen])) chosen++;
    atomic_store(&fake_purpose, chosen + 1);
    fake_wait(call);
    return OK;
}

static BackendDecision fake_decision(const BackendCall *call, bool eligible)
{
    BackendDecision decision = {
        .programme = STR("pension"),
        .programme_title = say(call, "معاش الضمان الاجتماعي المطور",
                               "Developed social security pension"),
        .month = fake_month(2026, 12),
        .month_last = fake_month(2026, 12),
        .eligible = eligible,
        .payment_day = DAY_OPEN,
        .decided_at = fake_at(2026, 11, 27),
        .version = 14,
        .assumed = true,
    };
    if (eligible) {
        decision.amount.minor = 284750;
        decision.payment_day = fake_day(2026, 12, 1);
        return decision;
    }
    BackendReason *reason = ARENA_ARRAY(call->arena, BackendReason, 1);
    reason[0] = (BackendReason){
        STR("income"),
        say(call,
            "دخل أسرتك المحتسب في الشهر 4,150.00 ريال، وهو أعلى من حد "
            "الاستحقاق لأسرة من فردين: 1,980.00 ريال.",
            "Your household's counted income is SAR 4,150.00 a month, above "
            "the limit for two persons: SAR 1,980.00."),
        say(call, "نظام الضمان الاجتماعي، المادة الخامسة",
            "Social Security System, Article 5")};
    decision.reasons = reason;
    decision.reason_count = 1;
    return decision;
}

static BackendFact fake_fact(const BackendCall *call, int64_t person,
                             const char *const label[2],
                             const char *const value[2],
                             const char *const source[2], Day from)
{
    return (BackendFact){
        .person_id = person,
        .label = say(call, label[0], label[1]),
        .value = say(call, value[0], value[1]),
        .source = say(call, source[0], source[1]),
        .true_from = from,
        .true_to = DAY_OPEN,
        .received_at = fake_at(2026, 10, 4),
    };
}

static size_t fake_facts(const BackendCall *call, const BackendFact **ret)
{
    static const char *const gosi[] = {"التأمينات الاجتماعية",
                                       "Social Insurance (GOSI)"};
    static const char *const civil[] = {"الأحوال المدنية",
                                        "Civil Affairs (Absher)"};
    static const char *const noor[] = {"نظام نور", "Noor"};
    BackendFact *all = ARENA_ARRAY(call->arena, BackendFact, 6);
    Day from = fake_day(2025, 9, 1);
    all[0] = fake_fact(call, 0, (const char *[]){"مكان السكن", "Dwelling"},
                       (const char *[]){"عقد إيجار موثق", "Ejar lease"},
                       (const char *[]){"منصة إيجار", "Ejar"}, from);
    all[1] = fake_fact(
        call, 1, (const char *[]){"الأجر", "Wage"},
        (const char *[]){"1,800.00 ريال في الشهر", "SAR 1,800.00 a month"},
        gosi, from);
    all[2] = fake_fact(
        call, 1, (const char *[]){"الحالة الاجتماعية", "Marital status"},
        (const char *[]){"مطلّقة", "divorced"}, civil, fake_day(2024, 3, 12));
    all[3] = fake_fact(call, 2, (const char *[]){"القيد في المدرسة", "School"},
                       (const char *[]){"مقيّد", "enrolled"}, noor,
                       fake_day(2026, 8, 23));
    all[4] = fake_fact(call, 3, (const char *[]){"القيد في المدرسة", "School"},
                       (const char *[]){"مقيّدة", "enrolled"}, noor,
                       fake_day(2026, 8, 23));
    all[5] = fake_fact(call, 4, (const char *[]){"الولادة", "Birth"},
                       (const char *[]){"2023-02-11", "2023-02-11"}, civil,
                       fake_day(2023, 2, 11));
    *ret = all;
    return 6;
}

static size_t fake_members(const BackendCall *call, const BackendMember **ret)
{
    BackendMember *all = ARENA_ARRAY(call->arena, BackendMember, 4);
    Str saudi = say(call, "سعودية", "Saudi");
    all[0] =
        (BackendMember){1,
                        say(call, "نورة بنت سعد القحطاني", "Noura Al-Qahtani"),
                        say(call, "رب الأسرة", "Head of household"),
                        STR("••••••4821"),
                        fake_day(1988, 7, 2),
                        38,
                        saudi,
                        true};
    all[1] =
        (BackendMember){2,
                        say(call, "فهد بن ماجد القحطاني", "Fahad Al-Qahtani"),
                        say(call, "ابن", "Son"),
                        STR("••••••1190"),
                        fake_day(2014, 5, 20),
                        12,
                        saudi,
                        false};
    all[2] =
        (BackendMember){3,
                        say(call, "لمى بنت ماجد القحطاني", "Lama Al-Qahtani"),
                        say(call, "ابنة", "Daughter"),
                        STR("••••••5573"),
                        fake_day(2017, 1, 9),
                        9,
                        saudi,
                        false};
    all[3] =
        (BackendMember){4,
                        say(call, "سارة بنت ماجد القحطاني", "Sara Al-Qahtani"),
                        say(call, "ابنة", "Daughter"),
                        STR("••••••0032"),
                        fake_day(2023, 2, 11),
                        3,
                        saudi,
                        false};
    *ret = all;
    return 4;
}

static Err fake_household(void *self UNUSED, BackendCall *call, int64_t id,
                          Month month UNUSED, BackendHousehold *ret,
                          Diag *diag UNUSED)
{
    if (id == 403) return ERR_DENIED;
    if (id != 104233 && id != 77) return ERR_NOT_FOUND;
    BackendHousehold held = {
        .household_id = id,
        .version = 14,
        .region = say(call, "منطقة عسير", "Asir"),
        .address = STR("AHAB2347"),
    };
    held.member_count = fake_members(call, &held.members);
    held.fact_count = fake_facts(call, &held.facts);
    BackendDecision *all = ARENA_ARRAY(call->arena, BackendDecision, 4);
    all[0] = fake_decision(call, id != 77);
    all[1] = all[0];
    all[1].month = fake_month(2026, 5);
    all[1].month_last = fake_month(2026, 11);
    all[1].amount.minor = 247500;
    all[2] = fake_decision(call, false);
    all[2].month = fake_month(2025, 9);
    all[2].month_last = fake_month(2026, 4);
    all[2].version = 9;
    held.decision = &all[0];
    int version = atomic_load(&fake_version);
    all[0].amount.minor += version * 100;
    held.stamp = (BackendStamp){
        .given = true, .watch = {.count = 1, .seen = {(uint64_t)version}}};
    held.history = all;
    held.history_count = 3;
    *ret = held;
    fake_wait(call);
    return OK;
}

static Err fake_again(void *self UNUSED, BackendCall *call,
                      const BackendStamp *stamp, Diag *diag UNUSED)
{
    if (stamp->watch.seen[0] != (uint64_t)atomic_load(&fake_version))
        return ERR_CONFLICT;
    if (atomic_load(&fake_denies) != 0) return ERR_DENIED;
    fake_wait(call);
    return OK;
}

static size_t fake_steps(const BackendCall *call, bool eligible,
                         const BackendStep **ret)
{
    BackendRow *row = ARENA_ARRAY(call->arena, BackendRow, 3);
    row[0] = (BackendRow){
        say(call, "منذ يوليو 2025: 1,320.00 ريال لرب الأسرة و660.00 لكل تابع",
            "From July 2025: SAR 1,320.00 for the head, 660.00 a dependant"),
        say(call, "اللائحة التنفيذية، المادة السابعة",
            "Executive regulations, Article 7"),
        say(call, "قرار مجلس الوزراء", "Cabinet decision"), BACKEND_CONFIRMED,
        (Str){NULL, 0}};
    row[1] = (BackendRow){
        say(call, "يُحتسب نصف الدخل المكتسب", "Half of earned income counts"),
        say(call, "النظام، المادة الخامسة", "System, Article 5"),
        (Str){NULL, 0}, BACKEND_CONFIRMED, (Str){NULL, 0}};
    row[2] = (BackendRow){say(call, "يُقسم مجموع اثني عشر شهرًا على اثني عشر",
                              "The sum of twelve months is divided by twelve"),
                          (Str){NULL, 0}, (Str){NULL, 0}, BACKEND_ASSUMPTION,
                          say(call, "لم نجد نصًّا في القسمة.",
                              "No text was found on the division.")};
    BackendLine *line = ARENA_ARRAY(call->arena, BackendLine, 4);
    line[0] = (BackendLine){
        STR("+"),
        say(call, "أجور سنة، يُحتسب نصفها", "Wages of a year, half counts"),
        say(call, "10,800.00 ريال", "SAR 10,800.00"), false, false};
    line[1] = (BackendLine){
        (Str){"", 0}, say(call, "الأجر، فهد القحطاني", "Wage, Fahd Al-Qahtani"),
        say(call, "21,600.00 ريال", "SAR 21,600.00"), false, true};
    line[2] = (BackendLine){
        STR("\xC3\xB7"), say(call, "قسمة على الأشهر", "Divided by the months"),
        STR("12"), false, false};
    line[3] =
        (BackendLine){STR("="), say(call, "الدخل المحتسب", "Counted income"),
                      say(call, "900.00 ريال", "SAR 900.00"), true, false};
    BackendStep *step = ARENA_ARRAY(call->arena, BackendStep, 4);
    step[0] = (BackendStep){
        .label = say(call, "حد الاستحقاق للأسرة", "The household's limit"),
        .sentence = say(call, "رب الأسرة وثلاثة تابعين.",
                        "The head and three dependants."),
        .value = say(call, "3,300.00 ريال", "SAR 3,300.00"),
        .rows = row,
        .row_count = 1};
    step[1] = (BackendStep){
        .label = say(call, "الدخل المحتسب في الشهر", "Counted income a month"),
        .value = say(call, "900.00 ريال", "SAR 900.00"),
        .lines = line,
        .line_count = 4,
        .rows = row + 1,
        .row_count = 2};
    step[2] = (BackendStep){
        .label = say(call, "المعاش", "The pension"),
        .sentence = say(call, "الحد ناقص الدخل المحتسب.",
                        "The limit less the counted income."),
        .value = eligible ? say(call, "2,847.50 ريال", "SAR 2,847.50")
                          : say(call, "لا معاش", "none")};
    *ret = step;
    return 3;
}

static void fake_checks(const BackendCall *call, bool eligible,
                        BackendExplanation *why)
{
    BackendCheck *check = ARENA_ARRAY(call->arena, BackendCheck, 2);
    check[0] = (BackendCheck){
        .label = say(call, "الجنسية", "Nationality"),
        .sentence = say(call, "العائل سعودي.", "The head is Saudi."),
        .met = true};
    check[1] =
        (BackendCheck){.label = say(call, "الدخل", "Income"),
                       .sentence = say(call, "الدخل المحتسب والحد المقرر.",
                                       "The counted income and the limit."),
                       .met = eligible};
    BackendRemedy *remedy = ARENA_ARRAY(call->arena, BackendRemedy, 1);
    remedy[0].sentence = say(call, "إن رأيت القرار خطأ: قدّم اعتراضًا.",
                             "If you think that it is wrong, object.");
    why->checks = check;
    why->check_count = 2;
    why->remedies = remedy;
    why->remedy_count = 1;
}

static Day why_day(void)
{
    Ymd date = {2026, 11, 20};
    return day_of(date);
}

static Err fake_explain(void *self UNUSED, BackendCall *call, int64_t id,
                        Month month, BackendExplanation *ret, Diag *diag UNUSED)
{
    if (id != 104233 && id != 77) return ERR_NOT_FOUND;
    if (month != BACKEND_MONTH_LATEST && month < fake_month(2025, 1))
        return ERR_NOT_FOUND;
    BackendExplanation why = {
        .household_id = id,
        .pack = STR("9f86d081884c7d659a2feaa0c55ad015"
                    "a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        .input = STR("60303ae22b998861bce3b28f33eec1be"
                     "758a213c86c93c076dbe9f558c11c752"),
    };
    BackendDecision *decision = ARENA_NEW(call->arena, BackendDecision);
    *decision = fake_decision(call, id != 77);
    why.decision = decision;
    why.step_count = fake_steps(call, id != 77, &why.steps);
    fake_checks(call, id != 77, &why);
    why.replaced = (BackendReplaced){id == 77, why_day(), {284750}, {-284750}};
    why.member_count = fake_members(call, &why.members);
    why.fact_count = fake_facts(call, &why.facts);
    *ret = why;
    fake_wait(call);
    return OK;
}

static Err fake_looks(void *self UNUSED, BackendCall *call, BackendLooks *ret,
                      Diag *diag UNUSED)
{
    BackendLook *look = ARENA_ARRAY(call->arena, BackendLook, 3);
    look[0] = (BackendLook){
        fake_at(2026, 11, 20), say(call, "باحث اجتماعي", "Caseworker"),
        say(call, "اعتراض على قرار", "Objection"),
        say(call, "ملف الأسرة", "The household's file"), false};
    look[1] = (BackendLook){fake_at(2026, 11, 18),
                            say(call, "مراجع", "Auditor"), (Str){"", 0},
                            say(call, "ظهور في نتائج بحث", "A search"), false};
    look[2] =
        (BackendLook){fake_at(2026, 10, 2), say(call, "مستفيد", "Beneficiary"),
                      say(call, "صاحب البيانات لنفسه", "For himself"),
                      say(call, "ملف الأسرة", "The household's file"), true};
    bool any = call->session->household_id == 104233;
    *ret = (BackendLooks){look, any ? 3 : 0, any};
    fake_wait(call);
    return OK;
}

static Err fake_refused(void *self UNUSED, BackendCall *call,
                        int64_t household_id UNUSED, Diag *diag UNUSED)
{
    fake_wait(call);
    return ERR_DENIED;
}

static Err fake_search(void *self UNUSED, BackendCall *call, Str words,
                       BackendHits *ret, Diag *diag UNUSED)
{
    if (str_is(words, "busy")) return ERR_BUSY;
    if (str_is(words, "conflict")) return ERR_CONFLICT;
    if (str_is(words, "broken")) return ERR_IO;
    if (str_is(words, "change")) atomic_fetch_add(&fake_version, 1);
    if (str_is(words, "deny")) atomic_store(&fake_denies, 1);
    BackendHit *hits = ARENA_ARRAY(call->arena, BackendHit, 2);
    hits[0] =
        (BackendHit){104233,
                     say(call, "نورة بنت سعد القحطاني", "Noura Al-Qahtani"),
                     say(call, "رب الأسرة", "Head of household"),
                     STR("••••••4821"),
                     say(call, "منطقة عسير", "Asir"),
                     4};
    hits[1] = (BackendHit){77,
                           say(call, "سالم بن عوض الحربي", "Salem Al-Harbi"),
                           say(call, "رب الأسرة", "Head of household"),
                           STR("••••••7790"),
                           say(call, "منطقة المدينة المنورة", "Madinah"),
                           2};
    bool none = str_is(words, "nobody");
    bool kin = str_is(words, "kin");
    *ret = (BackendHits){hits, none || kin ? 0 : 2, false, kin};
    fake_wait(call);
    return OK;
}

/* One officer keeps one simulation. */
static pthread_mutex_t fake_kept_lock = PTHREAD_MUTEX_INITIALIZER;
static char fake_kept[2][256];

static Err fake_scenarios(void *self UNUSED, BackendCall *call,
                          BackendScenarios *ret)
{
    SavedScenario *one = ARENA_NEW(call->arena, SavedScenario);
    pthread_mutex_lock(&fake_kept_lock);
    *one = (SavedScenario){str_copy(call->arena, str_of(fake_kept[0])),
                           str_copy(call->arena, str_of(fake_kept[1]))};
    pthread_mutex_unlock(&fake_kept_lock);
    *ret = (BackendScenarios){one, one->query.bytes > 0};
    return OK;
}

static Err fake_scenario_keep(void *self UNUSED, BackendCall *call,
                              const SavedScenario *scenario, Diag *diag)
{
    if (str_trim(scenario->name).bytes == 0) {
        diag_set(diag, "scenario.name");
        return ERR_INVALID;
    }
    pthread_mutex_lock(&fake_kept_lock);
    snprintf(fake_kept[0], sizeof fake_kept[0], "%.*s",
             STR_ARG(scenario->name));
    snprintf(fake_kept[1], sizeof fake_kept[1], "%.*s",
             STR_ARG(scenario->query));
    pthread_mutex_unlock(&fake_kept_lock);
    fake_wait(call);
    return OK;
}

static Err fake_ready(void *self UNUSED, Diag *diag UNUSED)
{
    return OK;
}

static const Backend fake_backend = {
    .session = fake_session,
    .personas = fake_personas,
    .signin_persona = fake_signin_persona,
    .signin_staff = fake_signin_staff,
    .code_send = fake_code_send,
    .signin_citizen = fake_signin_citizen,
    .signout = fake_signout,
    .purpose = fake_purpose_set,
    .household = fake_household,
    .household_again = fake_again,
    .explain = fake_explain,
    .looks = fake_looks,
    .refused = fake_refused,
    .search = fake_search,
    .scenarios = fake_scenarios,
    .scenario_keep = fake_scenario_keep,
    .law = fake_law,
    .law_pack = fake_law_pack,
    .coming = fake_coming,
    .drafts = fake_drafts,
    .draft = fake_draft,
    .draft_step = fake_draft_step,
    .ready = fake_ready,
};
