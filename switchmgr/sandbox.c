/* sandbox.c -- see sandbox.h. */
#include "switchmgr/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 64 };

/* libpci needs SYS_ADMIN to read past byte 64, and DAC_OVERRIDE where the tree
 * belongs to another user. */
static const unsigned kept_caps[] = { CAP_SYS_ADMIN, CAP_DAC_OVERRIDE };

static int
limit(__rlimit_resource_t resource, rlim_t value, struct err *e)
{
	struct rlimit r = { value, value }, now;

	if (getrlimit(resource, &now) == 0 && now.rlim_max < value)
		r.rlim_cur = r.rlim_max = now.rlim_max;
	if (setrlimit(resource, &r) < 0)
		return err_set(e, ERR_INTERNAL, "setrlimit: %s", strerror(errno));
	return 0;
}

static int
drop_caps(struct err *e)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct had[2], data[2] = { { 0 }, { 0 } };

	if (geteuid() != 0)
		return 0;
	if (syscall(SYS_capget, &head, had) < 0)
		return err_set(e, ERR_INTERNAL, "capget: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(kept_caps) / sizeof(kept_caps[0]); i++) {
		unsigned word = kept_caps[i] / 32;
		uint32_t bit = 1u << kept_caps[i] % 32 & had[word].permitted;

		data[word].effective |= bit;
		data[word].permitted |= bit;
	}
	if (syscall(SYS_capset, &head, data) < 0)
		return err_set(e, ERR_INTERNAL, "capset: %s", strerror(errno));
	return 0;
}

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
    (uint32_t)offsetof(struct seccomp_data, field))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), yes, no)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE ANSWER(SECCOMP_RET_ERRNO | EPERM)
#define FORBID(call) IS((call), 0, 1), REFUSE

static int
filter_calls(struct err *e)
{
	struct sock_filter rows[] = {
		LOAD(arch), IS(ARCH, 1, 0), ANSWER(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		FORBID(SYS_execve), FORBID(SYS_execveat), FORBID(SYS_ptrace),
		FORBID(SYS_process_vm_writev), FORBID(SYS_mount),
		FORBID(SYS_umount2), FORBID(SYS_pivot_root), FORBID(SYS_chroot),
		FORBID(SYS_unshare), FORBID(SYS_setns), FORBID(SYS_init_module),
		FORBID(SYS_finit_module), FORBID(SYS_delete_module),
		FORBID(SYS_kexec_load), FORBID(SYS_reboot), FORBID(SYS_bpf),
		FORBID(SYS_swapon), FORBID(SYS_keyctl),
		IS(SYS_socket, 0, 3), LOAD(args[0]), IS(AF_UNIX, 1, 0), REFUSE,
		ANSWER(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(rows) / sizeof(rows[0]), .filter = rows,
	};

	/* A kernel without filters still has the rest of the sandbox. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 &&
	    errno != EINVAL)
		return err_set(e, ERR_INTERNAL, "seccomp: %s", strerror(errno));
	return 0;
}
#else
static int
filter_calls(struct err *e)
{
	(void)e;
	return 0;
}
#endif

int
sandbox_enter(struct err *e)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(e, ERR_INTERNAL, "no_new_privs: %s",
		    strerror(errno));
	if (limit(RLIMIT_CORE, 0, e) < 0 ||
	    limit(RLIMIT_NOFILE, DESCRIPTORS, e) < 0 || drop_caps(e) < 0)
		return -1;
	return filter_calls(e);
}
