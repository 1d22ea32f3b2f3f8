#include "crypto/secret.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>

#include "base/random.h"

enum {
    POOL_BYTES = 4096,
    SALT_BYTES = 16,
    ARGON_PASSES = 3,
    ARGON_KIB = 65536,
    ARGON_LANES = 1,
    ARGON_BYTES = 32,
    CODE_STEP_S = 30
};

typedef struct Pool {
    unsigned char byte[POOL_BYTES];
    size_t used;
    Random seeded;
    bool fixed;
    bool filled;
} Pool;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Pool pool;

static void pool_fill(void)
{
    const char *seed = getenv("SANAD_SEED");
    int64_t number;
    if (!pool.filled && seed != NULL && str_to_int(str_of(seed), &number)) {
        pool.fixed = true;
        pool.seeded = random_make((uint64_t)number);
    }
    if (pool.fixed) {
        for (size_t i = 0; i < POOL_BYTES; i += sizeof(uint64_t)) {
            uint64_t word = random_next(&pool.seeded);
            memcpy(pool.byte + i, &word, sizeof word);
        }
    } else {
        CHECK(RAND_bytes(pool.byte, POOL_BYTES) == 1);
    }
    pool.filled = true;
    pool.used = 0;
}

void secret_random(void *to, size_t bytes)
{
    CHECK(bytes <= POOL_BYTES);
    pthread_mutex_lock(&lock);
    if (!pool.filled || POOL_BYTES - pool.used < bytes) pool_fill();
    memcpy(to, pool.byte + pool.used, bytes);
    memset(pool.byte + pool.used, 0, bytes);
    pool.used += bytes;
    pthread_mutex_unlock(&lock);
}

Err secret_password_hash(Str password, char ret_encoded[SECRET_ENCODED_BYTES])
{
    if (password.bytes < SECRET_PASSWORD_BYTES_MIN ||
        password.bytes > SECRET_PASSWORD_BYTES_MAX) {
        return ERR_RANGE;
    }
    unsigned char salt[SALT_BYTES];
    secret_random(salt, sizeof salt);
    int done = argon2id_hash_encoded(
        ARGON_PASSES, ARGON_KIB, ARGON_LANES, password.at, password.bytes, salt,
        sizeof salt, ARGON_BYTES, ret_encoded, SECRET_ENCODED_BYTES);
    return done == ARGON2_OK ? OK : ERR_IO;
}

bool secret_password_check(Str password, const char *encoded)
{
    if (password.bytes > SECRET_PASSWORD_BYTES_MAX) return false;
    return argon2id_verify(encoded, password.at, password.bytes) == ARGON2_OK;
}

static int code_of_step(const unsigned char key[SECRET_KEY_BYTES], int64_t step)
{
    unsigned char message[8], digest[EVP_MAX_MD_SIZE];
    unsigned int bytes = 0;
    for (int i = 7; i >= 0; i--) {
        message[i] = (unsigned char)(step & 255);
        step >>= 8;
    }
    CHECK(HMAC(EVP_sha1(), key, SECRET_KEY_BYTES, message, sizeof message,
               digest, &bytes) != NULL);
    const unsigned char *at = digest + (digest[bytes - 1] & 15);
    uint32_t number = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 |
                      (uint32_t)at[2] << 8 | at[3];
    return (int)(number % 1000000);
}

static int64_t step_of(Instant at)
{
    return at / 1000000 / CODE_STEP_S;
}

int secret_code(const unsigned char key[SECRET_KEY_BYTES], Instant at)
{
    return code_of_step(key, step_of(at));
}

bool secret_code_check(const unsigned char key[SECRET_KEY_BYTES], Instant at,
                       int code, int64_t *ret_step)
{
    bool right = false;
    for (int64_t step = step_of(at) - 1; step <= step_of(at) + 1; step++) {
        if (code_of_step(key, step) == code) {
            right = true;
            *ret_step = step;
        }
    }
    return right;
}

void secret_key_text(const unsigned char key[SECRET_KEY_BYTES],
                     char ret_text[33])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint64_t bits = 0;
    int have = 0;
    size_t written = 0;
    for (size_t i = 0; i < SECRET_KEY_BYTES; i++) {
        bits = bits << 8 | key[i];
        have += 8;
        while (have >= 5) {
            have -= 5;
            ret_text[written++] = digits[bits >> have & 31];
        }
    }
    ret_text[written] = '\0';
}
