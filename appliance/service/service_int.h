/*
 * service_int.h -- what the parts of the service share about the service itself.
 *
 * Handlers run on many threads; what is not immutable here is guarded by `lock`.
 */
#ifndef SERVICE_SERVICE_INT_H
#define SERVICE_SERVICE_INT_H

#include <pthread.h>

#include "appliance/service/service.h"

struct memory;			/* memory.h: plans that hold nothing */
struct lists;			/* lists.h: what was rendered already */

struct service {
	struct service_config config;
	struct memory *memory;
	struct lists *lists;
	struct sealed *sealed;
	struct backups *backups;
	pthread_mutex_t lock;
	json_t *faceplate;		/* of that model number */
	unsigned faceplate_model;
	int64_t swept_ms;		/* writer only: old keys and plans */
};

#endif
