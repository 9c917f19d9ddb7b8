/*
 * field_rows.h -- what the files of the field walker tell each other (private).
 */
#ifndef PROFILES_FIELD_ROWS_H
#define PROFILES_FIELD_ROWS_H

#include "profiles/field.h"

/* ERR_RULES with the row's code. */
int field_refuse(const struct field *, const char *at, const char *why,
    struct err *);
/* The text of a FIELD_FOREIGN, never NULL. */
const char *field_foreign(const struct field *, const void *object);
/* A FIELD_MAP as a JSON object, and such an object laid over it. */
json_t *field_map_json(const struct field *, const void *object);
int field_map_read(struct arena *, const struct field *, const json_t *,
    const char *at, void *object, struct err *) ERR_MUST_CHECK;
/* 0, "" or an empty list. */
bool field_is_empty(const struct field *, const void *object);
void field_clear(const struct field *, void *object);
size_t field_count(const struct field *, const void *object);
/* One row of both is the same, so its JSON is; not the other way round. */
bool field_same(const struct field *, const void *a, const void *b);

/* Specials that are one value have a text. */
bool field_special_text(const struct field *, const void *object,
    char text[FIELD_TEXT_MAX]);
int field_special_set(const struct field *, const char *text, const char *at,
    void *object, struct err *) ERR_MUST_CHECK;
/* And all of them a JSON value. */
json_t *field_special_json(const struct field *, const struct field_names *,
    const void *object);
/* `restoring`: content of ours, nothing is inferred. */
int field_special_read(struct arena *, const struct field *,
    const struct field_names *, const json_t *, const char *at, bool restoring,
    void *object, struct err *) ERR_MUST_CHECK;

enum { FIELD_PLACE = sizeof(((struct err *)0)->field) };
const char *field_pointer(const char *at, const char *path,
    char out[FIELD_PLACE]);
/* After all rows were read from JSON: what spans several of them. */
int field_finish(const struct field_table *, const json_t *, const char *at,
    const void *before, void *object, struct err *) ERR_MUST_CHECK;

/* Rules about addresses by themselves, as in the data model's 1, 2, 6, 7. */
int field_check_mac(const char *rule, const char *at, uint64_t, struct err *)
    ERR_MUST_CHECK;
int field_check_wwn(const char *rule, const char *at, uint64_t, struct err *)
    ERR_MUST_CHECK;

#endif
