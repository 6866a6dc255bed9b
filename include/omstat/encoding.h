/* How the text of an input is written as bytes. Everything behind the reading of it is UTF-8. */
#ifndef OMSTAT_ENCODING_H
#define OMSTAT_ENCODING_H

enum om_encoding {
    OM_ENCODING_UTF8,
    OM_ENCODING_UTF16, /* its byte-order mark says which of the next two */
    OM_ENCODING_UTF16LE,
    OM_ENCODING_UTF16BE,
    OM_ENCODING_LATIN1,
    OM_ENCODING_WINDOWS1252,
};

#endif
