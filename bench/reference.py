#!/usr/bin/python3
"""The rules of reference.dmn in numpy, the best way that it has: sums of runs by
np.add.reduceat over rows that stand by household, the head first.

usage: reference.py FOLDER REPEATS
Reads one .npy a column; prints for each repeat of 2026-01 the CPU seconds, then
eligible, the sum of all amounts in halalas, and cards.
"""
import sys
import time

import numpy as np

folder, repeats = sys.argv[1], int(sys.argv[2])
YEAR, MONTH = 2026, 1
P = {
    k: np.load(f"{folder}/{k}.npy")
    for k in "person_id birth nationality resident days_abroad enrolled salary pension rent business".split()
}
shelter = np.load(f"{folder}/in_shelter.npy")
starts = np.load(f"{folder}/first.npy")[:-1].astype(np.int64)
birth = P["birth"].astype("datetime64[D]")
FOOD = np.array([0, 150, 225, 300, 360, 420, 480, 530, 580]) * 100
POWER_UP, POWER = np.array([2, 5, 9]), np.array([40, 70, 100, 130]) * 100


def of_household(values):
    return np.add.reduceat(values, starts)


def ages():
    month = birth.astype("datetime64[M]")
    year = birth.astype("datetime64[Y]")
    y = year.astype(np.int64) + 1970
    m = (month - year).astype(np.int64) + 1
    d = (birth - month).astype(np.int64) + 1
    return YEAR - y - ((m > MONTH) | ((m == MONTH) & (d > 1)))


def decide():
    age = ages()
    bonus = (P["salary"] > 0) & (P["person_id"] % 12 == MONTH - 1)
    salary = P["salary"] + np.where(bonus, 20000, 0)
    counted = np.maximum(0, salary - 75000) + P["pension"] + P["rent"] + P["business"]
    size = of_household(np.ones(len(birth), np.int64))
    income = of_household(counted)
    threshold = 132000 + 66000 * (size - 1)
    reason = np.select(
        [
            P["nationality"][starts] == 2,
            P["resident"][starts] == 0,
            P["days_abroad"][starts] > 90,
            shelter != 0,
            income >= threshold,
        ],
        [1, 2, 3, 4, 5],
        0,
    ).astype(np.int8)
    ok = reason == 0
    pupil = (P["enrolled"] != 0) & (age >= 6) & (age <= 18)
    pension = np.where(ok, threshold - income, 0)
    bag = np.where(ok, 10000 * of_household(pupil.astype(np.int64)), 0)
    power = np.where(ok, POWER[np.searchsorted(POWER_UP, size, side="left")], 0)
    food = np.where(ok, FOOD[np.minimum(size, 8)], 0)
    card = (age >= 60) & (P["nationality"] != 2)
    total = pension + bag + power + food
    return np.bincount(reason, minlength=6), total, of_household(card.astype(np.int64))


for _ in range(repeats):
    began = time.process_time()
    reasons, total, cards = decide()
    print("seconds", time.process_time() - began)
print("result", int(reasons[0]), int(total.sum()), int(cards.sum()))
