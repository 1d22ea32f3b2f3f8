#include "codec/arabic.h"
#include "tests/harness.h"

#define EXPECT_FOLDED(fold_function, text, expected)                           \
    do {                                                                       \
        Buf folded_ = buf_make(4096);                                          \
        fold_function(&folded_, str_of(text));                                 \
        EXPECT_STR(buf_view(&folded_), expected);                              \
        buf_free(&folded_);                                                    \
    } while (0)

TEST(letters_that_people_exchange_fold_to_one)
{
    EXPECT_FOLDED(arabic_fold, "أحمد إبراهيم آمنة ٱلله",
                  "احمد ابراهيم امنه الله");
    EXPECT_FOLDED(arabic_fold, "ليلى مؤمن عائشة علاء", "ليلي مومن عايشه علا");
    EXPECT_FOLDED(arabic_fold, "کریم", "كريم"); /* Persian kaf and ya */
}

TEST(marks_tatweel_and_invisible_characters_are_dropped)
{
    EXPECT_FOLDED(arabic_fold, "مُحَمَّدٌ", "محمد");
    EXPECT_FOLDED(arabic_fold, "محـــمد", "محمد");
    EXPECT_FOLDED(arabic_fold, "\xE2\x80\x8Fمحمد\xE2\x80\x8E\xEF\xBB\xBF",
                  "محمد");
    EXPECT_FOLDED(arabic_fold, "الرحمٰن", "الرحمن");
}

TEST(presentation_forms_fold_to_their_letters)
{
    EXPECT_FOLDED(arabic_fold,
                  "\xEF\xBB\xA3\xEF\xBA\xA4\xEF\xBB\xA4\xEF\xBA\xAA", "محمد");
    EXPECT_FOLDED(arabic_fold, "\xEF\xBA\xB3\xEF\xBB\xBC\xEF\xBB\xA1", "سلام");
}

TEST(latin_is_small_without_accents_and_punctuation_is_a_space)
{
    EXPECT_FOLDED(arabic_fold, "  Al-Harbi,  SA'AD ", "al harbi saad");
    EXPECT_FOLDED(arabic_fold, "José Müller", "jose muller");
    EXPECT_FOLDED(arabic_fold, "٠١٢٣٤٥٦٧٨٩ ۰۹", "0123456789 09");
    EXPECT_FOLDED(arabic_fold, "", "");
    EXPECT_FOLDED(arabic_fold, " ، ؟ ", "");
    EXPECT_FOLDED(arabic_fold, "a\xFF\xFEz", "a z");
}

TEST(two_spellings_of_a_name_fold_to_the_same)
{
    EXPECT_FOLDED(arabic_fold_name, "عبدالرحمن بن علي", "عبدالرحمن علي");
    EXPECT_FOLDED(arabic_fold_name, "عبد الرحمن علي", "عبدالرحمن علي");
    EXPECT_FOLDED(arabic_fold_name, "عبد ال رحمن إبن علي", "عبدالرحمن علي");
    EXPECT_FOLDED(arabic_fold_name, "أبو بكر آل سعود", "ابوبكر السعود");
    EXPECT_FOLDED(arabic_fold_name, "أبوبكر السعود", "ابوبكر السعود");
    EXPECT_FOLDED(arabic_fold_name, "نورة بنت سيف الدين", "نوره سيفالدين");
    EXPECT_FOLDED(arabic_fold_name, "عطا الله", "عطاالله");
    EXPECT_FOLDED(arabic_fold_name, "Abd Al-Rahman bin Ali", "abdalrahman ali");
}

TEST(what_joins_or_is_dropped_stays_when_it_is_the_name)
{
    EXPECT_FOLDED(arabic_fold_name, "ابن باز", "ابن باز");
    EXPECT_FOLDED(arabic_fold_name, "علي بن", "علي بن");
    EXPECT_FOLDED(arabic_fold_name, "عبد", "عبد");
    EXPECT_FOLDED(arabic_fold_name, "", "");
    EXPECT_FOLDED(arabic_fold_name, "الله", "الله");
}

TEST(folding_a_name_appends_and_leaves_what_was_there)
{
    Buf buf = buf_make(4096);
    buf_text(&buf, "بن: ");
    arabic_fold_name(&buf, STR("سعد بن علي"));
    EXPECT_STR(buf_view(&buf), "بن: سعد علي");
    buf_free(&buf);
}

TEST(a_folded_text_has_words)
{
    Str words[3];
    ck_assert_uint_eq(arabic_tokens(STR("a bc d"), words, 3), 3);
    EXPECT_STR(words[1], "bc");
    ck_assert_uint_eq(arabic_tokens(STR("a b c d"), words, 3), 3);
    ck_assert_uint_eq(arabic_tokens(STR(""), words, 3), 0);
}

TEST(digits_and_separators_become_latin)
{
    EXPECT_FOLDED(arabic_digits, "١٬٣٢٠٫٥٠ ر.س", "1,320.50 ر.س");
    EXPECT_FOLDED(arabic_digits, "۱۲۳", "123");
}
