#!/usr/bin/env python3
"""oracle.py - the pension worked out a second time, apart from any engine.

The law's figures stand here again, typed from the sources and not read from
the model, so that an error in one of the two shows. Amounts are exact
decimals; a test of equality never divides. Standard library only.

    oracle.py decide               NDJSON on stdin {"month","household"},
                                   NDJSON of outcomes on stdout
    oracle.py random N SEED        N random households as such NDJSON
    oracle.py cases N SEED FILE    the same as a file of test cases
    oracle.py check FILE...        the expected values of test cases; the last
                                   line is "N passed, N failed"
"""
import json
import random
import sys
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from decimal import Decimal, getcontext, localcontext, ROUND_HALF_UP
from xml.sax.saxutils import escape

getcontext().prec = 60

NS = "http://www.omg.org/spec/DMN/20160719/testcase"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"

EXCEPTIONS = (
    "wife_of_saudi",
    "widow_or_divorcee_with_saudi_children",
    "child_of_saudi_widow_or_divorcee",
    "mobility_card_disabled",
    "mobility_card_orphan",
    "mobility_card_widow_with_orphans",
)
EARNED = ("wage", "business_income")
RETIREMENT = ("pension_income",)
OTHER = ("rent_income", "government_aid", "other_income")
EXCLUDED = ("disability_aid", "support_programmes", "citizen_account",
            "rural_support", "student_stipend")
INCOME = EARNED + RETIREMENT + OTHER + EXCLUDED
ESTATE = ("real_estate", "buildings", "land", "farms", "shops")
CLASSES = ESTATE + ("equipment", "vehicles", "securities", "other")
PROOFS = ("ejar_lease", "title_deed", "government_certificate")

# A member about whom nothing else is known, as a book is projected: the order
# is that of the catalogue of facts.
MEMBER = {
    "member": "child", "birth_date": None, "nationality": "saudi",
    "nationality_exception": "none", "resident": True, "days_abroad": 0,
    "abroad": 0, "stay": "none", "wage": 0, "business_income": 0,
    "pension_income": 0, "rent_income": 0, "government_aid": 0,
    "other_income": 0, "disability_aid": 0, "support_programmes": 0,
    "citizen_account": 0, "rural_support": 0, "student_stipend": 0,
    "lump_sum": 0, "asset": [],
}
ASSET = {"class": None, "value": 0, "lived_in": False, "exempt": False}
HOUSEHOLD = {"in_shelter": False, "dwelling_proof": "title_deed"}


def basic_minimum(month):
    """SAR a month for the head and for each dependant."""
    if month >= date(2023, 11, 1):
        return Decimal(1320), Decimal(660)
    return Decimal(1100), Decimal(550)


def wealth_classes(month):
    """The classes of assets that count."""
    if month >= date(2025, 7, 1):
        return ("buildings", "land", "farms", "shops", "equipment",
                "vehicles", "securities", "other")
    return ("real_estate", "vehicles", "securities", "other")


def latest_birth_date(month):
    """18 Hijri years of 354.36708 days are 6378.6 days, so 6379."""
    return month - timedelta(days=6379)


def fails_nationality(person):
    return (person["nationality"] == "other"
            and person["nationality_exception"] not in EXCEPTIONS)


def is_abroad(person):
    return ((person["days_abroad"] or 0) > 90 or (person["abroad"] or 0) > 90)


def is_sheltered(person):
    return person["stay"] in ("shelter", "care_centre")


def is_left_out(person):
    return (fails_nationality(person) or person["resident"] is False
            or is_abroad(person) or is_sheltered(person))


def total(members, kinds):
    return sum((Decimal(str(m[k])) for m in members for k in kinds),
               Decimal(0))


def wealth(members, month):
    """Value of what counts, without the home and the dearest vehicle."""
    counted, vehicles = Decimal(0), []
    for member in members:
        for asset in member["asset"] or []:
            if asset["exempt"] or asset["class"] not in wealth_classes(month):
                continue
            if asset["lived_in"] and asset["class"] in ESTATE:
                continue
            value = Decimal(str(asset["value"]))
            counted += value
            if asset["class"] == "vehicles":
                vehicles.append(value)
    return counted - max(vehicles, default=Decimal(0))


def reasons_of(household, head, month):
    """Every reason but the income, split at the place where that stands."""
    if head is None:
        before = ["no_head"]
        if household["in_shelter"]:
            before.append("shelter")
    else:
        before = [code for code, holds in (
            ("nationality", fails_nationality(head)),
            ("residence", head["resident"] is False),
            ("abroad", is_abroad(head)),
            ("shelter", household["in_shelter"] or is_sheltered(head)),
        ) if holds]
    after = []
    proof = household["dwelling_proof"]
    if month >= date(2026, 2, 5) and proof and proof not in PROOFS:
        after.append("dwelling")
    return before, after


def decide(month, household):
    """The outcome, and the steps that the cases look at."""
    members = household["members"]
    heads = [m for m in members if m["member"] == "head"]
    head = heads[0] if heads else None
    beside = [m for m in members if m["member"] != "head"]
    dependants = len(beside) - sum(1 for m in beside if is_left_out(m))

    head_minimum, dependant_minimum = basic_minimum(month)
    threshold = head_minimum + dependant_minimum * dependants
    earned = total(members, EARNED)
    retirement = total(members, RETIREMENT)
    other = total(members, OTHER)
    excluded = total(members, EXCLUDED)
    lump_sums = total(members, ("lump_sum",))
    counting_wealth = wealth(members, month)
    year = earned / 2 + retirement + other + lump_sums + counting_wealth

    before, after = reasons_of(household, head, month)
    income = [] if year < threshold * 12 else ["income"]
    reasons = before + income + after
    amount = Decimal(0)
    if not reasons:
        amount = ((threshold * 12 - year) / 12).quantize(
            Decimal("0.01"), rounding=ROUND_HALF_UP)
    with localcontext() as context:
        context.prec = 34
        counted = year / 12
    return {
        "Entitlement": {
            "eligible": not reasons, "amount": amount, "reasons": reasons,
            "threshold": threshold, "counted": counted,
            "dependants": Decimal(dependants),
        },
        "Members left out": Decimal(len(beside) - dependants),
        "Earned income of the year": earned,
        "Retirement pensions of the year": retirement,
        "Other income of the year": other,
        "Supports of the year": excluded,
        "Excluded income of the year": excluded,
        "Lump sums of the year": lump_sums,
        "Wealth that counts": counting_wealth,
        "Counted income of the year": year,
    }


# Random households, with values that lie on and beside the edges.

def pick_money(rng, often):
    if rng.random() > often:
        return Decimal(0)
    edge = rng.choice((1320, 1980, 2640, 3300, 3960, 4620, 1100, 1650, 2200))
    kind = rng.randrange(5)
    if kind == 0:
        value = Decimal(edge * 12) * rng.choice((1, 2))
    elif kind == 1:
        value = (Decimal(edge * 12) * rng.choice((1, 2))
                 + Decimal(rng.randint(-30, 30)) / 100)
    elif kind == 2:
        value = Decimal(rng.randint(1, 20_000_000)) / 100
    elif kind == 3:
        value = Decimal(rng.randint(1, 60_000))
    else:
        value = Decimal(rng.randint(1, 400)) / 100
    return value


def pick_asset(rng):
    return {
        "class": rng.choice(CLASSES),
        "value": rng.choice((0, 12000, 15840, 1, 250000,
                             Decimal(rng.randint(1, 5_000_000)) / 100)),
        "lived_in": rng.choice((False, False, True, None)),
        "exempt": rng.choice((False, False, False, True, None)),
    }


def pick_member(rng, month, role):
    rarely = rng.random() < 0.15
    days = (0, 0, 0, 30, 89, 90, 91, 365, None)
    person = dict(MEMBER, member=role)
    person["birth_date"] = rng.choice((
        None, "1990-05-05", "2015-12-31", str(latest_birth_date(month)),
        str(latest_birth_date(month) + timedelta(days=1))))
    if rarely:
        person["nationality"] = rng.choice(("saudi", "exempt", "other", None))
        person["nationality_exception"] = rng.choice(
            ("none", None) + EXCEPTIONS)
        person["resident"] = rng.choice((True, True, False, None))
        person["days_abroad"] = rng.choice(days)
        person["abroad"] = rng.choice(days)
        person["stay"] = rng.choice(
            ("none", "none", "shelter", "care_centre", None))
    for kind in INCOME:
        person[kind] = pick_money(rng, 0.12 if kind == "wage" else 0.04)
    person["lump_sum"] = pick_money(rng, 0.03)
    if rng.random() < 0.12:
        person["asset"] = [pick_asset(rng) for _ in range(rng.randint(1, 4))]
    return person


def pick_household(rng):
    month = rng.choice((
        date(2022, 1, 1), date(2023, 10, 1), date(2023, 11, 1),
        date(2025, 6, 1), date(2025, 7, 1), date(2026, 2, 1),
        date(2026, 3, 1), date(2027, 1, 1)))
    count = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 9))
    members = [pick_member(rng, month, "head")] if rng.random() < 0.99 else []
    while len(members) < count:
        members.append(pick_member(
            rng, month, rng.choice(("spouse", "child", "child", "other"))))
    rng.shuffle(members)
    return month, {
        "in_shelter": rng.random() < 0.03,
        "dwelling_proof": rng.choice(PROOFS * 4 + ("none", None)),
        "members": members,
    }


# Test cases in the format of the DMN TCK.

def xml_simple(value):
    if value is None:
        return '<value xsi:nil="true"/>'
    if isinstance(value, bool):
        return f'<value xsi:type="xsd:boolean">{str(value).lower()}</value>'
    if isinstance(value, (int, Decimal)):
        return f'<value xsi:type="xsd:decimal">{Decimal(value):f}</value>'
    if isinstance(value, date):
        return f'<value xsi:type="xsd:date">{value}</value>'
    return f'<value xsi:type="xsd:string">{escape(value)}</value>'


def xml_value(value, name=None):
    """A value on one line."""
    if isinstance(value, dict):
        return "".join(f'<component name="{k}">{xml_value(v, k)}</component>'
                       for k, v in value.items())
    if isinstance(value, list):
        if not value:
            return "<list/>"
        return ("<list>" + "".join(f"<item>{xml_value(v)}</item>"
                                   for v in value) + "</list>")
    if name == "birth_date" and value is not None:
        value = date.fromisoformat(value)
    return xml_simple(value)


def random_case(number, rng):
    month, household = pick_household(rng)
    outcome = decide(month, household)["Entitlement"]
    return (f'<testCase id="{number:06}">'
            f'<inputNode name="month">{xml_value(month)}</inputNode>'
            f'<inputNode name="household">{xml_value(household)}</inputNode>'
            '<resultNode name="Entitlement" type="decision"><expected>'
            f'{xml_value(outcome)}</expected></resultNode></testCase>')


def read_value(node):
    """The Python value of an inputNode, a component, an item or expected."""
    components = node.findall(f"{{{NS}}}component")
    if components:
        return {c.get("name"): read_value(c) for c in components}
    items = node.find(f"{{{NS}}}list")
    if items is not None:
        return [read_value(i) for i in items.findall(f"{{{NS}}}item")]
    value = node.find(f"{{{NS}}}value")
    if value is None or value.get(f"{{{XSI}}}nil") == "true":
        return None
    kind = value.get(f"{{{XSI}}}type").split(":")[1]
    text = value.text or ""
    if kind == "boolean":
        return text == "true"
    return Decimal(text) if kind == "decimal" else text


def check_case(case):
    """What is wrong with a case, or None."""
    inputs = {n.get("name"): read_value(n)
              for n in case.findall(f"{{{NS}}}inputNode")}
    month = date.fromisoformat(inputs["month"])
    if "household" not in inputs:
        return None
    outcome = decide(month, inputs["household"])
    for node in case.findall(f"{{{NS}}}resultNode"):
        name = node.get("name")
        expected = read_value(node.find(f"{{{NS}}}expected"))
        if name in outcome and outcome[name] != expected:
            return f"{name}: {expected} expected, {outcome[name]} worked out"
    return None


def check_files(paths):
    passed = failed = 0
    for path in paths:
        for case in ET.parse(path).getroot().findall(f"{{{NS}}}testCase"):
            fault = check_case(case)
            if fault:
                failed += 1
                print(f"{path}: case {case.get('id')}: {fault}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(arguments):
    if len(arguments) >= 2 and arguments[0] == "check":
        return check_files(arguments[1:])
    if len(arguments) == 3 and arguments[0] == "random":
        rng = random.Random(int(arguments[2]))
        for _ in range(int(arguments[1])):
            month, household = pick_household(rng)
            print(json.dumps({"month": str(month), "household": household},
                             default=str))
        return 0
    if len(arguments) == 4 and arguments[0] == "cases":
        rng = random.Random(int(arguments[2]))
        with open(arguments[3], "w", encoding="utf-8") as out:
            out.write(f'<testCases xmlns="{NS}" xmlns:xsi="{XSI}" '
                      f'xmlns:xsd="{XSD}">\n'
                      "<modelName>pension.dmn</modelName>\n")
            for number in range(1, int(arguments[1]) + 1):
                out.write(random_case(number, rng) + "\n")
            out.write("</testCases>\n")
        return 0
    if arguments == ["decide"]:
        for line in sys.stdin:
            row = json.loads(line, parse_float=Decimal)
            outcome = decide(date.fromisoformat(row["month"]),
                             row["household"])
            print(json.dumps(outcome["Entitlement"], default=str))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
