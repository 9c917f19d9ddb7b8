/*
 * xml_box.h -- what polyroot-xml takes away from itself (seccomp's door).
 *
 * The server half (waits, forks, hands on) may fork and no more; the reader half
 * may compute, have memory and write to the one descriptor that it was given.
 * Neither may open a file or a socket.  What is not listed ends the process.
 */
#ifndef PROFILES_XML_BOX_H
#define PROFILES_XML_BOX_H

#include "base/err.h"

enum { XML_BOX_MEMORY = 1 << 30, XML_BOX_SECONDS = 10 };

int xml_box_server(struct err *) ERR_MUST_CHECK;
/* In the child, after the fork. */
int xml_box_reader(struct err *) ERR_MUST_CHECK;

#endif
