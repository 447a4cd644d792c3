/* Reads of the register's database fail with EIO while the file named by EIO_FLAG is there; it holds how many still may. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>

static int fails(int fd) {
    const char *flag = getenv("EIO_FLAG");
    char link[64], path[4096];
    int left = 0;
    FILE *file;
    ssize_t length;
    if (!flag) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, "register.db") || !(file = fopen(flag, "r"))) return 0;
    if (fscanf(file, "%d", &left) != 1) left = 1;
    fclose(file);
    if (left <= 1) unlink(flag);
    else if ((file = fopen(flag, "w"))) { fprintf(file, "%d", left - 1); fclose(file); }
    errno = EIO;
    return 1;
}

#define READS(name, offset) \
    ssize_t name(int fd, void *to, size_t size, offset at) { \
        static ssize_t (*real)(int, void *, size_t, offset); \
        if (!real) real = (ssize_t (*)(int, void *, size_t, offset))dlsym(RTLD_NEXT, #name); \
        return fails(fd) ? -1 : real(fd, to, size, at); \
    }
READS(pread, off_t)
READS(pread64, off64_t)
