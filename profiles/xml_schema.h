/*
 * xml_schema.h -- config-1.xsd as the program carries it: its lines, each with its
 * line feed; NULL ends them.  Made from profiles/config-1.xsd at build time.
 */
#ifndef PROFILES_XML_SCHEMA_H
#define PROFILES_XML_SCHEMA_H

extern const char *const xml_schema_lines[];

#endif
