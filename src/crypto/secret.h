/*
 * secret.h - random bytes that nobody can guess, passwords, one-time codes.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "base/clock.h"
#include "base/err.h"

enum {
    SECRET_PASSWORD_BYTES_MIN = 12,
    SECRET_PASSWORD_BYTES_MAX = 256,
    SECRET_KEY_BYTES = 20,
    SECRET_ENCODED_BYTES = 160
};

/*
 * Fills with random bytes of the operating system's strength. Drawn in
 * blocks, so that a salt costs little; a failing source ends the process.
 * When SANAD_SEED is set (tests, never in service) the sequence is fixed.
 */
void secret_random(void *to, size_t bytes);

/*
 * Argon2id (RFC 9106: 64 MiB, 3 passes, 1 lane) of a password, encoded with
 * its salt and costs.
 *
 * errs   ERR_RANGE: shorter or longer than allowed
 *        ERR_IO: no memory for it
 */
NODISCARD Err secret_password_hash(Str password,
                                   char ret_encoded[SECRET_ENCODED_BYTES]);

/* Whether the password belongs to the encoded hash. */
bool secret_password_check(Str password, const char *encoded);

/*
 * The time-based one-time code (RFC 6238, SHA-1, 30 s, 6 digits) of a key at
 * an instant.
 */
int secret_code(const unsigned char key[SECRET_KEY_BYTES], Instant at);

/*
 * Whether `code` is right within one step of `at`. ret_step is the step that
 * matched: the caller refuses a step that was used before.
 */
bool secret_code_check(const unsigned char key[SECRET_KEY_BYTES], Instant at,
                       int code, int64_t *ret_step);

/* A key in base32 without padding (RFC 4648), for authenticator apps. */
void secret_key_text(const unsigned char key[SECRET_KEY_BYTES],
                     char ret_text[33]);

#endif
