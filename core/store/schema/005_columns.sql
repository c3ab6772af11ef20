-- SPDX-License-Identifier: MIT
-- Columns lie in the order in which they came, and their key beside them. In the order of the key, with the values in the
-- tree of the key, each return that was put among others had half a dozen pages written anew, most of them the tree's.

CREATE TABLE moving AS SELECT * FROM submission_column;
DROP TABLE submission_column;

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
) STRICT;
CREATE TRIGGER submission_column_fixed BEFORE UPDATE ON submission_column BEGIN SELECT raise(ABORT, 'values never change'); END;
CREATE TRIGGER submission_column_kept BEFORE DELETE ON submission_column BEGIN SELECT raise(ABORT, 'values are never deleted'); END;

INSERT INTO submission_column SELECT * FROM moving ORDER BY submission, period, measure, cut, chunk;
DROP TABLE moving;

-- Nobody looks for a file by its hash alone: whether the same bytes are stored is asked of (form, sender, span).
DROP INDEX submission_sha256;

-- What the index on the current submissions saw to costs a page of each return less as a trigger.
DROP INDEX submission_current;
CREATE TRIGGER submission_one BEFORE INSERT ON submission
WHEN new.status = 'current' AND EXISTS (SELECT 1 FROM submission WHERE form = new.form AND coalesce(sender, 0) = coalesce(new.sender, 0) AND span = new.span AND status = 'current')
BEGIN SELECT raise(ABORT, 'only one submission of a form, sender and period is current'); END;
