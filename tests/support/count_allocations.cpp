// Preloaded into a program, counts what its process has allocated at once, through malloc and its kin, and leaves the
// peak in bytes in the file $KROMA_PEAK.PID at its end. Blocks count with the size that the allocator gave them.
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <string>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
}

namespace {

std::atomic<long> g_now{0}, g_peak{0};

void* counted(void* block) {
  if (block == nullptr) return block;
  long const now = g_now += static_cast<long>(malloc_usable_size(block));
  long peak = g_peak;
  while (now > peak && !g_peak.compare_exchange_weak(peak, now)) {
  }
  return block;
}

void forget(void* block) {
  if (block != nullptr) g_now -= static_cast<long>(malloc_usable_size(block));
}

struct AtExit {
  ~AtExit() {
    char const* const path = std::getenv("KROMA_PEAK");
    if (path == nullptr) return;
    auto* const file = std::fopen((std::string{path} + "." + std::to_string(getpid())).c_str(), "w");
    if (file == nullptr) return;
    std::fprintf(file, "%ld\n", g_peak.load());
    std::fclose(file);
  }
} const at_exit;

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size)); }
void* realloc(void* block, std::size_t size) {
  forget(block);
  return counted(__libc_realloc(block, size));
}
void* memalign(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  *block = counted(__libc_memalign(alignment, size));
  return *block == nullptr ? ENOMEM : 0;
}
void free(void* block) {
  forget(block);
  __libc_free(block);
}

}  // extern "C"
