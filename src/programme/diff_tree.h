/*
 * diff_tree.h - whether two parts of a model are the same element by element,
 * in the same order: what a comparison in words must not pass over.
 */
#ifndef PROGRAMME_DIFF_TREE_H
#define PROGRAMME_DIFF_TREE_H

#include "codec/xml.h"

/*
 * Whether two trees say the same. Comments, blanks, diagrams, which program
 * wrote them, an id that only one side has, and the edition of DMN are
 * nothing that is said.
 */
bool diff_same_tree(const XmlNode *old, const XmlNode *now);

/* Whether they have the same elements in the same places, whatever these say:
 * then what a comparison in words finds in them is all there is. */
bool diff_same_shape(const XmlNode *old, const XmlNode *now);

/* Whether an attribute of a model says something. */
bool diff_attribute_says(const XmlAttribute *attribute);

/* Whether two values or namespaces are the same but for the edition of DMN. */
bool diff_same_value(Str a, Str b);

#endif
