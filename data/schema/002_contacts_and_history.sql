-- Files of single contacts, what became of earlier numbers, and how a batch can be made again from its original.

-- how: 'correct' (a row replaces the row of its key), 'replace' (a vendor's day of the source is replaced as a whole),
-- 'add' (added to what the day has), 'skip' (counts only on days that have nothing yet).
ALTER TABLE batches ADD COLUMN how VARCHAR DEFAULT 'correct';
-- What was answered when the file was loaded (encoding, sheet, ...), as JSON: with it the recipe reads the original the same way.
ALTER TABLE batches ADD COLUMN answers VARCHAR DEFAULT '{}';
-- The original is kept as originals/<sha256><suffix>.
ALTER TABLE batches ADD COLUMN suffix VARCHAR;
-- The file as it was found: an unchanged file is recognised without reading it.
ALTER TABLE batches ADD COLUMN file_path VARCHAR;
ALTER TABLE batches ADD COLUMN file_bytes BIGINT;
ALTER TABLE batches ADD COLUMN file_modified_ns BIGINT;

-- Where a row stands in its file: its first line, and how many rows of the file are in it.
ALTER TABLE performance_rows ADD COLUMN line BIGINT;
ALTER TABLE performance_rows ADD COLUMN file_rows BIGINT;
ALTER TABLE scorecard_rows ADD COLUMN line BIGINT;
ALTER TABLE scorecard ADD COLUMN line BIGINT;

ALTER TABLE rejects ADD COLUMN code VARCHAR;
ALTER TABLE rejects ADD COLUMN remedy VARCHAR;

-- A published number that a load or an undo changed: the KPI of one vendor and month, before and after.
CREATE TABLE restatements (
    batch_id        VARCHAR NOT NULL,
    action          VARCHAR NOT NULL,  -- 'load' or 'undo'
    restated_at     TIMESTAMP NOT NULL,
    kpi             VARCHAR NOT NULL,
    vendor          VARCHAR NOT NULL,
    period_start    DATE NOT NULL,
    grain           VARCHAR NOT NULL,
    old_numerator   DOUBLE,
    old_denominator DOUBLE,
    old_value       DOUBLE,
    new_numerator   DOUBLE,
    new_denominator DOUBLE,
    new_value       DOUBLE
);
