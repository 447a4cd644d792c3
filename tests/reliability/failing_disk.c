/* A disk that fails, for the real system calls of a real register.
 *
 * Reads of the register's database fail with EIO while the file named by EIO_FLAG is there; it holds how many still may.
 * And from within the process: failing_arm(folder, what, n, error, forever) lets the nth call of one kind on a file below a folder
 * fail (and each one behind it, if forever); failing_disarm() ends that and tells how many such calls there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/types.h>

static char below[4096], kind[16];
static long nth, seen;
static int armed, error_number, forever;

void failing_arm(const char *folder, const char *what, long n, int error, int always) {
    snprintf(below, sizeof below, "%s", folder);
    snprintf(kind, sizeof kind, "%s", what);
    nth = n, seen = 0, error_number = error, forever = always, armed = 1;
}

long failing_disarm(void) {
    armed = 0;
    return seen;
}

static int refused(const char *what, const char *path) {
    if (!armed || strcmp(what, kind) || !path || strncmp(path, below, strlen(below))) return 0;
    ++seen;
    if (seen != nth && !(forever && seen > nth)) return 0;
    errno = error_number;
    return 1;
}

static const char *path_of(int fd, char *path, size_t size) {
    char link[64];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, size - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    return path;
}

static int refused_at(const char *what, int fd) {
    char path[4096];
    return armed && !strcmp(what, kind) && refused(what, path_of(fd, path, sizeof path));
}

static int flagged(int fd) {
    const char *flag = getenv("EIO_FLAG");
    char path[4096];
    int left = 0;
    FILE *file;
    if (!flag || !path_of(fd, path, sizeof path)) return 0;
    if (!strstr(path, "register.db") || !(file = fopen(flag, "r"))) return 0;
    if (fscanf(file, "%d", &left) != 1) left = 1;
    fclose(file);
    if (left <= 1) unlink(flag);
    else if ((file = fopen(flag, "w"))) { fprintf(file, "%d", left - 1); fclose(file); }
    errno = EIO;
    return 1;
}

/* A path below an open folder (unlinkat and the like), whole. */
static const char *whole(int folder, const char *name, char *path, size_t size) {
    char at[4096];
    if (name[0] == '/' || folder == AT_FDCWD || !path_of(folder, at, sizeof at)) return name;
    snprintf(path, size, "%s/%s", at, name);
    return path;
}

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);

#define READS(name, offset) \
    ssize_t name(int fd, void *to, size_t size, offset at) { \
        REAL(name, ssize_t, int, void *, size_t, offset) \
        return flagged(fd) || refused_at("read", fd) ? -1 : real(fd, to, size, at); \
    }
READS(pread, off_t)
READS(pread64, off64_t)

#define WRITES(name, offset) \
    ssize_t name(int fd, const void *from, size_t size, offset at) { \
        REAL(name, ssize_t, int, const void *, size_t, offset) \
        return refused_at("write", fd) ? -1 : real(fd, from, size, at); \
    }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t read(int fd, void *to, size_t size) {
    REAL(read, ssize_t, int, void *, size_t)
    return refused_at("read", fd) ? -1 : real(fd, to, size);
}

ssize_t write(int fd, const void *from, size_t size) {
    REAL(write, ssize_t, int, const void *, size_t)
    return refused_at("write", fd) ? -1 : real(fd, from, size);
}

#define ONE_FILE(name, what) \
    int name(int fd) { \
        REAL(name, int, int) \
        return refused_at(what, fd) ? -1 : real(fd); \
    }
ONE_FILE(fsync, "fsync")
ONE_FILE(fdatasync, "fsync")

#define CUTS(name, offset) \
    int name(int fd, offset size) { \
        REAL(name, int, int, offset) \
        return refused_at("ftruncate", fd) ? -1 : real(fd, size); \
    }
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name, int, const char *, int, ...) \
        va_list rest; \
        mode_t mode = 0; \
        va_start(rest, flags); \
        if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(rest, mode_t); \
        va_end(rest); \
        return refused("open", path) ? -1 : real(path, flags, mode); \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(name, int, int, const char *, int, ...) \
        char full[8192]; \
        va_list rest; \
        mode_t mode = 0; \
        va_start(rest, flags); \
        if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(rest, mode_t); \
        va_end(rest); \
        return refused("open", whole(folder, path, full, sizeof full)) ? -1 : real(folder, path, flags, mode); \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

#define TWO_PATHS(name, what) \
    int name(const char *from, const char *to) { \
        REAL(name, int, const char *, const char *) \
        return refused(what, from) ? -1 : real(from, to); \
    }
TWO_PATHS(rename, "rename")
TWO_PATHS(link, "link")

#define ONE_PATH(name, what) \
    int name(const char *path) { \
        REAL(name, int, const char *) \
        return refused(what, path) ? -1 : real(path); \
    }
ONE_PATH(unlink, "unlink")
ONE_PATH(rmdir, "unlink")

int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat, int, int, const char *, int)
    char full[8192];
    return refused("unlink", whole(folder, path, full, sizeof full)) ? -1 : real(folder, path, flags);
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir, int, const char *, mode_t)
    return refused("mkdir", path) ? -1 : real(path, mode);
}
