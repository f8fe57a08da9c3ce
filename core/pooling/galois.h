/*
 * Finite fields, and products of them, for the designs that are codes. An element of GF(p^e) is a
 * number below q = p^e whose digits in base p are the coefficients of a polynomial, lowest first; in a
 * prime field that is the number itself. The polynomial is the first, counted in base p, in which x
 * generates the field: x^3 + x + 1 for GF(8).
 */
#ifndef PW_POOLING_GALOIS_H
#define PW_POOLING_GALOIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_FIELD_MAX 1024

typedef struct pw_field {
	uint32_t q, p, e;
	uint32_t *exp; /* exp[i] = g^i, i < q - 1, g a generator (x where e > 1) */
	uint32_t *log; /* log[a] for a > 0 */
} pw_field;

/* The prime and exponent of q = p^e; false when q is no prime power. */
bool pw_prime_power(uint32_t q, uint32_t *out_p, uint32_t *out_e);
bool pw_is_prime(uint32_t n);

/* false, and nothing to clear, when q is no prime power from 2 to PW_FIELD_MAX. */
bool pw_field_init(pw_field *field, uint32_t q);
void pw_field_clear(pw_field *field); /* accepts a zeroed value */

uint32_t pw_field_add(const pw_field *field, uint32_t a, uint32_t b);
uint32_t pw_field_mul(const pw_field *field, uint32_t a, uint32_t b);
uint32_t pw_field_pow(const pw_field *field, uint32_t a, uint32_t n); /* 0^0 = 1 */

/*
 * The product of the fields of n's prime powers: a ring of n elements, numbered in mixed base, in which
 * the `span` first multipliers u_0 … differ pairwise by units. span is the least of the prime powers.
 */
#define PW_RING_FIELDS 6

typedef struct pw_ring {
	uint32_t n, span, count;
	pw_field fields[PW_RING_FIELDS];
} pw_ring;

/* false, and nothing to clear, when n is below 2 or a prime power in it is above PW_FIELD_MAX. */
bool pw_ring_init(pw_ring *ring, uint32_t n);
void pw_ring_clear(pw_ring *ring);

/* a + b · u_k */
uint32_t pw_ring_line(const pw_ring *ring, uint32_t a, uint32_t b, uint32_t k);

#endif
