/*
 * fuzz_reform - any bytes for a model: they have no such decision, or the new
 * expression stands in what is made of them.
 */
#include "simulation/reform.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    Arena *arena = arena_open(1 << 24);
    Diag diag = {.key = ""};
    Str model = {(const char *)data, bytes}, made;
    if (reform_set(arena, model, STR("A=1<2"), &diag, &made) == OK) {
        static const char value[] = "1&lt;2";
        const char *at = NULL;
        size_t length = sizeof value - 1;
        for (size_t i = 0; at == NULL && i + length <= made.bytes; i++) {
            if (memcmp(made.at + i, value, length) == 0) at = made.at + i;
        }
        CHECK(at != NULL);
    } else {
        CHECK(diag.key[0] != '\0');
    }
    arena_close(arena);
    return 0;
}
