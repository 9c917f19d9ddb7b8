/*
 * log.h -- one line per fact, for the person with the shell.
 *
 *	log_info("engine", "job=%s step=%d verb=%s", id, seq, verb);
 *
 * First the module's token, then key=value.  `error` means that someone must
 * act.  Control characters are shown as \xNN, so a value cannot forge a line.
 * Never log a secret (invariant 10); what only computes cannot log at all
 * (tools/rooms, `pure`).  Writes to standard error; thread-safe.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* What is more talkative than this is dropped; LOG_INFO at first. */
void log_level_set(enum log_level);
/* The program's name, put into each line. */
void log_open(const char *program);

void log_line(enum log_level, const char *module, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
