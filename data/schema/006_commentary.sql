-- What people wrote in a quarterly review in place of a sentence made by rule, or beside it. An entry without words takes the earlier
-- ones back. Without a vendor it belongs to the review of all vendors, and exists only for those who see them all.
CREATE TABLE commentary (
    quarter    VARCHAR NOT NULL,            -- '2026-Q3'
    place      VARCHAR NOT NULL,            -- 'headline', 'movement/Cobalt Bay/service_level', 'own/20261003T141500'
    vendor     VARCHAR,                     -- the review of this vendor alone
    audience   VARCHAR,                     -- executive | operations | vendor; none: all
    author     VARCHAR NOT NULL,
    written_on DATE NOT NULL,
    body       VARCHAR,
    batch_id   VARCHAR
);
CREATE TABLE commentary_rows AS FROM commentary;
