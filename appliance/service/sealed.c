/* sealed.c -- see sealed.h. */
#include "appliance/service/sealed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

struct sealed {
	pthread_mutex_t lock;
	struct {
		char id[ID_TEXT];
		char *text;
	} kept[SEALED_KEPT];
	size_t next;
};

struct sealed *
sealed_new(void)
{
	struct sealed *s = xcalloc(1, sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	return s;
}

static void
forget(char **text)
{
	if (*text != NULL)
		secret_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void
sealed_free(struct sealed *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SEALED_KEPT; i++)
		forget(&s->kept[i].text);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void
sealed_put(struct sealed *s, const char *id, const char *text)
{
	if (strlen(text) > SEALED_BYTES)
		return;
	pthread_mutex_lock(&s->lock);
	forget(&s->kept[s->next].text);
	(void)snprintf(s->kept[s->next].id, ID_TEXT, "%s", id);
	s->kept[s->next].text = xstrdup(text);
	s->next = (s->next + 1) % SEALED_KEPT;
	pthread_mutex_unlock(&s->lock);
}

const char *
sealed_get(struct sealed *s, struct arena *a, const char *id)
{
	const char *found = NULL;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < SEALED_KEPT && found == NULL; i++)
		if (s->kept[i].text != NULL &&
		    strcmp(s->kept[i].id, id) == 0)
			found = arena_strdup(a, s->kept[i].text);
	pthread_mutex_unlock(&s->lock);
	return found;
}
