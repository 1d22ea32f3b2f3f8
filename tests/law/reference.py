#!/usr/bin/env python3
"""reference.py - the benchmark's model worked out in whole halalas.

    reference.py cases CSVDIR MONTH FILE [FIRST COUNT]
        test cases for bench/reference.dmn: the households of a folder that
        bench/gen.py of the shared data has made, in a month
    reference.py pick CSVDIR FILE
        a few of them, such as show every rule, in several months
    reference.py sums CSVDIR MONTH
        what every implementation of the benchmark prints

Shares nothing with the model or the engine.
"""
import csv
import sys
from datetime import date
from xml.sax.saxutils import escape

NS = "http://www.omg.org/spec/DMN/20160719/testcase"
FOOD = (0, 15000, 22500, 30000, 36000, 42000, 48000, 53000, 58000)
NATIONS = ("saudi", "exempt", "other")
ROLES = ("head", "spouse", "child", "other")
KINDS = (("wage", "salary"), ("pension_income",) * 2, ("rent_income",) * 2,
         ("business_income",) * 2)


def halalas(text):
    whole, _, decimals = text.partition(".")
    return int(whole) * 100 + int((decimals + "00")[:2])


def riyals(amount):
    return f"{amount // 100}.{amount % 100:02d}"


def read(folder):
    households = {}
    with open(f"{folder}/households.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            households[int(row["household_id"])] = {
                "in_shelter": row["in_shelter"] == "1", "members": []}
    with open(f"{folder}/persons.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            made = {"person_id": int(row["person_id"]),
                    "role": int(row["role"]),
                    "birth": date.fromisoformat(row["birth_date"]),
                    "nationality": int(row["nationality"]),
                    "resident": row["resident"] == "1",
                    "days_abroad": int(row["days_abroad"]),
                    "enrolled": row["enrolled"] == "1"}
            for _, column in KINDS:
                made[column] = halalas(row[column])
            households[int(row["household_id"])]["members"].append(made)
    return households


def age(birth, day):
    return (day.year - birth.year
            - ((birth.month, birth.day) > (day.month, day.day)))


def counted(person, day):
    salary = person["salary"]
    if salary > 0 and person["person_id"] % 12 == day.month - 1:
        salary += 20000
    return (max(0, salary - 75000) + person["pension_income"]
            + person["rent_income"] + person["business_income"])


def decide(household, day):
    """reason, and amounts in halalas."""
    members = household["members"]
    head = next(m for m in members if m["role"] == 0)
    base, each = ((132000, 66000) if day >= date(2022, 9, 1)
                  else (110000, 55000))
    size = len(members)
    income = sum(counted(m, day) for m in members)
    threshold = base + each * (size - 1)
    reason = 0
    for number, holds in ((5, income >= threshold),
                          (4, household["in_shelter"]),
                          (3, head["days_abroad"] > 90),
                          (2, not head["resident"]),
                          (1, head["nationality"] == 2)):
        reason = number if holds else reason
    pupils = sum(m["enrolled"] and 6 <= age(m["birth"], day) <= 18
                 for m in members)
    due = reason == 0
    made = {"reason": reason, "pension": (threshold - income) * due,
            "school_bag": 10000 * pupils * due,
            "electricity": due * (4000 if size <= 2 else 7000 if size <= 5
                                  else 10000 if size <= 9 else 13000),
            "food": FOOD[min(size, 8)] * due}
    made["total"] = sum(made[k] for k in ("pension", "school_bag",
                                          "electricity", "food"))
    made["cards"] = sum(m["nationality"] != 2 and age(m["birth"], day) >= 60
                        for m in members)
    return made


# ---- test cases ----

def simple(kind, value):
    return f'<value xsi:type="xsd:{kind}">{escape(str(value))}</value>'


def component(name, kind, value):
    if kind == "boolean":
        value = str(value).lower()
    return f'<component name="{name}">{simple(kind, value)}</component>'


def member(person):
    parts = [component("person_id", "decimal", person["person_id"]),
             component("member", "string", ROLES[person["role"]]),
             component("birth_date", "date", person["birth"]),
             component("nationality", "string",
                       NATIONS[person["nationality"]]),
             component("resident", "boolean", person["resident"]),
             component("days_abroad", "decimal", person["days_abroad"]),
             component("enrolled", "boolean", person["enrolled"])]
    parts += [component(kind, "decimal", riyals(12 * person[column]))
              for kind, column in KINDS]
    return "        <item>" + "".join(parts) + "</item>\n"


def case(name, household, day):
    made = decide(household, day)
    expected = "".join(
        component(k, "decimal", v if k in ("reason", "cards") else riyals(v))
        for k, v in made.items())
    return (f'  <testCase id="{name}">\n'
            f'    <inputNode name="month">{simple("date", day)}</inputNode>\n'
            '    <inputNode name="household">'
            + component("in_shelter", "boolean", household["in_shelter"])
            + '\n      <component name="members"><list>\n'
            + "".join(member(m) for m in household["members"])
            + '      </list></component>\n    </inputNode>\n'
            '    <resultNode name="Benefits" type="decision"><expected>'
            f'{expected}</expected></resultNode>\n  </testCase>\n')


def write(path, cases, label):
    with open(path, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n'
                  f'<testCases xmlns="{NS}"\n'
                  '           xmlns:xsi="http://www.w3.org/2001/'
                  'XMLSchema-instance"\n'
                  '           xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n'
                  "  <modelName>reference.dmn</modelName>\n"
                  f"  <labels><label>{label}</label></labels>\n")
        out.writelines(cases)
        out.write("</testCases>\n")


def signature(household, day):
    """What a household shows; one of each is picked."""
    made = decide(household, day)
    size = len(household["members"])
    bonus = any(m["salary"] > 0 and m["person_id"] % 12 == day.month - 1
                for m in household["members"])
    if made["reason"] != 0:
        return made["reason"], made["cards"] > 0, bonus
    return 0, min(size, 10), made["school_bag"] > 0, bonus and size < 4


def moved(household, day, step):
    """The same, standing at the threshold, and `step` halalas beside it."""
    made = decide(household, day)
    if made["reason"] != 0:
        return None
    head = dict(household["members"][0])
    head["rent_income"] += made["pension"] + step
    return {**household, "members": [head] + household["members"][1:]}


def pick(households):
    seen, cases = set(), []
    small = sorted(households.values(), key=lambda h: len(h["members"]))
    for household in small:
        shows = signature(household, date(2026, 1, 1))
        if shows in seen:
            continue
        seen.add(shows)
        cases.append(case(f"{len(cases) + 1:03}", household,
                          date(2026, 1, 1)))
    for household in small[:30:5]:
        cases.append(case(f"{len(cases) + 1:03}", household,
                          date(2022, 8, 1)))
    for step in (-1, 0, 1):
        for household in small[:40:4]:
            edge = moved(household, date(2026, 1, 1), step)
            if edge:
                cases.append(case(f"{len(cases) + 1:03}", edge,
                                  date(2026, 1, 1)))
    return cases


def sums(households, day):
    reasons, total = [0] * 6, {}
    for household in households.values():
        made = decide(household, day)
        reasons[made["reason"]] += 1
        for key, value in made.items():
            total[key] = total.get(key, 0) + value
    del total["reason"]
    return {"eligible": reasons[0], "refused": reasons, **total}


def main(arguments):
    if len(arguments) >= 4 and arguments[0] == "cases":
        day = date.fromisoformat(arguments[2] + "-01")
        households = list(read(arguments[1]).items())
        first, count = (int(a) for a in arguments[4:6] or (0, 10 ** 9))
        write(arguments[3], [case(str(of), household, day) for of, household
                             in households[first:first + count]],
              f"made households in {arguments[2]}")
        return 0
    if len(arguments) == 3 and arguments[0] == "pick":
        write(arguments[2], pick(read(arguments[1])), "every rule, and edges")
        return 0
    if len(arguments) == 3 and arguments[0] == "sums":
        print(sums(read(arguments[1]),
                   date.fromisoformat(arguments[2] + "-01")))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
