/* edit_port.c -- external ports; see edit.h. */
#include <stdio.h>

#include "appliance/service/edit.h"

/* A port is there when its module is. */
static int
find(struct edit *x, struct port **p, struct err *e)
{
	const char *bay = request_param(x->request, "bay");
	const char *number = request_param(x->request, "port");

	snprintf(x->id, sizeof(x->id), "%.16s/%.16s", bay, number);
	if (change_port(x->set, x->id, p, e) < 0)
		return -1;
	if (view_port(x->call->view, (*p)->at.bay, (*p)->at.port) == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no port %s now",
		    x->id);
	x->type = OBJ_PORT;
	x->kind = "change";
	return edit_match(x, (*p)->revision, e);
}

int
edit_port_patch(struct edit *x, struct err *e)
{
	struct port *p;

	if (find(x, &p, e) < 0 ||
	    edit_fields(x, &field_port, false, p, e) < 0)
		return -1;
	snprintf(x->title, sizeof(x->title), "Change port %s", x->id);
	return 0;
}
