#!/usr/bin/env python3
"""dump.py - what a database says, without what differs from run to run.

usage: dump.py DB [TABLE...]

One line a row, tables and rows in order; ids that the program draws, times of
the clock, salts and the leaf hashes made from them are left out. Of the audit
leaves remains how many of each type a household has. Two databases in which
the same happened give the same text, whatever was repeated, resumed or
killed between.
"""
import sqlite3
import sys

# table: columns kept, in order of what identifies a row
TABLES = {
    "household_book": "household_id, version, format, book",
    "fact": "household_id, version, ordinal, subject, true_from, true_to, "
            "source, message_id, attributes",
    "person_key": "person_id, household_id, national_id",
    "person_stay": "person_id, stay_to, household_id",
    "person_relation": "person_id, other_id, kind, true_from, source, "
                       "message_id",
    "person_name": "part, person_id, household_id",
    "command": "source, command_id, content_hash",
    "setting": "name, value",
    "input_record": "household_id, input_hash, bytes",
    "decision": "household_id, programme, month, version, pack_id, "
                "input_hash, outcome, amount_minor, reasons",
    "run": "programme, month, pack_id, households, persons, changed, "
           "eligible, refused, amount_minor, root",
    "audit_pending": "household_id, type, count(*)",
}


def show(value):
    if value is None:
        return "-"
    return value.hex() if isinstance(value, bytes) else str(value)


def dump(path, tables, out):
    conn = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    for table in tables:
        columns = TABLES[table]
        sql = f"SELECT {columns} FROM {table}"
        if table == "run":
            sql += " WHERE closed_at > 0"
        if table == "setting":
            sql += " WHERE name NOT LIKE '%\\_at' ESCAPE '\\'"
        if table == "audit_pending":
            sql += " GROUP BY household_id, type"
        sql += f" ORDER BY {columns}"
        if table == "decision":  # rows of one month stand by their id
            sql = (f"SELECT {columns} FROM decision ORDER BY household_id, "
                   "programme, month, id")
        out.write(f"== {table}\n")
        for row in conn.execute(sql):
            out.write("|".join(show(value) for value in row) + "\n")


if __name__ == "__main__":
    dump(sys.argv[1], sys.argv[2:] or list(TABLES), sys.stdout)
