"""Writes a panel of PHQ-9 in places of hostile names: panel.py sites|months|waves SEED."""
import csv
import random
import sys

kind, seed = sys.argv[1], int(sys.argv[2])
draw = random.Random(seed)
names = ["<script>alert(1)</script>", "a&amp;b", "\"'", "]]>", "--><svg onload=x>", "\u202eturned", "日本語の病院の名前はとても長い",
         "%n%s", "; --", "a" * 200, "e\u0301" * 40, "&#0;", "tab\tbed", " ", "Ω≈ç√∫", "🙂🙃"]
out = csv.writer(sys.stdout, lineterminator="\n")
occasions = ["t1", "t2", "t3", "t4"] if kind == "waves" else ["t1", "t2"]
out.writerow(["id", "place"] + [f"phq9_{i}_{t}" for t in occasions for i in range(1, 10)])
person = 0
for group in range(30):
    for _ in range(draw.randrange(1, 25)):
        person += 1
        name = names[group % len(names)] + str(group // len(names))
        if kind == "months":
            name = draw.choice([f"{2024 + group // 12}-{group % 12 + 1:02}-{draw.randrange(1, 29):02}"] * 20 + ["", "soon", "2024-02-31"])
        if kind == "waves":
            name = names[group % 5]
        out.writerow([person, name] + [draw.choice([0, 1, 2, 3, 3 - min(t, 2), ""]) if draw.random() < 0.3 else draw.randrange(4 - min(t, 3))
                                       for t, _ in enumerate(occasions) for _ in range(9)])
