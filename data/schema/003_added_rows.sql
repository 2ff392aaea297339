-- Where rows of several batches are added up to one row of `performance`: the batches beside the one that row names.
CREATE TABLE performance_added (
    source       VARCHAR NOT NULL,
    grain        VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    vendor       VARCHAR NOT NULL,
    site         VARCHAR,
    lob          VARCHAR,
    channel      VARCHAR,
    batch_id     VARCHAR NOT NULL
);
