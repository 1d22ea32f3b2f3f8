#!/usr/bin/env python3
"""reform.py - what `sanad simulate` must find, worked out by itself.

usage: reform.py make FOLDER            writes a small population as CSV
       reform.py check FOLDER BASE JSON CSV [LINE [TAKE_UP]]
       reform.py forecast FOLDER RATES JSON
       reform.py sweep JSON CSV
       reform.py rounded JSON

The rules are those of bench/reference.dmn from 2026-01 on, the reform a base
amount of BASE; prints every difference, and what of the report would tell of a
group of one to nine households. A forecast's draws are those of
src/simulation/fate.c, written a second time.
"""
import csv
import json
import sys
from datetime import date
from fractions import Fraction

FOOD = [0, 150, 225, 300, 360, 420, 480, 530, 580]
AGES = [18, 25, 35, 45, 55, 65]
COUNTS = ("households eligible_before eligible_after newly_in newly_out "
          "winners losers").split()
MONEY = "cost_before cost_after gain loss".split()


def make(folder):
    person = 0
    with open(f"{folder}/households.csv", "w") as households, open(
        f"{folder}/persons.csv", "w"
    ) as persons:
        print("household_id,region,in_shelter", file=households)
        print("person_id,household_id,role,birth_date,nationality,resident,"
              "days_abroad,enrolled,salary,pension_income,rent_income,"
              "business_income,disability,sex", file=persons)
        for h in range(9000):
            region = 13 if h % 2250 == 0 else 1 + h * 7 % 12
            print(f"{h},{region},{int(h % 41 == 0)}", file=households)
            for i in range(1 + h % 7 + 6 * (h % 97 == 0)):
                year = 1938 + (h * 7 + i * 11) % (66 if i == 0 else 86)
                born = f"{year}-{1 + h % 2:02}-{1 + h % 2 * (h % 28):02}"
                money = [(h * 37 + i * 911) % 2500 * (h % 3 > 0),
                         h % 5 * 90, 0, h * 13 % 900]
                fields = [person, h, 0 if i == 0 else 2, born,
                          2 if h % 23 == 0 else 0, int(h % 29 > 0), h % 100,
                          i % 2] + [f"{m}.{h % 100:02}" for m in money]
                fields.append("severe" if (h + i) % 31 == 0 else "none")
                fields.append(["male", "female", ""][(h + 2 * i) % 3])
                print(*fields, sep=",", file=persons)
                person += 1


def halalas(text):
    return int(Fraction(text) * 100)


def age(born, year=2026, month=1):
    y, m, d = map(int, born.split("-"))
    return year - y - ((m, d) > (month, 1))


def amount(members, shelter, base, year=2026, month=1):
    head, size = members[0], len(members)
    counted = 0
    for p in members:
        salary = halalas(p["salary"])
        if salary > 0 and int(p["person_id"]) % 12 == month - 1:
            salary += 20000
        counted += max(0, salary - 75000)
        counted += sum(halalas(p[k]) for k in
                       ("pension_income", "rent_income", "business_income"))
    threshold = base + 66000 * (size - 1)
    if (head["nationality"] == "2" or head["resident"] == "0"
            or int(head["days_abroad"]) > 90 or shelter or counted >= threshold):
        return False, 0
    pupils = sum(p["enrolled"] == "1" and 6 <= age(p["birth_date"], year, month) <= 18
                 for p in members)
    power = 40 if size <= 2 else 70 if size <= 5 else 100 if size <= 9 else 130
    return True, (threshold - counted
                  + (100 * pupils + power + FOOD[min(size, 8)]) * 100)


def read(folder, base):
    shelter, region = {}, {}
    for row in csv.DictReader(open(f"{folder}/households.csv")):
        shelter[row["household_id"]] = row["in_shelter"] == "1"
        region[row["household_id"]] = row["region"]
    homes = {}
    for row in csv.DictReader(open(f"{folder}/persons.csv")):
        homes.setdefault(row["household_id"], []).append(row)
    found = []
    for h, members in homes.items():
        was, before = amount(members, shelter[h], 132000)
        then, after = amount(members, shelter[h], base)
        income = sum(halalas(p[k]) for p in members for k in
                     ("salary", "pension_income", "rent_income",
                      "business_income"))
        years = age(members[0]["birth_date"])
        band = sum(years >= a for a in AGES)
        label = ("0-17" if band == 0 else "65+" if band == 6
                 else f"{AGES[band - 1]}-{AGES[band] - 1}")
        disabled = any(p["disability"] != "none" for p in members)
        size = len(members)
        found.append({"was": was, "then": then, "before": before,
                      "after": after, "income": income, "size": size,
                      "region": region[h], "age": label,
                      "size_group": "10+" if size >= 10 else str(size),
                      "disability": "with" if disabled else "without"})
    ranked = sorted(f["income"] // f["size"] for f in found)
    bounds = [ranked[len(ranked) * k // 10] for k in range(1, 10)]
    for f in found:
        head = f["income"] // f["size"]
        f["tenth"] = str(1 + sum(head >= b for b in bounds))
    return found


def cell(rows):
    more = [r["after"] - r["before"] for r in rows]
    return {"households": len(rows),
            "eligible_before": sum(r["was"] for r in rows),
            "eligible_after": sum(r["then"] for r in rows),
            "newly_in": sum(r["then"] and not r["was"] for r in rows),
            "newly_out": sum(r["was"] and not r["then"] for r in rows),
            "winners": sum(m > 0 for m in more),
            "losers": sum(m < 0 for m in more),
            "cost_before": sum(r["before"] for r in rows),
            "cost_after": sum(r["after"] for r in rows),
            "gain": sum(m for m in more if m > 0),
            "loss": -sum(m for m in more if m < 0)}


def gini(rows, side):
    heads = sorted((r["income"] + r[side]) // r["size"] for r in rows)
    n, total = len(heads), sum(heads)
    ranked = sum((i + 1) * v for i, v in enumerate(heads))
    return Fraction(2 * ranked - (n + 1) * total, n * total)


def poor(rows, line, side):
    lack = [(r["size"], line * r["size"] - r["income"]
             - (r[side] if side else 0)) for r in rows]
    lack = [(size, gap) for size, gap in lack if gap > 0]
    return {"households": len(lack), "persons": sum(s for s, _ in lack),
            "gap": sum(g for _, g in lack)}


def same(name, expected, actual):
    if expected != actual:
        print(f"{name}: expected {expected} but got {actual}")


def near(name, expected, actual):
    if abs(expected - Fraction(actual)) > Fraction(1, 10000):
        print(f"{name}: expected {float(expected)} but got {actual}")


def small(count):
    return 0 < count < 10


def differences(row):
    """What a row tells by subtraction of its counts."""
    moved = row["winners"] + row["losers"]
    before, after = row["eligible_before"], row["eligible_after"]
    return [before - row["newly_out"], row["households"] - before,
            row["households"] - after, row["households"] - moved,
            before + row["newly_in"] - moved, after - row["winners"],
            before - row["losers"], row["winners"] - row["newly_in"],
            row["losers"] - row["newly_out"]]


def check_groups(rows, name, key, groups, total):
    rest = dict(total)
    shown = 0
    for group in groups:
        label = group["group"]
        wanted = cell([r for r in rows if r[key] == label])
        if group["hidden"]:
            same(f"{name} {label} tells nothing", {"group", "hidden"},
                 set(group))
            continue
        shown += 1
        for k in COUNTS:
            same(f"{name} {label} {k}", wanted[k], group[k])
            rest[k] -= wanted[k]
            if small(group[k]):
                print(f"{name} {label} tells of few: {k}")
        if any(small(d) for d in differences(group)):
            print(f"{name} {label} tells of few by a difference")
        for k in MONEY:
            same(f"{name} {label} {k}", wanted[k], halalas(group[k]))
    for left, whole in zip(differences(rest), differences(total)):
        if small(left) and not small(whole):
            print(f"{name}: what is left tells of few by a difference")
    for k in COUNTS:
        if small(rest[k]):
            print(f"{name}: what is left tells of few: {k} {rest[k]}")
    if len(groups) - shown == 1:
        print(f"{name}: one hidden group is told by the others")


def check_csv(path, found):
    lines = list(csv.DictReader(open(path, newline="")))
    same("rows of the CSV", 1 + sum(len(found[k]) for k in found
                                    if k.startswith("by_")), len(lines))
    at = 1
    for k in [k for k in found if k.startswith("by_")]:
        for group in found[k]:
            row = lines[at]
            at += 1
            same("by", k[3:], row["by"])
            same("group", group["group"], row["group"])
            for column in COUNTS + MONEY:
                same(f"CSV {k} {group['group']} {column}",
                     str(group.get(column, "")), row[column])
    for side in ("before", "after"):
        same("cost", found[side]["cost"], lines[0]["cost_" + side])
        same("year", found[side]["cost_of_a_year"],
             lines[0]["cost_of_a_year_" + side])
        same("gap", found["poverty"][side]["gap"],
             lines[0]["poverty_gap_" + side])


def half_up(value):
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def check(folder, base, report, table, line=None, take_up=None):
    rows = read(folder, halalas(base))
    found = json.load(open(report))
    total = cell(rows)
    same("households", total["households"], found["households"])
    for side, name in (("before", "before"), ("after", "after")):
        same(f"eligible {side}", total["eligible_" + side],
             found[side]["eligible"])
        same(f"cost {side}", total["cost_" + side],
             halalas(found[side]["cost"]))
        same(f"year {side}", 12 * total["cost_" + side],
             halalas(found[side]["cost_of_a_year"]))
        near(f"gini {side}", gini(rows, name), found[side]["gini"])
    for name, key in (("region", "region"), ("size", "size_group"),
                      ("income_tenth", "tenth"), ("age", "age"),
                      ("disability", "disability")):
        check_groups(rows, name, key, found["by_" + name], total)
    heads = sorted((r["income"] + r["before"]) // r["size"] for r in rows)
    limit = halalas(line) if line else heads[len(heads) // 2] // 2
    poverty = found["poverty"]
    same("line", limit, halalas(poverty["line"]))
    same("line is", "stated" if line else "assumed",
         poverty["line_is"].split(":")[0])
    gaps = {}
    for side in ("without", "before", "after"):
        wanted = poor(rows, limit, side if side != "without" else None)
        gaps[side] = wanted["gap"]
        same(f"poor {side}", wanted["households"],
             poverty[side]["households"])
        same(f"poor persons {side}", wanted["persons"],
             poverty[side]["persons"])
        same(f"gap {side}", wanted["gap"], halalas(poverty[side]["gap"]))
        near(f"index {side}",
             Fraction(wanted["gap"], limit * sum(r["size"] for r in rows)),
             poverty[side]["gap_index"])
    if take_up:
        share = Fraction(take_up)
        for side in ("before", "after"):
            same(f"expected cost {side}",
                 half_up(share * total["cost_" + side]),
                 halalas(found[side]["expected_cost"]))
            same(f"expected gap {side}",
                 half_up(share * gaps[side] + (1 - share) * gaps["without"]),
                 halalas(poverty[side]["expected_gap"]))
    check_csv(table, found)


WORD = (1 << 64) - 1


def draw(person, month, what):
    x = (person * 0x9E3779B97F4A7C15 + month * 0xD1B54A32D192ED03
         + what * 0x8CB92BA72F3D8DD7) & WORD
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & WORD
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & WORD
    return x ^ x >> 31


def odds_of(rates, event, sex, years):
    if sex == "":
        return (odds_of(rates, event, "male", years) // 2
                + odds_of(rates, event, "female", years) // 2)
    rate = [int(r[5]) for r in rates if r[1] == event and r[2] == sex
            and int(r[3]) <= years <= int(r[4])]
    return (rate[-1] << 64) // 1200000 if rate else 0


def happens(rates, person, event, year, month):
    drawn = draw(int(person["person_id"]), (year - 1970) * 12 + month - 1,
                 event == "birth")
    years = age(person["birth_date"], year, month)
    return drawn < odds_of(rates, event, person["sex"], years)


def live(rates, members, year, month):
    """A month of a household; gives who is left, births and deaths."""
    born, left = [], []
    for p in members:
        if happens(rates, p, "death", year, month):
            continue
        left.append(p)
        if p.get("new") or not happens(rates, p, "birth", year, month):
            continue
        number = (year - 1970) * 12 + month - 1
        mother = int(p["person_id"])
        born.append({"person_id": draw(mother, number, 3) >> 6 | 1 << 58,
                     "birth_date": f"{year}-{month:02}-01", "role": "2",
                     "sex": "male" if draw(mother, number, 2) >> 63
                     else "female", "new": True, "enrolled": "0",
                     "nationality": p["nationality"],
                     "resident": p["resident"], "days_abroad": "0",
                     "salary": "0", "pension_income": "0", "rent_income": "0",
                     "business_income": "0"})
    died = len(members) - len(left)
    left += born
    if left and left[0]["role"] != "0":
        heir = min(left, key=lambda p: p["birth_date"])
        heir["role"] = "0"
        left.remove(heir)
        left.insert(0, heir)
    return left, len(born), died


def nearest(value, to):
    return (value + to // 2) // to * to


def forecast(folder, table, report):
    rates = [line.rstrip("\n").split("\t") for line in open(table)]
    found = json.load(open(report))["forecast"]
    shelter, homes = {}, {}
    for row in csv.DictReader(open(f"{folder}/households.csv")):
        shelter[row["household_id"]] = row["in_shelter"] == "1"
    for row in csv.DictReader(open(f"{folder}/persons.csv")):
        homes.setdefault(row["household_id"], []).append(row)
    year, month, births, deaths = 2026, 1, 0, 0
    for at in found:
        name = f"{year}-{month:02}"
        same("month", name, at["month"])
        answers = [amount(m, shelter[h], 132000, year, month)
                   for h, m in homes.items() if m]
        same(f"{name} households", nearest(len(answers), 10),
             at["households"])
        same(f"{name} persons",
             nearest(sum(map(len, homes.values())), 10), at["persons"])
        same(f"{name} births", nearest(births, 10), at["births"])
        same(f"{name} deaths", nearest(deaths, 10), at["deaths"])
        same(f"{name} eligible", nearest(sum(a for a, _ in answers), 10),
             at["before"]["eligible"])
        same(f"{name} cost", nearest(sum(c for _, c in answers), 1000000),
             halalas(at["before"]["cost"]))
        births = deaths = 0
        for h in homes:
            homes[h], more, less = live(rates, homes[h], year, month)
            births += more
            deaths += less
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    if deaths + births == 0:
        print("nobody was born and nobody died")


def sweep(report, table):
    points = json.load(open(report))["sweep"]
    rows = list(csv.DictReader(open(table)))
    same("points", len(points), len(rows))
    for at, row in zip(points, rows):
        for text in at["set"]:
            name, value = text.split("=")
            same(name, Fraction(value), Fraction(row[name]))
        same("hidden", at["hidden"], row["hidden"] == "1")
        for key in "eligible cost winners losers".split():
            told = "" if at["hidden"] else str(at[key])
            same(f"{at['set']} {key}", told, row[key])


def rounded(report):
    found = json.load(open(report))
    same("counts rounded to", 10, found["counts_rounded_to"])
    same("amounts rounded to", 1000000, halalas(found["amounts_rounded_to"]))
    for at in found["sweep"]:
        for key in ("eligible", "winners", "losers"):
            same(f"{at['set']} {key} by tens", 0, at[key] % 10)
        same(f"{at['set']} cost", 0, halalas(at["cost"]) % 1000000)


if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1] == "forecast":
    forecast(*sys.argv[2:])
elif sys.argv[1] == "sweep":
    sweep(*sys.argv[2:])
elif sys.argv[1] == "rounded":
    rounded(*sys.argv[2:])
else:
    check(*sys.argv[2:])
