/*
 * PW_WIDER before a function of plain loops over numbers: GCC compiles it twice, and where the processor has AVX2
 * the one with vectors of four doubles is taken when the program starts. Both do the same operations on each
 * number in the same order (no multiply-add in one step), so that results do not depend on the processor by a
 * bit. Elsewhere it is nothing: other processors, Clang (whose version 14 names such functions so that
 * other files do not find them), and sanitizers, which are not ready yet when the choice is made.
 * Why: docs/decisions/0007-wider-vectors.md.
 */
#ifndef PW_BASE_WIDER_H
#define PW_BASE_WIDER_H

#include <stdlib.h> /* __GLIBC__, whose loader picks */

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PW_WIDER __attribute__((target_clones("avx2", "default")))
#else
#define PW_WIDER
#endif

#endif
