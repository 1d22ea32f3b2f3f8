#!/usr/bin/env python3
"""life.py - lives told by messages of agencies, decided, and worked out apart.

    life.py SANAD HOUSEHOLDS SEED [MONTH...]    ends with "N passed, N failed"

Random households are made by events: income that begins and ends within
months, lump sums and journeys at the edges of the windows that the law looks
at, assets bought and sold, stays, births, deaths, moves, exceptions. They are
imported, each month is determined, and every household's decision is
compared, in every month, with this second reading of the contract: what is
true on a month's first day, income of the twelve months before, days abroad
of the 365 days before (this file), and the pension on that (oracle.py).

Then late messages arrive, which speak of months that are decided: they alone,
without another determination, must leave the right decisions behind.
"""
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal

import oracle

FIRST, LAST = (2022, 1), (2027, 1)
OPEN = date(9999, 1, 1)
AMOUNTS = (oracle.EARNED + oracle.RETIREMENT + oracle.OTHER
           + oracle.EXCLUDED)
# months whose first days are edges: of amounts, wealth, dwelling, the range
EDGES = ("2022-01", "2022-02", "2023-10", "2023-11", "2024-03", "2025-06",
         "2025-07", "2025-08", "2026-02", "2026-03", "2026-12", "2027-01")
passed = failed = 0


def check(what, good, more=""):
    global passed, failed
    if good:
        passed += 1
        return
    failed += 1
    if failed < 30:
        print(f"FAIL {what} {more}")


# ---- time ----

def first_day(month):
    return date(int(month[:4]), int(month[5:]), 1)


def number_of(day):
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def months_between(first, last):
    for number in range(first[0] * 12 + first[1] - 1,
                        last[0] * 12 + last[1]):
        yield f"{number // 12:04}-{number % 12 + 1:02}"


# ---- what is known, in the order in which it was said ----

class Said:
    """Statements about one thing; the last that covers a day wins."""

    def __init__(self):
        self.all = []

    def add(self, since, until, value):
        self.all.append((since, until or OPEN, value))

    def on(self, day, unknown):
        for since, until, value in reversed(self.all):
            if since <= day < until:
                return value
        return unknown

    def days(self, since, until):
        """How many days of [since, until) it was true."""
        count, day = 0, since
        while day < until:
            count += self.on(day, False) is True
            day += timedelta(1)
        return count


class Monthly:
    """An amount a month: whole months, the last word wins."""

    def __init__(self):
        self.all = []

    def add(self, since, until, amount):
        begin = number_of(since)
        if amount == 0 and since.day > 1:
            begin += 1  # in the month in which it ended it still came in
        end = 999999 if until is None else number_of(
            until - timedelta(1)) + 1
        self.all.append((begin, end, amount))

    def year_before(self, month_number):
        total = Decimal(0)
        for month in range(month_number - 12, month_number):
            for begin, end, amount in reversed(self.all):
                if begin <= month < end:
                    total += amount
                    break
        return total


class Person:
    def __init__(self, number, birth):
        self.number, self.birth = number, birth
        self.states, self.amounts, self.assets = {}, {}, {}
        self.lump_sums, self.lives, self.died = [], [], None

    def state(self, kind):
        return self.states.setdefault(kind, Said())

    def lives_in(self, day):
        """(household, role) on a day, or None."""
        if self.died is not None and self.died <= day:
            return None
        for since, of, role in reversed(self.lives):
            if since <= day:
                return (of, role) if role else None
        return None

    def member(self, role, day):
        """What a decision sees of this person."""
        number = number_of(day)
        year = day - timedelta(365)
        made = dict(oracle.MEMBER, member=role, birth_date=str(self.birth))
        for kind in ("nationality", "nationality_exception", "resident",
                     "days_abroad", "stay"):
            made[kind] = self.state(kind).on(day, made[kind])
        if self.state("abroad").all:
            made["abroad"] = self.state("abroad").days(year, day)
        for kind, said in self.amounts.items():
            made[kind] = said.year_before(number)
        made["lump_sum"] = sum(
            (amount for at, amount in self.lump_sums
             if number - 12 <= number_of(at) < number), Decimal(0))
        made["asset"] = [
            held for held in (said.on(day, None)
                              for said in self.assets.values())
            if held is not None and held["value"] > 0]
        return made


class World:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.people, self.proofs, self.shelters = {}, {}, {}
        self.homes = {}  # household: numbers of whoever lived there
        self.lines, self.count = [], 0

    def tell(self, source, type_, **data):
        self.count += 1
        self.lines.append(json.dumps({
            "specversion": "1.0", "source": source, "id": f"l-{self.count}",
            "type": f"sa.gov.sanad.{type_}.v1",
            "data": {("from" if k == "since" else k): str(v) if isinstance(
                v, (date, Decimal)) else v for k, v in data.items()
                if v is not None}}))

    def settle(self, number, of, since, role):
        person = self.people[number]
        person.lives.append((since, of, role))
        self.homes.setdefault(of, []).append(number)

    def members(self, of, day):
        for number in dict.fromkeys(self.homes.get(of, ())):
            lives = self.people[number].lives_in(day)
            if lives is not None and lives[0] == of:
                yield self.people[number], lives[1]

    def household(self, of, day):
        """What a decision sees of a household; None: nobody lives there."""
        members = [person.member(role, day)
                   for person, role in self.members(of, day)]
        if not members:
            return None
        return {"in_shelter": self.shelters[of].on(day, False),
                "dwelling_proof": self.proofs[of].on(day, "title_deed"),
                "members": members}


# ---- chance ----

def edge_day(rng):
    """A day on, before or after the edge of a window of some month."""
    month = rng.choice(EDGES)
    day = first_day(month)
    kind = rng.randrange(4)
    if kind == 0:
        day = date(day.year - 1, day.month, 1)
    elif kind == 1:
        day -= timedelta(365)
    elif kind == 2:
        day = date(rng.randint(2020, 2026), rng.randint(1, 12),
                   rng.randint(1, 28))
    return day + timedelta(rng.choice((-1, 0, 0, 1)))


def day_of(world, number):
    """Such a day in the life of a person."""
    return max(edge_day(world.rng), world.people[number].birth)


def amount_near_limit(rng):
    limit = rng.choice((1100, 1320, 1650, 1980, 2200, 2640, 3300, 3960))
    if rng.random() < 0.5:
        return Decimal(limit) * rng.choice((1, 2)) + Decimal(
            rng.choice((-2, -1, 0, 1, 2))) / 100
    return Decimal(rng.randint(1, 900000)) / 100


def say_income(world, number):
    rng = world.rng
    person = world.people[number]
    kind = rng.choice(("wage", "wage", "wage") + AMOUNTS)
    since = day_of(world, number)
    until = None
    if rng.random() < 0.5:
        until = since + timedelta(rng.choice((1, 15, 31, 90, 200, 365, 700)))
    amount = Decimal(0) if rng.random() < 0.15 else amount_near_limit(rng)
    if amount == 0:
        until = None
    person.amounts.setdefault(kind, Monthly()).add(since, until, amount)
    world.tell("gosi", "income.reported", person=str(number), kind=kind,
               since=since, to=until, value=amount)


def say_lump_sum(world, number):
    rng = world.rng
    day, amount = day_of(world, number), amount_near_limit(rng) * 3
    world.people[number].lump_sums.append((day, amount))
    world.tell("gosi", "income.reported", person=str(number),
               kind="lump_sum", since=day, value=amount)


def say_asset(world, number):
    rng = world.rng
    person = world.people[number]
    key = f"{number}-{rng.randint(1, 3)}"
    since = day_of(world, number)
    until = None if rng.random() < 0.7 else since + timedelta(
        rng.choice((1, 30, 400)))
    kind = rng.choice(oracle.CLASSES)
    held = {"class": kind,
            "value": rng.choice((Decimal(0), Decimal(12000), Decimal(15840),
                                 Decimal(rng.randint(1, 5000000)) / 100)),
            "lived_in": rng.random() < 0.3 and kind in oracle.ESTATE,
            "exempt": rng.random() < 0.1}
    person.assets.setdefault(key, Said()).add(since, until, held)
    world.tell("najiz", "asset.held", person=str(number), key=key,
               since=since, to=until, **held)


def say_state(world, number):
    rng = world.rng
    kind, values = rng.choice((
        ("nationality", ("saudi", "exempt", "other")),
        ("nationality_exception", ("none",) + oracle.EXCEPTIONS),
        ("resident", (True, False)), ("days_abroad", (0, 89, 90, 91, 365)),
        ("stay", ("none", "shelter", "care_centre")),
        ("abroad", (True,)), ("abroad", (True,)), ("abroad", (False,))))
    value, since = rng.choice(values), day_of(world, number)
    until = None if rng.random() < 0.3 else since + timedelta(
        rng.choice((1, 30, 89, 90, 91, 92, 365)))
    if kind == "abroad" and until is None:
        until = since + timedelta(91)
    world.people[number].state(kind).add(since, until, value)
    world.tell("absher", f"fact.{kind}", person=str(number), since=since,
               to=until, value=value)


def say_household(world, of):
    rng = world.rng
    since = edge_day(rng)
    until = None if rng.random() < 0.5 else since + timedelta(
        rng.choice((1, 31, 400)))
    if rng.random() < 0.5:
        value = rng.random() < 0.6
        world.shelters[of].add(since, until, value)
        world.tell("hrsd", "fact.in_shelter", household=str(of), since=since,
                   to=until, value=value)
    else:
        value = rng.choice(oracle.PROOFS + ("none", "none"))
        world.proofs[of].add(since, until, value)
        world.tell("balady", "fact.dwelling_proof", household=str(of),
                   since=since, to=until, value=value)


SAYINGS = (say_income,) * 6 + (say_lump_sum, say_asset, say_asset, say_state,
                               say_state)


def form(world, of):
    rng = world.rng
    formed = date(2021, 1, 1)
    if rng.random() < 0.1:
        formed = min(edge_day(rng), date(2026, 11, 1))
    count = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 7))
    world.shelters[of], world.proofs[of] = Said(), Said()
    members = []
    for place in range(count):
        number = of * 100 + place
        role = "head" if place == 0 else rng.choice(
            ("spouse", "child", "child", "other"))
        birth = date(rng.randint(1940, 1995), rng.randint(1, 12), 1) \
            if role != "child" else formed - timedelta(rng.randint(0, 7000))
        world.people[number] = Person(number, birth)
        world.settle(number, of, formed, role)
        members.append({"person": str(number), "role": role,
                        "facts": {"birth_date": str(birth)}})
    world.tell("absher", "household.formed", household=str(of), since=formed,
               members=members)
    return formed


def birth(world, of, formed):
    rng = world.rng
    day = max(edge_day(rng), formed)
    parents = [p for p, role in world.members(of, day)
               if role in ("head", "spouse")]
    if not parents or day > date(2026, 11, 1):
        return
    number = of * 100 + 50
    world.people[number] = Person(number, day)
    world.settle(number, of, day, "child")
    world.tell("absher", "birth", parent=str(parents[0].number),
               person=str(number), since=day)


def move(world, of, formed, target):
    """A grown dependant goes to another household that stands already."""
    rng = world.rng
    day = max(edge_day(rng), formed) + timedelta(1)
    goers = [p for p, role in world.members(of, day)
             if role in ("spouse", "other") and p.lives[-1][1] == of]
    if not goers or day > date(2026, 11, 1):
        return
    if not any(role == "head" for _, role in world.members(target, day)):
        return
    if any(world.people[number].died for number in world.homes[target]):
        return  # nor is who had come before the death was known
    if any(since >= day for p, _ in world.members(target, day)
           for since, _, _ in p.lives):
        return
    person = rng.choice(goers)
    world.settle(person.number, target, day, "other")
    world.tell("absher", "household.left", person=str(person.number),
               household=str(of), since=day, target=str(target))


def eighteen(birth, day):
    return (day.year - birth.year
            - ((day.month, day.day) < (birth.month, birth.day))) >= 18


def death(world, of, formed):
    rng = world.rng
    day = max(edge_day(rng), formed) + timedelta(2)
    members = list(world.members(of, day))
    if not members or day > date(2026, 11, 1):
        return
    if any(since >= day for number in world.homes[of]
           for since, _, _ in world.people[number].lives):
        return  # who comes to an empty home is its head, and not told here
    dead, role = rng.choice(members)
    dead.died = day
    world.tell("absher", "death", person=str(dead.number), since=day)
    left = [(p, r) for p, r in members if p is not dead]
    if role != "head" or not left:
        return
    spouses = [p for p, r in left if r == "spouse"]
    adults = [p for p, _ in left if eighteen(p.birth, day)]
    heirs = spouses or adults or [p for p, _ in left]
    heir = min(heirs, key=lambda p: (p.birth, p.number))
    world.settle(heir.number, of, day, "head")


def live(world, households):
    rng = world.rng
    formed = {of: form(world, of) for of in range(1, households + 1)}
    for of in formed:
        for _ in range(rng.randint(0, 3)):
            numbers = [p.number for p, _ in
                       world.members(of, date(2026, 12, 1))]
            if numbers:
                rng.choice(SAYINGS)(world, rng.choice(numbers))
        if rng.random() < 0.15:
            say_household(world, of)
    for of in formed:
        chance = rng.random()
        if chance < 0.10:
            birth(world, of, formed[of])
        elif chance < 0.20:
            target = rng.randint(1, households)
            if target != of and formed[target] == date(2021, 1, 1):
                move(world, of, formed[of], target)
        elif chance < 0.28:
            death(world, of, formed[of])


def speak_late(world, households):
    """Corrections of what was, for those who lived there at any time."""
    rng = world.rng
    for of in range(1, households + 1):
        if rng.random() < 0.5:
            continue
        number = rng.choice(world.homes[of])
        rng.choice(SAYINGS)(world, number)
        if rng.random() < 0.1:
            say_household(world, of)


# ---- the program ----

def run(sanad, *arguments):
    done = subprocess.run(
        [sanad, *arguments], capture_output=True, text=True,
        env={**os.environ, "SANAD_CLOCK": "2026-11-22T08:00:00Z"})
    if done.returncode != 0:
        print(f"FAIL {' '.join(arguments)}: {done.stderr.strip()}")
        sys.exit(1)
    return done.stdout


def bring(sanad, db, work, world):
    path = f"{work}/events.ndjson"
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(world.lines) + "\n")
    said = json.loads(run(sanad, "import", "--db", db, "--events", path,
                          "--rejects", f"{work}/rejects", "--json"))
    if said["rejected"]:
        with open(f"{work}/rejects", encoding="utf-8") as rejects:
            print("".join(rejects.readlines()[:5]))
    check("no message is refused", said["rejected"] == 0, said)
    world.lines.clear()


def decisions(db):
    """Rows of each household in the order in which they take force."""
    rows = {}
    conn = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    for of, month, amount, outcome, reasons in conn.execute(
            "SELECT household_id, month, amount_minor, outcome, reasons "
            "FROM decision WHERE programme = 'pension' "
            "ORDER BY household_id, month, id"):
        rows.setdefault(of, []).append((month, amount, outcome, reasons))
    conn.close()
    return rows


def in_force(rows, month):
    number = number_of(first_day(month)) - 1970 * 12
    found = None
    for row in rows:
        if row[0] <= number:
            found = row
    return found


def compare(when, world, db, households, months):
    rows = decisions(db)
    for of in range(1, households + 1):
        for month in months:
            day = first_day(month)
            seen = world.household(of, day)
            stored = in_force(rows.get(of, []), month)
            if seen is None:
                check(f"{when}: {of} in {month}: nobody is paid",
                      stored is None or (stored[1] == 0 and not stored[2]),
                      stored)
                continue
            outcome = oracle.decide(day, seen)["Entitlement"]
            expected = (int(outcome["amount"] * 100), outcome["eligible"],
                        " ".join(outcome["reasons"]))
            got = None if stored is None else (stored[1], bool(stored[2]),
                                               stored[3])
            check(f"{when}: {of} in {month}", expected == got,
                  f"expected {expected}, got {got}")


def main(sanad, households, seed, months):
    work = tempfile.mkdtemp(prefix="sanad-life-")
    db = f"{work}/life.db"
    world = World(seed)
    run(sanad, "init", "--db", db)
    live(world, households)
    bring(sanad, db, work, world)
    for month in months:
        run(sanad, "determine", "--db", db, "--month", month)
    compare("determined", world, db, households, months)
    speak_late(world, households)
    bring(sanad, db, work, world)
    compare("after late messages", world, db, households, months)
    replayed = json.loads(run(sanad, "replay", "--db", db, "--json",
                              "--sample", "200"))
    check("replay", replayed["different"] == 0
          and replayed["not_replayable"] == 0, replayed)
    if failed == 0:
        shutil.rmtree(work)
    else:
        print(f"kept: {work}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    if sys.argv[4:] == ["all"]:
        chosen = list(months_between(FIRST, LAST))
    else:
        chosen = sorted(sys.argv[4:]) or list(EDGES)
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), chosen))
