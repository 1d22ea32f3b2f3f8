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
__attribute__((target("sse4.2"))) static uint32_t
by_instruction(uint32_t crc, const uint8_t *bytes, size_t count)
{
    uint64_t sum = crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        sum = __builtin_ia32_crc32di(sum, word);
    }
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
