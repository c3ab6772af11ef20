-- SPDX-License-Identifier: MIT
-- The store's tables. docs/store.md explains them; views are in 002_views.sql.
-- Dates and times are ISO 8601 text, periods are rows of `period`, money and counts are exact.

CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- definitions, mirrored from the scripts ------------------------------------------------------------------------

-- Every state that a definition has had: an old result knows the formula that made it.
CREATE TABLE revision (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,              -- measure, indicator, form, rule, plan, report, job
    code        TEXT NOT NULL,
    number      INTEGER NOT NULL CHECK (number >= 1),
    sha256      TEXT NOT NULL,              -- of the definition in the script
    fingerprint TEXT NOT NULL,              -- SHA-256 of content
    source      TEXT,                       -- an indicator's formula as it was written
    content     TEXT NOT NULL,
    file        TEXT,
    line        INTEGER,
    at          TEXT NOT NULL,
    "by"        TEXT NOT NULL,
    UNIQUE (kind, code, number)
) STRICT;
CREATE TRIGGER revision_kept BEFORE DELETE ON revision BEGIN SELECT raise(ABORT, 'a revision is never deleted'); END;
CREATE TRIGGER revision_fixed BEFORE UPDATE ON revision BEGIN SELECT raise(ABORT, 'a revision is never changed'); END;

CREATE TABLE unit_kind (
    code     TEXT PRIMARY KEY,
    level    TEXT,
    title    TEXT,
    title_en TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,               -- without the kind word
    short_name TEXT,
    kind       TEXT NOT NULL,
    level      TEXT,
    parent     TEXT,                        -- code of the unit above, at the same date
    valid_from TEXT,                        -- first day; NULL: since ever
    valid_to   TEXT,                        -- last day; NULL: still
    groups     TEXT NOT NULL DEFAULT '{}',
    withdrawn  TEXT                         -- when it was no longer defined
) STRICT;
CREATE UNIQUE INDEX unit_key ON unit (code, coalesce(valid_from, ''));
CREATE INDEX unit_parent ON unit (parent);

-- What a unit's row said before it was changed.
CREATE TABLE unit_history (
    unit    INTEGER NOT NULL REFERENCES unit (id),
    at      TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX unit_history_unit ON unit_history (unit);

CREATE TABLE succession (
    n    INTEGER PRIMARY KEY,
    date TEXT NOT NULL,
    old  INTEGER NOT NULL REFERENCES unit (id),
    new  INTEGER REFERENCES unit (id),      -- NULL: not known
    part INTEGER NOT NULL CHECK (part IN (0, 1))
) STRICT;

CREATE TABLE category (
    code  TEXT PRIMARY KEY,
    title TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE category_option (
    category TEXT NOT NULL REFERENCES category (code),
    n        INTEGER NOT NULL,
    code     TEXT NOT NULL,
    title    TEXT,
    PRIMARY KEY (category, code)
) STRICT, WITHOUT ROWID;

-- A combination of options, "gender=female;group=2"; the empty one is the figure as a whole.
CREATE TABLE cut (
    id  INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO cut (id, key) VALUES (1, '');

CREATE TABLE cut_part (
    cut      INTEGER NOT NULL REFERENCES cut (id),
    category TEXT NOT NULL,
    "option" TEXT NOT NULL,
    PRIMARY KEY (cut, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    title      TEXT,
    unit       TEXT,                        -- what it is counted in
    type       TEXT NOT NULL,
    over_units TEXT NOT NULL,
    over_time  TEXT NOT NULL,
    task       TEXT,
    categories TEXT NOT NULL DEFAULT '[]',
    choices    TEXT NOT NULL DEFAULT '{}',
    revision   INTEGER NOT NULL REFERENCES revision (id),
    withdrawn  TEXT
) STRICT;

CREATE TABLE indicator (
    id              INTEGER PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE,
    title           TEXT,
    unit            TEXT,
    task            TEXT,
    note            TEXT,
    decimals        INTEGER NOT NULL,
    lower_is_better INTEGER NOT NULL CHECK (lower_is_better IN (0, 1)),
    formula         TEXT,                   -- as it was written
    revision        INTEGER NOT NULL REFERENCES revision (id),
    withdrawn       TEXT
) STRICT;

CREATE TABLE target (
    indicator  INTEGER NOT NULL REFERENCES indicator (id),
    n          INTEGER NOT NULL,
    comparator TEXT NOT NULL,
    lo         TEXT,                        -- exact decimals
    hi         TEXT,
    valid_from TEXT,                        -- periods
    valid_to   TEXT,
    by_end     INTEGER NOT NULL CHECK (by_end IN (0, 1)),
    scope      TEXT NOT NULL,
    text       TEXT,
    PRIMARY KEY (indicator, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE form (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    title      TEXT,
    every      TEXT NOT NULL,
    calendar   TEXT NOT NULL,
    due        INTEGER NOT NULL,            -- days after the window closes
    valid_from TEXT,                        -- the first and last day of the periods that it is asked for; NULL: open
    valid_to   TEXT,
    note       TEXT,
    revision   INTEGER NOT NULL REFERENCES revision (id),
    withdrawn  TEXT
) STRICT;

CREATE TABLE form_column (
    form    INTEGER NOT NULL REFERENCES form (id),
    n       INTEGER NOT NULL,
    heading TEXT,
    meaning TEXT NOT NULL,                  -- unit, period, measure, option, ...
    measure TEXT,
    cut     TEXT,
    PRIMARY KEY (form, n)
) STRICT, WITHOUT ROWID;

-- Who must send it.
CREATE TABLE form_reporter (
    form INTEGER NOT NULL REFERENCES form (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    PRIMARY KEY (form, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule (
    id        INTEGER PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    title     TEXT,
    severity  TEXT NOT NULL,
    message   TEXT,
    revision  INTEGER NOT NULL REFERENCES revision (id),
    withdrawn TEXT
) STRICT;

CREATE TABLE plan (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    title      TEXT,
    kind       TEXT,
    issuer     TEXT,
    place      TEXT,
    subject    TEXT,
    signer     TEXT,
    parent     TEXT,                        -- the plan above
    unit       TEXT,                        -- whose plan it is
    date       TEXT,
    valid_from TEXT,
    valid_to   TEXT,
    note       TEXT,
    revision   INTEGER NOT NULL REFERENCES revision (id),
    withdrawn  TEXT
) STRICT;

CREATE TABLE task (
    plan   INTEGER NOT NULL REFERENCES plan (id),
    code   TEXT NOT NULL,
    n      INTEGER NOT NULL,                -- place in the plan
    parent TEXT,
    kind   TEXT,
    title  TEXT,
    track  TEXT,
    PRIMARY KEY (plan, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_target (
    plan      INTEGER NOT NULL,
    task      TEXT NOT NULL,
    indicator TEXT NOT NULL,
    PRIMARY KEY (plan, task, indicator),
    FOREIGN KEY (plan, task) REFERENCES task (plan, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment (
    plan INTEGER NOT NULL REFERENCES plan (id),
    n    INTEGER NOT NULL,
    task TEXT,
    unit TEXT NOT NULL,                     -- a code, "kind:district", or "*": all concerned
    role TEXT NOT NULL,
    duty TEXT,
    PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    plan  INTEGER NOT NULL REFERENCES plan (id),
    n     INTEGER NOT NULL,
    code  TEXT,
    title TEXT,
    date  TEXT,
    role  TEXT,
    PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE milestone (
    plan  INTEGER NOT NULL REFERENCES plan (id),
    n     INTEGER NOT NULL,
    code  TEXT,
    title TEXT,
    due   TEXT,
    task  TEXT,
    unit  TEXT,
    PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE pilot (
    plan  INTEGER NOT NULL REFERENCES plan (id),
    n     INTEGER NOT NULL,
    unit  TEXT,
    task  TEXT,
    title TEXT,
    PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (
    id        INTEGER PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    title     TEXT,
    every     TEXT,
    note      TEXT,
    revision  INTEGER NOT NULL REFERENCES revision (id),
    withdrawn TEXT
) STRICT;

CREATE TABLE job (
    id        INTEGER PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    title     TEXT,
    every     TEXT,
    calendar  TEXT,
    after     INTEGER,
    at        TEXT,
    revision  INTEGER NOT NULL REFERENCES revision (id),
    withdrawn TEXT
) STRICT;

-- ---- values: the columns of their submission -----------------------------------------------------------------------

-- id is (first day, counted from 1900-01-01) * 8 + length: it sorts by first day, longer periods first.
CREATE TABLE period (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    every TEXT NOT NULL,
    year  INTEGER NOT NULL,
    first TEXT NOT NULL,
    last  TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
    id       INTEGER PRIMARY KEY,
    form     INTEGER NOT NULL REFERENCES form (id),
    sender   INTEGER REFERENCES unit (id),
    span     TEXT NOT NULL,                 -- the period, or first..last
    version  INTEGER NOT NULL CHECK (version >= 1),
    status   TEXT NOT NULL CHECK (status IN ('current', 'superseded', 'withdrawn')),
    file     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    received TEXT NOT NULL,
    "by"     TEXT NOT NULL,
    n_rows   INTEGER NOT NULL,
    n_values INTEGER NOT NULL,
    note     TEXT,                          -- why it was withdrawn
    changed  TEXT                           -- when it was superseded or withdrawn
) STRICT;
CREATE UNIQUE INDEX submission_key ON submission (form, coalesce(sender, 0), span, version);
CREATE UNIQUE INDEX submission_current ON submission (form, coalesce(sender, 0), span) WHERE status = 'current';
CREATE INDEX submission_sha256 ON submission (sha256);
CREATE TRIGGER submission_kept BEFORE DELETE ON submission
BEGIN SELECT raise(ABORT, 'a submission is never deleted: withdraw it'); END;
CREATE TRIGGER submission_fixed BEFORE UPDATE OF id, form, sender, span, version, file, sha256, received, "by", n_rows, n_values ON submission
BEGIN SELECT raise(ABORT, 'a submission never changes: a correction is a new version'); END;
CREATE TRIGGER submission_status BEFORE UPDATE OF status, note, changed ON submission
WHEN NOT (old.status = 'current' AND new.status IN ('superseded', 'withdrawn'))
BEGIN SELECT raise(ABORT, 'only a current submission can be superseded or withdrawn'); END;

-- The units of a chunk's rows, in order. Returns repeat them month after month, so each list is kept once.
CREATE TABLE unit_list (
    id     INTEGER PRIMARY KEY,
    n      INTEGER NOT NULL,
    sha256 TEXT NOT NULL UNIQUE             -- of the ids as text, separated by commas
) STRICT;

CREATE TABLE unit_list_member (
    list INTEGER NOT NULL REFERENCES unit_list (id),
    k    INTEGER NOT NULL,                  -- from 0
    unit INTEGER NOT NULL REFERENCES unit (id),
    PRIMARY KEY (list, k)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_list_member_unit ON unit_list_member (unit);

-- The rows of a submission that are about one period, up to 1,024 of them: place k is unit k of the list,
-- and was read from line  line + k * step,  or lines[k] where they do not go in steps.
CREATE TABLE submission_chunk (
    period     INTEGER NOT NULL REFERENCES period (id),
    submission INTEGER NOT NULL REFERENCES submission (id),
    chunk      INTEGER NOT NULL,            -- from 0
    n          INTEGER NOT NULL,
    list       INTEGER NOT NULL REFERENCES unit_list (id),
    line       INTEGER NOT NULL,
    step       INTEGER NOT NULL,
    lines      TEXT,
    PRIMARY KEY (period, submission, chunk)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_chunk_list ON submission_chunk (list, period);
CREATE INDEX submission_chunk_submission ON submission_chunk (submission, period);

-- One column (measure and cut) of a chunk: vals[k] is the value of place k with the sender's digits, null where there is none.
-- lines: NULL where every value stands in its row's first line, else how many lines further (one number, or one for each place).
CREATE TABLE submission_column (
    period     INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    measure    INTEGER NOT NULL REFERENCES measure (id),
    cut        INTEGER NOT NULL REFERENCES cut (id),
    chunk      INTEGER NOT NULL,
    vals       TEXT NOT NULL,
    lines      ANY,
    PRIMARY KEY (period, submission, measure, cut, chunk),
    FOREIGN KEY (period, submission, chunk) REFERENCES submission_chunk (period, submission, chunk)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER unit_list_fixed BEFORE UPDATE ON unit_list BEGIN SELECT raise(ABORT, 'values never change'); END;
CREATE TRIGGER unit_list_kept BEFORE DELETE ON unit_list BEGIN SELECT raise(ABORT, 'values are never deleted'); END;
CREATE TRIGGER unit_list_member_fixed BEFORE UPDATE ON unit_list_member BEGIN SELECT raise(ABORT, 'values never change'); END;
CREATE TRIGGER unit_list_member_kept BEFORE DELETE ON unit_list_member BEGIN SELECT raise(ABORT, 'values are never deleted'); END;
CREATE TRIGGER submission_chunk_fixed BEFORE UPDATE ON submission_chunk BEGIN SELECT raise(ABORT, 'values never change'); END;
CREATE TRIGGER submission_chunk_kept BEFORE DELETE ON submission_chunk BEGIN SELECT raise(ABORT, 'values are never deleted'); END;
CREATE TRIGGER submission_column_fixed BEFORE UPDATE ON submission_column BEGIN SELECT raise(ABORT, 'values never change'); END;
CREATE TRIGGER submission_column_kept BEFORE DELETE ON submission_column BEGIN SELECT raise(ABORT, 'values are never deleted'); END;

-- ---- results -------------------------------------------------------------------------------------------------------

CREATE TABLE result (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    period    INTEGER NOT NULL REFERENCES period (id),
    unit      INTEGER NOT NULL REFERENCES unit (id),
    revision  INTEGER NOT NULL REFERENCES revision (id), -- the formula that made it
    value     TEXT,                         -- exact decimal; NULL: missing
    reason    TEXT,                         -- why it is missing
    status    TEXT NOT NULL,
    reported  INTEGER NOT NULL,
    expected  INTEGER NOT NULL,
    computed  TEXT NOT NULL,
    PRIMARY KEY (indicator, period, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE publication (
    id     INTEGER PRIMARY KEY,
    report TEXT NOT NULL,
    span   TEXT,
    format TEXT NOT NULL,
    path   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at     TEXT NOT NULL,
    "by"   TEXT NOT NULL
) STRICT;

-- ---- care ----------------------------------------------------------------------------------------------------------

CREATE TABLE lock (
    period INTEGER PRIMARY KEY REFERENCES period (id),
    at     TEXT NOT NULL,
    "by"   TEXT NOT NULL,
    reason TEXT
) STRICT;

-- Append-only; hash is the SHA-256 of the JSON array [n, at, by, what, detail, prev]. meta keeps how many and the last hash.
CREATE TABLE audit (
    n      INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    "by"   TEXT NOT NULL,
    what   TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev   TEXT NOT NULL,
    hash   TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is only ever added to'); END;

CREATE TABLE alias (
    text TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    at   TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    job     TEXT NOT NULL,
    period  INTEGER REFERENCES period (id),
    attempt INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted', 'skipped')),
    started TEXT NOT NULL,
    ended   TEXT,
    host    TEXT NOT NULL,
    boot    TEXT NOT NULL,                  -- which start of that machine
    pid     INTEGER NOT NULL,
    born    INTEGER NOT NULL,               -- when the process began, in ticks since the machine did
    error   TEXT
) STRICT;
CREATE INDEX run_job ON run (job, period);
CREATE INDEX run_running ON run (state) WHERE state = 'running';

CREATE TABLE run_log (
    id    INTEGER PRIMARY KEY,
    run   INTEGER NOT NULL REFERENCES run (id),
    at    TEXT NOT NULL,
    level TEXT NOT NULL,
    text  TEXT NOT NULL
) STRICT;
CREATE INDEX run_log_run ON run_log (run);
