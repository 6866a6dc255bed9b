"""pandas: the C reader with typed columns.  usage: pandas_job.py FILE wide|long"""
import sys

import numpy
import pandas

MEASURES = {"phq9": (9, 10), "gad7": (7, 10), "pcl5": (20, 33), "bipf": (7, 11)}
BETTER = 5 - 1e-9  # a score in percent is a fraction


def items(name, suffix):
    return [f"{name}_{i + 1}{suffix}" for i in range(MEASURES[name][0])]


def total(panel, name, suffix):
    columns = items(name, suffix)
    if name != "bipf":  # an empty cell is NaN, and so is the sum
        return sum(panel[column] for column in columns)
    answered, added = 0, 0
    for column in columns:
        cells = panel[column].cat
        kinds = [numpy.nan if kind == "" else 0.0 if kind == "NA" else float(kind) for kind in cells.categories]
        codes = cells.codes.to_numpy()
        added = added + numpy.array(kinds + [numpy.nan])[codes]
        answered = answered + (numpy.array([kind != "NA" for kind in cells.categories] + [False])[codes])
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return pandas.Series(numpy.where(answered > 0, 100 * added / (6 * answered), numpy.nan), panel.index)


def read(path, wide):
    types = {"id": "object", "cohort": "category", "occasion": "category"}
    for suffix in ("_pre", "_post") if wide else ("",):
        for name in MEASURES:
            types.update({item: "category" if name == "bipf" else "float32" for item in items(name, suffix)})
    if wide:  # the id is not needed
        del types["occasion"], types["id"]
    blank = {column: [""] for column, kind in types.items() if kind == "float32"}
    return pandas.read_csv(path, engine="c", usecols=list(types), dtype=types, na_values=blank, keep_default_na=False)


def scores(panel, suffix):
    return pandas.DataFrame({name: total(panel, name, suffix) for name in MEASURES})


def people(path, wide):
    panel = read(path, wide)
    if wide:
        return panel["cohort"], scores(panel, "_pre"), scores(panel, "_post")
    forms = pandas.concat([panel[["id", "cohort", "occasion"]], scores(panel, "")], axis=1)
    both = forms[forms.occasion == "pre"].merge(forms[forms.occasion == "post"], on="id", suffixes=("_pre", "_post"))
    pick = lambda end: both[[name + end for name in MEASURES]].set_axis(list(MEASURES), axis=1)
    return both["cohort_pre"], pick("_pre"), pick("_post")


def main():
    cohort, pre, post = people(sys.argv[1], sys.argv[2] == "wide")
    print("cohort,instrument,n,mean_pre,mean_post,sd_change,positive,improved")
    for name, (_, cutoff) in MEASURES.items():
        person = pandas.DataFrame({"cohort": cohort, "pre": pre[name], "post": post[name]}).dropna()
        person = person.astype({"pre": "float64", "post": "float64"})
        person["change"] = person.pre - person.post
        person["positive"] = person.pre >= cutoff
        groups = person.groupby("cohort", observed=True)
        improved = (person.change[person.positive] >= BETTER).groupby(person.cohort[person.positive]).mean()
        for key, row in groups.agg(n=("pre", "size"), pre=("pre", "mean"), post=("post", "mean"),
                                   sd=("change", "std"), positive=("positive", "mean")).iterrows():
            print(f"{key},{name},{int(row.n)},{row.pre!r},{row.post!r},{row.sd!r},{row.positive!r},{improved[key]!r}")


main()
