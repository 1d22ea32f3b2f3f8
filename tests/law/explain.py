#!/usr/bin/env python3
"""explain.py - explanations as people read them.

    explain.py SANAD FOLDER           checks; ends with "N passed, N failed"
    explain.py SANAD FOLDER --write   writes the expected texts anew

Households, each with something that has to be explained, are made by messages
of agencies, determined, and corrected by late messages. Then

 - the explanation of each, in both languages, is the one in FOLDER;
 - an Arabic one has no Latin letter, in a text or in what people read of JSON;
 - the lines of every step add up, exactly, to its result, and so to the
   amount; the parts of a line add up to it: also for a demo nation.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from decimal import Decimal, ROUND_HALF_UP, localcontext

CLOCK = {"SANAD_CLOCK": "2026-02-10T08:00:00Z"}
LATER = {"SANAD_CLOCK": "2026-04-03T08:00:00Z"}
passed = failed = 0


def check(what, good, more=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what} {more}")


# ---- the households ----

messages = []


def say(source, type_, **data):
    number = len(messages) + 1
    messages.append({"specversion": "1.0", "source": source,
                     "id": f"m-{number}", "type": f"sa.gov.sanad.{type_}.v1",
                     "time": "2026-02-01T09:00:00Z", "data": data})


def household(of, proof, *people):
    members = []
    for number, (role, birth, arabic, english, nationality) in \
            enumerate(people, 1):
        members.append({"person": str(of * 100 + number), "role": role,
                        "facts": {"birth_date": birth, "name_ar": arabic,
                                  "name_en": english}})
        if nationality:
            members[-1]["facts"]["nationality"] = nationality
    more = {"household_facts": {"dwelling_proof": proof}} if proof else {}
    say("absher", "household.formed", household=str(of), **{
        "from": "2021-01-01", "members": members, **more})


def income(source, person, kind, since, value, to=None):
    data = {"person": str(person), "kind": kind, "from": since,
            "value": value}
    if to:
        data["to"] = to
    say(source, "income.reported", **data)


def asset(source, person, key, kind, value, since="2020-01-01",
          lived_in=False):
    say(source, "asset.held", person=str(person), key=key, value=value,
        lived_in=lived_in, exempt=False, **{"class": kind, "from": since})


def make_people():
    household(1, "title_deed",
              ("head", "1954-03-09", "عبدالله صالح الدوسري",
               "Abdullah Saleh Aldosari", "saudi"),
              ("spouse", "1958-11-20", "مزنة فهد السبيعي",
               "Muznah Fahad Alsubaie", "saudi"))
    income("gosi", 101, "pension_income", "2019-01-01", "1500.00")
    asset("najiz", 101, "home", "buildings", "420000.00", lived_in=True)
    say("absher", "travel.abroad", person="101", value=True,
        **{"from": "2025-06-01", "to": "2025-06-11"})
    say("hrsd", "fact.in_shelter", household="1", value=False,
        **{"from": "2025-01-01"})

    household(2, "ejar_lease", ("head", "1970-05-01", "سعد ناصر العتيبي",
                                "Saad Nasser Alotaibi", "saudi"))
    income("ejar", 201, "rent_income", "2022-01-01", "1320.01")

    household(3, "ejar_lease",
              ("head", "1981-07-14", "سامر خليل حداد", "Samer Khalil Haddad",
               "other"))

    household(4, "title_deed", ("head", "1966-02-02", "نوف علي الحربي",
                                "Nouf Ali Alharbi", "saudi"))
    say("absher", "travel.abroad", person="401", value=True,
        **{"from": "2025-06-01", "to": "2025-09-09"})

    household(5, "government_certificate",
              ("head", "1950-12-30", "حمد راشد الشمري", "Hamad Rashed "
               "Alshammari", "saudi"))
    say("health", "stay.reported", person="501", value="care_centre",
        **{"from": "2026-02-01"})

    household(6, "ejar_lease",
              ("head", "1985-01-15", "فيصل محمد الغامدي",
               "Faisal Mohammed Alghamdi", "saudi"),
              ("spouse", "1989-06-06", "أمل سعيد الزهراني",
               "Amal Saeed Alzahrani", "saudi"),
              ("child", "2015-04-04", "لين فيصل الغامدي",
               "Leen Faisal Alghamdi", "saudi"))
    income("gosi", 601, "wage", "2024-01-01", "5000.00")

    household(7, "title_deed", ("head", "1975-08-08", "منصور عيد المطيري",
                                "Mansour Eid Almutairi", "saudi"))
    asset("najiz", 701, "plot", "land", "12000.00")

    household(8, "title_deed",
              ("head", "1968-10-10", "خالد يوسف القرني",
               "Khaled Yousef Alqarni", "saudi"),
              ("spouse", "1972-03-03", "هيا تركي القرني",
               "Haya Turki Alqarni", "saudi"))
    asset("najiz", 801, "home", "buildings", "650000.00", lived_in=True)
    asset("absher", 801, "car-1", "vehicles", "41000.00")
    asset("absher", 802, "car-2", "vehicles", "9000.00")
    asset("tadawul", 801, "shares", "securities", "5500.50")

    household(9, "ejar_lease",
              ("head", "1992-09-19", "بدر سالم الجهني", "Badr Salem Aljohani",
               "saudi"),
              ("spouse", "1996-05-25", "ريم أحمد الجهني",
               "Reem Ahmed Aljohani", "saudi"))
    income("gosi", 901, "wage", "2024-01-01", "3000.00")
    say("absher", "birth", parent="902", person="903", **{
        "from": "2026-01-20",
        "facts": {"sex": "male", "name_ar": "سالم بدر الجهني",
                  "name_en": "Salem Badr Aljohani", "nationality": "saudi"}})

    household(10, "none",
              ("head", "1979-04-12", "وليد حسن الأسمري",
               "Waleed Hasan Alasmari", "saudi"),
              ("spouse", "1983-12-01", "دلال نايف الأسمري",
               "Dalal Nayef Alasmari", "saudi"),
              ("other", "1951-06-17", "صالحة محمد الأسمري",
               "Salhah Mohammed Alasmari", "saudi"),
              ("child", "2009-02-28", "حسن وليد الأسمري",
               "Hasan Waleed Alasmari", "saudi"))
    income("gosi", 1001, "wage", "2025-03-01", "2333.33", to="2025-10-01")
    income("gosi", 1003, "pension_income", "2020-01-01", "410.10")
    income("citizen_account", 1001, "citizen_account", "2022-01-01", "1050.00")
    say("gosi", "income.reported", person="1001", kind="lump_sum",
        value="7000.01", key="end-of-service", **{"from": "2025-10-05"})
    say("absher", "travel.abroad", person="1003", value=True,
        **{"from": "2025-05-01", "to": "2025-08-15"})


    household(11, "title_deed",
              ("head", "1949-02-14", "شيخة ماجد الرويلي",
               "Shaikha Majed Alruwaili", "saudi"))
    say("absher", "death", person="1101", **{"from": "2026-01-10"})

    household(12, "ejar_lease",
              ("head", "1980-03-03", "ناصر فواز العنزي",
               "Nasser Fawaz Alanazi", "saudi"),
              ("child", "2012-06-06", "ريان ناصر العنزي",
               "Rayan Nasser Alanazi", "other"))

    household(13, None,
              ("head", "1977-01-19", "عيسى جابر المالكي",
               "Eisa Jaber Almalki", None))

    household(14, "ejar_lease",
              ("head", "2009-11-08", "رائد سلمان الخالدي",
               "Raed Salman Alkhaldi", "saudi"))

    household(15, "ejar_lease",
              ("head", "1972-04-17", "كمال نبيل سليم", "Kamal Nabil Salim",
               "other"))
    income("gosi", 1501, "wage", "2024-01-01", "2640.00")


def late_messages():
    """GOSI corrects a wage of the year before."""
    messages.clear()
    say("gosi", "fact.wage", person="601", value="2100.00",
        **{"from": "2025-06-01"})
    messages[0].update(id="late-1", time="2026-04-02T09:00:00Z")


# (name, household, month, after the late messages)
CASES = [
    ("01-couple", 1, "2026-02"), ("02-one-halala", 2, "2026-02"),
    ("03-nationality", 3, "2026-02"), ("04-abroad", 4, "2026-02"),
    ("05-care-centre", 5, "2026-02"), ("06-arrears", 6, "2026-02"),
    ("07-land-before", 7, "2025-06"), ("07-land-after", 7, "2025-07"),
    ("08-assets", 8, "2026-02"), ("09-newborn", 9, "2026-02"),
    ("10-all-together", 10, "2026-03"), ("11-ended", 11, "2026-02"),
    ("12-all-left-out", 12, "2026-02"), ("13-not-stated", 13, "2026-03"),
    ("14-young-alone", 14, "2026-02"), ("15-two-reasons", 15, "2026-02"),
]


# ---- running ----

def run(sanad, *arguments, clock=CLOCK):
    done = subprocess.run([sanad, *arguments], capture_output=True, text=True,
                          env={**os.environ, **clock})
    if done.returncode != 0:
        print(f"FAIL {' '.join(arguments)}: {done.stderr.strip()}")
        sys.exit(1)
    return done.stdout


def make_nation(sanad, db, work):
    file = str(work / "events.ndjson")
    run(sanad, "init", "--db", db)
    make_people()
    for late in (False, True):
        if late:
            late_messages()
        with open(file, "w", encoding="utf-8") as out:
            for message in messages:
                out.write(json.dumps(message, ensure_ascii=False) + "\n")
        said = json.loads(run(sanad, "import", "--db", db, "--events", file,
                              "--json", clock=LATER if late else CLOCK))
        check("no message is refused", said.get("rejected") == 0, said)
        if not late:
            for month in ("2025-06", "2025-07", "2026-02", "2026-03"):
                run(sanad, "determine", "--db", db, "--month", month)


def explain(sanad, db, of, month, lang, *more):
    return run(sanad, "explain", "--db", db, "--household", str(of),
               "--month", month, "--lang", lang, *more)


# ---- what is checked ----

def plain(text):
    """Without isolating characters and without the hashes."""
    text = re.sub("[\u2066-\u2069]", "", text)
    return re.sub("[0-9a-f]{64}", "#", text)


def compare(name, text, folder, write):
    path = folder / f"{name}.txt"
    if write:
        path.write_text(text, encoding="utf-8")
        return
    expected = path.read_text(encoding="utf-8")
    check(f"{name} reads as {path}", text == expected)
    if text != expected:
        pairs = zip(expected.splitlines() + [""] * 99, text.splitlines())
        for wanted, got in pairs:
            if wanted != got:
                print(f"  expected: {wanted}\n  got:      {got}")
                break


WORDS = {"label", "sentence", "shown", "text", "article", "source", "remark",
         "title", "person", "value"}


def latin(node, key=None, inside=None):
    """What people read in JSON and has Latin letters."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name != "citation":
                yield from latin(value, name, key)
    elif isinstance(node, list):
        for value in node:
            yield from latin(value, key, inside)
    elif isinstance(node, str) and key in WORDS and re.search("[A-Za-z]", node):
        yield f"{key}: {node}"


def exact(node):
    """Amounts are texts of digits: read as numbers."""
    for key in ("value", "of"):
        if isinstance(node.get(key), str):
            check(f"{node.get('name')}: {node[key]} has two decimals",
                  re.fullmatch(r"-?\d+\.\d\d+", node[key]))
            node[key] = Decimal(node[key])


def recompute(where, step):
    """Goes through the lines with a pencil."""
    exact(step)
    for line in step["lines"]:
        exact(line)
    total, of, parts, counted = Decimal(0), None, None, False
    for line in step["lines"]:
        value, does = line["value"], line["operation"]
        if does == "part":
            parts = (parts or Decimal(0)) + value
            continue
        if does == "note" and (value is None or line["person_id"]):
            continue
        check(f"{where}: parts of a line", parts is None or parts == of,
              f"{parts} of {of}")
        parts = None
        if line["of"] is not None:
            check(f"{where}: {line['name']} times",
                  line["of"] * line["times"] == value)
        of = line["of"] if line["of"] is not None else value
        if does == "plus":
            total, counted = total + value, True
        elif does == "minus":
            total, counted = total - value, True
        elif does == "divide":
            total /= value
        elif does == "cap":
            total = min(total, value)
        elif does == "round":
            total = total.quantize(Decimal(1).scaleb(-int(line["times"])),
                                   rounding=ROUND_HALF_UP)
        elif does == "least":
            total = total if total >= line["times"] else Decimal(0)
        elif does == "equals":
            check(f"{where}: {line['name']}", total == value,
                  f"{total}, said {value}")
    check(f"{where}: parts of a line", parts is None or parts == of,
          f"{parts} of {of}")
    check(f"{where}: the result", total == (step["value"] or 0),
          f"{total}, said {step['value']}")
    return counted


def check_arithmetic(where, found):
    if not found["steps"]:
        check(f"{where}: nobody lives there any more",
              [r["code"] for r in found["reasons"]] == ["ended"]
              and found["reasons"][0]["article"], found["reasons"])
        return
    with localcontext() as context:
        context.prec = 34
        for step in found["steps"]:
            recompute(f"{where} {step['decision']}", step)
    steps = {step["decision"]: step["value"] for step in found["steps"]}
    amount = Decimal(found["amount"])
    check(f"{where}: the amount is the last result",
          amount == (steps["Pension"] if found["eligible"] else 0))
    check(f"{where}: reasons are the conditions that are not met",
          len(found["reasons"]) == sum(
              not c["met"] for c in found["conditions"]))
    met = steps["Counted income"] < steps["Threshold"]
    check(f"{where}: below the limit or refused for income",
          met == ("income" not in [r["code"] for r in found["reasons"]]))


def check_json(where, found, lang):
    check_arithmetic(where, found)
    for step in found["steps"] + found["conditions"] + found["remedies"]:
        for row in step["rows"]:
            check(f"{where}: {row['text']} has a place and sources",
                  row["article"] and row["source"] and row["sources"]
                  and row["citation"])
            check(f"{where}: {row['text']} says what was assumed",
                  (row["status"] == "confirmed") == (row["remark"] == ""))
    if lang == "ar":
        for words in latin(found):
            check(f"{where}: Latin letters in {words}", False)


def check_demo(sanad, work):
    db = str(work / "demo.db")
    count = int(os.environ.get("HOUSEHOLDS", "150"))
    run(sanad, "init", "--db", db)
    run(sanad, "demo", "--db", db, "--households", str(count), "--seed", "5")
    for month in ("2025-06", "2026-03"):
        run(sanad, "determine", "--db", db, "--month", month)
        for of in range(1, count + 1):
            done = subprocess.run(
                [sanad, "explain", "--db", db, "--household", str(of),
                 "--month", month, "--json", "--lang", "ar"],
                capture_output=True, text=True)
            if "no household" in done.stderr:
                continue
            check(f"demo {of} is explained", done.returncode == 0,
                  done.stderr)
            found = json.loads(done.stdout, parse_float=Decimal,
                               parse_int=Decimal)
            if found["steps"]:
                check_json(f"demo {of} {month}", found, "ar")


def main(sanad, folder, write):
    work = pathlib.Path(tempfile.mkdtemp(prefix="sanad-explain-"))
    db = str(work / "people.db")
    make_nation(sanad, db, work)
    for name, of, month in CASES:
        for lang in ("ar", "en"):
            text = plain(explain(sanad, db, of, month, lang))
            compare(f"{name}.{lang}", text, folder, write)
            if lang == "ar":
                check(f"{name}: no Latin letters",
                      not re.search("[A-Za-z]", text))
            found = json.loads(
                explain(sanad, db, of, month, lang, "--json"),
                parse_float=Decimal, parse_int=Decimal)
            check_json(f"{name} {lang}", found, lang)
    if not write:
        check_demo(sanad, work)
    subprocess.run(["rm", "-rf", str(work)], check=True)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]),
                  "--write" in sys.argv[3:]))
