/* CRC-32C, by the processor's instruction where it has one. */
#include "column/snapshot_int.h"

#include <string.h>

static const uint32_t polynomial = 0x82F63B78; /* of Castagnoli, reflected */

static uint32_t by_bits(uint32_t crc, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (polynomial & (0 - (crc & 1)));
        }
    }
    return crc;
}

/* Eight bytes at a time: what each of them does to the sum, by its place. */
static uint32_t by_table(uint32_t crc, const uint8_t *bytes, size_t count)
{
    uint32_t table[8][256];
    for (uint32_t i = 0; i < 256; i++) {
        uint8_t byte = (uint8_t)i;
        table[0][i] = by_bits(0, &byte, 1);
    }
    for (uint32_t i = 0; i < 256; i++) {
        for (int j = 1; j < 8; j++) {
            uint32_t before = table[j - 1][i];
            table[j][i] = (before >> 8) ^ table[0][before & 0xFF];
        }
    }
    for (; count >= 8; bytes += 8, count -= 8) {
        uint32_t next = 0;
        for (int i = 0; i < 8; i++) {
            uint8_t byte = bytes[i];
            if (i < 4) byte ^= (uint8_t)(crc >> (8 * i));
            next ^= table[7 - i][byte];
        }
        crc = next;
    }
    return by_bits(crc, bytes, count);
}

#if defined(__x86_64__)
enum { STREAM = 8192 };

/* What STREAM zero bytes do to each bit of a sum: computed by squaring what
 * one does thirteen times (tests/column/test_snapshot.c does it bit by bit). */
static const uint32_t behind_stream[32] = {
    0xE040E0AC, 0xC56DB7A9, 0x8F3719A3, 0x1B8245B7, 0x37048B6E, 0x6E0916DC,
    0xDC122DB8, 0xBDC82D81, 0x7E7C2DF3, 0xFCF85BE6, 0xFC1CC13D, 0xFDD5F48B,
    0xFE479FE7, 0xF963493F, 0xF72AE48F, 0xEBB9BFEF, 0xD29F092F, 0xA0D264AF,
    0x4448BFAF, 0x88917F5E, 0x14CE884D, 0x299D109A, 0x533A2134, 0xA6744268,
    0x4904F221, 0x9209E442, 0x21FFBE75, 0x43FF7CEA, 0x87FEF9D4, 0x0A118559,
    0x14230AB2, 0x28461564,
};

static uint64_t moved(uint64_t sum)
{
    uint32_t to = 0;
    for (int bit = 0; bit < 32; bit++) {
        to ^= behind_stream[bit] & (0 - (uint32_t)(sum >> bit & 1));
    }
    return to;
}

__attribute__((target("sse4.2"))) static inline uint64_t
step(uint64_t sum, const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return __builtin_ia32_crc32di(sum, word);
}

/* Three streams at once, since the instruction takes three cycles. */
__attribute__((target("sse4.2"))) static uint32_t
by_instruction(uint32_t crc, const uint8_t *bytes, size_t count)
{
    uint64_t sum = crc;
    for (; count >= 3 * STREAM; bytes += 3 * STREAM, count -= 3 * STREAM) {
        uint64_t second = 0, third = 0;
        for (size_t i = 0; i < STREAM; i += 8) {
            sum = step(sum, bytes + i);
            second = step(second, bytes + STREAM + i);
            third = step(third, bytes + 2 * STREAM + i);
        }
        sum = moved(moved(sum) ^ second) ^ third;
    }
    for (; count >= 8; bytes += 8, count -= 8) sum = step(sum, bytes);
    return by_bits((uint32_t)sum, bytes, count);
}
#endif

uint32_t snapshot_crc(uint32_t crc, const void *bytes, size_t count)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        return ~by_instruction(~crc, bytes, count);
    }
#endif
    return ~(count < 4096 ? by_bits(~crc, bytes, count)
                          : by_table(~crc, bytes, count));
}
