/*
 * The checksum of snapshots is CRC-32C, by whatever way it is computed.
 */
#include "column/snapshot_int.h"

#include "base/random.h"
#include "tests/harness.h"

enum { BYTES = 120000, TRIALS = 60 };

static uint32_t bit_by_bit(const uint8_t *bytes, size_t count)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0x82F63B78 & (0 - (crc & 1)));
        }
    }
    return ~crc;
}

TEST(the_checksum_is_that_of_castagnoli)
{
    ck_assert_uint_eq(snapshot_crc(0, "123456789", 9), 0xE3069283);
    ck_assert_uint_eq(snapshot_crc(0, "", 0), 0);
}

TEST(a_checksum_can_be_taken_in_any_pieces)
{
    static uint8_t bytes[BYTES];
    Random random = random_make(3);
    for (size_t i = 0; i < BYTES; i++) bytes[i] = (uint8_t)random_next(&random);
    for (int trial = 0; trial < TRIALS; trial++) {
        size_t count = random_below(&random, BYTES);
        size_t first = random_below(&random, count + 1);
        uint32_t crc = snapshot_crc(0, bytes, first);
        crc = snapshot_crc(crc, bytes + first, count - first);
        ck_assert_uint_eq(crc, bit_by_bit(bytes, count));
    }
}
