/* SPDX-License-Identifier: MIT */
/*
 * What the kernel lends to the worker, so that even a fault in Lua's own memory
 * gains little:
 *
 *   no-new-privs   no program that it starts gains rights
 *   seccomp        no network, no other program, no tracing of or signals to others, no mounts, no kernel modules
 *   Landlock       files: reading where the system and the program lie; reading and writing in the workspace, beside the
 *                  store, in the current folder, in the folders that the command line names, and in the temporary folder
 *
 * Each is used where the kernel has it. Without it the work goes on, and doctor
 * says so. seccomp comes at once; Landlock when kehoach.lua has been read, since
 * only then the folders are known. Neither can be taken back, hence only in the
 * worker, never in a program that embeds the library. LibreOffice, which another
 * process runs for the worker (converter.h), gets what it needs and no more.
 */
#include "script/worker.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/msg.h"
#include "script/script.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#define HAVE_LANDLOCK 1
#endif

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

typedef enum guard { GUARD_OFF, GUARD_ON, GUARD_NOT_HERE } guard; /* off: not in a worker */

static guard privs, calls, files;

/* --- seccomp ------------------------------------------------------------------------------- */

#ifdef ARCH
static const int network[] = {
    SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg, SYS_sendmmsg,
};
static const int programs[] = {SYS_execve, SYS_execveat};
static const int signals[] = {SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal};
static const int kernel[] = { /* other processes' insides, and what only a system needs */
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_perf_event_open, SYS_userfaultfd, SYS_bpf, SYS_kcmp, SYS_pidfd_getfd,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_move_mount, SYS_open_tree, SYS_mount_setattr,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_open_by_handle_at,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_acct,
    SYS_settimeofday, SYS_clock_settime, SYS_sethostname, SYS_setdomainname, SYS_add_key, SYS_request_key, SYS_keyctl,
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_personality, SYS_quotactl, SYS_mknodat,
#ifdef SYS_mknod
    SYS_mknod,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
};
#define COUNT(list) (sizeof(list) / sizeof *(list))
enum { MOST_STEPS = 2 * (COUNT(network) + COUNT(programs) + COUNT(signals) + COUNT(kernel)) + 16 };

static size_t add_calls(struct sock_filter *f, size_t n, const int *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)list[i], 0, 1);
        f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
    }
    return n;
}

#define ADD(f, n, list) add_calls(f, n, list, COUNT(list))

/* `call` is refused unless the low half of its first argument is `only`; both of ARCH are little-endian. */
static size_t add_only(struct sock_filter *f, size_t n, int call, uint32_t only, int error)
{
    f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]));
    f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, only, 0, 1);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error);
    return n;
}

static size_t begin_filter(struct sock_filter *f)
{
    size_t n = 0;
    f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS); /* another ABI has other numbers */
    f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1); /* x32 */
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    return n;
}

static guard set_filter(struct sock_filter *f, size_t n)
{
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog prog = {(unsigned short)n, f};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0 ? GUARD_ON : GUARD_NOT_HERE;
}

static guard confine_calls(void)
{
    struct sock_filter f[MOST_STEPS];
    size_t n = begin_filter(f);
    n = ADD(f, n, network);
    n = ADD(f, n, programs);
    n = ADD(f, n, signals);
    n = ADD(f, n, kernel);
    n = add_only(f, n, SYS_tgkill, (uint32_t)getpid(), EACCES); /* raise() and abort() tell of a crash by it */
    return set_filter(f, n);
}

/* Sockets within the machine: LibreOffice talks to itself over one. */
static void confine_calls_of_office(void)
{
    struct sock_filter f[MOST_STEPS];
    size_t n = begin_filter(f);
    n = ADD(f, n, kernel);
    set_filter(f, add_only(f, n, SYS_socket, AF_UNIX, EAFNOSUPPORT));
}
#else
static guard confine_calls(void) { return GUARD_NOT_HERE; }
static void confine_calls_of_office(void) {}
#endif

void kh_confine(void)
{
    privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? GUARD_ON : GUARD_NOT_HERE;
    calls = privs == GUARD_ON ? confine_calls() : GUARD_NOT_HERE;
}

/* --- Landlock --------------------------------------------------------------------------------- */

#ifdef HAVE_LANDLOCK
#define READS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                                                                                       \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define FILE_RIGHTS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

typedef struct rules { int fd; uint64_t reads, writes; } rules;

/* A path that is not there grants nothing. */
static void allow_these(const rules *r, const char *path, uint64_t rights)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= FILE_RIGHTS | LANDLOCK_ACCESS_FS_TRUNCATE;
    syscall(SYS_landlock_add_rule, r->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
}

/* What can be written there cannot be run from there. */
static void allow(const rules *r, const char *path, bool write)
{
    allow_these(r, path, write ? (r->reads & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE) | r->writes : r->reads);
}

static void allow_folder_of(const rules *r, const char *path, bool write)
{
    char *copy = kh_strdup(path), *slash = strrchr(copy, '/');
    if (slash)
        slash[slash == copy] = '\0';
    allow(r, slash ? copy : ".", write);
    kh_free(copy);
}

/* What the user named may be read and written: a folder as a whole, a file with the folder around it (temporary name, rename). */
static void allow_named(const rules *r, const char *arg)
{
    struct stat st;
    const char *value = strchr(arg, '=');
    if (value && arg[0] == '-')
        arg = value + 1;
    if (stat(arg, &st) == 0 && S_ISDIR(st.st_mode))
        allow(r, arg, true);
    else
        allow_folder_of(r, arg, true);
}

static void allow_command_line(const rules *r)
{
    char buf[64 * 1024];
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    for (ssize_t got; fd >= 0 && n < sizeof buf - 1 && (got = read(fd, buf + n, sizeof buf - 1 - n)) > 0;)
        n += (size_t)got;
    if (fd >= 0)
        close(fd);
    if (n == sizeof buf - 1) { /* a very long one: whatever it named would be guessed at */
        allow(r, "/", true);
        return;
    }
    buf[n] = '\0';
    const char *before = "";
    for (const char *arg = buf + strlen(buf) + 1; arg < buf + n; before = arg, arg += strlen(arg) + 1)
        if (strchr(arg, '/') || strcmp(arg, "..") == 0 || strcmp(before, "-C") == 0)
            allow_named(r, arg);
}

/* Where the program lies, and what is installed beside it: messages, modules. */
static void allow_program(const rules *r)
{
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return;
    exe[n] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(exe, '/');
        if (!slash || slash == exe)
            return;
        *slash = '\0';
    }
    allow(r, exe, false);
}

static void allow_history(const rules *r)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = state && *state ? kh_asprintf("%s/kehoach_history", state) : home && *home ? kh_asprintf("%s/.kehoach_history", home) : NULL;
    if (path) {
        allow(r, path, true); /* only once it is there: a new one is made outside of any rule */
        kh_free(path);
    }
}

/* Nothing is allowed yet; false where this kernel has no Landlock. */
static bool begin_rules(rules *r)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *r = (rules){.reads = READS, .writes = WRITES};
    if (abi < 1)
        return false;
    if (abi >= 2)
        r->writes |= LANDLOCK_ACCESS_FS_REFER; /* without it no file may be moved to another folder */
    if (abi >= 3)
        r->writes |= LANDLOCK_ACCESS_FS_TRUNCATE;
    struct landlock_ruleset_attr attr = {.handled_access_fs = r->reads | r->writes};
    r->fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    return r->fd >= 0;
}

static guard set_rules(rules *r)
{
    bool on = syscall(SYS_landlock_restrict_self, r->fd, 0) == 0;
    close(r->fd);
    return on ? GUARD_ON : GUARD_NOT_HERE;
}

static void allow_system(const rules *r)
{
    static const char *const system[] = {"/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc", "/proc", "/sys", "/opt", "/nix", NULL};
    for (const char *const *p = system; *p; p++)
        allow(r, *p, false);
    allow(r, "/dev", true);
}

static guard confine_files(const char *const *write, const char *const *read)
{
    rules r;
    if (!begin_rules(&r))
        return GUARD_NOT_HERE;
    const char *tmp = getenv("TMPDIR"), *locale = getenv("KEHOACH_LOCALE");
    allow_system(&r);
    for (; *read; read++)
        allow(&r, *read, false);
    for (; *write; write++)
        allow(&r, *write, true);
    allow(&r, "/tmp", true);
    allow(&r, ".", true);
    if (tmp && *tmp)
        allow(&r, tmp, true);
    if (locale && *locale)
        allow(&r, locale, false);
    allow_program(&r);
    allow_history(&r);
    allow_command_line(&r);
    return set_rules(&r);
}

static void allow_fonts(const rules *r)
{
    const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");
    char path[PATH_MAX];
    if (home && snprintf(path, sizeof path, "%s/.local/share/fonts", home) < (int)sizeof path)
        allow(r, path, false);
    if (data && snprintf(path, sizeof path, "%s/fonts", data) < (int)sizeof path)
        allow(r, path, false);
    allow(r, "/var/cache/fontconfig", false);
}

/* The program's own folder is where its link leads; of ".../program/soffice" all that lies beside "program". */
static void allow_office(const rules *r, const char *program)
{
    static const char inner[] = "/program";
    char real[PATH_MAX];
    char *slash = realpath(program, real) ? strrchr(real, '/') : NULL;
    if (!slash || slash == real)
        return;
    *slash = '\0';
    size_t n = strlen(real), m = strlen(inner);
    if (n > m && strcmp(real + n - m, inner) == 0)
        real[n - m] = '\0';
    allow(r, real, false);
}

static void confine_files_of_office(const char *folder, const char *program)
{
    rules r;
    if (!begin_rules(&r))
        return;
    allow_system(&r);
    allow_fonts(&r);
    allow_office(&r, program);
    allow(&r, "/var/lib/libreoffice", false); /* the extensions of all accounts, by links */
    allow(&r, "/var/spool/libreoffice", false);
    allow(&r, folder, true);
    const uint64_t sockets = LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE; /* where it puts its own */
    allow_these(&r, "/tmp", sockets);
    allow_these(&r, "/var/tmp", sockets);
    set_rules(&r);
}
#else
static guard confine_files(const char *const *write, const char *const *read)
{
    (void)write, (void)read;
    return GUARD_NOT_HERE;
}
static void confine_files_of_office(const char *folder, const char *program) { (void)folder, (void)program; }
#endif

void kh_confine_files(const char *const *write, const char *const *read)
{
    if (privs == GUARD_ON && files == GUARD_OFF)
        files = confine_files(write, read);
}

void kh_confine_office(const char *folder, const char *program)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return;
    confine_files_of_office(folder, program);
    confine_calls_of_office();
}

/* --- doctor --------------------------------------------------------------------------------------- */

static void tell(kh_doctor_fn *fn, void *ctx, const char *what, guard g, const char *on, const char *not_here)
{
    fn(ctx, g == GUARD_ON ? KH_NOTE : KH_WARNING, what, g == GUARD_ON ? on : g == GUARD_OFF ? _("not in force: this process is no worker") : not_here);
}

void kh_script_doctor(kh_doctor_fn *fn, void *ctx)
{
    fn(ctx, KH_NOTE, "worker", _("scripts run in a process of their own, which is killed at the time limit"));
    tell(fn, ctx, "no-new-privs", privs, _("no program that a script could start gains rights"), _("this kernel cannot keep programs from gaining rights"));
    tell(fn, ctx, "seccomp", calls, _("no network, no other programs"),
         _("this kernel or machine has no seccomp filter: the network and other programs are kept from scripts by the sandbox alone"));
    tell(fn, ctx, "landlock", files, _("files only in the workspace, the folders named on the command line and the temporary folder"),
         _("this kernel has no Landlock: files outside of the workspace are kept from scripts by the sandbox alone"));
}
