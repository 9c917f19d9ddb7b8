/*
 * fuzz_xml_scan.c -- what the byte scan passes is within every bound, counted
 * again here in the plainest way.
 */
#include <stdlib.h>

#include "profiles/xml_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of the exact size, so that one byte too far is seen. */
	char *copy = malloc(size > 0 ? size : 1);
	struct xml_scan s;
	struct err e;
	size_t open = 0;

	if (copy == NULL)
		abort();
	if (size > 0)
		__builtin_memcpy(copy, data, size);
	if (xml_scan(copy, size, &s, &e) < 0) {
		if (e.rule[0] == '\0' || e.msg[0] == '\0')
			abort();
		free(copy);
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		open += copy[i] == '<';
	if (s.elements == 0 || s.elements > open || s.depth != 0 ||
	    s.attrs > s.elements * (uint32_t)XML_MAX_ATTRS)
		abort();
	for (uint32_t i = 1; i < s.elements; i++)
		if (s.lines[i] < s.lines[i - 1])
			abort();
	free(s.lines);
	free(copy);
	return 0;
}
