"""Random FEEL expressions, evaluated here and by `sanad feel`.

A second implementation of a part of the language: arithmetic, comparison,
three-valued logic, conditions, lists, loops, filters, strings and ranges.
Each expression is made together with its value.

    peer.py SANAD COUNT SEED
"""
import decimal
import json
import random
import subprocess
import sys
from decimal import Decimal

TIMES = 120  # expressions in one call
WORDS = ["", "a", "ab", "b", "abc", "مرحبا", "x y", "🐎", "aab"]
context = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN,
                          Emax=6144, Emin=-6143,
                          traps=[decimal.DivisionByZero, decimal.InvalidOperation,
                                 decimal.Overflow])
rng = random.Random()


def text(number):
    return format(number, "f")


def quoted(string):
    return json.dumps(string, ensure_ascii=False)


def apply(operation, *values):
    """A function of values none of which may be null."""
    if any(v is None for v in values):
        return None
    try:
        return operation(*values)
    except (ArithmeticError, IndexError):
        return None


def whole(lower, upper):
    return Decimal(rng.randint(lower, upper))


def literal():
    n = rng.choice([whole(0, 9), whole(0, 9), whole(0, 10**12),
                    whole(0, 10**6).scaleb(-rng.randint(0, 4))])
    return text(n), n


def number(depth):
    if depth <= 0:
        return literal()
    (a, x), (b, y) = number(depth - 1), number(depth - 1)
    l, items = numbers(depth - 1)
    c, test = truth(depth - 1)
    s, string = words(depth - 1)
    d = context.divide
    at = rng.choice([1, 2, 3, -1, -2])
    full = [i for i in items if i is not None]
    sound = len(full) == len(items) and items
    return rng.choice([
        lambda: (f"({a} + {b})", apply(context.add, x, y)),
        lambda: (f"({a} - {b})", apply(context.subtract, x, y)),
        lambda: (f"({a} * {b})", apply(context.multiply, x, y)),
        lambda: (f"({a} / {b})", apply(d, x, y)),
        lambda: (f"(-{a})", apply(context.minus, x)),
        lambda: (f"abs({a})", apply(context.abs, x)),
        lambda: (f"floor({a})", apply(lambda v: v.to_integral_value(decimal.ROUND_FLOOR), x)),
        lambda: (f"round half up({a}, 1)", apply(
            lambda v: v if v.as_tuple().exponent >= -1
            else v.quantize(Decimal("0.1"), decimal.ROUND_HALF_UP, decimal.Context(prec=60)), x)),
        lambda: (f"(if {c} then {a} else {b})", x if test is True else y),
        lambda: (f"sum({l})", total(items) if sound else None),
        lambda: (f"count({l})", Decimal(len(items))),
        lambda: (f"max({l})", max(full) if sound else None),
        lambda: (f"min({l})", min(full) if sound else None),
        lambda: (f"{l}[{at}]", place(items, at)),
        lambda: (f"string length({s})", apply(lambda v: Decimal(len(v)), string)),
    ])()


def total(items):
    value = items[0]
    for item in items[1:]:
        value = apply(context.add, value, item)
    return value


def place(items, at):
    index = at - 1 if at > 0 else len(items) + at
    return items[index] if 0 <= index < len(items) else None


def negated(value):
    return None if value is None else not value


def both(a, b):
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def truth(depth):
    if depth <= 0:
        value = rng.choice([True, False, None])
        return json.dumps(value), value
    (a, x), (b, y), (c, z) = [number(depth - 1) for _ in range(3)]
    (p, t), (q, u) = truth(depth - 1), truth(depth - 1)
    (s, v), (w, k) = words(depth - 1), words(depth - 1)
    sign, compare = rng.choice([("<", lambda i, j: i < j), (">", lambda i, j: i > j),
                                ("<=", lambda i, j: i <= j), (">=", lambda i, j: i >= j)])
    low, high = sorted([rng.randint(-5, 20), rng.randint(-5, 20)])
    opened, closed = rng.choice("[("), rng.choice("])")
    inside = apply(lambda i: (i > low or (i == low and opened == "["))
                   and (i < high or (i == high and closed == "]")), x)
    return rng.choice([
        lambda: (f"({a} {sign} {b})", apply(compare, x, y)),
        lambda: (f"({s} {sign} {w})", apply(
            lambda i, j: compare(i.encode(), j.encode()), v, k)),
        lambda: (f"({a} = {b})", x == y),
        lambda: (f"({s} != {w})", v != k),
        lambda: (f"({p} and {q})", both(t, u)),
        lambda: (f"({p} or {q})", negated(both(negated(t), negated(u)))),
        lambda: (f"not({p})", negated(t)),
        lambda: (f"({a} in {opened}{low}..{high}{closed})", inside),
        lambda: (f"({a} between {b} and {c})", both(
            apply(lambda i, j: i >= j, x, y), apply(lambda i, j: i <= j, x, z))
            if None not in (x, y, z) else None),
        lambda: (f"contains({s}, {w})", apply(lambda i, j: j in i, v, k)),
        lambda: (f"starts with({s}, {w})", apply(lambda i, j: i.startswith(j), v, k)),
    ])()


def words(depth):
    if depth <= 0:
        value = rng.choice(WORDS)
        return quoted(value), value
    (a, x), (b, y), (c, test) = words(depth - 1), words(depth - 1), truth(depth - 1)
    start = rng.randint(1, 3)
    return rng.choice([
        lambda: (f"({a} + {b})", apply(lambda i, j: i + j, x, y)),
        lambda: (f"(if {c} then {a} else {b})", x if test is True else y),
        lambda: (f"substring({a}, {start})", apply(lambda i: i[start - 1:], x)),
        lambda: (f"substring before({a}, {b})", apply(
            lambda i, j: i[:i.find(j)] if j in i else "", x, y)),
        lambda: (f"upper case({a})", apply(lambda i: i.upper(), x)),
    ])()


def numbers(depth):
    if depth <= 0 or rng.random() < 0.4:
        made = [number(depth - 1) for _ in range(rng.randint(1, 4))]
        return "[" + ", ".join(m[0] for m in made) + "]", [m[1] for m in made]
    (l, x), (m, y), (a, n) = numbers(depth - 1), numbers(depth - 1), literal()
    return rng.choice([
        lambda: (f"concatenate({l}, {m})", x + y),
        lambda: (f"reverse({l})", x[::-1]),
        lambda: (f"append({l}, {a})", x + [n]),
        lambda: (f"{l}[item > {a}]", [i for i in x if i is not None and i > n]),
        lambda: (f"(for i in {l} return i + {a})", [apply(context.add, i, n) for i in x]),
        lambda: (f"(for i in 1..3 return i * {a})", [context.multiply(Decimal(i), n) for i in (1, 2, 3)]),
    ])()


def same(expected, actual):
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(
            same(e, a) for e, a in zip(expected, actual))
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, Decimal):
        return isinstance(actual, Decimal) and expected == actual
    return expected == actual


def main():
    sanad, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    rng.seed(seed)
    passed = failed = 0
    while passed + failed < count:
        made = [rng.choice([number, truth, words, numbers])(rng.randint(1, 4))
                for _ in range(TIMES)]
        made = [m for m in made if len(m[0]) < 700]
        run = subprocess.run([sanad, "feel", "[" + ", ".join(m[0] for m in made) + "]"],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            print("FAIL", run.stderr.strip()[:300])
            failed += len(made)
            break
        values = json.loads(run.stdout, parse_float=Decimal, parse_int=Decimal)
        for (expression, expected), actual in zip(made, values):
            if same(expected, actual):
                passed += 1
            else:
                failed += 1
                print(f"FAIL {expression}: {actual}, expected {expected}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
