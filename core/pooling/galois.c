#include "core/pooling/galois.h"

#include <string.h>

#include "core/base/mem.h"

bool pw_is_prime(uint32_t n)
{
	if (n < 2)
		return false;
	for (uint32_t d = 2; (uint64_t)d * d <= n; d++)
		if (n % d == 0)
			return false;
	return true;
}

bool pw_prime_power(uint32_t q, uint32_t *out_p, uint32_t *out_e)
{
	if (q < 2)
		return false;
	uint32_t p = 2;
	while (q % p != 0)
		p = (uint64_t)p * p > q ? q : p + 1;
	uint32_t e = 0;
	while (q % p == 0) {
		q /= p;
		e++;
	}
	if (q != 1)
		return false;
	*out_p = p;
	*out_e = e;
	return true;
}

uint32_t pw_field_add(const pw_field *field, uint32_t a, uint32_t b)
{
	if (field->p == 2)
		return a ^ b;
	uint32_t sum = 0, place = 1;
	for (uint32_t i = 0; i < field->e; i++) {
		sum += (a % field->p + b % field->p) % field->p * place;
		a /= field->p;
		b /= field->p;
		place *= field->p;
	}
	return sum;
}

uint32_t pw_field_mul(const pw_field *field, uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return 0;
	return field->exp[(field->log[a] + field->log[b]) % (field->q - 1)];
}

uint32_t pw_field_pow(const pw_field *field, uint32_t a, uint32_t n)
{
	if (a == 0)
		return n == 0 ? 1 : 0;
	return field->exp[(uint64_t)field->log[a] * n % (field->q - 1)];
}

/* x · a modulo the polynomial x^e + tail, whose negative is `minus_tail`; in a prime field, tail · a. */
static uint32_t next_power(const pw_field *field, uint32_t a, uint32_t minus_tail)
{
	if (field->e == 1)
		return a * minus_tail % field->p;
	uint32_t top = a / (field->q / field->p);
	uint32_t shifted = a % (field->q / field->p) * field->p;
	for (uint32_t i = 0; i < top; i++)
		shifted = pw_field_add(field, shifted, minus_tail);
	return shifted;
}

/* Fills the tables with the powers of x; false when they come back to 1 too early. */
static bool try_generator(pw_field *field, uint32_t minus_tail)
{
	uint32_t a = 1;
	for (uint32_t i = 0; i < field->q - 1; i++) {
		if (a == 0 || (i > 0 && a == 1))
			return false;
		field->exp[i] = a;
		field->log[a] = i;
		a = next_power(field, a, minus_tail);
	}
	return a == 1;
}

/* The digits of `tail` negated, each modulo p. */
static uint32_t negate(const pw_field *field, uint32_t tail)
{
	uint32_t result = 0, place = 1;
	for (uint32_t i = 0; i < field->e; i++) {
		result += (field->p - tail % field->p) % field->p * place;
		tail /= field->p;
		place *= field->p;
	}
	return result;
}

bool pw_field_init(pw_field *field, uint32_t q)
{
	memset(field, 0, sizeof(*field));
	if (q > PW_FIELD_MAX || !pw_prime_power(q, &field->p, &field->e))
		return false;
	field->q = q;
	field->exp = pw_alloc_array(q, sizeof(*field->exp));
	field->log = pw_alloc_array(q, sizeof(*field->log));
	uint32_t tail = 1;
	while (!try_generator(field, field->e == 1 ? tail : negate(field, tail))) {
		tail++;
		PW_BUG_IF(tail == q); /* every finite field has a generator */
	}
	return true;
}

void pw_field_clear(pw_field *field)
{
	pw_free(field->exp);
	pw_free(field->log);
	memset(field, 0, sizeof(*field));
}

bool pw_ring_init(pw_ring *ring, uint32_t n)
{
	memset(ring, 0, sizeof(*ring));
	ring->n = n;
	ring->span = n;
	if (n < 2 || n > PW_FIELD_MAX * PW_FIELD_MAX)
		return false;
	uint32_t rest = n;
	for (uint32_t d = 2; rest > 1; d++) {
		if (rest % d != 0)
			continue;
		uint32_t q = 1;
		while (rest % d == 0) {
			rest /= d;
			q *= d;
		}
		if (ring->count == PW_RING_FIELDS ||
		    !pw_field_init(&ring->fields[ring->count], q)) {
			pw_ring_clear(ring);
			return false;
		}
		ring->count++;
		ring->span = q < ring->span ? q : ring->span;
	}
	return true;
}

void pw_ring_clear(pw_ring *ring)
{
	for (uint32_t i = 0; i < ring->count; i++)
		pw_field_clear(&ring->fields[i]);
	memset(ring, 0, sizeof(*ring));
}

uint32_t pw_ring_line(const pw_ring *ring, uint32_t a, uint32_t b, uint32_t k)
{
	uint32_t result = 0, place = 1;
	for (uint32_t i = 0; i < ring->count; i++) {
		const pw_field *field = &ring->fields[i];
		uint32_t product = pw_field_mul(field, b % field->q, k);
		result += pw_field_add(field, a % field->q, product) * place;
		a /= field->q;
		b /= field->q;
		place *= field->q;
	}
	return result;
}
