#!/usr/bin/env python3
"""citations.py - every row of the law says where it stands, in two languages.

    citations.py MODELS    reads MODELS/**/*.dmn with MODELS/citations.tsv and
                           MODELS/sources.tsv; ends with "N passed, N failed"

Each row of each decision table has the annotations Article (a key of
citations.tsv), Source (ids of sources.tsv) and Status. What is confirmed names
a source of others and a text; a row without a text of the law is not
confirmed. Nothing in the catalogues is unused. No Arabic title has Latin
letters. The articles that pages show beside the reasons of refusal
(locale/law.tsv) are those of the rows that give these reasons. Who reads what
is not confirmed is told what was assumed, and every decision that an
explanation names has a label (locale/law.tsv). The table of sentences of a
README names cases that exist, and every case.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

COLUMNS = ["Article", "Source", "Status"]
STATUSES = ("confirmed", "unconfirmed", "assumption")
passed = failed = 0


def check(what, good):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}")


def table(path):
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            rows[cells[0]] = cells[1:]
    return rows


def local(node):
    return node.tag.split("}")[1]


def children(node, name):
    return [c for c in node if local(c) == name]


def text(node):
    return "".join(node.itertext()).strip()


def rows_of(model):
    """(decision, row, annotations by column, outputs) of every table."""
    for decision in children(ET.parse(model).getroot(), "decision"):
        for made in children(decision, "decisionTable"):
            names = [a.get("name") for a in children(made, "annotation")]
            for number, rule in enumerate(children(made, "rule"), 1):
                notes = [text(a) for a in children(rule, "annotationEntry")]
                outputs = [text(o) for o in children(rule, "outputEntry")]
                yield (decision.get("name"), number,
                       dict(zip(names, notes)), outputs)


def check_row(where, notes, citations, sources):
    check(f"{where}: the columns are {COLUMNS}", list(notes) == COLUMNS)
    article, source, status = (notes.get(c, "") for c in COLUMNS)
    ids = [i.strip() for i in source.split(",")]
    check(f"{where}: article {article}", article in citations)
    for name in ids:
        check(f"{where}: source {name}", name in sources)
    check(f"{where}: status {status}", status in STATUSES)
    if status == "confirmed":
        document = citations.get(article, ["-"])[0]
        check(f"{where}: confirmed without a text", document != "-")
        check(f"{where}: confirmed by ourselves", "own" not in ids)
    return article, ids


def check_reasons(reasons, citations, texts):
    for code, article in reasons.items():
        shown = texts.get(f"reason.{code}.article")
        check(f"reason.{code}.article is that of the row",
              shown == citations[article][3:5])


def check_texts(models, assumed, texts):
    for model, decision in assumed:
        name = programme_of(model)
        check(f"{model}: {decision}: what was assumed is said",
              f"assumed.{name}.{decision}" in texts)
    for outline in models.rglob("explanation.tsv"):
        name = programme_of(outline)
        for line in outline.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if line.startswith("#") or len(cells) < 2 or cells[0] == "parts":
                continue
            key = "remedy" if cells[0] == "remedy" else "decision"
            check(f"{outline}: {cells[1]} has a text",
                  f"{key}.{name}.{cells[1]}" in texts)
            if cells[0] == "check":
                check(f"{outline}: {cells[1]} says how it went",
                      f"check.{name}.{cells[1]}.failed" in texts)


def check_readme(models):
    """A table of sentences names cases and decisions that exist."""
    for readme in models.rglob("README.md"):
        prose = readme.read_text(encoding="utf-8")
        if "## Every sentence" not in prose:
            continue
        known = {case.get("id") for path in readme.parent.rglob("*.xml")
                 for case in ET.parse(path).getroot() if case.get("id")}
        named = set()
        for first, last in re.findall(
                r"\b(\d\d-\d\d)(?: to (\d\d-\d\d))?", prose):
            check(f"{readme}: case {first}", first in known)
            check(f"{readme}: case {last}", not last or last in known)
            named |= {case for case in known
                      if first <= case <= (last or first)}
        for case in sorted(known):
            check(f"{readme}: case {case} proves a sentence", case in named)


def programme_of(path):
    """The programme of the folder that a file is in."""
    manifest = table(path.parent / "programme.tsv")
    return manifest["programme"][0]


def main(folder):
    models = pathlib.Path(folder)
    citations = table(models / "citations.tsv")
    sources = table(models / "sources.tsv")
    texts = table(models.parent / "locale" / "law.tsv")
    used, read, reasons, assumed = set(), set(), {}, set()
    for model in sorted(models.rglob("*.dmn")):
        for decision, number, notes, outputs in rows_of(model):
            where = f"{model}: {decision}, row {number}"
            article, ids = check_row(where, notes, citations, sources)
            used.add(article)
            read.update(ids)
            if notes.get("Status") != "confirmed":
                assumed.add((model, decision))
            if decision == "Refusals":
                reasons[outputs[0].strip('"')] = article
    for key, cells in citations.items():
        check(f"citation {key} is used", key in used)
        check(f"citation {key} has Latin letters in Arabic: {cells[3]}",
              not re.search("[A-Za-z]", cells[3]))
    for key, cells in sources.items():
        check(f"source {key} has Latin letters in Arabic: {cells[2]}",
              not re.search("[A-Za-z]", cells[2]))
        check(f"source {key} has an address", key == "own" or cells[4] != "-")
    check_reasons(reasons, citations, texts)
    check_texts(models, sorted(assumed), texts)
    check_readme(models)
    for name in sorted(set(sources) - read):
        print(f"note: source {name} is named by no row")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
