/* support_https.c -- see support_https.h. */
#include "tests/unit/support_https.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static size_t
take(char *bytes, size_t size, size_t n, void *cookie)
{
	buf_put(cookie, bytes, size * n);
	return size * n;
}

static struct curl_slist *
lines_of(const struct support_ask *a)
{
	struct curl_slist *list = NULL;
	char line[256];

	if (a->token != NULL && strcmp(a->token, "cookie") == 0)
		(void)snprintf(line, sizeof(line),
		    "Cookie: __Host-polyroot-%u=cookie", a->port);
	else if (a->token != NULL)
		(void)snprintf(line, sizeof(line), "Authorization: Bearer %s",
		    a->token);
	if (a->token != NULL)
		list = curl_slist_append(list, line);
	if (a->body != NULL)
		list = curl_slist_append(list, "Content-Type: application/json");
	if (a->header != NULL)
		list = curl_slist_append(list, a->header);
	return list;
}

static void
set_up(CURL *curl, struct support_ask *a)
{
	(void)curl_easy_setopt(curl, CURLOPT_CAINFO, a->ca);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
	if (strcmp(a->method, "HEAD") == 0)
		(void)curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, a->method);
	if (a->body != NULL)
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, a->body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a->text);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, &a->head);
}

void
support_https_ask(struct support_ask *a)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *lines = lines_of(a);
	char url[256];
	long status = 0;

	a->text = buf_new(1 << 20);
	a->head = buf_new(1 << 16);
	(void)snprintf(url, sizeof(url), "%s%s", a->url, a->path);
	(void)curl_easy_setopt(curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
	set_up(curl, a);
	(void)curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(lines);
	__atomic_store_n(&a->status, status, __ATOMIC_RELEASE);
}

void
support_https_drop(struct support_ask *a)
{
	buf_free(&a->text);
	buf_free(&a->head);
}
