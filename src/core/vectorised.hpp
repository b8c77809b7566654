#pragma once

/// In front of a function that is a loop: compiled once for each generation of vector instructions, with all that it
/// calls inlined, and chosen when the program starts. Nothing where that is not possible; functions without it behave
/// the same.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__) && \
    !defined(__SANITIZE_ADDRESS__)
#define KROMA_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), flatten))
#else
#define KROMA_VECTORISED
#endif
