#!/usr/bin/python3
"""Prints engine/report/font_widths.h: how wide characters are in the faces that figures may be shown in.

    tools/font-widths.py regular.ttf ... -- bold.ttf ... > engine/report/font_widths.h

For each character the widest of the faces counts, so that a label that fits by this table fits in all of
them. The table in the source was made from Inter 4.0, Liberation Sans 2.1 (the widths of Arial and Helvetica) and
DejaVu Sans 2.37.
"""
import sys
from fontTools.ttLib import TTFont

CHARACTERS = list(range(0x20, 0x7F)) + list(range(0xA0, 0x100))


def widths(paths):
    widest = dict.fromkeys(CHARACTERS, 0)
    for path in paths:
        font = TTFont(path)
        names, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for c in CHARACTERS:
            if c in names:
                widest[c] = max(widest[c], -(-1000 * metrics[names[c]][0] // em))
    return [widest[c] for c in CHARACTERS]


def table(name, values):
    print(f"static const unsigned short {name}[] = {{")
    for i in range(0, len(values), 16):
        print("    " + " ".join(f"{v}," for v in values[i : i + 16]))
    print("};")


at = sys.argv.index("--")
print("/* Advance widths in thousandths of the type size, U+0020-U+007E, then U+00A0-U+00FF: the widest of Inter,\n"
      " * Liberation Sans (Arial, Helvetica) and DejaVu Sans. Made by tools/font-widths.py. */")
print("#ifndef OM_REPORT_FONT_WIDTHS_H\n#define OM_REPORT_FONT_WIDTHS_H\n\n/* clang-format off */")
table("om_widths_regular", widths(sys.argv[1:at]))
table("om_widths_bold", widths(sys.argv[at + 1 :]))
print("/* clang-format on */\n\n#endif")
