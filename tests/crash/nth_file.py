#!/usr/bin/env python3
"""nth_file.py - the n-th call on a file fails, for n = 1, 2, 3 ...

usage: nth_file.py SANAD LIBRARY ROOT [STRIDE]

Import, events, determination, backup and restore, each with the n-th open,
read, write, sync, rename, link or mapping of a file of theirs failing, once
by EIO and once as on a disk that is full from then on. Whatever failed: one
clear line, a database that is well, and the next run ends as if nothing had
happened. STRIDE > 1 takes every so-manieth call, from a changing start.
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

SANAD, LIBRARY, ROOT = sys.argv[1:4]
STRIDE = int(sys.argv[4]) if len(sys.argv) > 4 else 1
CALLS_MAX = 5000
BELIEVED = ["household_book", "fact", "person_key", "person_name"]
DECIDED = BELIEVED + ["input_record", "decision"]
work = tempfile.mkdtemp(prefix="sanad-nth-")
os.environ.update(SANAD_CLOCK="2026-01-15T08:00:00Z", LC_ALL="C.UTF-8")
counts = {"passed": 0, "failed": 0}


def expect(right, what):
    counts["passed" if right else "failed"] += 1
    if not right:
        print("FAIL", what)


def run(*args, **environ):
    return subprocess.run([SANAD, *args], env={**os.environ, **environ},
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120)


def must(*args):
    done = run(*args)
    if done.returncode != 0:
        sys.exit(f"{args}: {done.stderr}")


def state(db, tables):
    return subprocess.run(
        [sys.executable, f"{ROOT}/tests/cli/dump.py", db, *tables],
        capture_output=True, text=True, check=True).stdout


def copy(source, target):
    for end in ("", "-wal", "-shm", ".lock"):
        if os.path.exists(target + end):
            os.unlink(target + end)
        if os.path.exists(source + end):
            shutil.copy(source + end, target + end)


def clear_line(done):
    lines = done.stderr.splitlines()
    return (len(lines) == 1 and lines[0].startswith("sanad: ") and
            not re.fullmatch(r"sanad: [a-z_]+\.[a-z_.]+", lines[0]) and
            "{" not in lines[0])


def well(db):
    done = run("doctor", "--db", db)
    return done.returncode == 0 or done.stdout + done.stderr


class Job:
    """One command that is tried: what it begins with, how its end looks."""

    def __init__(self, name, args, begin, end):
        self.name, self.args, self.begin, self.end = name, args, begin, end

    def fails_at(self, nth, sticky):
        """False: there is no n-th call."""
        self.begin()
        told = f"{work}/told"
        if os.path.exists(told):
            os.unlink(told)
        environ = {"LD_PRELOAD": LIBRARY, "FAULT_FOLDER": work + "/tried",
                   "FAULT_AT": str(nth), "FAULT_TOLD": told}
        if sticky:
            environ["FAULT_STICKY"] = "1"
        done = run(*self.args, **environ)
        if not os.path.exists(told):
            expect(done.returncode == 0, f"{self.name} undisturbed: "
                   f"{done.stderr}")
            return False
        with open(told, encoding="ascii") as file:
            where = f"{self.name}, {'full from' if sticky else ''} call " \
                    f"{nth} ({file.read()})"
        if done.returncode == 0:
            expect(done.stderr == "" or
                   (clear_line(done) and "not recorded" in done.stderr),
                   f"{where}: {done.stderr}")
        else:
            # who cannot know what is on the disk stops at once, and says so
            stops = done.returncode == -signal.SIGABRT and "sync" in where
            expect((done.returncode == 1 or stops) and clear_line(done),
                   f"{where}: exit {done.returncode}: {done.stderr}")
        problem = self.end(done.returncode == 0)
        expect(problem is None, f"{where}: {problem}")
        return True

    def try_all(self):
        for sticky in (False, True):
            tried = 0
            for nth in range(1, CALLS_MAX):
                if nth % STRIDE != (len(self.name) + sticky) % STRIDE:
                    continue
                if not self.fails_at(nth, sticky):
                    break
                tried += 1
            expect(tried > 2, f"{self.name}: only {tried} calls")
            print(f"{self.name}{', full disk' if sticky else ''}: "
                  f"{tried} calls")


def main():
    tried = work + "/tried"
    os.mkdir(tried)
    folder, db, out = tried + "/csv", tried + "/x.db", tried + "/out"
    os.mkdir(folder)
    subprocess.run([sys.executable, f"{ROOT}/tests/law/population.py", "edges",
                    folder, "7", "40"], check=True, stdout=subprocess.DEVNULL)
    person = open(folder + "/persons.csv", encoding="utf-8").readlines()[1]
    events = tried + "/events"
    with open(events, "w", encoding="utf-8") as file:
        for i in range(20):
            file.write('{"specversion":"1.0","source":"gosi","id":"w-%d",'
                       '"type":"sa.gov.sanad.wage.reported.v1","data":'
                       '{"person":"%s","from":"2023-03-01","value":"%d"}}\n'
                       % (i, person.split(",")[0], 1000 + i))
    empty, loaded, decided = (work + "/" + name for name in
                              ("empty.db", "loaded.db", "decided.db"))
    must("init", "--db", empty)
    copy(empty, loaded)
    must("import", "--db", loaded, "--csv", folder)
    copy(loaded, decided)
    must("determine", "--db", decided, "--month", "2023-11")
    told = work + "/told.db"
    copy(decided, told)
    must("import", "--db", told, "--events", events)
    saved = tried + "/saved"
    must("backup", "--db", decided, "--out", saved)

    def again(args, final, tables):
        """What is there is well; the same again ends as undisturbed."""
        def end(done):
            if done and state(db, tables) != final:
                return "it said it was done"
            found = well(db)
            if found is not True:
                return found
            repeat = run(*args)
            if repeat.returncode != 0:
                return "again: " + repeat.stderr
            return None if state(db, tables) == final else "another end"
        return end

    def saved_is_whole(done):
        if not done:
            if os.path.exists(out) and restored() is not None:
                return "half a backup has the name of a whole one"
            if os.path.exists(out):
                os.unlink(out)
            repeat = run("backup", "--db", db, "--out", out)
            if repeat.returncode != 0:
                return "again: " + repeat.stderr
        return restored()

    def restored():
        copy(work + "/none", work + "/restored.db")
        done = run("restore", "--from", out, "--db", work + "/restored.db")
        if done.returncode != 0:
            return done.stderr
        return None if state(work + "/restored.db", DECIDED) == \
            state(decided, DECIDED) else "another state"

    def restored_is_whole(done):
        if not done:
            if os.path.exists(db):  # restored, but not examined to the end
                return None if state(db, DECIDED) == state(decided, DECIDED) \
                    else "half a database has the name of a whole one"
            repeat = run("restore", "--from", saved, "--db", db)
            if repeat.returncode != 0:
                return "again: " + repeat.stderr
        return None if state(db, DECIDED) == state(decided, DECIDED) \
            else "another state"

    def begin_backup():
        copy(decided, db)
        for path in glob.glob(out + "*"):
            os.unlink(path)

    jobs = []
    for name, args, first, last, tables in (
            ("import", ["import", "--db", db, "--csv", folder], empty, loaded,
             BELIEVED + ["audit_pending"]),
            ("events", ["import", "--db", db, "--events", events], decided,
             told, DECIDED + ["command"]),
            ("determine", ["determine", "--db", db, "--month", "2023-11"],
             loaded, decided, DECIDED)):
        jobs.append(Job(name, args, lambda first=first: copy(first, db),
                        again(args, state(last, tables), tables)))
    jobs.append(Job("backup", ["backup", "--db", db, "--out", out],
                    begin_backup, saved_is_whole))
    jobs.append(Job("restore", ["restore", "--from", saved, "--db", db],
                    lambda: copy(work + "/none", db), restored_is_whole))
    for job in jobs:
        job.try_all()


try:
    main()
finally:
    shutil.rmtree(work)
print(f"{counts['passed']} passed, {counts['failed']} failed")
sys.exit(counts["failed"] != 0)
