// A machine that is not well, for programs that load this library first (LD_PRELOAD).
//
//   KROMA_TEST_CLOCK="0.5 -86400"   half a second after the start the clock of the day is set back by a day
//   KROMA_TEST_QUOTA="/a/folder 1000000"
//                                    of what this process writes under that folder a megabyte is taken, then every
//                                    write fails as it does where a user's share of the disk is used up (EDQUOT)

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <string>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <climits>

namespace {

template <class Function>
Function* real(char const* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

double seconds(timespec const& t) { return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec); }

/// Seconds by which the clock of the day is wrong now.
time_t shift() {
  static auto* const clock = real<int(clockid_t, timespec*)>("clock_gettime");
  static char const* const jump = std::getenv("KROMA_TEST_CLOCK");
  if (jump == nullptr) return 0;
  timespec now{};
  clock(CLOCK_MONOTONIC, &now);
  static double const start = seconds(now);
  double after = 0, by = 0;
  std::sscanf(jump, "%lf %lf", &after, &by);
  return seconds(now) - start >= after ? static_cast<time_t>(by) : 0;
}

/// Whether `bytes` more to this file are beyond the quota.
bool is_beyond(int file, std::size_t bytes) {
  static char const* const quota = std::getenv("KROMA_TEST_QUOTA");
  static std::atomic<long long> written{0};
  if (quota == nullptr) return false;
  char folder[PATH_MAX] = "", path[PATH_MAX] = "";
  long long most = 0;
  std::sscanf(quota, "%4095s %lld", folder, &most);
  auto const link = "/proc/self/fd/" + std::to_string(file);
  if (readlink(link.c_str(), path, sizeof path - 1) <= 0 || std::strncmp(path, folder, std::strlen(folder)) != 0) {
    return false;
  }
  if ((written += static_cast<long long>(bytes)) <= most) return false;
  errno = EDQUOT;
  return true;
}

std::size_t size_of(iovec const* parts, int count) {
  std::size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += parts[i].iov_len;
  return bytes;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t id, timespec* time) noexcept {
  static auto* const next = real<int(clockid_t, timespec*)>("clock_gettime");
  int const code = next(id, time);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) time->tv_sec += shift();
  return code;
}

int gettimeofday(timeval* time, void* zone) noexcept {
  static auto* const next = real<int(timeval*, void*)>("gettimeofday");
  int const code = next(time, zone);
  time->tv_sec += shift();
  return code;
}

time_t time(time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

ssize_t write(int file, void const* data, size_t bytes) {
  static auto* const next = real<ssize_t(int, void const*, size_t)>("write");
  return is_beyond(file, bytes) ? -1 : next(file, data, bytes);
}

ssize_t pwrite(int file, void const* data, size_t bytes, off_t at) {
  static auto* const next = real<ssize_t(int, void const*, size_t, off_t)>("pwrite");
  return is_beyond(file, bytes) ? -1 : next(file, data, bytes, at);
}

ssize_t pwrite64(int file, void const* data, size_t bytes, off64_t at) {
  static auto* const next = real<ssize_t(int, void const*, size_t, off64_t)>("pwrite64");
  return is_beyond(file, bytes) ? -1 : next(file, data, bytes, at);
}

ssize_t writev(int file, iovec const* parts, int count) {
  static auto* const next = real<ssize_t(int, iovec const*, int)>("writev");
  return is_beyond(file, size_of(parts, count)) ? -1 : next(file, parts, count);
}

ssize_t pwritev(int file, iovec const* parts, int count, off_t at) {
  static auto* const next = real<ssize_t(int, iovec const*, int, off_t)>("pwritev");
  return is_beyond(file, size_of(parts, count)) ? -1 : next(file, parts, count, at);
}

}  // extern "C"
