/* xml_box.c -- see xml_box.h. */
#include "profiles/xml_box.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "profiles/xml_wire.h"

static const int reader_calls[] = {
	SCMP_SYS(write), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(brk),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(tgkill), SCMP_SYS(sched_yield),
	SCMP_SYS(sigaltstack),		/* the sanitizers, at the end */
	SCMP_SYS(sysinfo),		/* glibc's qsort asks how much memory */
};

/* What the server needs beyond that; a reader comes out of it, so it may also
 * close its own box further. */
static const int server_calls[] = {
	SCMP_SYS(read), SCMP_SYS(close), SCMP_SYS(close_range),
	SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(fork), SCMP_SYS(wait4),
	SCMP_SYS(memfd_create), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(sendfile), SCMP_SYS(dup2), SCMP_SYS(dup3),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(prctl),
	SCMP_SYS(seccomp), SCMP_SYS(prlimit64), SCMP_SYS(setrlimit),
	SCMP_SYS(getrlimit), SCMP_SYS(lseek),
	SCMP_SYS(restart_syscall),
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int
allow(scmp_filter_ctx filter, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);

		/* A call that this processor does not have needs no leave. */
		if (rc < 0 && rc != -EDOM && rc != -EINVAL)
			return rc;
	}
	return 0;
}

static int
close_box(bool server, struct err *e)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = filter == NULL ? -ENOMEM :
	    allow(filter, reader_calls, COUNT(reader_calls));

	if (rc == 0 && server)
		rc = allow(filter, server_calls, COUNT(server_calls));
	if (rc == 0)
		rc = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	if (rc < 0)
		return err_set(e, ERR_UNSUPPORTED, "seccomp: %s",
		    strerror(-rc));
	return 0;
}

static int
limit(enum __rlimit_resource what, size_t most, struct err *e)
{
	struct rlimit r = { most, most };

	if (setrlimit(what, &r) < 0)
		return err_set(e, ERR_UNSUPPORTED, "setrlimit: %s",
		    strerror(errno));
	return 0;
}

int
xml_box_server(struct err *e)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(e, ERR_UNSUPPORTED, "no_new_privs: %s",
		    strerror(errno));
	if (limit(RLIMIT_CORE, 0, e) < 0)
		return -1;
	return close_box(true, e);
}

int
xml_box_reader(struct err *e)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	/* The sanitizers reserve terabytes of addresses. */
	if (limit(RLIMIT_AS, XML_BOX_MEMORY, e) < 0)
		return -1;
#endif
	if (limit(RLIMIT_CPU, XML_BOX_SECONDS, e) < 0 ||
	    limit(RLIMIT_FSIZE, XML_WIRE_MAX, e) < 0)
		return -1;
	return close_box(false, e);
}
