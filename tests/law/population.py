#!/usr/bin/env python3
"""population.py - whole populations through the program and worked out apart.

    population.py compare CSVDIR DB SANAD MONTH...
        imports the folder into DB, determines each month and compares what
        the program says with what is worked out here: households, persons,
        eligible, each reason of refusal, the sum of amounts, and after that
        every household by itself
    population.py edges FOLDER SEED N
        writes a population of N households that stand on the edges: amounts
        just at and beside the limit, 90 and 91 days abroad, people born or
        grown up on the first day of a month, all nationalities and roles
    population.py plain FOLDER SEED N
        writes a population of N households as people are: families of the
        sizes, ages, wages and pensions that there are, few at an edge

This is a second reading of the contract, in integers, that shares nothing
with the engine, the model or the other oracle. Ends with "N passed, N failed".
"""
import csv
import json
import random
import sqlite3
import subprocess
import sys
from datetime import date, timedelta

REASONS = ("nationality", "residence", "abroad", "shelter", "income")
passed = failed = 0


def check(name, expected, actual):
    global passed, failed
    if expected == actual:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {name}: expected {expected}, got {actual}")


def halalas(text):
    whole, _, decimals = text.partition(".")
    return int(whole) * 100 + int((decimals + "00")[:2])


def read(folder):
    """Households by id: (in shelter, members with the head first)."""
    households = {}
    with open(f"{folder}/households.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            households[int(row["household_id"])] = (
                row["in_shelter"] == "1", [])
    with open(f"{folder}/persons.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            households[int(row["household_id"])][1].append({
                "head": row["role"] == "0",
                "birth": date.fromisoformat(row["birth_date"]),
                "nationality": int(row["nationality"]),
                "resident": row["resident"] == "1",
                "abroad": int(row["days_abroad"]),
                "earned": halalas(row["salary"])
                + halalas(row["business_income"]),
                "unearned": halalas(row["pension_income"])
                + halalas(row["rent_income"]),
            })
    return households


def decide(shelter, members, month):
    """(amount in halalas, reasons) of one household; months as YYYY-MM."""
    new = month >= "2023-11"
    for_head, for_each = (132000, 66000) if new else (110000, 55000)
    first = date.fromisoformat(month + "-01")
    head = next(m for m in members if m["head"])
    lives = [m for m in members if m["head"] or m["birth"] <= first]

    def fails(member):
        found = []
        if member["nationality"] == 2:
            found.append("nationality")
        if not member["resident"]:
            found.append("residence")
        if member["abroad"] > 90:
            found.append("abroad")
        return found

    reasons = fails(head)
    if shelter:
        reasons.append("shelter")
    counting = sum(1 for m in lives if not m["head"] and not fails(m))
    limit = for_head + for_each * counting
    # twelve equal months; twice the counted month, to stay whole
    twice = sum(m["earned"] + 2 * m["unearned"] for m in lives)
    if twice >= 2 * limit:
        reasons.append("income")
    if reasons:
        return 0, reasons
    return (2 * limit - twice + 1) // 2, []  # half up


def riyals(amount):
    return f"{amount // 100}.{amount % 100:02d}"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"FAIL {' '.join(command)}: {done.stderr.strip()}")
        sys.exit(1)
    return done.stdout


def compare_months(households, db, sanad, months):
    for month in months:
        said = json.loads(run(sanad, "determine", "--db", db, "--month",
                              month, "--json"))
        first = date.fromisoformat(month + "-01")
        answers = {of: decide(shelter, members, month)
                   for of, (shelter, members) in households.items()}
        pension = said["programmes"]["pension"]
        check(f"{month} month", month, said["month"])
        check(f"{month} households", len(households), said["households"])
        check(f"{month} persons",
              sum(1 for _, members in households.values()
                  for m in members if m["head"] or m["birth"] <= first),
              said["persons"])
        check(f"{month} eligible",
              sum(not reasons for _, reasons in answers.values()),
              pension["eligible"])
        expected = {reason: 0 for reason in REASONS}
        for _, reasons in answers.values():
            if reasons:
                expected[reasons[0]] = expected.get(reasons[0], 0) + 1
        check(f"{month} refused", expected, pension["refused"])
        check(f"{month} amount",
              riyals(sum(amount for amount, _ in answers.values())),
              pension["amount"])
        compare_each(answers, db, month)


def compare_each(answers, db, month):
    """Every household, from the decision that is in force for the month."""
    number = (int(month[:4]) - 1970) * 12 + int(month[5:]) - 1
    conn = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    stored = {}
    for of, amount, reasons in conn.execute(
            "SELECT household_id, amount_minor, reasons FROM decision "
            "WHERE programme = 'pension' AND month <= ? "
            "ORDER BY household_id, month, id", (number,)):
        stored[of] = (amount, reasons.split())
    wrong = [(of, answers[of], stored.get(of)) for of in answers
             if stored.get(of) != answers[of]]
    for of, expected, got in wrong[:5]:
        print(f"     household {of} in {month}: expected {expected}, "
              f"got {got}")
    check(f"{month} households that differ", 0, len(wrong))


def compare(folder, db, sanad, months):
    households = read(folder)
    run(sanad, "init", "--db", db)
    said = json.loads(run(sanad, "import", "--db", db, "--csv", folder,
                          "--json"))
    check("imported households", len(households), said["households_new"])
    check("imported persons",
          sum(len(members) for _, members in households.values()),
          said["persons"])
    check("rejected", 0, said["rejected"])
    compare_months(households, db, sanad, months)
    replayed = json.loads(run(sanad, "replay", "--db", db, "--json",
                              "--sample", "300"))
    check("replay", (0, 0), (replayed["different"],
                             replayed["not_replayable"]))


HEADS = ("household_id", "region", "in_shelter")
NAMES = ("person_id", "household_id", "role", "birth_date", "nationality",
         "resident", "days_abroad", "enrolled", "salary", "pension_income",
         "rent_income", "business_income")
SIZES = (150, 140, 145, 165, 150, 105, 65, 35, 20, 11, 6, 4, 2, 1, 1)


def age_of(dice, role, head):
    if role == 1:
        return min(97, max(18, head + dice.gauss(-4, 4)))
    if role == 2:
        return min(45, max(0.01, (head - 24) * dice.random()))
    if dice.random() < 0.45:
        return min(101, max(40, head + 25 + dice.gauss(0, 4)))
    return 15 + 30 * dice.random()


def incomes(dice, role, age, poor):
    """Salary, pension, rent and business a month, in halalas."""
    def some(chance, mean, spread):
        if dice.random() >= chance:
            return 0
        return round(dice.lognormvariate(0, spread) * mean * 100)
    works = 0 if age < 18 or age >= 62 else (0.83, 0.33, 0.3, 0.3)[role]
    salary = some(works * (0.38 if poor else 1), 2200 if poor else 7200,
                  0.35 if poor else 0.55)
    retired = age >= 58 and salary == 0
    return (salary,
            some((0.25 if poor else 0.7) if retired else 0, 3600, 0.5),
            some((0.03 if poor else 0.09) if role < 2 else 0, 1500, 0.7),
            some(0.06 if age >= 18 else 0, 1300, 0.9))


def plain(folder, seed, count):
    dice = random.Random(seed)
    person = 0
    with open(f"{folder}/households.csv", "w", encoding="utf-8") as one, \
            open(f"{folder}/persons.csv", "w", encoding="utf-8") as two:
        house, people = csv.writer(one), csv.writer(two)
        house.writerow(HEADS)
        people.writerow(NAMES)
        for of in range(count):
            house.writerow((of, dice.randint(1, 13),
                            int(dice.random() < 0.006)))
            size = dice.choices(range(1, len(SIZES) + 1), SIZES)[0]
            head = min(97, max(19, dice.gauss(47, 15)))
            nation = dice.choices((0, 1, 2), (80, 3, 17))[0]
            poor, couple = dice.random() < 0.42, dice.random() < 0.78
            for place in range(size):
                role = 0 if place == 0 else 1 if place == 1 and couple \
                    else 3 if dice.random() < 0.15 else 2
                age = head if role == 0 else age_of(dice, role, head)
                birth = date(2026, 1, 1) - timedelta(int(age * 365.2425) + 1)
                school = 6 <= age < 18 and dice.random() < 0.96
                away = dice.randint(0, 30 if dice.random() < 0.85 else 365)
                people.writerow(
                    (person, of, role, birth.isoformat(), nation,
                     int(dice.random() < 0.985), away, int(school),
                     *(riyals(m) for m in incomes(dice, role, age, poor))))
                person += 1


def edges(folder, seed, count):
    dice = random.Random(seed)
    firsts = [date(2022, 3, 1), date(2023, 10, 1), date(2023, 11, 1),
              date(2026, 2, 1)]
    limits = [110000, 132000, 165000, 198000, 330000, 396000]
    person = 0
    with open(f"{folder}/households.csv", "w", encoding="utf-8") as one, \
            open(f"{folder}/persons.csv", "w", encoding="utf-8") as two:
        house, people = csv.writer(one), csv.writer(two)
        house.writerow(HEADS)
        people.writerow(NAMES)
        for of in range(count):
            house.writerow((of, dice.randint(1, 13),
                            int(dice.random() < 0.05)))
            size = dice.choice((1, 1, 2, 3, 5, 9))
            for place in range(size):
                near = dice.choice(firsts) + timedelta(dice.randint(-2, 2))
                if place == 0:
                    birth = date(dice.randint(1930, 1999), 1, 1)
                elif dice.random() < 0.5:
                    birth = near
                else:
                    birth = near.replace(year=near.year - 18, day=1)
                amount = 0
                if birth.year < 2010 and dice.random() < 0.5:
                    amount = dice.choice(limits) * dice.choice((1, 2)) \
                        + dice.randint(-2, 2)
                money = [0, 0, 0, 0]
                money[dice.randrange(4)] = amount
                people.writerow(
                    (person, of, 0 if place == 0 else dice.choice((1, 2, 3)),
                     birth.isoformat(),
                     dice.choice((0, 0, 0, 0, 0, 1, 2)),
                     int(dice.random() < 0.95),
                     dice.choice((0, 0, 0, 30, 89, 90, 91, 365)),
                     int(dice.random() < 0.5),
                     *(riyals(m) for m in money)))
                person += 1


if __name__ == "__main__":
    if sys.argv[1] in ("edges", "plain"):
        write = edges if sys.argv[1] == "edges" else plain
        write(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        sys.exit(0)
    compare(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)
