#include "codec/bytes.h"

void bytes_put_uint(Buf *buf, uint64_t value)
{
    unsigned char bytes[10];
    size_t count = 0;
    while (value >= 0x80) {
        bytes[count++] = (unsigned char)(value | 0x80);
        value >>= 7;
    }
    bytes[count++] = (unsigned char)value;
    buf_add(buf, bytes, count);
}

void bytes_put_int(Buf *buf, int64_t value)
{
    uint64_t sign = value < 0 ? UINT64_MAX : 0;
    bytes_put_uint(buf, (uint64_t)value << 1 ^ sign);
}

void bytes_put_fixed64(Buf *buf, uint64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(value >> (8 * i));
    buf_add(buf, bytes, sizeof bytes);
}

void bytes_put_str(Buf *buf, Str value)
{
    bytes_put_uint(buf, value.bytes);
    buf_str(buf, value);
}

BytesReader bytes_reader(Str bytes)
{
    static const unsigned char none[1];
    const unsigned char *at = (const unsigned char *)bytes.at;
    if (bytes.bytes == 0) at = none;
    return (BytesReader){at, at + bytes.bytes, false};
}

/* Nothing more is read from a bad reader. */
static uint64_t spoil(BytesReader *reader)
{
    reader->bad = true;
    reader->at = reader->end;
    return 0;
}

uint64_t bytes_get_long(BytesReader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;
        if (shift == 63 && byte > 1) return spoil(reader); /* over 64 bits */
        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) != 0) continue;
        if (byte == 0 && shift > 0) return spoil(reader); /* not shortest */
        return value;
    }
    return spoil(reader);
}

uint64_t bytes_get_fixed64(BytesReader *reader)
{
    if (reader->end - reader->at < 8) return spoil(reader);
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value |= (uint64_t)reader->at[i] << (8 * i);
    reader->at += 8;
    return value;
}

Str bytes_get_str(BytesReader *reader)
{
    uint64_t bytes = bytes_get_uint(reader);
    if (bytes > (size_t)(reader->end - reader->at)) bytes = spoil(reader);
    Str text = {(const char *)reader->at, (size_t)bytes};
    reader->at += bytes;
    return text;
}

size_t bytes_get_count(BytesReader *reader, size_t each_bytes)
{
    uint64_t count = bytes_get_uint(reader);
    size_t left = (size_t)(reader->end - reader->at);
    if (each_bytes > 0 && count > left / each_bytes) {
        return (size_t)spoil(reader);
    }
    return (size_t)count;
}
