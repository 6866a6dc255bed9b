/* libyaml's events into the tree of io/yaml.h. The only file that knows libyaml. */
#include "io/yaml.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>
#include <yaml.h>

struct builder {
    struct om_yaml *yaml;
    yaml_parser_t parser;
    const char *text;
    size_t length;
    size_t n_nodes;
};

static void
free_node(struct om_yaml_node *node)
{
    while (node) {
        struct om_yaml_node *next = node->next;
        om_free(node->key); /* a scalar: nothing below it */
        free_node(node->first);
        om_free(node);
        node = next;
    }
}

void
om_yaml_release(struct om_yaml *yaml)
{
    free_node(yaml->root);
    yaml->root = NULL;
}

static void
fail_at(struct om_yaml *yaml, uint64_t line, uint64_t column, const char *hint, const char *what)
{
    struct om_yaml_node place = {.line = line, .column = column};
    om_yaml_fail(yaml, &place, hint, "%s", what);
}

/* Line and column of a byte: a reader error comes without them. */
static void
locate(const char *text, size_t offset, uint64_t *line, uint64_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) { /* continuation bytes are no characters */
            ++*column;
        }
    }
}

/* What libyaml did not like, in the words of a person who edits the file. */
static void
fail_syntax(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    const char *problem = p->problem ? p->problem : "the text ends too early";
    uint64_t line = p->problem_mark.line + 1, column = p->problem_mark.column + 1;
    if (p->error == YAML_MEMORY_ERROR) {
        om_yaml_fail_memory(b->yaml);
        return;
    }
    if (p->error == YAML_READER_ERROR) {
        locate(b->text, p->problem_offset < b->length ? p->problem_offset : b->length, &line, &column);
        struct om_yaml_node place = {.line = line, .column = column};
        om_yaml_fail(b->yaml, &place, "Save the file as UTF-8 text without control characters.",
                     "not UTF-8 text: %s", problem);
        return;
    }
    struct om_yaml_node place = {.line = line, .column = column};
    const char *hint =
        strstr(problem, "cannot start any token") || strstr(problem, "tab character")
            ? "Indent with blanks, not tabs; put text that starts with @ ` % or a tab in quotes."
            : "Check indentation, quotes and brackets here and on the line before; text that "
              "holds \": \" or \" #\" needs quotes.";
    if (p->context)
        om_yaml_fail(b->yaml, &place, hint, "not YAML: %s (%s that began on line %llu)", problem, p->context,
                     (unsigned long long)p->context_mark.line + 1);
    else
        om_yaml_fail(b->yaml, &place, hint, "not YAML: %s", problem);
}

static struct om_yaml_node *
new_node(struct builder *b, const yaml_event_t *event, enum om_yaml_kind kind, const void *text,
         size_t length)
{
    uint64_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (++b->n_nodes > OM_YAML_NODES_MAX) {
        fail_at(b->yaml, line, column, "Split the file, or leave out what is not needed.",
                "more than 20000 values in one file");
        return NULL;
    }
    struct om_yaml_node *node = om_calloc(1, sizeof *node + length + 1);
    if (!node) {
        om_yaml_fail_memory(b->yaml);
        return NULL;
    }
    node->kind = kind;
    node->line = line;
    node->column = column;
    if (length)
        memcpy(node->text, text, length);
    return node;
}

static bool
is_plain_yaml(struct builder *b, const yaml_event_t *event, const void *anchor, const void *tag)
{
    uint64_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (anchor)
        fail_at(b->yaml, line, column, "Write the value out where it is needed.",
                "anchors and aliases (& and *) are not read here");
    else if (tag)
        fail_at(b->yaml, line, column, "Leave the tag out; put text in quotes if it looks like a number.",
                "tags (such as !!str) are not read here");
    return !anchor && !tag;
}

static struct om_yaml_node *
build_scalar(struct builder *b, const yaml_event_t *event)
{
    const void *text = event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (!is_plain_yaml(b, event, event->data.scalar.anchor, event->data.scalar.tag))
        return NULL;
    if (length && memchr(text, '\0', length)) {
        fail_at(b->yaml, event->start_mark.line + 1, event->start_mark.column + 1, "Leave the \\0 out.",
                "a text holds a NUL character");
        return NULL;
    }
    struct om_yaml_node *node = new_node(b, event, OM_YAML_SCALAR, text, length);
    if (node)
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static bool
has_key(struct builder *b, const struct om_yaml_node *map, const struct om_yaml_node *key)
{
    const struct om_yaml_node *twin = om_yaml_find(map, key->text);
    if (twin)
        om_yaml_fail(b->yaml, key, "Keep one of the two.", "the key \"%.60s\" was already given on line %llu",
                     key->text, (unsigned long long)twin->key->line);
    return twin != NULL;
}

static struct om_yaml_node *build(struct builder *b, int depth, yaml_event_type_t end, bool *ended);

/* The entries of a sequence or mapping up to the event that ends it. */
static void
build_entries(struct builder *b, struct om_yaml_node *node, int depth)
{
    bool mapping = node->kind == OM_YAML_MAPPING, ended = false;
    yaml_event_type_t end = mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    struct om_yaml_node **tail = &node->first;
    for (;;) {
        struct om_yaml_node *key = NULL;
        if (mapping) {
            key = build(b, depth, end, &ended);
            if (key && key->kind != OM_YAML_SCALAR)
                om_yaml_fail(b->yaml, key, "Use a word or a number as the key.",
                             "a key must be a single word");
            if (ended || !key || b->yaml->status != OM_OK || has_key(b, node, key)) {
                free_node(key);
                return;
            }
        }
        struct om_yaml_node *entry = build(b, depth, mapping ? YAML_NO_EVENT : end, &ended);
        if (!entry) {
            om_free(key);
            return;
        }
        entry->key = key;
        *tail = entry;
        tail = &entry->next;
        node->n++;
    }
}

/* The node that the next events make; NULL after a failure, or with *ended set when the event is `end`. */
static struct om_yaml_node *
build(struct builder *b, int depth, yaml_event_type_t end, bool *ended)
{
    struct om_yaml_node *node = NULL;
    yaml_event_t event;
    if (b->yaml->status != OM_OK)
        return NULL;
    if (!yaml_parser_parse(&b->parser, &event)) {
        fail_syntax(b);
        return NULL;
    }
    if (event.type == end)
        *ended = true;
    else if (event.type == YAML_SCALAR_EVENT)
        node = build_scalar(b, &event);
    else if (event.type == YAML_ALIAS_EVENT)
        is_plain_yaml(b, &event, event.data.alias.anchor, NULL);
    else if (depth == OM_YAML_DEPTH_MAX)
        fail_at(b->yaml, event.start_mark.line + 1, event.start_mark.column + 1,
                "A definition needs five or six levels.", "nested more than 16 levels deep");
    else if (event.type == YAML_SEQUENCE_START_EVENT &&
             is_plain_yaml(b, &event, event.data.sequence_start.anchor, event.data.sequence_start.tag))
        node = new_node(b, &event, OM_YAML_SEQUENCE, NULL, 0);
    else if (event.type == YAML_MAPPING_START_EVENT &&
             is_plain_yaml(b, &event, event.data.mapping_start.anchor, event.data.mapping_start.tag))
        node = new_node(b, &event, OM_YAML_MAPPING, NULL, 0);
    yaml_event_delete(&event);
    if (node && node->kind != OM_YAML_SCALAR)
        build_entries(b, node, depth + 1);
    return node;
}

/* Takes the next event and says whether it is of that type. */
static bool
expect(struct builder *b, yaml_event_type_t type, yaml_mark_t *mark)
{
    yaml_event_t event;
    if (!yaml_parser_parse(&b->parser, &event)) {
        fail_syntax(b);
        return false;
    }
    bool same = event.type == type;
    *mark = event.start_mark;
    yaml_event_delete(&event);
    return same;
}

static void
build_document(struct builder *b)
{
    yaml_mark_t mark;
    bool ended = false;
    if (!expect(b, YAML_STREAM_START_EVENT, &mark))
        return;
    if (!expect(b, YAML_DOCUMENT_START_EVENT, &mark)) {
        fail_at(b->yaml, 1, 1, "It should hold keys and values, such as \"id: phq9\".",
                "there is nothing in it");
        return;
    }
    b->yaml->root = build(b, 0, YAML_NO_EVENT, &ended);
    if (b->yaml->status == OM_OK && expect(b, YAML_DOCUMENT_END_EVENT, &mark) &&
        !expect(b, YAML_STREAM_END_EVENT, &mark))
        fail_at(b->yaml, mark.line + 1, mark.column + 1, "Put it into a file of its own.",
                "a second document begins here");
}

om_status
om_yaml_parse(struct om_yaml *yaml, const char *file, const char *text, size_t length, struct om_error *err)
{
    struct builder b = {.yaml = yaml, .text = text, .length = length};
    *yaml = (struct om_yaml){.file = file, .err = err};
    if (length > OM_YAML_BYTES_MAX) {
        fail_at(yaml, 0, 0, "A definition is a few kilobytes of text. Is this the right file?",
                "larger than 1 MiB");
        return yaml->status;
    }
    if (!yaml_parser_initialize(&b.parser)) {
        om_yaml_fail_memory(yaml);
        return yaml->status;
    }
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, length);
    build_document(&b);
    yaml_parser_delete(&b.parser);
    if (yaml->status != OM_OK)
        om_yaml_release(yaml);
    return yaml->status;
}

const char *
om_yaml_library_version(void)
{
    return yaml_get_version_string();
}
