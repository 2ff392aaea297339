-- The warehouse. Measure columns are added to performance_rows and performance from the catalogue after the migrations.

-- One accepted file.
CREATE TABLE batches (
    batch_id      VARCHAR PRIMARY KEY,
    sequence      INTEGER NOT NULL,         -- replay order; a batch re-loaded with a changed recipe keeps its place
    file_name     VARCHAR NOT NULL,
    sha256        VARCHAR NOT NULL,
    shape         VARCHAR NOT NULL,
    source        VARCHAR NOT NULL,
    recipe_name   VARCHAR NOT NULL,
    recipe_text   VARCHAR NOT NULL,
    rows_read     BIGINT NOT NULL,
    rows_accepted BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    loaded_at     TIMESTAMP NOT NULL,       -- UTC
    loaded_by     VARCHAR NOT NULL,
    status        VARCHAR NOT NULL,         -- active | undone | replaced
    replaced_by   VARCHAR                   -- the batch of the same file under another recipe; undoing that one brings this one back
);

-- One refused row.
CREATE TABLE rejects (
    batch_id    VARCHAR NOT NULL,
    line        BIGINT,
    column_name VARCHAR,
    reason      VARCHAR NOT NULL,
    raw         VARCHAR
);

-- One change of the warehouse.
CREATE TABLE audit (
    changed_at TIMESTAMP NOT NULL,          -- UTC
    changed_by VARCHAR NOT NULL,
    action     VARCHAR NOT NULL,
    detail     VARCHAR NOT NULL
);

-- Which source counts where two report the same measure (or the same scorecard KPI); NULL vendor or measure means
-- every one. Lower rank wins. Recorded with the batch whose loading asked; undoing the batch forgets the answer.
CREATE TABLE precedence (
    vendor   VARCHAR,
    measure  VARCHAR,
    source   VARCHAR NOT NULL,
    rank     INTEGER NOT NULL,
    batch_id VARCHAR
);

-- Which measures of a batch were computed from a ratio in the file (value x weight) instead of being reported.
CREATE TABLE weighted_measures (
    batch_id VARCHAR NOT NULL,
    measure  VARCHAR NOT NULL
);

-- Every row as accepted. Never changed, only added and (on undo) removed by batch; rows of replaced batches wait here.
CREATE TABLE performance_rows (
    source            VARCHAR NOT NULL,
    grain             VARCHAR NOT NULL,     -- day | week | month | quarter
    period_start      DATE NOT NULL,
    vendor            VARCHAR NOT NULL,
    site              VARCHAR,
    lob               VARCHAR,
    channel           VARCHAR,
    threshold_seconds DECIMAL(18, 6),
    currency          VARCHAR,
    batch_id          VARCHAR NOT NULL
);

-- What counts: derived from performance_rows, precedence and batches by settling; what pages read.
CREATE TABLE performance AS FROM performance_rows;

-- Derived with it: which source, grain and kind a vendor's measure is read from in a month.
CREATE TABLE reporting (
    vendor  VARCHAR NOT NULL,
    month   DATE NOT NULL,
    measure VARCHAR NOT NULL,
    source  VARCHAR NOT NULL,
    grain   VARCHAR NOT NULL,
    kind    VARCHAR NOT NULL                -- measured | weighted
);

-- Results a vendor reports without the counts behind them. Ratios are fractions, durations seconds.
CREATE TABLE scorecard_rows (
    source       VARCHAR NOT NULL,
    grain        VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    vendor       VARCHAR NOT NULL,
    site         VARCHAR,
    lob          VARCHAR,
    channel      VARCHAR,
    kpi          VARCHAR NOT NULL,
    actual       DOUBLE,
    unit         VARCHAR NOT NULL,
    target       DOUBLE,
    comparator   VARCHAR,
    batch_id     VARCHAR NOT NULL
);
CREATE TABLE scorecard AS FROM scorecard_rows;

-- Dated targets, append-only: of two rows with the same key and valid_from the later batch counts. Base units as above.
CREATE TABLE targets (
    kpi         VARCHAR NOT NULL,
    vendor      VARCHAR,
    site        VARCHAR,
    lob         VARCHAR,
    channel     VARCHAR,
    comparator  VARCHAR NOT NULL,           -- >= | > | <= | < | band
    minimum     DOUBLE,
    expected    DOUBLE,
    stretch     DOUBLE,
    lower       DOUBLE,
    upper       DOUBLE,
    valid_from  DATE NOT NULL,
    valid_to    DATE,                       -- last valid day; NULL: still valid
    basis       VARCHAR,
    approved_by VARCHAR,
    batch_id    VARCHAR
);

CREATE TABLE risks (
    risk_id     VARCHAR NOT NULL,
    number      INTEGER NOT NULL,           -- the number in its bubble
    title       VARCHAR NOT NULL,
    category    VARCHAR NOT NULL,
    vendor      VARCHAR,
    owner       VARCHAR,
    status      VARCHAR NOT NULL,           -- open | closed
    opened_on   DATE,
    next_review DATE,
    description VARCHAR,
    mitigation  VARCHAR,
    batch_id    VARCHAR
);

CREATE TABLE risk_scores (
    risk_id    VARCHAR NOT NULL,
    scored_on  DATE NOT NULL,
    kind       VARCHAR NOT NULL,            -- inherent | residual
    likelihood INTEGER NOT NULL CHECK (likelihood BETWEEN 1 AND 5),
    impact     INTEGER NOT NULL CHECK (impact BETWEEN 1 AND 5),
    reason     VARCHAR,
    batch_id   VARCHAR
);

CREATE TABLE events (
    happened_on DATE NOT NULL,
    title       VARCHAR NOT NULL,
    vendor      VARCHAR,
    site        VARCHAR,
    kpi         VARCHAR,
    description VARCHAR,
    batch_id    VARCHAR
);

CREATE TABLE notes (
    written_on DATE NOT NULL,
    author     VARCHAR,
    kpi        VARCHAR,
    vendor     VARCHAR,
    period     VARCHAR,                     -- '2026-Q3', '2026-08'
    body       VARCHAR NOT NULL,
    batch_id   VARCHAR
);

CREATE TABLE actions (
    action_id VARCHAR NOT NULL,
    title     VARCHAR NOT NULL,
    vendor    VARCHAR,
    kpi       VARCHAR,
    owner     VARCHAR,
    due_on    DATE,
    status    VARCHAR NOT NULL,             -- open | done
    body      VARCHAR,
    batch_id  VARCHAR
);

-- Every register row as accepted; settling puts the latest row of each key into the tables above.
CREATE TABLE target_rows     AS FROM targets;
CREATE TABLE risk_rows       AS FROM risks;
CREATE TABLE risk_score_rows AS FROM risk_scores;
CREATE TABLE event_rows      AS FROM events;
CREATE TABLE note_rows       AS FROM notes;
CREATE TABLE action_rows     AS FROM actions;
