/* The catalogue of findings: the one place that explains a code. `omstat explain`, docs/findings.md and the
 * rules of SARIF are made from it. */
#include <omstat/catalogue.h>

#include "base/number.h"

#include <string.h>

#define HEADER "id,visit,phq1,phq2,phq3,phq4,phq5,phq6,phq7,phq8,phq9\n"

static const struct om_catalogue_entry entries[] = {
    {101, OM_WARNING, true, "not valid UTF-8",
     "Keeps the bytes of an id, an occasion, a group or a text as they are (warning). An answer is not read "
     "(error). A column name ends the run (fatal).",
     "The same person may be written in two encodings in two exports, and is then two persons.",
     "Say --encoding latin1 or windows-1252 if that is what it is, or convert the file: `iconv -f LATIN1 -t "
     "UTF-8`.",
     ""},
    {102, OM_NOTE, true, "byte-order mark", "Leaves out the mark at the start of the file.",
     "Other programs may take it for a part of the first column's name.",
     "Nothing is needed; 'UTF-8' instead of 'UTF-8 with BOM' writes none.", ""},
    {103, OM_FATAL, true, "UTF-16, UTF-32, or no text", "Stops.",
     "Every second byte of such a text is a NUL; a workbook or a file of a statistics program is no text at "
     "all: nothing in it can be read as it stands.",
     "Say --encoding utf-16, or convert it with the command that the message gives; save a workbook as CSV "
     "(UTF-8).",
     ""},
    {104, OM_BAD, true, "NUL byte",
     "Rejects the record when the byte is in an id, an occasion or a group, or when its fields are no longer "
     "those of the header; an answer with one is not read. The offset is that of the first of the bytes.",
     "NUL bytes are what remains of blocks that were never written: the file is damaged, and more may be "
     "missing than "
     "can be seen.",
     "Copy or export the file again.", ""},
    {105, OM_WARNING, true, "different line ends", "Reads LF, CR LF and CR alike, whichever stands where.",
     "Line ends change in the middle of a file where files were put together or edited by hand.",
     "Write the whole file with one kind of line end.", ""},
    {106, OM_WARNING, true, "Ctrl-Z at the end",
     "Leaves it out where nothing but it, and NULs that fill up a block, stands behind the last record.",
     "Old programs end a text with it; behind records it would be one more, broken one.",
     "Remove the last byte.", ""},
    {110, OM_BAD, true, "another number of fields than the header",
     "Rejects the record; nothing is padded or cut.",
     "With a delimiter too few or too many, all answers behind it stand one column off.",
     "Look for a missing or extra delimiter, or for text with a delimiter that is not in quotes.",
     HEADER "P1,0,1,2,0,1,1,0,0,2\n"},
    {111, OM_WARNING, true, "blank line", "Skips it; under --strict it is an error.",
     "It is no record, but something that was one may have been deleted.", "Remove the line.",
     HEADER "\nP1,0,1,2,0,1,1,0,0,2,0\n"},
    {112, OM_BAD, true, "quote out of place",
     "A quote within a field that does not begin with one, or text behind a closing quote: rejects the "
     "record, unless nothing is read from the column and the field is on one line. A quote that never "
     "closes: rejects the record up to the "
     "end of "
     "the line in which it opens, and goes on with the next one.",
     "A quote that opens by mistake swallows delimiters, line ends and with them whole records.",
     "Remove the quote, or write the field in quotes and each quote in it twice.",
     HEADER "P0\"1,0,1,2,0,1,1,0,0,2,0\n"},
    {113, OM_BAD, true, "field or record too long",
     "Rejects a record with a field beyond 1 MiB and goes on with the next line. A record beyond 16 MiB or "
     "16384 "
     "fields ends the run.",
     "No questionnaire has such fields: a line end or a delimiter is missing, or this is no text.",
     "Check the delimiter and the line ends.", ""},
    {114, OM_WARNING, true, "no line end behind the last record",
     "Accepts the record when its fields are as many as the header's (warning); else rejects it (error).",
     "A file that was cut off while it was written ends like this.",
     "Compare the end of the file with where it comes from.", HEADER "P1,0,1,2,0,1,1"},
    {115, OM_BAD, true, "a line that is no record",
     "Rejects a header that is repeated, a total, a mean or a footer. As the first line of the file (a "
     "title, "
     "`sep=`) it is fatal, and the line of the header below it is named.",
     "Read as a record, a line of totals is one more person with impossible answers.", "Remove the line.",
     HEADER "P1,0,1,2,0,1,1,0,0,2,0\n" HEADER},
    {116, OM_FATAL, true, "the delimiter is another one", "Stops; a delimiter is never guessed.",
     "A decimal comma in a file with semicolons would be read as two answers.", "Say it with --delimiter.",
     "id;visit;phq1;phq2;phq3;phq4;phq5;phq6;phq7;phq8;phq9\n"},
    {120, OM_BAD, true, "no data", "An empty file is fatal; a header without records is an error.",
     "An empty export is nearly always a mistake elsewhere: a filter, a date, a permission.",
     "Export the data again. Where an empty file is fine: --allow-empty.", HEADER},
    {121, OM_FATAL, true, "a column is missing, or cannot be told from another",
     "Stops, and lists what is missing and what is near. A name written with blanks around it is read "
     "without them "
     "(warning).",
     "With a guess, a score would be the sum of the wrong answers.",
     "Correct the name, add the column, or name the columns with --map.",
     "id,visit,phq1,phq2,phq3,phq4,phq5,phq6,phq7,phq8\n"},
    {122, OM_FATAL, true, "two columns have the same name", "Stops.",
     "Which of the two is meant cannot be known.", "Give every column a name of its own.",
     "id,visit,phq1,phq1\n"},
    {123, OM_WARNING, true, "a delimiter at the end of the record",
     "Ignores the empty field behind it. Something that stands there is an error: OM110 where the header "
     "does "
     "not end with a delimiter.",
     "It is harmless, but a sign of a home-made export.", "Write the file without trailing delimiters.",
     HEADER "P1,0,1,2,0,1,1,0,0,2,0,\n"},
    {130, OM_BAD, true, "not an integer",
     "Gives the scales with this item no score. `3.0` and ` 3 ` are read as 3.",
     "Text, a formula or a decimal comma where an answer belongs: the column is another one, or was changed "
     "by a "
     "spreadsheet.",
     "Correct the cell, or say what it means with --missing, --declined or --recode.",
     HEADER "P1,0,1,TRUE,0,1,1,0,0,2,0\n"},
    {131, OM_BAD, true, "a number that no answer can be", "Gives the scales with this item no score.",
     "inf, nan and 1e400 are what calculations leave behind, not what people answer.", "Correct the cell.",
     HEADER "P1,0,1,1e400,0,1,1,0,0,2,0\n"},
    {132, OM_BAD, true, "an answer out of range",
     "Gives the scales with this item no score; it is never clamped and never taken as missing.",
     "A typing error, or a questionnaire with another coding: 1-4 instead of 0-3 makes everyone worse.",
     "Correct the cell, or say how the answers are coded with --recode.", HEADER "P1,0,1,4,0,1,1,0,0,2,0\n"},
    {133, OM_BAD, true, "looks like a code for a missing answer",
     "Gives the scales with this item no score until the code is declared.",
     "Read as an answer, -9 or 99 would change every mean; taken for missing without being asked, it would "
     "hide "
     "typing errors.",
     "Declare it: --missing CODE, or --declined CODE if the person refused.",
     HEADER "P1,0,1,-9,0,1,1,0,0,2,0\n"},
    {140, OM_BAD, true, "a person and occasion seen before",
     "Under --duplicates error (the default) there is no report; first, last and reject-all say which record "
     "counts, "
     "and make it a warning.",
     "The same form entered twice counts twice, and two persons under one id are paired with each other.",
     "Correct the id or the occasion, or say which record counts with --duplicates.",
     HEADER "P1,0,1,2,0,1,1,0,0,2,0\nP1,0,1,2,0,1,1,0,0,2,1\n"},
    {141, OM_BAD, true, "no id, or no occasion", "Rejects the record.",
     "Nobody knows whose answers these are, or of when.", "Fill in the cell.",
     HEADER ",0,1,2,0,1,1,0,0,2,0\n"},
    {142, OM_FATAL, true, "the occasions have no order",
     "Stops, and lists them. A cell of a column of --date that is no date such as 2024-02-29 is a warning.",
     "Change is the last minus the first: in the wrong order, improvement is deterioration.",
     "Say which come first and last with --occasions FIRST,LAST.", ""},
    {143, OM_WARNING, true, "a person's group is not the same at every occasion",
     "Uses the group at the first occasion.",
     "A person must be counted in one group; a changed site may be an error in the data.",
     "Correct the group, or leave it.", ""},
    {150, OM_FATAL, true, "compressed data are cut or damaged",
     "Stops at the byte. Members behind each other are read; anything else behind the last one is damage.",
     "Records are missing, and nobody could say which.",
     "Fetch the file again; `gzip -t FILE` or `zstd -t FILE` checks it.", ""},
    {151, OM_FATAL, true, "more data than allowed",
     "Stops where --max-input is passed, counted after decompression. Memory does not depend on it.",
     "A few kilobytes of compressed zeros can be made to take hours.",
     "Look at the file, or raise --max-input.", ""},
    {160, OM_FATAL, true, "reading failed half way", "Stops with exit code 74; nothing is written.",
     "Figures of a part of the file would look like figures of all of it.",
     "Check the disk or the network, and run again.", ""},
    {161, OM_FATAL, true, "the file changed while it was read",
     "Stops with exit code 74; nothing is written.", "What was read is a mixture of two versions.",
     "Run again once nothing writes to the file; work on a copy.", ""},
    {162, OM_FATAL, true, "the input cannot be opened",
     "Stops with exit code 66 (missing, a directory) or 77 (no permission). FIFOs and standard input can be "
     "read.",
     "A pipeline has to tell a missing file from bad data.", "Check the name and the permissions.", ""},
    {163, OM_FATAL, true, "input and output are the same file",
     "Refuses with exit code 64, whatever the names.", "The data would be gone before they are read.",
     "Write to another file.", ""},
    {170, OM_FATAL, false, "disk full, or a limit on file size",
     "Ends with exit code 74; what was there before stays as it was.", "Half a report looks like a report.",
     "Make room and run again.", ""},
    {171, OM_NOTE, false, "closed pipe",
     "Stops quietly, as other tools do: `omstat report panel.csv | head`.",
     "It is not an error when a reader has seen enough.", "None is needed.", ""},
    {172, OM_NOTE, false, "interrupted",
     "Ends by the signal. A file that was being written never appears under its name.",
     "A file appears whole or not at all.", "Run again.", ""},
    {173, OM_NOTE, false, "killed, or the power failed",
     "The output is the old file or the new one, never a part.",
     "Outputs are written aside, brought to the disk and renamed.", "Run again.", ""},
    {180, OM_FATAL, false, "out of memory", "Ends with exit code 71; nothing is written.",
     "Figures of a part of the data would look like figures of all of them.",
     "Lower --memory, so that persons wait in a file.", ""},
    {190, OM_FATAL, false, "a path where a name belongs",
     "Names of instruments are letters, digits, _ and -; they are never made into paths.",
     "A definition from elsewhere must not reach other files.", "Choose another name.", ""},
    {191, OM_FATAL, false, "the output is a link",
     "Refuses to write through a symbolic link, with exit code 73.",
     "A link in a shared directory can lead to any file.", "Name the file itself.", ""},
    {192, OM_WARNING, true, "text that a spreadsheet would run",
     "Accepts an id, an occasion or a group that begins with = @ + - TAB or CR, unless it is a number. In a "
     "report as CSV such text gets an apostrophe in front. `omstat score` leaves the record out, unless "
     "--formula-guard says escape or off.",
     "Opened in a spreadsheet, the cell is a formula, which can read other cells or call other programs.",
     "Remove the first character, or say --formula-guard escape.", HEADER "=1+1,0,1,2,0,1,1,0,0,2,0\n"},
    {193, OM_NOTE, false, "formulas in workbooks",
     "Every text in a workbook is a cell of text, whatever it begins with; in CSV, see OM192.",
     "Text that begins like a formula is one to a spreadsheet.", "None is needed.", ""},
    {194, OM_NOTE, false, "markup in names", "Names are escaped in HTML, SVG, Markdown and XML.",
     "A column name must not become a part of a page.", "None is needed.", ""},
    {195, OM_NOTE, false, "terminal escapes in names", "Control characters are shown as \\x1b or \\n.",
     "A column name must not clear a screen or forge a line of a log.", "None is needed.", ""},
    {196, OM_NOTE, false, "commands to a CI platform in names",
     "Column and file names are encoded where a platform would take `::error` or `##vso` for a command.",
     "Whoever writes a header must not steer the pipeline.", "None is needed.", ""},
    {197, OM_FATAL, false, "hostile definitions",
     "Refuses anchors, repeated keys, depth and size beyond limits (exit code 78).",
     "A small YAML file can be made to fill any memory.", "Write the file plainly.", ""},
    {198, OM_NOTE, false, "ids made to collide",
     "Results do not depend on what ids come to in a hash: they are compared by their bytes, or by 128 bits.",
     "Ids chosen by an attacker must not make a run take hours.", "None is needed.", ""},
    {201, OM_BAD, true, "an instrument coded from another number",
     "Says so once for the instrument, where no answer is the lowest code and many are one above the "
     "highest. Each cell above is OM132 as well.",
     "Read as they are, forms coded 1 to 4 instead of 0 to 3 (or a PCL-C instead of a PCL-5) make everyone "
     "worse.",
     "Say how the answers are coded; the message has the option: --recode phq9=1:0,2:1,3:2,4:3.",
     HEADER "P1,0,1,2,1,4,1,1,1,2,1\nP2,0,4,3,2,4,1,2,1,2,1\n"},
    {202, OM_WARNING, true, "nobody gives the lowest answer",
     "Says so once for an instrument with 20 forms or more, of which no answer is the lowest code though one "
     "in 50 is the highest.",
     "The same shift of codes as OM201, where those above the range were cut off or do not occur.",
     "Look at the questionnaire that was used; say --recode if its codes are others.", ""},
    {203, OM_WARNING, true, "an item seems to run the other way",
     "Says which item of an instrument with 50 complete forms or more correlates below -0.2 with the sum of "
     "the others, and by four standard errors below 0. The first 16,384 records are looked at, and every "
     "64th of the others.",
     "An item whose answers were turned round when they were entered takes away from the total what it "
     "should add.",
     "Compare the item with the questionnaire; turn it round with --recode COLUMN=0:3,1:2,2:1,3:0.", ""},
    {204, OM_WARNING, true, "a stored total disagrees with the items",
     "Compares columns such as phq9_total, phq9_score or gad7_sum with the score of the items, record by "
     "record, where no item is blank. A total with decimals has to agree in the decimals it has.",
     "One of the two is wrong: an answer was changed later, or a spreadsheet summed other columns.",
     "Find out which is right; the items are what omstat uses.", ""},
    {205, OM_WARNING, true, "one answer to all items",
     "Counts complete forms of seven items or more in which every answer is the same and above the lowest, "
     "and says so where they are more than 5 % of an instrument at an occasion, and three or more.",
     "Straight lines are what people draw who do not read the questions.",
     "Look at how and where these forms were filled in.", ""},
    {206, OM_WARNING, true, "many forms without a score",
     "Says so where more than 20 % (--max-missing) of the forms of an instrument at an occasion have no "
     "score under the missing rule. Forms without any answer, or with one that cannot be read (OM130 to "
     "OM133), are not counted; fewer than five forms are "
     "not judged.",
     "Who leaves out answers is seldom like those who do not.", "See which answers are missing, and why.",
     ""},
    {207, OM_WARNING, true, "the safety item alone is unanswered",
     "Counts forms in which the item about safety, such as item 9 of the PHQ-9, is the only one without an "
     "answer.",
     "Nobody knows whether this person is at risk, and the rest of the form shows that it was read.",
     "Ask the person.", HEADER "P1,0,1,2,0,1,1,0,0,2,\n"},
    {208, OM_WARNING, true, "no item of a form applies",
     "Counts forms in which every item is answered with 'does not apply'.",
     "Such a form has no score; often it was skipped.", "See whether the questions were put at all.", ""},
    {209, OM_NOTE, true, "what applies has changed between the occasions",
     "Counts persons for whom an item applies at one of the two occasions and not at the other.",
     "The score is then made of other items, and part of its change is not a change of the person.",
     "Nothing is wrong in itself; keep it in mind where many changed.", ""},
    {210, OM_WARNING, true, "an occasion before the one it follows",
     "Compares the dates that --date names: of a person, each has to be on or after that of the occasion "
     "before.",
     "Change is the last minus the first: in the wrong order, improvement is deterioration.",
     "Correct the date or the occasion.", ""},
    {211, OM_WARNING, true, "an interval outside the window",
     "Counts the days between occasions that follow each other, where --date and --interval say so.",
     "A change over ten days and one over a year are not of the same treatment.",
     "Correct the date, widen --interval, or leave the person out.", ""},
    {212, OM_WARNING, true, "the same answers at both occasions",
     "Counts persons whose complete form of seven items or more is the same at both occasions and no "
     "straight line, and says so where they are ten or more, more than 10 %, and far more than chance "
     "allows.",
     "A wave that was copied shows no change at all.", "Compare the two occasions with where they come from.",
     ""},
    {213, OM_WARNING, true, "different ids with the same answers",
     "Says which records of different ids have the same answers at an occasion: 16 answers or more, no "
     "straight lines, and totals so rare that the chance of any such pair is below one in a hundred.",
     "One person entered under two ids counts twice, and is lost to the pairing of occasions.",
     "Compare the two records with where they come from.", ""},
    {214, OM_WARNING, true, "a group too small to publish",
     "Says how many groups have persons, but fewer than 5 (--min-group).",
     "Whoever knows somebody in a group of three can read that person's change from the table.",
     "Merge groups, or leave them out of what is published.", ""},
    {215, OM_WARNING, true, "a severity label contradicts the items",
     "Compares columns such as phq9_severity, phq9_band or phq9_category with the band of the score, record "
     "by record, where no item is blank. Words that are no band of the instrument are left alone.",
     "The label was made from other answers or by other bounds.", "Make the labels from the scores again.",
     ""},
    {216, OM_WARNING, true, "fields that contradict each other",
     "Looks in each record whether `then` holds where `when` does, for every rule of the key checks. What a "
     "blank cell leaves unknown is not held against it.",
     "Only the study knows what cannot be.", "Correct the record, or the rule.", ""},
};

const struct om_catalogue_entry *
om_catalogue(size_t *n)
{
    *n = sizeof entries / sizeof entries[0];
    return entries;
}

const struct om_catalogue_entry *
om_catalogue_find(int code)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        if (entries[i].code == code)
            return &entries[i];
    return NULL;
}

const struct om_catalogue_entry *
om_catalogue_parse(const char *text)
{
    int32_t code;
    if (om_ascii_lower(text[0]) == 'o' && om_ascii_lower(text[1]) == 'm')
        text += 2;
    bool digits = strlen(text) == 3 && strspn(text, "0123456789") == 3;
    return digits && om_integer_parse(text, 3, &code) == 1 ? om_catalogue_find(code) : NULL;
}
